// A server that has every service, for tests that ask it anything.
#pragma once

#include "protocols/uds/server_config.hpp"

namespace canstage::uds::testing {

/// DIDs 0100 (one byte, to be written and controlled, two parameters), F18C (level 1), F190, F201; level 1
/// (seed 11, key EE, two attempts, 1 s of delay); authentication (challenge 22, proof DD); memory at 1000
/// (300 bytes) and 2000 (64 bytes, level 1); routines 0001 (takes 100 ms), 0002 (erases) and 0003 (checksum);
/// a file /a; DTCs 012317, C10000 (stored) and 420011; blocks of 10 bytes, answers of 64 at most.
server_config config_with_everything();

}  // namespace canstage::uds::testing
