#include "transports/reader.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace canstage::transports {

namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error{errno, std::generic_category(), what}; }

void watch(int epoll, int number) {
  epoll_event wanted{};
  wanted.events = EPOLLIN;  // errors come without being asked for
  wanted.data.fd = number;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, number, &wanted) != 0) fail("epoll_ctl");
}

}  // namespace

reader::reader() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_up_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!epoll_.is_open() || !wake_up_.is_open()) fail("epoll_create1 or eventfd");
  watch(epoll_.number(), wake_up_.number());
  thread_ = std::thread{[this] { wait_and_call(); }};
}

reader::~reader() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  // Cannot fail: the counter is far from its limit.
  [[maybe_unused]] const auto written = eventfd_write(wake_up_.number(), 1);
  thread_.join();
}

void reader::add(int number, callback ready) {
  const std::lock_guard lock{mutex_};
  watch(epoll_.number(), number);
  callbacks_[number] = std::make_shared<callback>(std::move(ready));
}

void reader::remove(int number) {
  {
    const std::lock_guard lock{mutex_};
    if (callbacks_.erase(number) == 0) return;
    epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, number, nullptr);
  }
  // It may be running just now; a callback that removes itself must not wait for itself.
  if (std::this_thread::get_id() != thread_.get_id()) const std::lock_guard wait_for_its_end{calling_};
}

void reader::wait_and_call() {
  std::array<epoll_event, 64> ready;
  for (;;) {
    const int count = epoll_wait(epoll_.number(), ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < count; ++i) {
      // Before looking whether it is still wanted, so that `remove` cannot slip in between.
      const std::lock_guard calling{calling_};
      std::shared_ptr<callback> call;
      {
        const std::lock_guard lock{mutex_};
        if (stopping_) return;
        const auto found = callbacks_.find(ready[static_cast<std::size_t>(i)].data.fd);
        if (found != callbacks_.end()) call = found->second;
      }
      if (call) (*call)();
    }
  }
}

}  // namespace canstage::transports
