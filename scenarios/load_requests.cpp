#include "scenarios/load_requests.hpp"

#include <algorithm>

#include "fmt/format.h"

namespace canstage::scenarios {

namespace {

using namespace std::chrono_literals;

struct request_draft {
  const node* from = nullptr;
  const node* to = nullptr;
  const node* bytes_node = nullptr;
  std::optional<uds::reply_template> request;
  std::optional<duration> window;
};

void read_request_bytes(reader& in, const node& value, request_draft& out) {
  out.bytes_node = &value;
  out.request = in.reply_template(value);
}

constexpr std::array functional_fields = std::to_array<field<request_draft>>({
    {{"from", "name", "The tester that asks.", "the only tester, where there is a single one"},
     [](reader&, const node& value, request_draft& out) { out.from = &value; }},
    {{"request", "bytes with {name}",
      "The request, which fits a single frame; {name} is what an earlier step captured.", required},
     &read_request_bytes},
    {{"window", "time",
      "How long answers may begin; it is waited in full, and lasts as long as the longest 'within'.",
      "200ms"},
     [](reader& in, const node& value, request_draft& out) { out.window = in.time_above_zero(value); }},
});

constexpr std::array request_fields = std::to_array<field<request_draft>>({
    {{"from", "name", "The tester or endpoint that asks.", "the only tester that reaches 'to'"},
     [](reader&, const node& value, request_draft& out) { out.from = &value; }},
    {{"to", "name", "The ECU or endpoint that is asked.", required},
     [](reader&, const node& value, request_draft& out) { out.to = &value; }},
    {{"bytes", "bytes with {name}", "The request; {name} is what an earlier step captured.", required},
     &read_request_bytes},
    {{"window", "time", "How long an answer may take to begin; it lasts at least as long as 'within'.",
      "p2 of the tester, or 1s"},
     [](reader& in, const node& value, request_draft& out) { out.window = in.time_above_zero(value); }},
});

/// Everything that fills the request has to be known when the step begins.
bool check_request(reader& in, const request_draft& draft) {
  if (!draft.request) return false;
  const auto& captured = in.names().captured;
  if (draft.request->uses_request()) {
    in.refuse(draft.bytes_node->where, "{1..2} are bytes of a request: that is for the replies of rules");
    return false;
  }
  for (const std::string& name : draft.request->names()) {
    if (captured.contains(name)) continue;
    const std::vector<std::string_view> known(captured.begin(), captured.end());
    const auto near = nearest(name, known);
    in.refuse(draft.bytes_node->where,
              fmt::format("'{{{}}}' was not captured by an earlier step{}", name,
                          near.empty() ? "" : fmt::format("; did you mean '{{{}}}'?", near)));
    return false;
  }
  return true;
}

/// Whether the tester can ask all ECUs at once, and that much. `good`: the request is known.
void check_functional(reader& in, const request_draft& draft, tester_index from, position where, bool good) {
  const tester& asking = in.names().play.testers[from];
  if (!asking.functional) {
    in.refuse(draft.from != nullptr ? draft.from->where : where,
              fmt::format("tester '{}' has no functional address", asking.name));
    return;
  }
  if (!good || !draft.request->names().empty()) return;
  // N_PCI of a single frame: one byte, in frames above 8 bytes two.
  const std::size_t tx_dl = asking.isotp->tx_dl;
  const std::size_t pci = tx_dl > can::max_classic_length ? 2 : 1;
  const std::size_t most = tx_dl - pci - (asking.functional_address_byte ? 1 : 0);
  if (draft.request->fill({}, {}).size() <= most) return;
  in.refuse(draft.bytes_node->where,
            fmt::format("a functional request has to fit a single frame: up to {} bytes", most));
}

void widen(duration& window, const responder_expectation& what) {
  if (what.within) window = std::max(window, *what.within);
}

bool reaches(const tester& from, ecu_index to) {
  return std::binary_search(from.ecus.begin(), from.ecus.end(), to);
}

/// The one tester that reaches an ECU.
std::optional<party> only_tester(reader& in, ecu_index to, position where) {
  const load_context& names = in.names();
  std::optional<party> result;
  for (std::uint32_t i = 0; i < names.play.testers.size(); ++i) {
    if (!names.tester_usable[i]) return std::nullopt;  // it might be the one
    if (!reaches(names.play.testers[i], to)) continue;
    if (result) {
      in.refuse(where, "which tester? several reach the ECU: say 'from'");
      return std::nullopt;
    }
    result = party{party::kind::tester, i};
  }
  if (!result) {
    in.refuse(where, fmt::format("no tester reaches '{}'; say one for its bus and addresses under 'testers'",
                                 names.play.ecus[to].name));
  }
  return result;
}

bool check_endpoints(reader& in, const request_draft& draft, const party& from, const party& to) {
  const load_context& names = in.names();
  if (!names.endpoint_usable[from.index] || !names.endpoint_usable[to.index]) return false;
  const endpoint& asking = names.play.endpoints[from.index];
  const endpoint& asked = names.play.endpoints[to.index];
  const auto refuse = [&](std::string message) {
    in.refuse(draft.from->where, std::move(message));
    return false;
  };
  if (asking.what != endpoint::behaviour::none) {
    return refuse(
        fmt::format("endpoint '{}' acts by itself; steps ask from one with 'do: none'", asking.name));
  }
  const isotp::addressing& one = asking.address;
  const isotp::addressing& other = asked.address;
  const bool bytes_fit =
      one.rx_address_byte == other.tx_address_byte && one.tx_address_byte == other.rx_address_byte;
  if (asking.bus == asked.bus && one.rx == other.tx && one.tx == other.rx) {
    if (bytes_fit) return true;
    return refuse(
        fmt::format("endpoints '{}' and '{}' are no pair: rx_address of one is tx_address of the other",
                    asking.name, asked.name));
  }
  return refuse(fmt::format("endpoints '{}' and '{}' are no pair: same bus, and rx of one is tx of the other",
                            asking.name, asked.name));
}

/// Whether these two can talk.
bool check_pair(reader& in, const request_draft& draft, const party& from, const party& to) {
  using kind = party::kind;
  if (to.what == kind::tester) {
    in.refuse(draft.to->where, "a tester asks, it is not asked");
    return false;
  }
  if (from.what == kind::tester && to.what == kind::ecu)
    return read_reached_ecu(in, *draft.to, from.index).has_value();
  if (from.what == kind::endpoint && to.what == kind::endpoint) return check_endpoints(in, draft, from, to);
  in.refuse(draft.from->where, from.what == kind::ecu ? "an ECU is asked, it does not ask: 'from' is a tester"
                               : to.what == kind::ecu
                                   ? "an ECU is asked by a tester, not by an endpoint"
                                   : "an endpoint is asked by an endpoint, not by a tester");
  return false;
}

/// Who asks whom; nothing after a refusal.
std::optional<std::pair<party, party>> find_parties(reader& in, const request_draft& draft, position where) {
  const load_context::participant* to = nullptr;
  {
    const reader::scope inside{in, "to"};
    to = find_participant(in, *draft.to, "an ECU");
  }
  const reader::scope inside{in, "from"};
  if (draft.from == nullptr) {
    if (to == nullptr) return std::nullopt;
    if (to->what.what != party::kind::ecu) {
      in.refuse(where, "'from' can be left out only where an ECU is asked");
      return std::nullopt;
    }
    if (!in.names().ecu_addresses[to->what.index]) return std::nullopt;
    const auto from = only_tester(in, to->what.index, where);
    return from ? std::optional{std::pair{*from, to->what}} : std::nullopt;
  }
  const auto* from = find_participant(in, *draft.from, "a tester");
  if (from == nullptr || to == nullptr || !check_pair(in, draft, from->what, to->what)) return std::nullopt;
  return std::pair{from->what, to->what};
}

std::string name_of(const scenario& play, const party& who) {
  if (who.what == party::kind::tester) return play.testers[who.index].name;
  return who.what == party::kind::ecu ? play.ecus[who.index].name : play.endpoints[who.index].name;
}

}  // namespace

std::optional<tester_index> find_tester(reader& in, const node* from, position where) {
  const load_context& names = in.names();
  if (from == nullptr) {
    // Those of this vehicle.
    std::vector<tester_index> known;
    for (const auto& [name, other] : names.participants)
      if (other.what.what == party::kind::tester) known.push_back(other.what.index);
    if (known.size() == 1) return known.front();
    in.refuse(where, known.empty() ? "there is no tester; add one under 'testers'"
                                   : "which tester? 'from' can be left out only where there is one");
    return std::nullopt;
  }
  const reader::scope inside{in, "from"};
  const auto* who = find_participant(in, *from, "a tester");
  if (who == nullptr) return std::nullopt;
  if (who->what.what == party::kind::tester) return who->what.index;
  in.refuse(from->where, fmt::format("{} is no tester", shown(from->text)));
  return std::nullopt;
}

std::optional<std::pair<tester_index, ecu_index>> read_tester_and_ecu(reader& in, const node* from,
                                                                      const node* to, position where) {
  request_draft draft;
  draft.from = from;
  draft.to = to;
  const auto parties = find_parties(in, draft, where);
  if (!parties) return std::nullopt;
  if (parties->second.what == party::kind::ecu) return std::pair{parties->first.index, parties->second.index};
  in.refuse(to->where, fmt::format("{} is no ECU", shown(to->text)));
  return std::nullopt;
}

duration usual_window(reader& in, tester_index from) { return in.names().play.testers[from].p2.value_or(1s); }

void read_functional_step(reader& in, const node& value, const request_extras& extras, step& out) {
  request_draft draft;
  const bool complete = read_fields(in, value, value.where, "functional", functional_fields, draft);
  const bool good = complete && check_request(in, draft);
  const auto from = find_tester(in, draft.from, value.where);
  if (!from) return;
  if (in.names().tester_usable[*from]) check_functional(in, draft, *from, value.where, good);
  functional_step made;
  made.from = *from;
  made.window = draft.window.value_or(200ms);
  std::set<std::string> captured;
  if (extras.expect != nullptr) made.expect = read_functional(in, *extras.expect, *from, captured);
  if (extras.order != nullptr) {
    const reader::scope inside{in, "order"};
    made.expect.order = read_order(in, *extras.order, *from);
  }
  in.names().captured.merge(captured);
  for (const named_expectation& named : made.expect.ecus) widen(made.window, named.what);
  if (made.expect.others) widen(made.window, *made.expect.others);
  if (!good) return;
  made.request = std::move(*draft.request);
  if (out.name.empty()) {
    out.name = fmt::format("functional {} from {}", made.request.text(), in.names().play.testers[*from].name);
  }
  out.what = std::move(made);
}

void read_request_step(reader& in, const node& value, const request_extras& extras, step& out) {
  request_draft draft;
  const bool complete = read_fields(in, value, value.where, "request", request_fields, draft);
  const bool good = check_request(in, draft) && complete;
  const auto parties = draft.to != nullptr ? find_parties(in, draft, value.where) : std::nullopt;
  request_step made;
  const bool from_tester = parties && parties->first.what == party::kind::tester;
  made.window = draft.window.value_or(from_tester ? usual_window(in, parties->first.index) : 1s);
  if (extras.expect != nullptr) {
    const reader::scope inside{in, "expect"};
    std::set<std::string> captured;
    made.expect = read_responder(in, *extras.expect, captured);
    in.names().captured.merge(captured);
  }
  if (made.expect) widen(made.window, *made.expect);
  if (!good || !parties) return;
  made.from = parties->first;
  made.to = parties->second;
  made.request = std::move(*draft.request);
  if (out.name.empty()) {
    out.name = fmt::format("request {} to {}", made.request.text(), name_of(in.names().play, made.to));
  }
  out.what = std::move(made);
}

void describe_requests(std::vector<map_doc>& maps) {
  maps.push_back(describe("functional", functional_fields));
  maps.push_back(describe("request", request_fields));
}

}  // namespace canstage::scenarios
