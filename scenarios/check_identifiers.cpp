// Which N_AI belongs to whom: on a bus each one, an identifier and perhaps an address byte, has a
// single sender and a single receiver.
#include <algorithm>
#include <tuple>

#include "fmt/format.h"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

using address_byte = std::optional<std::uint8_t>;

std::string spelled(can::identifier id, address_byte byte) {
  const std::string text =
      id.is_extended() ? fmt::format("{:08X}", id.value()) : fmt::format("{:03X}", id.value());
  return byte ? fmt::format("{} with address byte {:02X}", text, *byte) : text;
}

/// Who has which. Those with one identifier have different address bytes: a frame without one would
/// be misread by those who have one, and the other way round.
class owners {
 public:
  /// The one who has it already, if anybody.
  const std::string_view* find(bus_index bus, can::identifier id, address_byte byte) const {
    const int wanted = byte ? *byte : without;
    // From `without` on, the first of this identifier is the one without a byte, if there is one.
    for (const int first : {wanted, without}) {
      const auto place = by_address_.lower_bound({bus, id.raw(), first});
      if (place == by_address_.end()) continue;
      const auto& [other_bus, other_id, other] = place->first;
      const bool clash = !byte || other == wanted || other == without;
      if (other_bus == bus && other_id == id.raw() && clash) return &place->second;
    }
    return nullptr;
  }

  void add(bus_index bus, can::identifier id, address_byte byte, std::string_view who) {
    by_address_.try_emplace({bus, id.raw(), byte ? *byte : without}, who);
  }

 private:
  static constexpr int without = -1;
  std::map<std::tuple<bus_index, std::uint32_t, int>, std::string_view> by_address_;
};

class identifier_check {
 public:
  explicit identifier_check(reader& in) : in_(in) {}

  void add(std::string_view who, bus_index bus, const isotp::addressing& ids, position where) {
    if (const auto* sender = senders_.find(bus, ids.tx, ids.tx_address_byte)) {
      in_.refuse(where, fmt::format("'{}' and '{}' both send {} on bus '{}'", *sender, who,
                                    spelled(ids.tx, ids.tx_address_byte), name_of(bus)));
    } else if (const auto* receiver = receivers_.find(bus, ids.rx, ids.rx_address_byte)) {
      in_.refuse(where, fmt::format("'{}' and '{}' both receive {} on bus '{}': both would answer", *receiver,
                                    who, spelled(ids.rx, ids.rx_address_byte), name_of(bus)));
    }
    senders_.add(bus, ids.tx, ids.tx_address_byte, who);
    receivers_.add(bus, ids.rx, ids.rx_address_byte, who);
  }

  /// Frames of its own that an ECU sends periodically: no N_PCI tells them from messages.
  void add_frames(const ecu& who, can::identifier id) {
    if (const auto* sender = senders_.find(who.bus, id, std::nullopt)) {
      in_.refuse(who.where, *sender == who.name
                                ? fmt::format("'{}' sends its periodic data on {}, as its answers", who.name,
                                              spelled(id, std::nullopt))
                                : fmt::format("'{}' and '{}' both send {} on bus '{}'", *sender, who.name,
                                              spelled(id, std::nullopt), name_of(who.bus)));
    } else if (const auto* receiver = receivers_.find(who.bus, id, std::nullopt)) {
      in_.refuse(who.where, fmt::format("'{}' sends its periodic data on {}, where '{}' is asked", who.name,
                                        spelled(id, std::nullopt), *receiver));
    }
    senders_.add(who.bus, id, std::nullopt, who.name);
  }

  /// Bare endpoints talk to each other; ECUs do not: an answer must not be another one's request.
  void check_answer(const ecu& who) {
    const auto* receiver = receivers_.find(who.bus, who.address.tx, who.address.tx_address_byte);
    if (receiver == nullptr) return;
    in_.refuse(who.where, fmt::format("'{}' answers on {}, where '{}' is asked", who.name,
                                      spelled(who.address.tx, who.address.tx_address_byte), *receiver));
  }

 private:
  const std::string& name_of(bus_index bus) const { return in_.names().play.buses[bus].name; }

  reader& in_;
  owners senders_;
  owners receivers_;
};

/// Whether an endpoint is a real ECU: somebody else, a TCP client, say, is both.
bool is_real_ecu(const scenario& play, const endpoint& who) {
  return who.what == endpoint::behaviour::none && std::ranges::any_of(play.ecus, [&](const ecu& other) {
           return other.real && other.bus == who.bus && other.address.rx == who.address.rx &&
                  other.address.tx == who.address.tx &&
                  other.address.rx_address_byte == who.address.rx_address_byte &&
                  other.address.tx_address_byte == who.address.tx_address_byte;
         });
}

/// What an ECU has for single testers. Asked functionally on one address for two of them, it would answer
/// twice.
void check_own(reader& in, identifier_check& check, const ecu& who, const std::vector<own_address>& all) {
  std::vector<const isotp::addressing*> known{&who.address};
  for (const own_address& own : all) {
    const isotp::addressing& ids = own.address.ids;
    check.add(who.name, who.bus, ids, own.where);
    for (const isotp::addressing* one : known) {
      const bool same = ids.functional_rx && ids.functional_rx == one->functional_rx &&
                        ids.functional_rx_address_byte == one->functional_rx_address_byte;
      if (same)
        in.refuse(own.where,
                  fmt::format("'{}' is asked functionally on {} already; another identifier, or "
                              "'functional: none'",
                              who.name, spelled(*ids.functional_rx, ids.functional_rx_address_byte)));
    }
    known.push_back(&ids);
  }
}

}  // namespace

void check_identifiers(reader& in) {
  const load_context& names = in.names();
  identifier_check check{in};
  for (std::size_t i = 0; i < names.play.ecus.size(); ++i) {
    const ecu& e = names.play.ecus[i];
    if (names.ecu_addresses[i]) check.add(e.name, e.bus, e.address, e.where);
    check_own(in, check, e, names.own_addresses[i]);
  }
  for (const gateway& g : names.play.gateways) {
    for (const ecu_index i : g.ecus) {
      const ecu& e = names.play.ecus[i];
      check.add(e.name, g.near, e.address, g.where);
      for (const tester_addresses& own : e.testers) check.add(e.name, g.near, own.ids, g.where);
    }
  }
  for (std::size_t i = 0; i < names.play.endpoints.size(); ++i) {
    const endpoint& e = names.play.endpoints[i];
    if (names.endpoint_usable[i] && !is_real_ecu(names.play, e)) check.add(e.name, e.bus, e.address, e.where);
  }
  for (std::size_t i = 0; i < names.play.ecus.size(); ++i) {
    if (names.ecu_addresses[i]) check.check_answer(names.play.ecus[i]);
  }
  for (const ecu& e : names.play.ecus)
    if (e.uds && e.uds->periodic.frame_id) check.add_frames(e, *e.uds->periodic.frame_id);
}

}  // namespace canstage::scenarios
