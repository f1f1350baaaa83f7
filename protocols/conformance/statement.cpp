#include "protocols/conformance/statement.hpp"

#include <algorithm>
#include <array>

namespace canstage::conformance {

namespace {

std::vector<statement> put_together() {
  std::vector<statement> all;
  for (const auto part : {single_frame_statements(), first_frame_statements(), consecutive_frame_statements(),
                          flow_control_statements(), duplex_statements(), addressing_and_timing_statements()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

struct need_text {
  need what;
  bool (*met)(const setting& known);
  std::string_view otherwise;
};

constexpr std::array needs = std::to_array<need_text>({
    {need_fd, [](const setting& s) { return s.fd(); }, "only with CAN FD"},
    {need_classic, [](const setting& s) { return !s.fd(); }, "only with classic frames"},
    {need_address, [](const setting& s) { return s.address_bytes_out() + s.address_bytes_in() == 2; },
     "only in formats with an address byte"},
    {need_no_address, [](const setting& s) { return s.address_bytes_out() + s.address_bytes_in() == 0; },
     "only in formats without an address byte"},
    {need_functional, [](const setting& s) { return s.address.functional_tx.has_value(); },
     "the stack has no functional identifier"},
    {need_half_duplex, [](const setting& s) { return s.half_duplex; }, "the stack is full duplex"},
    {need_full_duplex, [](const setting& s) { return !s.half_duplex; }, "the stack is half duplex"},
    {need_echo, [](const setting& s) { return s.echoes.value_or(true); },
     "the stack echoes nothing, so that its own messages and what it took for one do not show"},
    {need_4096, [](const setting& s) { return s.max_sdu > 4095; },
     "the stack receives no message above 4095 bytes"},
});

}  // namespace

std::span<const statement> statements() {
  static const std::vector<statement> all = put_together();
  return all;
}

std::optional<std::string> obstacle(const statement& what, const setting& known) {
  if (what.play == nullptr) return std::string{what.hidden};
  for (const auto& one : needs)
    if ((what.needs & one.what) != 0 && !one.met(known)) return std::string{one.otherwise};
  if (what.refused != nullptr)
    if (const auto why = what.refused(known); !why.empty()) return std::string{why};
  return std::nullopt;
}

std::string name_of(const statement& what) { return "ISOTP-" + std::to_string(1000 + what.number).substr(1); }

const statement* find_statement(std::string_view name) {
  constexpr std::string_view prefix = "ISOTP-";
  if (name.substr(0, prefix.size()) == prefix) name.remove_prefix(prefix.size());
  if (name.empty() || name.size() > 3) return nullptr;
  unsigned number = 0;
  for (const char digit : name) {
    if (digit < '0' || digit > '9') return nullptr;
    number = 10 * number + static_cast<unsigned>(digit - '0');
  }
  const auto all = statements();
  const auto found = std::ranges::find(all, number, &statement::number);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace canstage::conformance
