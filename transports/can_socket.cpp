#include "transports/can_socket.hpp"

#include <linux/can.h>
#include <linux/can/error.h>
#include <linux/can/raw.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "transports/can_interfaces.hpp"
#include "transports/kernel_stamp.hpp"

namespace canstage::transports {

namespace {

/// Room for a burst that comes while the reader has something else to do. A frame takes 768 bytes,
/// and the kernel doubles this: 2,700 frames. Who is not root gets what net.core.rmem_max allows,
/// usually 550.
constexpr int receive_buffer_bytes = 1 << 20;

/// Both kinds of frames begin alike; which it is, its length tells.
using wire_frame = canfd_frame;

std::size_t encode(const can::frame& f, wire_frame& out) {
  out = {};
  out.can_id = f.id.raw() | (f.flags.remote ? CAN_RTR_FLAG : 0U);
  out.len = f.length;
  if (f.flags.fd) {
    out.flags = static_cast<__u8>((f.flags.bit_rate_switch ? CANFD_BRS : 0) |
                                  (f.flags.error_state_indicator ? CANFD_ESI : 0));
    std::copy_n(f.data.begin(), std::min<std::size_t>(f.length, CANFD_MAX_DLEN), out.data);
    return CANFD_MTU;
  }
  can_frame classic{};
  classic.can_id = out.can_id;
  classic.len = f.length;
  if (f.length == CAN_MAX_DLEN) classic.len8_dlc = f.raw_dlc;
  const auto payload = f.payload();
  std::copy_n(payload.begin(), std::min<std::size_t>(payload.size(), CAN_MAX_DLEN), classic.data);
  std::memcpy(&out, &classic, sizeof classic);
  return CAN_MTU;
}

/// False: neither a classic nor an FD frame.
bool decode(const wire_frame& in, std::size_t length, received_frame& out) {
  if (length != CAN_MTU && length != CANFD_MTU) return false;
  const bool extended = (in.can_id & CAN_EFF_FLAG) != 0;
  out.error_classes = (in.can_id & CAN_ERR_FLAG) != 0 ? in.can_id & CAN_ERR_MASK : 0;
  auto& f = out.content;
  f.id = extended ? can::identifier::extended(in.can_id) : can::identifier::standard(in.can_id);
  if (length == CANFD_MTU) {
    f.flags.fd = true;
    f.flags.bit_rate_switch = (in.flags & CANFD_BRS) != 0;
    f.flags.error_state_indicator = (in.flags & CANFD_ESI) != 0;
    f.length = static_cast<std::uint8_t>(std::min<std::size_t>(in.len, CANFD_MAX_DLEN));
    std::copy_n(in.data, f.length, f.data.begin());
    return true;
  }
  can_frame classic;
  std::memcpy(&classic, &in, sizeof classic);
  f.flags.remote = (in.can_id & CAN_RTR_FLAG) != 0;
  f.length = static_cast<std::uint8_t>(std::min<std::size_t>(classic.len, CAN_MAX_DLEN));
  f.raw_dlc = classic.len == CAN_MAX_DLEN ? classic.len8_dlc : std::uint8_t{0};
  std::copy_n(classic.data, f.length, f.data.begin());
  return true;
}

template <class Value>
bool set_option(int socket, int level, int option, const Value& value) {
  return setsockopt(socket, level, option, &value, sizeof value) == 0;
}

/// All that is asked of a socket before it is bound.
can_problem prepare(int socket) {
  const int on = 1;
  const can_err_mask_t all_errors = CAN_ERR_MASK;
  // Either is fine: the second one is cut off silently where the system allows less.
  if (!set_option(socket, SOL_SOCKET, SO_RCVBUFFORCE, receive_buffer_bytes))
    set_option(socket, SOL_SOCKET, SO_RCVBUF, receive_buffer_bytes);
  const bool done = set_option(socket, SOL_CAN_RAW, CAN_RAW_FD_FRAMES, on) &&
                    set_option(socket, SOL_CAN_RAW, CAN_RAW_RECV_OWN_MSGS, on) &&
                    set_option(socket, SOL_CAN_RAW, CAN_RAW_ERR_FILTER, all_errors) &&
                    set_option(socket, SOL_SOCKET, SO_TIMESTAMPNS, on) &&
                    set_option(socket, SOL_SOCKET, SO_RXQ_OVFL, on);
  return done ? can_problem::none : problem_of(errno);
}

/// What the kernel says beside a frame: when it came, and how many did not fit before it.
void read_controls(msghdr& message, duration now, received_frame& into, std::uint32_t& lost) {
  for (auto* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (read_stamp(*part, into.stamp)) {
      into.age = age_of(into.stamp, now);
    } else if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SO_RXQ_OVFL) {
      std::memcpy(&lost, CMSG_DATA(part), sizeof lost);
    }
  }
}

}  // namespace

/// Buffers for one recvmmsg.
struct can_socket::batch {
  std::array<wire_frame, batch_limit> frames;
  alignas(
      cmsghdr) std::array<std::array<char, CMSG_SPACE(sizeof(timespec)) + CMSG_SPACE(sizeof(std::uint32_t))>,
                          batch_limit> controls;
  std::array<iovec, batch_limit> places;
  std::array<mmsghdr, batch_limit> messages;
  std::vector<received_frame> decoded;

