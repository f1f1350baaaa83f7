#include "transports/isotp_socket.hpp"

#include <linux/can.h>
#include <linux/can/isotp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "transports/can_interfaces.hpp"
#include "transports/kernel_stamp.hpp"

namespace canstage::transports {

namespace {

template <class Value>
bool set_option(int socket, int level, int option, const Value& value) {
  return setsockopt(socket, level, option, &value, sizeof value) == 0;
}

/// All that is asked of a socket before it is bound.
bool prepare(int socket, const isotp_options& wanted) {
  can_isotp_options general{};
  general.flags = wanted.flags;
  general.frame_txtime = wanted.frame_txtime;
  general.ext_address = wanted.ext_address;
  general.rx_ext_address = wanted.rx_ext_address;
  general.txpad_content = wanted.txpad;
  general.rxpad_content = wanted.rxpad;
  const can_isotp_fc_options flow_control{wanted.bs, wanted.stmin, wanted.wftmax};
  const can_isotp_ll_options link_layer{wanted.mtu, wanted.tx_dl, wanted.tx_flags};
  const int on = 1;
  return set_option(socket, SOL_CAN_ISOTP, CAN_ISOTP_OPTS, general) &&
         set_option(socket, SOL_CAN_ISOTP, CAN_ISOTP_RECV_FC, flow_control) &&
         set_option(socket, SOL_CAN_ISOTP, CAN_ISOTP_LL_OPTS, link_layer) &&
         set_option(socket, SOL_SOCKET, SO_TIMESTAMPNS, on);
}

/// Whether an error is the end of a message, not of the socket.
bool concerns_message(int error_number) {
  return error_number == ETIMEDOUT || error_number == EILSEQ || error_number == EBADMSG ||
         error_number == ECOMM || error_number == EMSGSIZE;
}

duration stamp_of(msghdr& header) {
  duration stamp{};
  for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part))
    if (read_stamp(*part, stamp)) break;
  return stamp;
}

/// While it lives, a signal without effect comes to this thread each millisecond: what waits in the kernel
/// until a signal comes does not wait longer.
class short_waits {
 public:
  short_waits() {
    // For the whole program; nobody uses SIGURG, and who does not wait in the kernel notices nothing.
    struct sigaction nothing {};
    nothing.sa_handler = [](int) {};
    sigaction(SIGURG, &nothing, nullptr);
    sigset_t urgent;
    sigemptyset(&urgent);
    sigaddset(&urgent, SIGURG);
    pthread_sigmask(SIG_UNBLOCK, &urgent, &before_);
    sigevent to_me{};
    to_me.sigev_notify = SIGEV_THREAD_ID;
    to_me.sigev_signo = SIGURG;
    to_me._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
    running_ = timer_create(CLOCK_MONOTONIC, &to_me, &timer_) == 0;
    const itimerspec each_millisecond{{0, 1'000'000}, {0, 1'000'000}};
    if (running_) timer_settime(timer_, 0, &each_millisecond, nullptr);
  }
  ~short_waits() {
    if (running_) timer_delete(timer_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  short_waits(const short_waits&) = delete;
  short_waits& operator=(const short_waits&) = delete;

 private:
  sigset_t before_{};
  timer_t timer_{};
  bool running_ = false;
};

}  // namespace

can_problem isotp_socket::open(const std::string& interface, const isotp_options& options) {
  close();
  can_interface found;
  if (const auto problem = find_interface(interface, found); problem != can_problem::none) return problem;
  if (!found.up) return can_problem::interface_down;
  if (options.mtu > CAN_MTU && !found.fd) return can_problem::frame_refused;
  descriptor made{::socket(AF_CAN, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, CAN_ISOTP)};
  if (!made.is_open()) return errno == EPROTONOSUPPORT ? can_problem::no_isotp : problem_of(errno);
  if (!prepare(made.number(), options)) return problem_of(errno);
  sockaddr_can address{};
  address.can_family = AF_CAN;
  address.can_ifindex = found.index;
  address.can_addr.tp.rx_id = options.rx_id;
  address.can_addr.tp.tx_id = options.tx_id;
  if (bind(made.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return problem_of(errno);
  socket_ = std::move(made);
  return can_problem::none;
}

void isotp_socket::close() {
  if (!is_open()) return;
  if (is_idle()) return socket_.close();
  const short_waits signals;
  socket_.close();
}

bool isotp_socket::is_idle() const {
  pollfd state{number(), POLLOUT, 0};
  return ::poll(&state, 1, 0) == 1 && (state.revents & POLLOUT) != 0;
}

isotp_socket::written isotp_socket::write(byte_view sdu) {
  const auto count = ::send(number(), sdu.data(), sdu.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count >= 0) return {};
  const int why = errno;
  if (why == EAGAIN || why == EINTR) return {isotp::write_end::busy};
  if (why == ENOBUFS) return {isotp::write_end::full};
  // Of an earlier message: said once, to whoever calls first. This one was not even looked at.
  if (concerns_message(why)) return {isotp::write_end::full, can_problem::none, why};
  if (why == EINVAL) return {isotp::write_end::failed};
  return {isotp::write_end::failed, problem_of(why)};
}

isotp_socket::received isotp_socket::receive() {
  constexpr std::size_t first_guess = 4096;
  if (buffer_.empty()) buffer_.resize(first_guess);
  received found;
  for (;;) {
    const auto waiting = ::recv(number(), buffer_.data(), 0, MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC);
    if (waiting > static_cast<ssize_t>(buffer_.size())) buffer_.resize(static_cast<std::size_t>(waiting));
    iovec place{buffer_.data(), buffer_.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control;
    msghdr header{};
    header.msg_iov = &place;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const auto count = waiting < 0 ? waiting : ::recvmsg(number(), &header, MSG_DONTWAIT);
    if (count >= 0) {
      found.messages.push_back({bytes(buffer_.begin(), buffer_.begin() + count), stamp_of(header)});
    } else if (errno == EAGAIN) {
      return found;
    } else if (concerns_message(errno)) {
      found.errors.push_back(errno);
    } else if (errno != EINTR) {
      found.problem = problem_of(errno);
      return found;
    }
  }
}

can_problem probe_isotp(const std::string& interface) {
  // One that hears nothing, so that it answers nobody.
  isotp_wish wish;
  wish.only_functional = true;
  wish.address.functional_tx = can::identifier::standard(0x7DF);
  return isotp_socket{}.open(interface, options_for(wish));
}

}  // namespace canstage::transports
