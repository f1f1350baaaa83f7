// From a scenario to actors on a stage.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <vector>

#include "actors/interfaces.hpp"
#include "actors/stage.hpp"
#include "protocols/trace/writer.hpp"
#include "scenarios/model.hpp"

namespace canstage::scenarios {

/// The handles through which a script reaches its cast. Indices are those of the scenario.
struct cast {
  struct hosted_ecu {
    actors::ecu_host_actor host;
    std::uint32_t id = 0;
  };

  struct hosted_cyclic {
    actors::rest_bus_actor host;
    std::uint32_t index = 0;
  };

  std::vector<actors::bus_actor> buses;
  std::vector<hosted_ecu> ecus;  ///< empty handle: real ones
  std::vector<hosted_cyclic> cyclic;
  std::vector<actors::tester_actor> testers;
  std::vector<actors::tester_actor> endpoints;  ///< of those that the script uses; empty handle: others
  /// Of each ECU the first, and those for single testers; none: real ones.
  std::vector<std::vector<actors::connection_handle>> ecu_connections;
  std::vector<std::vector<actors::connection_handle>> endpoint_connections;  ///< one at most

  // Where there are faults.

  std::vector<hosted_cyclic> traffic;           ///< by fault; empty handle: those that are no traffic
  std::vector<std::vector<std::string>> nodes;  ///< who is behind each port, by bus
  std::uint64_t seed = 0;
  std::shared_ptr<const fault_selection> selection;  ///< null: all faults

  /// Who is behind a port that no node of the scenario has.
  static std::string name_of_port(actors::port_id port);
};

/// The port of the script on every bus: it sends frames through it.
inline constexpr actors::port_id script_port = 0x7000'0000;

/// Where it listens, on buses that a step wants to hear.
inline constexpr actors::port_id listening_script_port = 0x7000'0001;

/// Up to this many connections on a bus (of ECUs, endpoints and testers) each is an actor of its own,
/// unless the caller decides.
inline constexpr std::size_t normal_cast_limit = 10'000;

struct build_options {
  std::uint64_t seed = 0;
  std::optional<cast_kind> kind;        ///< none: by the number of nodes of each bus
  std::shared_ptr<std::ostream> trace;  ///< none: no trace is written
  trace::file_format trace_format = trace::file_format::candump_log;
  std::shared_ptr<const fault_selection> selection{};  ///< null: all faults
  bool measured = false;                               ///< whether virtual buses have figures
  std::shared_ptr<trace::writer> log{};                ///< is told what a trace is told; none: nobody
  /// What happens to a bus that is not virtual: one sentence. Called from any thread.
  std::function<void(instant, const std::string&)> on_bus_event;
  /// An error in the script of an ECU, with file and line. Called from any thread.
  std::function<void(instant, const std::string& ecu, const std::string& text)> on_script_error{};
};

/// "drop at powertrain", by fault.
std::vector<std::string> fault_texts(const scenario& play);

/// Puts the cast on the stage. Nothing has happened yet when this returns in virtual time.
cast build(actors::stage& home, const scenario& play, const build_options& options);

}  // namespace canstage::scenarios
