// Which identifier belongs to whom: on a bus each one has a single sender and a single receiver.
#include "fmt/format.h"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

std::string spelled(can::identifier id) {
  return id.is_extended() ? fmt::format("{:08X}", id.value()) : fmt::format("{:03X}", id.value());
}

class identifier_owners {
 public:
  explicit identifier_owners(reader& in) : in_(in) {}

  void add(std::string_view who, bus_index bus, const isotp::addressing& ids, position where) {
    const auto [sender, alone_sending] = senders_.try_emplace({bus, ids.tx.raw()}, who);
    const auto [receiver, alone_receiving] = receivers_.try_emplace({bus, ids.rx.raw()}, who);
    if (!alone_sending) {
      in_.refuse(where, fmt::format("'{}' and '{}' both send {} on bus '{}'", sender->second, who,
                                    spelled(ids.tx), in_.names().play.buses[bus].name));
    } else if (!alone_receiving) {
      in_.refuse(where,
                 fmt::format("'{}' and '{}' both receive {} on bus '{}': both would answer", receiver->second,
                             who, spelled(ids.rx), in_.names().play.buses[bus].name));
    }
  }

  /// Bare endpoints talk to each other; ECUs do not: an answer must not be another one's request.
  void check_answer(const ecu& who) {
    const auto receiver = receivers_.find({who.bus, who.address.tx.raw()});
    if (receiver == receivers_.end()) return;
    in_.refuse(who.where, fmt::format("'{}' answers on {}, where '{}' is asked", who.name,
                                      spelled(who.address.tx), receiver->second));
  }

 private:
  using key = std::pair<bus_index, std::uint32_t>;

  reader& in_;
  std::map<key, std::string_view> senders_;
  std::map<key, std::string_view> receivers_;
};

}  // namespace

void check_identifiers(reader& in) {
  const load_context& names = in.names();
  identifier_owners owners{in};
  for (std::size_t i = 0; i < names.play.ecus.size(); ++i) {
    const ecu& e = names.play.ecus[i];
    if (names.ecu_addresses[i]) owners.add(e.name, e.bus, e.address, e.where);
  }
  for (std::size_t i = 0; i < names.play.endpoints.size(); ++i) {
    const endpoint& e = names.play.endpoints[i];
    if (names.endpoint_usable[i]) owners.add(e.name, e.bus, e.address, e.where);
  }
  for (std::size_t i = 0; i < names.play.ecus.size(); ++i) {
    if (names.ecu_addresses[i]) owners.check_answer(names.play.ecus[i]);
  }
}

}  // namespace canstage::scenarios
