// What can go wrong with a CAN interface, and how to say it.
#pragma once

#include <cstdint>
#include <string>

namespace canstage::transports {

enum class can_problem : std::uint8_t {
  none,
  no_can,            ///< the kernel has no SocketCAN (EAFNOSUPPORT, EPROTONOSUPPORT)
  no_isotp,          ///< ... or has no CAN_ISOTP
  not_permitted,     ///< EPERM, EACCES
  no_interface,      ///< ENODEV, ENXIO: there is none of that name, or it is gone
  not_can,           ///< an interface, but not of CAN
  interface_down,    ///< ENETDOWN
  queue_full,        ///< ENOBUFS, EAGAIN: the same frame may be taken a little later
  frame_refused,     ///< EINVAL, EMSGSIZE: the interface cannot carry this frame, such as FD on classic CAN
  out_of_resources,  ///< EMFILE, ENFILE, ENOMEM
  other,             ///< what no socket of CAN is known to say
};

/// By errno; 0 is `none`.
can_problem problem_of(int error_number);

/// One sentence without a full stop: "vcan0 is down; `ip link set vcan0 up` starts it".
std::string describe(can_problem problem, const std::string& interface);

}  // namespace canstage::transports
