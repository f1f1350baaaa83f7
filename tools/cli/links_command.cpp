#include <fmt/format.h>

#include <iostream>
#include <string>
#include <vector>

#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"
#include "transports/can_interfaces.hpp"
#include "transports/can_socket.hpp"
#include "transports/isotp_options.hpp"
#include "transports/isotp_socket.hpp"

namespace canstage::tools {

namespace {

void print_link(const std::string& name, const std::string& remark) {
  std::cout << fmt::format("{:<26}{}", name, remark) << '\n';
}

void print_socketcan() {
  std::vector<transports::can_interface> all;
  const auto problem = transports::list_interfaces(all);
  if (problem != transports::can_problem::none) {
    print_link("socketcan:INTERFACE", "no: " + transports::describe(problem, "CAN"));
  } else if (all.empty()) {
    print_link("socketcan:INTERFACE",
               "no: there is no CAN interface; `ip link add vcan0 type vcan` makes a virtual one");
  }
  for (const auto& one : all) {
    const auto opened = transports::can_socket{}.open(one.name);
    print_link("socketcan:" + one.name, opened != transports::can_problem::none
                                            ? "no: " + transports::describe(opened, one.name)
                                        : one.fd ? "classic CAN and CAN FD"
                                                 : "classic CAN");
  }
}

void print_isotp() {
  std::vector<transports::can_interface> all;
  const auto problem = transports::list_interfaces(all);
  if (problem != transports::can_problem::none) {
    print_link("isotp:INTERFACE", "no: " + transports::describe(problem, "CAN"));
  } else if (all.empty()) {
    print_link("isotp:INTERFACE", "no: there is no CAN interface");
  }
  for (const auto& one : all) {
    const auto opened = transports::probe_isotp(one.name);
    print_link("isotp:" + one.name, opened != transports::can_problem::none
                                        ? "no: " + transports::describe(opened, one.name)
                                        : fmt::format("the kernel's ISO-TP, messages up to {} bytes",
                                                      transports::longest_kernel_pdu()));
  }
}

}  // namespace

exit_status links_command(const std::vector<std::string>& words) {
  if (!words.empty()) throw usage_error{"canstage links takes no arguments"};
  print_link("virtual", "a bus inside the process: classic CAN and CAN FD");
  print_socketcan();
  print_isotp();
  return exit_status::passed;
}

}  // namespace canstage::tools
