// One line on the terminal that says how far a long run is.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "scenarios/play.hpp"

namespace canstage::tools {

/// Shows itself on stderr, if that is a terminal, once a run has taken a while; vanishes with the
/// object.
class progress_line {
 public:
  explicit progress_line(std::string scenario);
  ~progress_line();
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  scenarios::progress& watched() { return watched_; }

 private:
  void show_until_done();

  std::string scenario_;
  scenarios::progress watched_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;  ///< not started if there is nobody to look
};

}  // namespace canstage::tools
