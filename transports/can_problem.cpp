#include "transports/can_problem.hpp"

#include <cerrno>

namespace canstage::transports {

can_problem problem_of(int error_number) {
  switch (error_number) {
    case 0:
      return can_problem::none;
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
      return can_problem::no_can;
    case EPERM:
    case EACCES:
      return can_problem::not_permitted;
    case ENODEV:
    case ENXIO:
      return can_problem::no_interface;
    case ENETDOWN:
      return can_problem::interface_down;
    case ENOBUFS:
    case EAGAIN:
      return can_problem::queue_full;
    case EINVAL:
    case EMSGSIZE:
      return can_problem::frame_refused;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return can_problem::out_of_resources;
    default:
      return can_problem::other;
  }
}

std::string describe(can_problem problem, const std::string& interface) {
  switch (problem) {
    case can_problem::none:
      return interface + " works";
    case can_problem::no_can:
      return interface + ": this kernel has no SocketCAN; `modprobe can-raw` loads it, if it is installed";
    case can_problem::no_isotp:
      return interface + ": this kernel has no ISO-TP; `modprobe can-isotp` loads it, if it is installed";
    case can_problem::not_permitted:
      return interface + " may not be used: no permission";
    case can_problem::no_interface:
      return "there is no interface " + interface + "; `canstage links` lists those there are";
    case can_problem::not_can:
      return interface + " is not a CAN interface";
    case can_problem::interface_down:
      return interface + " is down; `ip link set " + interface + " up` starts it";
    case can_problem::queue_full:
      return interface + " takes no more frames for now";
    case can_problem::frame_refused:
      return interface + " cannot carry this frame";
    case can_problem::out_of_resources:
      return interface + " cannot be opened: too many files are open, or memory is short";
    case can_problem::other:
      break;
  }
  return interface + " cannot be used";
}

}  // namespace canstage::transports
