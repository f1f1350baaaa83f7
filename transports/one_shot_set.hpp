// Descriptors that are waited for one time after the other, for something to read or for room to write:
// one more descriptor for the reader's thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "transports/descriptor.hpp"
#include "transports/reader.hpp"

namespace canstage::transports {

/// All functions may be called from any thread, but not from a callback.
class one_shot_set {
 public:
  /// Called on the reader's thread, once for each `await`. Throws nothing and takes no time.
  using callback = std::function<void()>;

  /// Throws std::system_error if the kernel has no more descriptors.
  explicit one_shot_set(std::shared_ptr<reader> thread);
  ~one_shot_set();

  one_shot_set(const one_shot_set&) = delete;
  one_shot_set& operator=(const one_shot_set&) = delete;

  /// A descriptor that the caller owns, until `remove`. Throws std::system_error.
  void add(int number, callback ready);

  /// Calls back as soon as something can be read or written, whichever is asked for, or the descriptor has an
  /// error. Replaces what was awaited before.
  void await(int number, bool readable, bool writable);

  /// When this returns, the callback is not running and never called again.
  void remove(int number);

 private:
  void call_ready();
  void control(int operation, int number, std::uint32_t events);

  std::shared_ptr<reader> thread_;
  descriptor epoll_;
  std::mutex mutex_;  ///< held while a callback runs
  std::unordered_map<int, callback> callbacks_;
};

}  // namespace canstage::transports
