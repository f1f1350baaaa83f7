// Ending a run from outside.
#pragma once

#include <atomic>
#include <mutex>

namespace canstage::actors {
class stage;
}

namespace canstage::scenarios {

/// Ends a run from another thread, also one that has not begun.
class interruption {
 public:
  void raise();
  bool raised() const { return raised_; }

 private:
  friend class interruptible;

  std::atomic<bool> raised_ = false;
  std::mutex mutex_;
  actors::stage* stage_ = nullptr;
};

/// Makes a stage the one that an interruption ends, as long as it lives.
class interruptible {
 public:
  interruptible(interruption& breaker, actors::stage& target);
  ~interruptible();
  interruptible(const interruptible&) = delete;
  interruptible& operator=(const interruptible&) = delete;

 private:
  interruption& breaker_;
};

}  // namespace canstage::scenarios
