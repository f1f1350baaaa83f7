// Pairs of endpoints on a stage in virtual time, on one ideal bus. The clients' users are actors in both
// hostings; the echoes' users are actors in the normal cast only.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "actors/interfaces.hpp"
#include "actors/stage.hpp"

namespace canstage::bench {

enum class hosting : std::uint8_t { normal_cast, ensemble };

class staged_pairs {
 public:
  staged_pairs(std::size_t pairs, hosting how);

  /// Each pair echoes an SDU of `length` bytes `rounds` times.
  void play(std::size_t length, std::size_t rounds);

  std::uint64_t frames();

 private:
  void raise_normal(std::size_t pairs);
  void raise_ensemble(std::size_t pairs);

  actors::stage home_;
  actors::bus_actor bus_;
  std::vector<actors::connection_handle> clients_;
  std::vector<caf::strong_actor_ptr> users_;
  std::shared_ptr<std::size_t> busy_;  ///< users that have not seen their last echo
};

}  // namespace canstage::bench
