#include "actors/shared_data.hpp"

namespace canstage::actors {

shared_data_actor::behavior_type shared_data::make_behavior() {
  return {
      [this](shared_owners& who) { owners_ = std::move(who.list); },
      [this](const share_data& what) {
        for (std::uint32_t rank = 0; rank < owners_.size(); ++rank) {
          if (rank == what.rank) continue;
          const shared_owner& one = owners_[rank];
          send(one.host,
               ecu_stimulus{one.ecu, uds::shared_change{one.did, what.value, what.at, what.rank, rank}});
        }
      },
  };
}

}  // namespace canstage::actors
