// A UDS or OBD message in one line of words, for everything that people read.
//
//   22 F1 90            ReadDataByIdentifier: F190 VIN
//   62 F1 90 57 56 ..   ReadDataByIdentifier answered: F190 VIN "WVWZZZ1JZXW000001"
//   7F 22 31            ReadDataByIdentifier refused: requestOutOfRange (31)
//   7F 31 78            RoutineControl pending: requestCorrectlyReceived-ResponsePending (78)
//   3E 80               TesterPresent: zeroSubFunction, positive answer suppressed
//
// Whether it is a request or an answer is seen from the message itself. Any bytes give a line: what is
// missing is said, and what nobody knows is printed as hex.
#pragma once

#include <string>

#include "protocols/bytes.hpp"

namespace canstage::uds {

/// One line of printable ASCII; long data is cut.
std::string describe(byte_view message);

/// As above, knowing what was asked: an answer to several DIDs is taken apart at the DIDs that follow.
std::string describe_answer(byte_view answer, byte_view request);

}  // namespace canstage::uds
