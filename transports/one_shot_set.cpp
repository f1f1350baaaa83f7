#include "transports/one_shot_set.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace canstage::transports {

one_shot_set::one_shot_set(std::shared_ptr<reader> thread)
    : thread_(std::move(thread)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_.is_open()) throw std::system_error{errno, std::generic_category(), "epoll_create1"};
  // A set of descriptors is readable when one of them is ready.
  thread_->add(epoll_.number(), [this] { call_ready(); });
}

one_shot_set::~one_shot_set() { thread_->remove(epoll_.number()); }

void one_shot_set::control(int operation, int number, std::uint32_t events) {
  epoll_event wanted{};
  wanted.events = events | EPOLLONESHOT;  // errors come without being asked for
  wanted.data.fd = number;
  if (epoll_ctl(epoll_.number(), operation, number, &wanted) != 0)
    throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
}

void one_shot_set::add(int number, callback ready) {
  const std::lock_guard lock{mutex_};
  control(EPOLL_CTL_ADD, number, 0);
  callbacks_[number] = std::move(ready);
}

void one_shot_set::await(int number, bool readable, bool writable) {
  const std::lock_guard lock{mutex_};
  if (callbacks_.contains(number))
    control(EPOLL_CTL_MOD, number, (readable ? EPOLLIN : 0U) | (writable ? EPOLLOUT : 0U));
}

void one_shot_set::remove(int number) {
  const std::lock_guard lock{mutex_};
  if (callbacks_.erase(number) != 0) epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, number, nullptr);
}

void one_shot_set::call_ready() {
  std::array<epoll_event, 64> ready;
  const std::lock_guard lock{mutex_};
  const int count = epoll_wait(epoll_.number(), ready.data(), static_cast<int>(ready.size()), 0);
  for (int i = 0; i < count; ++i) {
    const auto found = callbacks_.find(ready[static_cast<std::size_t>(i)].data.fd);
    if (found != callbacks_.end()) found->second();
  }
}

}  // namespace canstage::transports
