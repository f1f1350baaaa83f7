// What went wrong in the scripts of ECUs, until it becomes verdicts.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "scenarios/result.hpp"

namespace canstage::scenarios {

/// Each error counts once per ECU and place, however often it comes. May be told from any thread.
class script_errors {
 public:
  void add(instant at, const std::string& ecu, const std::string& text);

  /// A failed step for each, in the order of time, then of the ECUs' names; after what had ended by then.
  void put_into(run_result& result) const;

 private:
  struct error {
    instant first;
    std::string ecu;
    std::string text;
    std::size_t count = 1;
  };

  mutable std::mutex mutex_;
  std::vector<error> errors_;
};

}  // namespace canstage::scenarios
