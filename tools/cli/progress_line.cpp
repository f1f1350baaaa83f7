#include "tools/cli/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <utility>

namespace canstage::tools {

namespace {

/// Runs that are shorter than this come and go without a line.
constexpr auto first_look = std::chrono::seconds{2};
constexpr auto look_interval = std::chrono::milliseconds{500};

constexpr auto clear_line = "\r\033[K";

std::string transfer_text(const scenarios::progress& watched) {
  const auto all = watched.to_move.load();
  return all == 0 ? "" : fmt::format(", {} of {} bytes moved", watched.moved.load(), all);
}

}  // namespace

status_line::status_line(std::function<std::string()> text) : text_(std::move(text)) {
  if (isatty(STDERR_FILENO) != 0) thread_ = std::thread{[this] { show_until_done(); }};
}

status_line::~status_line() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock{mutex_};
    done_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void status_line::show_until_done() {
  std::unique_lock lock{mutex_};
  if (changed_.wait_for(lock, first_look, [this] { return done_; })) return;
  while (!done_) {
    // In one write, so that nobody sees half of it.
    std::cerr << clear_line + text_() << std::flush;
    changed_.wait_for(lock, look_interval, [this] { return done_; });
  }
  std::cerr << clear_line << std::flush;
}

progress_line::progress_line(std::string scenario) : scenario_(std::move(scenario)) {}

std::string progress_line::text() const {
  const std::chrono::duration<double> time = std::chrono::nanoseconds{watched_.stage_ns.load()};
  return fmt::format("{}: {} steps, {:.1f} s of stage time", scenario_, watched_.steps.load(), time.count()) +
         transfer_text(watched_);
}

}  // namespace canstage::tools
