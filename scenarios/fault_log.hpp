// What the faults of a run did, until it is reported.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "protocols/can/incident.hpp"
#include "scenarios/model.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios {

/// "ecu engine is bus off (TEC 256)".
std::string state_text(const can::incident& what, const std::string& node);

/// "7E8 21 01 02 of ecu engine".
std::string frame_text(const can::incident& what, const std::string& node);

/// May be told from any thread.
class fault_log {
 public:
  void add(fired_fault what);
  void put_into(run_result& result) const;

 private:
  mutable std::mutex mutex_;
  std::vector<fired_fault> fired_;
};

}  // namespace canstage::scenarios
