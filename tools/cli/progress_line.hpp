// One line on the terminal that says how far a long run is.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "scenarios/play.hpp"

namespace canstage::tools {

/// Shows itself on stderr, if that is a terminal, once something has taken a while; vanishes with the
/// object.
class status_line {
 public:
  /// `text` is called from another thread.
  explicit status_line(std::function<std::string()> text);
  ~status_line();
  status_line(const status_line&) = delete;
  status_line& operator=(const status_line&) = delete;

 private:
  void show_until_done();

  std::function<std::string()> text_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;  ///< not started if there is nobody to look
};

/// That of a run.
class progress_line {
 public:
  explicit progress_line(std::string scenario);

  scenarios::progress& watched() { return watched_; }

 private:
  std::string text() const;

  std::string scenario_;
  scenarios::progress watched_;
  status_line line_{[this] { return text(); }};
};

}  // namespace canstage::tools