  void reset() {
    for (std::size_t i = 0; i < batch_limit; ++i) {
      places[i] = {&frames[i], sizeof frames[i]};
      messages[i] = {};
      messages[i].msg_hdr.msg_iov = &places[i];
      messages[i].msg_hdr.msg_iovlen = 1;
      messages[i].msg_hdr.msg_control = controls[i].data();
      messages[i].msg_hdr.msg_controllen = controls[i].size();
    }
    decoded.clear();
  }
};

can_socket::can_socket() : batch_(std::make_unique<batch>()) {}
can_socket::can_socket(descriptor open)
    : socket_(std::move(open)), carries_fd_(true), batch_(std::make_unique<batch>()) {}
can_socket::~can_socket() = default;
can_socket::can_socket(can_socket&&) noexcept = default;
can_socket& can_socket::operator=(can_socket&&) noexcept = default;

can_problem can_socket::open(const std::string& interface) {
  close();
  can_interface found;
  if (const auto problem = find_interface(interface, found); problem != can_problem::none) return problem;
  if (!found.up) return can_problem::interface_down;
  descriptor made{::socket(AF_CAN, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, CAN_RAW)};
  if (!made.is_open()) return problem_of(errno);
  if (const auto problem = prepare(made.number()); problem != can_problem::none) return problem;
  sockaddr_can address{};
  address.can_family = AF_CAN;
  address.can_ifindex = found.index;
  if (bind(made.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return problem_of(errno);
  socket_ = std::move(made);
  lost_ = 0;
  carries_fd_ = found.fd;
  return can_problem::none;
}

void can_socket::close() { socket_.close(); }

can_problem can_socket::set_filters(std::span<const can::filter> filters) {
  std::vector<can_filter> list;
  list.reserve(filters.size());
  for (const auto& one : filters) list.push_back({one.id, one.mask});
  const auto bytes = static_cast<socklen_t>(list.size() * sizeof(can_filter));
  const bool done = setsockopt(number(), SOL_CAN_RAW, CAN_RAW_FILTER, list.data(), bytes) == 0;
  return done ? can_problem::none : problem_of(errno);
}

can_problem can_socket::send(const can::frame& f) { return send(std::span{&f, 1}).problem; }

can_socket::sent can_socket::send(std::span<const can::frame> frames) {
  std::array<wire_frame, batch_limit> encoded;
  std::array<iovec, batch_limit> places;
  std::array<mmsghdr, batch_limit> messages;
  sent result;
  while (result.count < frames.size()) {
    const auto part = frames.subspan(result.count, std::min(frames.size() - result.count, batch_limit));
    for (std::size_t i = 0; i < part.size(); ++i) {
      places[i] = {&encoded[i], encode(part[i], encoded[i])};
      messages[i] = {};
      messages[i].msg_hdr.msg_iov = &places[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    // The kernel says why only if not even the first frame of a call was taken: so it is called again.
    const int count =
        sendmmsg(number(), messages.data(), static_cast<unsigned>(part.size()), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      result.problem = problem_of(errno);
      break;
    }
    result.count += static_cast<std::size_t>(count);
  }
  return result;
}

can_socket::received can_socket::receive() {
  batch_->reset();
  int count = -1;
  do {
    count = recvmmsg(number(), batch_->messages.data(), batch_limit, MSG_DONTWAIT, nullptr);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return {{}, errno == EAGAIN ? can_problem::none : problem_of(errno), lost_};
  const auto wall = stamp_clock();
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    auto& message = batch_->messages[i];
    received_frame one;
    if (!decode(batch_->frames[i], message.msg_len, one)) continue;
    read_controls(message.msg_hdr, wall, one, lost_);
    one.from_this_socket = (message.msg_hdr.msg_flags & MSG_CONFIRM) != 0;
    one.from_this_host = (message.msg_hdr.msg_flags & MSG_DONTROUTE) != 0;
    batch_->decoded.push_back(one);
  }
  return {batch_->decoded, can_problem::none, lost_};
}

std::string describe_error(const received_frame& error) {
  struct name {
    std::uint32_t bit;
    const char* text;
  };
  static constexpr std::array names = std::to_array<name>({
      {CAN_ERR_BUSOFF, "bus off"},
      {CAN_ERR_RESTARTED, "controller restarted"},
      {CAN_ERR_ACK, "no acknowledgement"},
      {CAN_ERR_TX_TIMEOUT, "timeout of the driver while sending"},
      {CAN_ERR_CRTL, "controller problem"},
      {CAN_ERR_PROT, "protocol violation"},
      {CAN_ERR_TRX, "transceiver problem"},
      {CAN_ERR_BUSERROR, "bus error"},
      {CAN_ERR_LOSTARB, "arbitration lost"},
  });
  std::string text;
  for (const auto& [bit, what] : names)
    if ((error.error_classes & bit) != 0) text += (text.empty() ? "" : ", ") + std::string{what};
  if ((error.error_classes & CAN_ERR_CRTL) != 0) {
    const auto detail = error.content.data[1];
    if ((detail & (CAN_ERR_CRTL_RX_PASSIVE | CAN_ERR_CRTL_TX_PASSIVE)) != 0) text += " (error passive)";
    if ((detail & (CAN_ERR_CRTL_RX_OVERFLOW | CAN_ERR_CRTL_TX_OVERFLOW)) != 0) text += " (frames lost)";
  }
  return text.empty() ? "error message" : text;
}

}  // namespace canstage::transports
