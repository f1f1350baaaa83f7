#include "scenarios/schema.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <vector>

#include "fmt/format.h"
#include "scenarios/fields.hpp"
#include "scenarios/schema_forms.hpp"

namespace canstage::scenarios {

namespace {

using json = nlohmann::ordered_json;

/// Added to the names of maps in which something may be missing that another ECU has (`like`).
constexpr std::string_view of_alike = " of one that is like another";

const map_doc& map_named(const std::vector<map_doc>& maps, std::string_view name) {
  const auto found =
      std::find_if(maps.begin(), maps.end(), [&](const map_doc& one) { return one.name == name; });
  if (found == maps.end()) throw std::logic_error(fmt::format("no table describes <{}>", name));
  return *found;
}

std::string definition_name(std::string_view map, bool alike) {
  return definition_id(fmt::format("{}{}", map, alike ? of_alike : ""));
}

/// A default as a value, where it is one and not an explanation.
json default_value(const field_doc& field) {
  const bool is_value = field.fallback != required && field.fallback != "none" &&
                        field.fallback.find_first_of(" ;{}[]\"") == std::string_view::npos;
  if (!is_value) return nullptr;
  if (field.fallback == "true" || field.fallback == "false") return field.fallback == "true";
  return field.fallback;
}

json property(const field_doc& field, shape_schemas& shapes) {
  json result = shapes.of(field.shape);
  result["description"] = field.fallback == required
                              ? std::string(field.meaning)
                              : fmt::format("{} Default: {}.", field.meaning, field.fallback);
  if (json value = default_value(field); !value.is_null()) result["default"] = std::move(value);
  return result;
}

/// What has to be there: keys without a default, and one of each group of keys that exclude each other.
void add_demands(json& object, const map_doc& map) {
  json needed = json::array();
  std::map<std::string_view, json> groups;
  for (const field_doc& field : map.fields) {
    if (field.fallback == required) needed.push_back(field.key);
    if (field.one_of.empty()) continue;
    auto& group = groups.try_emplace(field.one_of, json::array()).first->second;
    group.push_back({{"required", json::array({field.key})}});
  }
  if (!needed.empty() || !groups.empty()) object["type"] = "object";
  if (!needed.empty()) object["required"] = std::move(needed);
  json all = json::array();
  for (auto& [name, group] : groups) all.push_back({{"oneOf", std::move(group)}});
  if (!all.empty()) object["allOf"] = std::move(all);
}

json definition(const map_doc& map, shape_schemas& shapes, shape_schemas& whole, bool alike) {
  json object{{"type", json::array({"object", "null"})}};
  if (!alike) add_demands(object, map);
  json properties = json::object();
  // An address and what stands in lists is taken over whole, or not at all.
  for (const field_doc& field : map.fields)
    properties[std::string(field.key)] =
        property(field, field.key == "address" || field.shape.ends_with(" list") ? whole : shapes);
  object["properties"] = std::move(properties);
  object["additionalProperties"] = false;
  return object;
}

class schema_builder {
 public:
  json build() {
    add("scenario", false);
    while (!awaited_.empty()) {
      const auto [name, alike] = awaited_.back();
      awaited_.pop_back();
      define(name, alike);
    }
    json result{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "canstage scenario"},
                {"description", "One file: buses, ECUs, testers, faults and steps."},
                {"$ref", "#/$defs/scenario"}};
    const json forms = form_definitions();
    for (const auto& [name, form] : forms.items()) definitions_[name] = form;
    result["$defs"] = std::move(definitions_);
    return result;
  }

 private:
  void add(const std::string& name, bool alike) {
    const std::string defined = definition_name(name, alike);
    if (!definitions_.contains(defined)) {
      definitions_[defined] = nullptr;  // begun
      awaited_.emplace_back(name, alike);
    }
  }

  void define(const std::string& name, bool alike) {
    const map_doc& map = map_named(maps_, name);
    shape_schemas whole{""};
    shape_schemas partial{std::string(of_alike)};
    json made = definition(map, alike ? partial : whole, whole, alike);
    for (const std::string& other : whole.maps()) add(other, false);
    for (const std::string& other : partial.maps()) add(other, true);
    const bool inherits = std::any_of(map.fields.begin(), map.fields.end(),
                                      [](const field_doc& field) { return field.key == "like"; });
    if (inherits && !alike) {
      add(name, true);
      made = {{"if", {{"type", "object"}, {"required", json::array({"like"})}}},
              {"then", reference_to(definition_name(name, true))},
              {"else", std::move(made)}};
    }
    definitions_[definition_name(name, alike)] = std::move(made);
  }

  const std::vector<map_doc> maps_ = format_maps();
  json definitions_ = json::object();
  std::vector<std::pair<std::string, bool>> awaited_;
};

}  // namespace

std::string schema_text() { return schema_builder{}.build().dump(2) + '\n'; }

}  // namespace canstage::scenarios
