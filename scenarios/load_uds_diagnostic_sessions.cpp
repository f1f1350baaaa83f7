// `diagnostic_sessions:` and `reset:`.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_uds.hpp"
#include "scenarios/load_varying_time.hpp"

namespace canstage::scenarios {

namespace {

using namespace std::chrono_literals;
using uds::diagnostic_session_config;
using uds::reset_config;

constexpr std::array diagnostic_session_fields = std::to_array<field<diagnostic_session_config>>({
    {{"from", diagnostic_session_shape, "The diagnostic sessions from which it can be entered.", "any"},
     [](reader& in, const node& value, diagnostic_session_config& out) {
       read_diagnostic_sessions(in, value, out.entry.diagnostic_sessions);
     }},
    {{"security", "hex byte | list of hex byte", "The security levels of which one has to be unlocked.",
      "none"},
     [](reader& in, const node& value, diagnostic_session_config& out) {
       read_security_levels(in, value, out.entry.security_levels);
     }},
    {{"authentication", "true | false", "Whether the tester has to be authenticated.", "false"},
     [](reader& in, const node& value, diagnostic_session_config& out) {
       read_authentication_need(in, value, out.entry.authentication);
     }},
    {{"p2", "time", "P2 while it is active.", "that of timing"},
     [](reader& in, const node& value, diagnostic_session_config& out) {
       out.p2 = read_reported_time(in, value, 65'535ms);
     }},
    {{"p2_star", "time", "P2* while it is active.", "that of timing"},
     [](reader& in, const node& value, diagnostic_session_config& out) {
       out.p2_star = read_reported_time(in, value, 655'350ms);
     }},
});

constexpr std::array reset_fields = std::to_array<field<reset_config>>({
    {{"types", "list of (hard | key_off_on | soft | rapid_power_shutdown)",
      "The sub-functions of 11: 01, 02, 03, and 04 with 05.", "[hard, key_off_on, soft]"},
     [](reader& in, const node& value, reset_config& out) {
       if (!in.want_list(value, "a list of hard, key_off_on, soft and rapid_power_shutdown")) return;
       out.types.reset();
       for (const node_ptr& item : value.items) {
         const auto index = in.word(*item, {"hard", "key_off_on", "soft", "rapid_power_shutdown"});
         if (!index) continue;
         out.types.set(*index + 1);
         if (*index == 3) out.types.set(*index + 2);
       }
     }},
    {{"power_down", varying_time_shape, "How long the ECU is not on the bus when it restarts.", "0ms"},
     [](reader& in, const node& value, reset_config& out) {
       out.power_down = read_varying_time(in, value).value_or(out.power_down);
     }},
    {{"power_down_time", "count | unknown", "Seconds in the answer to 11 04.", "unknown"},
     [](reader& in, const node& value, reset_config& out) {
       constexpr std::uint8_t unknown = 0xFF;
       std::string why;
       out.power_down_time = unknown;
       if (value.is_scalar() && value.text == "unknown") return;
       const auto seconds = value.is_scalar() ? parse_count(value.text, 0, unknown - 1U, why) : std::nullopt;
       if (!seconds) return in.refuse_value(value, "a number of seconds up to 254, or unknown");
       out.power_down_time = static_cast<std::uint8_t>(*seconds);
     }},
});

}  // namespace

std::optional<duration> read_reported_time(reader& in, const node& value, duration most) {
  const auto time = in.time_above_zero(value);
  if (time && *time > most)
    in.refuse_value(value, fmt::format("at most {}: the answer to 10 cannot say more", to_text(most)));
  return time;
}

void read_own_diagnostic_sessions(reader& in, const node& value, uds::server_config& out) {
  if (refuse_no_map(in, value, "a map like { default: {}, extended: { from: default } }")) return;
  std::vector<diagnostic_session_config> read;
  for (const map_entry& entry : value.entries) {
    node key;
    key.what = node::kind::scalar;
    key.text = entry.key;
    key.where = entry.where;
    diagnostic_session_config made;
    if (const auto id = read_diagnostic_session(in, key)) made.id = *id;
    read_fields(in, *entry.value, entry.where, "a diagnostic session", diagnostic_session_fields, made);
    const bool twice =
        std::any_of(read.begin(), read.end(), [&](const auto& one) { return one.id == made.id; });
    if (twice && made.id != 0)
      in.refuse(entry.where, fmt::format("the diagnostic session {:02X} was already given", made.id));
    read.push_back(made);
  }
  // The default diagnostic session is where every ECU begins.
  const bool with_default = std::any_of(
      read.begin(), read.end(), [](const auto& one) { return one.id == uds::default_diagnostic_session; });
  if (!with_default) read.push_back({uds::default_diagnostic_session});
  std::sort(read.begin(), read.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  out.diagnostic_sessions = std::move(read);
}

void read_reset(reader& in, const node& value, uds::server_config& out) {
  read_fields(in, value, value.where, "reset", reset_fields, out.reset);
}

void describe_uds_diagnostic_sessions(std::vector<map_doc>& maps) {
  maps.push_back(describe("diagnostic_session", diagnostic_session_fields));
  maps.push_back(describe("uds_reset", reset_fields));
}

}  // namespace canstage::scenarios
