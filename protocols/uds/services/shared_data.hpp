// DIDs that several ECUs own together: what one of them writes, the others have, too.
//
// Rules:
//  - The writer has its own value at once, the others when the instant of the write is over: so nobody's
//    view depends on the order in which the ECUs are played within an instant.
//  - Of two writes the later one holds; of two at the same instant that of the ECU with the higher rank. All
//    owners come to the same value.
//  - A server tells what it wrote and is told what others wrote; how that gets around is its host's business.
//    It also learns it while it has no power, as the memory is not its own.
#pragma once

#include <cstdint>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/time.hpp"

namespace canstage::uds {

struct server_state;

/// What another owner wrote.
struct shared_change {
  std::uint16_t did = 0;  ///< as this ECU calls it
  bytes value;
  instant at;                  ///< when it was written
  std::uint32_t rank = 0;      ///< of who wrote it
  std::uint32_t own_rank = 0;  ///< of who is told; never equal
};

/// What is to be told to the other owners.
struct shared_write {
  std::uint16_t did = 0;
  bytes value;
};

/// Non-volatile.
struct shared_state {
  struct latest {
    std::uint16_t did = 0;
    instant at;
    bool own = true;
    std::uint32_t rank = 0;  ///< of another owner
  };
  std::vector<shared_write> to_tell;
  std::vector<shared_change> waiting;  ///< for the end of their instants
  std::vector<latest> known;           ///< last writes, in the order of the first ones
};

/// The ECU itself wrote a DID; nothing happens if it is its alone.
void tell_owners(server_state& state, std::uint16_t did, byte_view value);

void on_shared_change(server_state& state, const shared_change& what);

instant shared_data_deadline(const server_state& state);
/// Takes over what was written before `now`.
void settle_shared_data(server_state& state, instant now);

}  // namespace canstage::uds
