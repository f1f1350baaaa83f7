#include "tools/cli/server_probe.hpp"

#include <array>
#include <chrono>

#include "protocols/socketcand/client.hpp"
#include "transports/tcp_connector.hpp"
#include "transports/tcp_stream.hpp"

namespace canstage::tools {

namespace {

/// For the connection.
constexpr duration patience = std::chrono::seconds{5};

instant now() { return instant{std::chrono::steady_clock::now().time_since_epoch()}; }

/// Why the handshake fails; empty: it does not.
std::string open_bus(transports::tcp_stream& stream, const std::string& bus) {
  socketcand::client machine{now(), bus};
  std::array<char, 4096> room;
  for (;;) {
    transports::wait_until_ready(stream.number(), false, machine.deadline() - now());
    const auto input = stream.receive(room);
    machine.on_bytes(input.bytes);
    machine.on_time(now());
    while (const auto event = machine.poll()) {
      if (const auto* text = std::get_if<socketcand::say>(&*event)) stream.send(text->text);
      if (const auto* end = std::get_if<socketcand::give_up>(&*event)) return end->reason;
    }
    if (machine.is_open()) return {};
    if (input.ended) return "it closes the connection";
    if (!stream.problem().empty()) return stream.problem();
  }
}

}  // namespace

std::optional<std::string> missing_for_server(const scenarios::link& carrier) {
  const transports::tcp_address server{carrier.where, carrier.port};
  std::string problem;
  transports::tcp_stream stream{transports::connect_within(server, patience, problem)};
  if (!stream.is_open()) return problem;
  // isotpserver says nothing by itself.
  if (carrier.what == scenarios::link::kind::isotpserver) return std::nullopt;
  problem = open_bus(stream, carrier.bus);
  if (problem.empty()) return std::nullopt;
  return to_string(server) + ": " + problem;
}

}  // namespace canstage::tools
