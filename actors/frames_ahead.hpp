// How far the thread that reads a socket may be ahead of the bus to which it hands the frames.
#pragma once

#include <atomic>
#include <cstddef>

namespace canstage::actors {

/// Counts the frames on their way. Where more than fit wait, reading stops: what comes then waits in the
/// kernel, which drops what is too much and counts it.
class frames_ahead {
 public:
  static constexpr std::size_t limit = 65'536;

  /// Before the frames are handed over. False: reading has to stop, and then to say so, with `stopped`, and
  /// only then to hand them over.
  bool add(std::size_t frames) { return count_.fetch_add(frames) + frames < limit; }
  void stopped() { stopped_ = true; }

  /// When the bus has handled them. Whether reading had stopped and has to go on.
  bool remove(std::size_t frames) {
    return count_.fetch_sub(frames) - frames < limit && stopped_.exchange(false);
  }

 private:
  std::atomic<std::size_t> count_ = 0;
  std::atomic<bool> stopped_ = false;
};

}  // namespace canstage::actors
