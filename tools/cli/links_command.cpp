#include <fmt/format.h>

#include <iostream>
#include <string>
#include <vector>

#include "tools/cli/bus_links.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/option_reader.hpp"
#include "transports/can_interfaces.hpp"
#include "transports/can_socket.hpp"
#include "transports/isotp_options.hpp"
#include "transports/isotp_socket.hpp"

namespace canstage::tools {

namespace {

void print_link(const std::string& name, const std::string& remark) {
  std::cout << fmt::format("{:<26}{}{}", name, name.size() < 26 ? "" : "  ", remark) << '\n';
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

po::options_description links_description() {
  po::options_description options{"Options"};
  options.add_options()("help,h", po::bool_switch(), "this text");
  return options;
}

std::string links_help() {
  return help_text(
      "canstage links [LINK...]\n\n"
      "Lists the links that this machine can open, and why not the others; or tries those that are named.\n"
      "Exit status: 3 if one that is named cannot be opened.\n",
      links_description());
}

scenarios::link link_of(const std::string& word) {
  // What can carry a connection is everything that is outside of the process.
  const auto use = word == "virtual" ? scenarios::link_use::bus : scenarios::link_use::connection;
  std::string problem;
  const auto found = scenarios::parse_link(word, use, problem);
  if (found) return *found;
  throw usage_error{word + ": virtual, " + std::string{link_wish(use)} + " was expected" +
                    (problem.empty() ? "" : "; " + problem)};
}

exit_status try_links(const std::vector<std::string>& words) {
  std::vector<scenarios::link> all;
  for (const auto& word : words) all.push_back(link_of(word));
  auto status = exit_status::passed;
  for (const auto& one : all) {
    const auto missing = missing_for_link(one);
    print_link(to_string(one), missing ? "no: " + *missing : "can be opened");
    if (missing) status = exit_status::machine_lacks;
  }
  return status;
}

}  // namespace

exit_status links_command(const std::vector<std::string>& words) {
  const auto values = parse(links_description(), words, "links");
  if (values["help"].as<bool>()) {
    std::cout << links_help();
    return exit_status::passed;
  }
  if (values.count("file") != 0) return try_links(values["file"].as<std::vector<std::string>>());
  print_link("virtual", "a bus inside the process: classic CAN and CAN FD");
  print_socketcan();
  print_isotp();
  print_link("socketcand:HOST:PORT/BUS",
             "a bus of another machine, classic CAN; `canstage links LINK` tries one");
  print_link("isotpserver:HOST:PORT", "a single connection, likewise");
  return exit_status::passed;
}

}  // namespace canstage::tools
