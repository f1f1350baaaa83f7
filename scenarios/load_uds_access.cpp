// What something of a UDS server needs to be used: a diagnostic session, security, authentication.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::uint8_t least_diagnostic_session = 0x01;
constexpr std::uint8_t most_diagnostic_session = 0x7E;

constexpr std::array access_fields = std::to_array<field<uds::access>>({
    {{"diagnostic_session", diagnostic_session_shape, "The diagnostic sessions in which it is there.", "any"},
     [](reader& in, const node& value, uds::access& out) {
       read_diagnostic_sessions(in, value, out.diagnostic_sessions);
     }},
    {{"security", "hex byte | list of hex byte", "The security levels of which one has to be unlocked.",
      "none"},
     [](reader& in, const node& value, uds::access& out) {
       read_security_levels(in, value, out.security_levels);
     }},
    {{"authentication", "true | false", "Whether the tester has to be authenticated.", "false"},
     [](reader& in, const node& value, uds::access& out) {
       read_authentication_need(in, value, out.authentication);
     }},
});

/// A value or each of a list.
template <class Read>
void read_each(const node& value, Read&& read) {
  if (value.what != node::kind::list) return read(value);
  for (const node_ptr& item : value.items) read(*item);
}

}  // namespace

std::optional<std::uint8_t> read_diagnostic_session(reader& in, const node& value) {
  constexpr std::string_view wish = "default, programming, extended, safety or a hexadecimal byte";
  if (!in.want_scalar(value, wish)) return std::nullopt;
  constexpr std::string_view names[] = {"default", "programming", "extended", "safety"};
  std::string why;
  auto number = parse_hex_number(value.text, 2, why);
  for (std::uint8_t i = 0; i < std::size(names); ++i) {
    if (value.text == names[i]) number = i + 1;
  }
  if (!number || *number < least_diagnostic_session || *number > most_diagnostic_session) {
    in.refuse_value(value, wish, number ? "the numbers of diagnostic sessions are 01 to 7E" : "");
    return std::nullopt;
  }
  in.names().diagnostic_sessions.emplace_back(value.where, *number);
  return static_cast<std::uint8_t>(*number);
}

void read_diagnostic_sessions(reader& in, const node& value, uds::subfunction_set& out) {
  read_each(value, [&](const node& one) {
    if (const auto id = read_diagnostic_session(in, one)) out.set(*id);
  });
}

void read_security_levels(reader& in, const node& value, uds::subfunction_set& out) {
  read_each(value, [&](const node& one) {
    const auto level = in.hex_byte(one);
    if (!level) return;
    if (*level % 2 == 0 || *level > 0x7D) {
      in.refuse_value(one, "an odd number from 01 to 7D", "a level is called as its requestSeed");
      return;
    }
    in.names().security_levels.emplace_back(one.where, *level);
    out.set(*level);
  });
}

void read_authentication_need(reader& in, const node& value, bool& out) {
  out = in.truth(value).value_or(false);
  if (out) in.names().authentications.push_back(value.where);
}

std::optional<std::uint8_t> read_nrc(reader& in, const node& value) {
  const auto code = in.hex_byte(value);
  if (!code || *code != 0) return code;
  in.refuse_value(value, "an NRC from 01 to FF", "00 is that of a positive answer, which is never sent");
  return std::nullopt;
}

void read_access(reader& in, const node& value, uds::access& out) {
  read_fields(in, value, value.where, "what is needed", access_fields, out);
}

void read_permission(reader& in, const node& value, bool& allowed, uds::access& out) {
  if (value.what == node::kind::map) {
    allowed = true;
    read_access(in, value, out);
  } else {
    allowed = in.truth(value).value_or(allowed);
  }
}

std::optional<std::uint32_t> read_hex_key(reader& in, const map_entry& entry, std::size_t digits,
                                          std::string_view what, std::string_view example) {
  constexpr std::string_view number_words[] = {"no", "one", "two", "three", "four", "five", "six"};
  std::string why;
  const auto number = parse_hex_number(entry.key, digits, why);
  if (number && entry.key.size() == digits) return number;
  in.refuse(entry.where, fmt::format("{} has {} hexadecimal digits like {}, found {}", what,
                                     number_words[digits], example, shown(entry.key)));
  return std::nullopt;
}

bool refuse_no_map(reader& in, const node& value, std::string_view wish) {
  if (value.what == node::kind::map || value.what == node::kind::nothing) return false;
  in.refuse_value(value, wish);
  return true;
}

void check_mentions(reader& in, const uds::server_config& made) {
  load_context& names = in.names();
  for (const auto& [where, id] : names.diagnostic_sessions) {
    if (uds::find_diagnostic_session(made, static_cast<std::uint8_t>(id)) != nullptr) continue;
    in.refuse(where, fmt::format("this ECU has no diagnostic session {:02X}; 'diagnostic_sessions' of its "
                                 "'uds' says which it has",
                                 id));
  }
  const auto& levels = made.security.levels;
  for (const auto& [where, id] : names.security_levels) {
    const auto level = id;
    const bool known =
        std::any_of(levels.begin(), levels.end(), [&](const auto& one) { return one.level == level; });
    if (!known) {
      in.refuse(where,
                fmt::format(
                    "this ECU has no security level {:02X}; 'security' of its 'uds' says which it has", id));
    }
  }
  for (const auto& [where, name] : names.memory_areas) {
    if (uds::find_area(made, name) != nullptr) continue;
    in.refuse(where, fmt::format("this ECU has no memory area {}; 'memory' of its 'uds' says which it has",
                                 shown(name)));
  }
  if (made.authentication.present) return;
  for (const position& where : names.authentications) {
    in.refuse(where, "nobody can authenticate himself at this ECU; 'authentication' of its 'uds' says how");
  }
}

void describe_uds_access(std::vector<map_doc>& maps) { maps.push_back(describe("access", access_fields)); }

}  // namespace canstage::scenarios
