// Tells the stage what the misbehaviour of a connection has done since the last time.
#pragma once

#include <memory>
#include <utility>

#include "actors/stage.hpp"
#include "protocols/isotp/endpoint.hpp"
#include "protocols/isotp/misbehaviour.hpp"

namespace canstage::actors {

/// Part of who hosts an endpoint.
class misdeeds {
 public:
  /// Null: it behaves.
  explicit misdeeds(std::shared_ptr<const isotp::misbehaviour> options = nullptr) {
    if (options) known_ = std::make_unique<known>(known{std::move(options), {}});
  }

  /// After each input of the endpoint.
  void tell(stage& home, instant now, const isotp::endpoint& machine) {
    if (known_) tell_new(home, now, machine.faults());
  }

 private:
  struct known {
    std::shared_ptr<const isotp::misbehaviour> options;
    isotp::fault_counts told;
  };

  void tell_new(stage& home, instant now, const isotp::fault_counts& fired);

  std::unique_ptr<known> known_;  ///< null: it behaves, as most do
};

}  // namespace canstage::actors
