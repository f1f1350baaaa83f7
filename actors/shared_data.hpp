// A DID that several ECUs own together, whatever bus they are on.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "actors/stage_actor.hpp"
#include "protocols/uds/server_events.hpp"

namespace canstage::actors {

/// What an ECU needs to know of a DID that it does not own alone.
struct shared_place {
  std::uint16_t did = 0;
  std::uint32_t rank = 0;  ///< among the owners
  shared_data_actor others;
};

class shared_data final : public stage_actor<shared_data_actor> {
 public:
  shared_data(caf::actor_config& config, stage& home, std::string title)
      : stage_actor(config, home, std::move(title)) {}

 protected:
  behavior_type make_behavior() override;
  void on_exit() override { owners_.clear(); }

 private:
  std::vector<shared_owner> owners_;
};

/// Tells the other owners what an ECU with these places has written. `send` takes an actor and a message.
template <class Send>
void tell_other_owners(const std::vector<shared_place>& places, uds::tell_other_owners&& what, Send&& send) {
  for (const shared_place& one : places)
    if (one.did == what.did) send(one.others, share_data{one.rank, std::move(what.value), what.at});
}

}  // namespace canstage::actors
