#include "tools/cli/request_scenario.hpp"

#include <fmt/format.h>

#include <utility>

namespace canstage::tools {

namespace {

std::string name_of(const isotp::addressing& peer) {
  auto name =
      peer.rx.is_extended() ? fmt::format("{:08X}", peer.rx.value()) : fmt::format("{:03X}", peer.rx.value());
  if (peer.rx_address_byte) name += fmt::format(":{:02X}", *peer.rx_address_byte);
  return name;
}

/// The pair seen from the other side.
isotp::addressing from_ecu(const isotp::addressing& peer) {
  isotp::addressing address;
  address.rx = peer.tx;
  address.tx = peer.rx;
  address.rx_address_byte = peer.tx_address_byte;
  address.tx_address_byte = peer.rx_address_byte;
  return address;
}

void add_step(const request_options& options, scenarios::scenario& play) {
  scenarios::step one;
  one.name = "request";
  auto request = uds::reply_template::exactly(options.request);
  if (options.functional) {
    one.what = scenarios::functional_step{0, std::move(request), options.window, {}};
  } else {
    const scenarios::party tester{scenarios::party::kind::tester, 0};
    const scenarios::party ecu{scenarios::party::kind::ecu, 0};
    one.what = scenarios::request_step{tester, ecu, std::move(request), options.window, std::nullopt};
  }
  play.steps.push_back(std::move(one));
}

}  // namespace

scenarios::scenario scenario_of(const request_options& options) {
  scenarios::scenario play;
  play.file = play.name = "request";
  // What carries a single connection takes it away from a bus that nobody is on.
  const bool is_bus = options.carrier.what != scenarios::link::kind::isotpserver;
  play.buses.push_back(
      {to_string(options.carrier), std::nullopt, {}, is_bus ? options.carrier : scenarios::link{}});
  uds::server_config known;
  known.timing.p2_star = options.p2_star;
  const auto uds = std::make_shared<const uds::server_config>(std::move(known));
  const auto settings = std::make_shared<const isotp::parameters>(options.settings);

  scenarios::tester asking;
  asking.name = "tester";
  asking.where = {0, 0};  // it stands in no file
  asking.functional = options.functional;
  asking.functional_address_byte = options.functional_address_byte;
  asking.isotp = settings;
  for (const auto& peer : options.peers) {
    asking.ecus.push_back(static_cast<scenarios::ecu_index>(play.ecus.size()));
    scenarios::ecu asked;
    asked.name = is_bus ? name_of(peer) : to_string(options.carrier);
    if (!is_bus) asked.carrier = options.carrier;
    asked.address = from_ecu(peer);
    asked.isotp = settings;
    asked.uds = uds;
    asked.real = true;
    play.ecus.push_back(std::move(asked));
  }
  play.testers.push_back(std::move(asking));
  add_step(options, play);
  return play;
}

}  // namespace canstage::tools
