// One CAN_ISOTP socket: the kernel does ISO 15765-2, and messages go in and out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/isotp/kernel_service.hpp"
#include "protocols/time.hpp"
#include "transports/can_problem.hpp"
#include "transports/descriptor.hpp"
#include "transports/isotp_options.hpp"

namespace canstage::transports {

/// Never blocks. `write` and `receive` may be called from two threads at the same time; `open` and
/// `close` only while nobody else uses the socket.
class isotp_socket {
 public:
  isotp_socket() = default;
  ~isotp_socket() { close(); }
  isotp_socket(isotp_socket&&) noexcept = default;
  isotp_socket& operator=(isotp_socket&&) = delete;

  /// Opens and binds; what was open is closed. An interface that is down is a problem: nothing is open
  /// then. The problem `no_isotp`: the kernel has CAN, but not this.
  can_problem open(const std::string& interface, const isotp_options& options);

  /// What is being sent is given up. (The kernel would wait for its end, up to a second and more.)
  void close();

  // Observers.
  bool is_open() const { return socket_.is_open(); }
  int number() const { return socket_.number(); }

  /// Whether nothing is being sent. It becomes so when the last frame was on the bus, or after an error.
  bool is_idle() const;

  struct written {
    isotp::write_end how = isotp::write_end::taken;
    can_problem problem = can_problem::none;  ///< the interface is down, or gone
    int message_error = 0;                    ///< errno of an earlier message, which this call was told
  };
  /// `taken` means that its first frame was handed over, not that it was sent.
  written write(byte_view sdu);

  struct message {
    bytes content;
    duration stamp{};  ///< when the kernel received its last frame, see kernel_stamp.hpp
  };
  struct received {
    std::vector<message> messages;
    std::vector<int> errors;  ///< errno, of either direction, see `failure_of`
    can_problem problem = can_problem::none;
  };
  /// All that is there.
  received receive();

 private:
  descriptor socket_;
  std::vector<std::uint8_t> buffer_;  ///< of `receive`
};

/// Whether such sockets can be opened there.
can_problem probe_isotp(const std::string& interface);

}  // namespace canstage::transports
