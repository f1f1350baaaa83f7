// The one thread that waits for all descriptors that something may be read from.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "transports/descriptor.hpp"

namespace canstage::transports {

/// All functions may be called from any thread, `add` and `remove` also from a callback.
class reader {
 public:
  /// Called on the reader's thread when there is something to read or an error to fetch, again and
  /// again until it was read. Throws nothing; what takes long keeps the other descriptors waiting.
  using callback = std::function<void()>;

  /// Throws std::system_error if the kernel has no more descriptors.
  reader();

  /// Ends the thread. Not from a callback.
  ~reader();

  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  /// Watches a descriptor that the caller owns, until `remove`. Throws std::system_error.
  void add(int number, callback ready);

  /// When this returns, the callback is not running (unless it is the caller) and never called again,
  /// so that the descriptor can be closed. Nothing happens if the descriptor is not watched.
  void remove(int number);

 private:
  void wait_and_call();

  descriptor epoll_;
  descriptor wake_up_;  ///< an eventfd: written to, the thread looks whether it shall end
  std::mutex mutex_;    ///< guards what follows
  std::unordered_map<int, std::shared_ptr<callback>> callbacks_;
  bool stopping_ = false;
  std::mutex calling_;  ///< held while a callback runs
  std::thread thread_;
};

}  // namespace canstage::transports
