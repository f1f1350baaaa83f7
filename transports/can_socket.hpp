// One CAN_RAW socket: frames of one interface, in and out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "protocols/can/filter.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"
#include "transports/can_problem.hpp"
#include "transports/descriptor.hpp"

namespace canstage::transports {

struct received_frame {
  can::frame content;
  duration age{};                   ///< since the kernel received it, at the time of `receive`
  duration stamp{};                 ///< when that was, see kernel_stamp.hpp
  bool from_this_socket = false;    ///< the echo of an own frame: it was sent
  bool from_this_host = false;      ///< of any socket of this machine
  std::uint32_t error_classes = 0;  ///< CAN_ERR_*; not 0: no frame, `content.data` tells details
};

/// "bus off", "no acknowledgement", ... for an error message of the controller.
std::string describe_error(const received_frame& error);

/// Never blocks. `send` and `receive` may be called from two threads at the same time; `open` and
/// `close` only while nobody else uses the socket.
class can_socket {
 public:
  /// Frames that `receive` takes at once.
  static constexpr std::size_t batch_limit = 64;

  can_socket();
  /// Takes over an open descriptor, which need not be of CAN (tests use pairs of sockets).
  explicit can_socket(descriptor open);
  ~can_socket();
  can_socket(can_socket&&) noexcept;
  can_socket& operator=(can_socket&&) noexcept;

  /// Opens and binds; what was open is closed. An interface that is down is a problem: nothing is
  /// open then. The socket hears everything (see `set_filters`), error messages included, and
  /// its own frames.
  can_problem open(const std::string& interface);
  void close();

  // Observers.
  bool is_open() const { return socket_.is_open(); }
  int number() const { return socket_.number(); }  ///< of the descriptor, for who waits for it
  bool carries_fd() const { return carries_fd_; }

  /// What the kernel hands over from now on; at most 512 filters. Holds for own frames too.
  can_problem set_filters(std::span<const can::filter> filters);

  can_problem send(const can::frame& f);

  struct sent {
    std::size_t count = 0;                    ///< frames that the kernel took, from the first one on
    can_problem problem = can_problem::none;  ///< why it did not take the next one
  };
  /// In this order, up to the first one that is not taken.
  sent send(std::span<const can::frame> frames);

  struct received {
    std::span<const received_frame> frames;  ///< valid until the next call
    can_problem problem = can_problem::none;
    std::uint32_t lost = 0;  ///< frames since `open` that came while the socket's buffer was full
  };
  /// What is there, up to `batch_limit`. Nothing and no problem: there is nothing for now. The problem
  /// `interface_down` or `no_interface` is said once, when it happens.
  received receive();

 private:
  struct batch;

  descriptor socket_;
  bool carries_fd_ = false;
  std::uint32_t lost_ = 0;
  std::unique_ptr<batch> batch_;  ///< buffers of `receive`
};

}  // namespace canstage::transports
