// The parts of the loader, each reading one section of the file into what is being made.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scenarios/fields.hpp"
#include "scenarios/fill.hpp"
#include "scenarios/load_descriptions.hpp"
#include "scenarios/model.hpp"
#include "scenarios/reader.hpp"

namespace canstage::scenarios {

enum class address_format : std::uint8_t { normal, normal_fixed, extended, mixed, mixed_29 };

struct node_address {
  isotp::addressing ids;
  address_format format = address_format::normal;
  std::uint8_t tester = 0;  ///< whom it talks to, in formats where testers have an address
};

/// The addresses of an ECU for one tester, as they are written.
struct own_address {
  std::string tester;  ///< with the prefix of the vehicle
  position where;
  node_address address;
};

/// Equal configurations are one object: remembered by node, then by text.
template <class Config>
struct config_cache {
  struct known {
    std::vector<node_ptr> keep_alive;
    std::shared_ptr<const Config> config;
  };
  std::map<std::vector<const node*>, known> by_node;
  std::map<std::string, std::shared_ptr<const Config>, std::less<>> by_text;
};

/// Names that are known, and what is made of them. A thing with a broken definition keeps its name
/// and its place, marked as not usable, so that nothing else is reported because of it.
struct load_context {
  struct participant {
    party what;
    position where;
  };

  explicit load_context(scenario& made) : play(made) {}

  /// What was known of the vehicle before is forgotten; what was made stays.
  void begin_vehicle(std::string its_prefix) {
    prefix = std::move(its_prefix);
    buses.clear();
    participants.clear();
    cyclic.clear();
    captured.clear();
  }

  scenario& play;
  std::string prefix;  ///< of all names that are made: "v7." for a vehicle of a fleet
  variable_map variables;
  std::map<std::string, bus_index, std::less<>> buses;
  std::map<std::string, std::uint32_t, std::less<>> cyclic;
  std::map<std::string, participant, std::less<>> participants;  ///< ECUs, testers, endpoints
  std::vector<std::optional<node_address>> ecu_addresses;        ///< none: not usable
  std::vector<std::vector<own_address>> own_addresses;           ///< of ECUs for single testers
  std::vector<bool> tester_usable;
  std::vector<bool> endpoint_usable;
  std::set<std::string, std::less<>> captured;  ///< by the steps before
  config_cache<isotp::parameters> isotp;
  config_cache<uds::server_config> uds;
  // What the present `uds` mentions, wherever it does.
  std::vector<std::pair<position, std::uint32_t>> diagnostic_sessions;
  std::vector<std::pair<position, std::uint32_t>> security_levels;
  std::vector<std::pair<position, std::string>> memory_areas;
  std::vector<position> authentications;
  std::uint64_t config_work = 0;  ///< nodes that were read for configurations
  std::uint64_t loop_work = 0;    ///< nodes that were read for `for_each`

  const tester& tester_at(std::uint32_t index) const { return play.testers[index]; }
};

void load_buses(reader& in, const node& buses);
/// False: it gave up in between, and what follows would only report what is missing.
bool load_ecus(reader& in, const node& ecus);
/// After the ECUs.
void load_gateways(reader& in, const node& gateways);
void load_testers(reader& in, const node& testers);
/// After the testers: those of whom ECUs speak.
void check_own_addresses(reader& in);
/// DIDs that several ECUs own together.
void find_shared_data(reader& in);
void load_endpoints(reader& in, const node& endpoints);
/// After all testers: who can talk to whom, and which identifiers are claimed twice.
void check_identifiers(reader& in);
void load_steps(reader& in, const node& steps, step_list& into);
/// The step `set`.
void read_set(reader& in, const node& value, step& out);

/// The bus of that name; without one the only bus. `where` is for a message that it is missing.
std::optional<bus_index> read_bus(reader& in, const node* value, position where);

/// Registers a name; refuses one that is taken or none.
void add_participant(reader& in, const std::string& name, position where, party what);
/// Null after a refusal. `kind` names what is wanted, as "an ECU".
const load_context::participant* find_participant(reader& in, const node& value, std::string_view kind);

/// "7E8" or "7E8-7EF". Nothing after a refusal.
std::optional<identifier_range> read_identifier_range(reader& in, const node& value);
std::optional<node_address> read_ecu_address(reader& in, const node& value, position where);

/// `address:` of a tester, or what `functional` alone says.
struct tester_address {
  address_format format = address_format::normal;
  std::uint8_t tester = 0;  ///< its own address, in formats where it has one
  std::optional<can::identifier> functional;
  std::optional<std::uint8_t> functional_byte;
};
std::optional<tester_address> read_tester_address(reader& in, const node& value);

/// Without a value the defaults. Never null.
std::shared_ptr<const isotp::parameters> read_isotp(reader& in, const node_ptr& value);
/// Whether that bus carries the frames that these parameters ask for.
void check_frame_kind(reader& in, const node_ptr& isotp, const isotp::parameters& made, bus_index on);
void read_compatibility(reader& in, const node& value, isotp::compatibility& out);
/// Either may be null, as may `isotp`, of which `max_sdu` was read. Never returns null.
std::shared_ptr<const uds::server_config> read_server(reader& in, const node_ptr& uds, const node_ptr& rules,
                                                      const node_ptr& isotp, std::uint32_t max_sdu);
void read_rules(reader& in, const node& value, std::vector<uds::rule>& into);

/// `expect:` of a physical step, or of one ECU. Names that its pattern captures go to `captured`.
std::optional<responder_expectation> read_responder(reader& in, const node& value,
                                                    std::set<std::string>& captured);
functional_expectation read_functional(reader& in, const node& value, tester_index from,
                                       std::set<std::string>& captured);
/// Names of ECUs that the tester reaches.
std::vector<std::uint32_t> read_order(reader& in, const node& value, tester_index from);
/// An ECU that the tester reaches.
std::optional<ecu_index> read_reached_ecu(reader& in, const node& value, tester_index from);
/// Null after a refusal.
std::shared_ptr<const lua_source> read_script(reader& in, const node& value);

}  // namespace canstage::scenarios
