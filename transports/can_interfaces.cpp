#include "transports/can_interfaces.hpp"

#include <linux/can.h>
#include <linux/can/raw.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "transports/descriptor.hpp"

namespace canstage::transports {

namespace {

/// Asks about an interface; `request` is one of SIOCGIF*. Needs a socket, of any kind.
bool ask(int socket, unsigned long request, const std::string& name, ifreq& answer) {
  answer = {};
  name.copy(answer.ifr_name, IFNAMSIZ - 1);
  return ioctl(socket, request, &answer) == 0;
}

can_problem look(int socket, const std::string& name, can_interface& found) {
  ifreq answer;
  // Longer names are cut off by the kernel's interface, and would be somebody else's.
  if (name.empty() || name.size() >= IFNAMSIZ) return can_problem::no_interface;
  if (!ask(socket, SIOCGIFINDEX, name, answer)) return problem_of(errno);
  found.name = name;
  found.index = answer.ifr_ifindex;
  if (!ask(socket, SIOCGIFHWADDR, name, answer)) return problem_of(errno);
  if (answer.ifr_hwaddr.sa_family != ARPHRD_CAN) return can_problem::not_can;
  if (!ask(socket, SIOCGIFFLAGS, name, answer)) return problem_of(errno);
  found.up = (answer.ifr_flags & IFF_UP) != 0;
  if (!ask(socket, SIOCGIFMTU, name, answer)) return problem_of(errno);
  found.fd = answer.ifr_mtu >= static_cast<int>(CANFD_MTU);
  return can_problem::none;
}

}  // namespace

can_problem find_interface(const std::string& name, can_interface& found) {
  const descriptor socket{::socket(AF_CAN, SOCK_RAW | SOCK_CLOEXEC, CAN_RAW)};
  if (!socket.is_open()) return problem_of(errno);
  return look(socket.number(), name, found);
}

can_problem list_interfaces(std::vector<can_interface>& found) {
  found.clear();
  const descriptor socket{::socket(AF_CAN, SOCK_RAW | SOCK_CLOEXEC, CAN_RAW)};
  if (!socket.is_open()) return problem_of(errno);
  const auto names = if_nameindex();
  if (names == nullptr) return problem_of(errno);
  for (const auto* each = names; each->if_index != 0; ++each) {
    can_interface one;
    // One that vanished in between is not listed.
    if (look(socket.number(), each->if_name, one) == can_problem::none) found.push_back(std::move(one));
  }
  if_freenameindex(names);
  std::ranges::sort(found, {}, &can_interface::name);
  return can_problem::none;
}

}  // namespace canstage::transports
