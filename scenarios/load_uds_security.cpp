// `security:` and `authentication:`.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

using uds::authentication_config;
using uds::security_level_config;

constexpr std::size_t longest_seed = 255;

/// A level, and whether it says what its key is: without one nobody could unlock it.
struct level_draft {
  security_level_config made;
};

constexpr std::array level_fields = std::to_array<field<level_draft>>({
    {{"seed", "hex bytes | random:", "The seed: always these bytes, or so many that are drawn: random:4.",
      "random:4"},
     [](reader& in, const node& value, level_draft& out) { read_seed(in, value, out.made.seed); }},
    {{"key", "text", "How the key follows from the seed: xor:FF, add:01, bytes, see below.", required},
     [](reader& in, const node& value, level_draft& out) { read_key_rule(in, value, out.made.key); }},
    {{"attempts", "count", "The wrong key that begins the delay; 0: none does.", "3"},
     [](reader& in, const node& value, level_draft& out) {
       constexpr std::uint32_t most = 1'000'000;
       out.made.attempts = static_cast<std::uint32_t>(in.count(value, 0, most).value_or(3));
     }},
    {{"delay", "time", "After too many wrong keys no seed is given for so long.", "10s"},
     [](reader& in, const node& value, level_draft& out) {
       out.made.delay = in.time(value).value_or(out.made.delay);
     }},
    {{"power_on_delay", "time", "After power-on no seed is given for so long.", "0ms"},
     [](reader& in, const node& value, level_draft& out) {
       out.made.power_on_delay = in.time(value).value_or(duration{0});
     }},
    {{"attempts_survive_reset", "true | false",
      "Whether a reset leaves the wrong keys counted; who used them up waits again then.", "false"},
     [](reader& in, const node& value, level_draft& out) {
       out.made.attempts_survive_reset = in.truth(value).value_or(false);
     }},
    {{"record", "count", "Length of the securityAccessDataRecord in a request for the seed.", "0"},
     [](reader& in, const node& value, level_draft& out) {
       out.made.record_length = in.count(value, 0, longest_seed).value_or(0);
     }},
    {{"diagnostic_session", diagnostic_session_shape, "The diagnostic sessions in which the level is there.",
      "any"},
     [](reader& in, const node& value, level_draft& out) {
       read_diagnostic_sessions(in, value, out.made.diagnostic_sessions);
     }},
});

constexpr std::array authentication_fields = std::to_array<field<authentication_config>>({
    {{"proof", "text", "How the tester's proof follows from the server's challenge, like a key.", required},
     [](reader& in, const node& value, authentication_config& out) { read_key_rule(in, value, out.proof); }},
    {{"answer", "text", "How the server's proof follows from the tester's challenge (29 07).", "not"},
     [](reader& in, const node& value, authentication_config& out) { read_key_rule(in, value, out.answer); }},
    {{"challenge", "hex bytes | random:", "The challenge, like a seed.", "random:16"},
     [](reader& in, const node& value, authentication_config& out) { read_seed(in, value, out.challenge); }},
    {{"algorithm", "hex bytes", "The algorithmIndicator, 16 bytes.", "16 times 00"},
     [](reader& in, const node& value, authentication_config& out) {
       const auto bytes = in.hex_bytes(value);
       if (!bytes) return;
       if (bytes->size() != out.algorithm.size()) {
         in.refuse_value(value, "16 bytes");
       } else {
         std::copy(bytes->begin(), bytes->end(), out.algorithm.begin());
       }
     }},
    {{"additional", "hex bytes", "The additional parameter that the server asks for and expects.", "\"\""},
     [](reader& in, const node& value, authentication_config& out) {
       out.additional = in.hex_bytes(value).value_or(bytes{});
     }},
    {{"configuration", "symmetric | asymmetric", "The answer to 29 08: 04 or 03.", "symmetric"},
     [](reader& in, const node& value, authentication_config& out) {
       const auto index = in.word(value, {"symmetric", "asymmetric"});
       if (index) out.configuration = *index == 0 ? 0x04 : 0x03;
     }},
});

void read_level(reader& in, const map_entry& entry, std::vector<security_level_config>& levels) {
  constexpr std::uint32_t most_level = 0x7D;
  std::string why;
  const auto level = parse_hex_number(entry.key, 2, why);
  if (!level || *level % 2 == 0 || *level > most_level) {
    in.refuse(entry.where,
              fmt::format("a security level is called as its requestSeed, an odd number from 01 to 7D, "
                          "found {}",
                          shown(entry.key)));
    return;
  }
  level_draft draft;
  draft.made.level = static_cast<std::uint8_t>(*level);
  read_fields(in, *entry.value, entry.where, "a security level", level_fields, draft);
  const bool twice = std::any_of(levels.begin(), levels.end(),
                                 [&](const auto& one) { return one.level == draft.made.level; });
  if (twice) in.refuse(entry.where, fmt::format("the level {:02X} was already given", draft.made.level));
  levels.push_back(std::move(draft.made));
}

}  // namespace

void read_key_rule(reader& in, const node& value, uds::key_rule& out) {
  if (!in.want_scalar(value, "a key like xor:FF")) return;
  text_error error;
  if (auto rule = uds::key_rule::parse(value.text, error)) {
    out = std::move(*rule);
  } else {
    in.refuse_inside(value, error);
  }
}

void read_seed(reader& in, const node& value, uds::seed_source& out) {
  constexpr std::string_view drawn = "random:";
  if (value.is_scalar() && value.text.starts_with(drawn)) {
    std::string why;
    const auto length = parse_count(value.text.substr(drawn.size()), 1, longest_seed, why);
    if (!length) return in.refuse_value(value, "bytes, or a length like random:4", why);
    out = {{}, static_cast<std::size_t>(*length)};
  } else if (auto fixed = in.hex_bytes(value)) {
    if (fixed->empty() || fixed->size() > longest_seed) in.refuse_value(value, "from 1 to 255 bytes");
    out.fixed = std::move(*fixed);
  }
}

void read_security(reader& in, const node& value, uds::server_config& out) {
  if (refuse_no_map(in, value, "a map like { 1: { key: \"xor:FF\" } }")) return;
  auto& levels = out.security.levels;
  for (const map_entry& entry : value.entries) read_level(in, entry, levels);
  std::sort(levels.begin(), levels.end(), [](const auto& a, const auto& b) { return a.level < b.level; });
}

void read_authentication(reader& in, const node& value, uds::server_config& out) {
  out.authentication.present = true;
  text_error error;
  out.authentication.answer = uds::key_rule::parse("not", error).value_or(uds::key_rule{});
  read_fields(in, value, value.where, "authentication", authentication_fields, out.authentication);
}

void describe_uds_security(std::vector<map_doc>& maps) {
  maps.push_back(describe("security_level", level_fields));
  maps.push_back(describe("authentication", authentication_fields));
}

}  // namespace canstage::scenarios
