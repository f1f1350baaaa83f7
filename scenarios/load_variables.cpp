#include "scenarios/load_variables.hpp"

#include "fmt/format.h"
#include "scenarios/expand.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::uint32_t most_vehicles = 10'000;

constexpr std::array fleet_fields = std::to_array<field<fleet>>({
    {{"vehicles", "count", "How many vehicles, up to 10000; ${vehicle} is the number of each, from 1 on.",
      required},
     [](reader& in, const node& value, fleet& out) {
       out.vehicles = static_cast<std::uint32_t>(in.count(value, 1, most_vehicles).value_or(0));
     }},
});

bool read_variable(reader& in, const map_entry& entry) {
  load_context& names = in.names();
  const node& value = *entry.value;
  if (!is_variable_name(entry.key)) {
    in.refuse(entry.where, fmt::format("{} cannot be a variable: letters, digits and '_'", shown(entry.key)));
    return false;
  }
  const auto wish = fmt::format("variable '{}' wants a text or a number, found {}", entry.key, found(value));
  if (!value.is_scalar()) {
    in.refuse(value.where, wish);
    return false;
  }
  // Those above it are known.
  const node_ptr filled = filled_in(entry.value, names.variables, in.problems());
  if (filled->mentions_name) in.refuse(value.where, unknown_variable(filled->text, names.variables));
  names.variables.insert_or_assign(entry.key, value_of(filled->text));
  return in.problems().empty();
}

void read_tag(reader& in, const node& value, std::vector<std::string>& into) {
  if (!in.want_scalar(value, "a word, or a list of words")) return;
  if (is_name(value.text)) {
    into.push_back(value.text);
  } else {
    in.refuse_value(value, "words of letters, digits, '_', '-' and '.'");
  }
}

}  // namespace

bool read_variables(reader& in, const node& root) {
  const node_ptr* variables = root.find("variables");
  if (variables == nullptr || (*variables)->what == node::kind::nothing) return true;
  if ((*variables)->what != node::kind::map) {
    in.refuse((*variables)->where,
              fmt::format("'variables' wants a map by name, found {}", found(**variables)));
    return false;
  }
  for (const map_entry& entry : (*variables)->entries)
    if (!read_variable(in, entry)) return false;
  return true;
}

std::optional<fleet> read_fleet(reader& in, const node& root) {
  const node_ptr* value = root.find("fleet");
  if (value == nullptr) return fleet{};
  fleet result{0, (*value)->where};
  const reader::scope inside{in, "fleet"};
  if (!read_fields(in, **value, result.where, "fleet", fleet_fields, result) || result.vehicles == 0)
    return std::nullopt;
  return result;
}

std::vector<std::string> read_tags(reader& in, const node& value) {
  std::vector<std::string> tags;
  if (value.what != node::kind::list) read_tag(in, value, tags);
  for (const node_ptr& item : value.items) read_tag(in, *item, tags);
  return tags;
}

void describe_variables(std::vector<map_doc>& maps) { maps.push_back(describe("fleet", fleet_fields)); }

}  // namespace canstage::scenarios
