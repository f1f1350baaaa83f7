#include "scenarios/schema_forms.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "fmt/format.h"

namespace canstage::scenarios {

namespace {

using json = nlohmann::ordered_json;

/// What a scalar looks like. Editors read YAML first: what nobody quoted may be a number to them, or a
/// truth value, whose digits are lost. Then only the type can be looked at.
struct form {
  std::string_view name;
  std::string_view pattern;  ///< of the text
  std::string_view type;     ///< what it may be beside a text; empty: nothing
  std::string_view meaning;
};

constexpr std::array forms = std::to_array<form>({
    {"text", "", "number boolean", "Any text."},
    {"name", "^([A-Za-z0-9_.-]|[^\\x00-\\x7F])+(\\[[0-9]+\\])?$", "number",
     "A name: letters, digits, '_', '-' and '.'; node[3] is one of a numbered entry."},
    {"tag", "^([A-Za-z0-9_.-]|[^\\x00-\\x7F])+$", "number", "A word: letters, digits, '_', '-' and '.'."},
    {"time", "^[0-9]+(\\.[0-9]{1,6})? ?(ns|us|ms|s|min|h)$", "", "A time with its unit: 5ms, 1.5s."},
    {"time range",
     "^[0-9]+(\\.[0-9]{1,6})? ?(ns|us|ms|s|min|h)\\.\\.[0-9]+(\\.[0-9]{1,6})? ?(ns|us|ms|s|min|h)$", "",
     "Two times, between which one is drawn from the seed: 2ms..10ms."},
    {"rate", "^[0-9]+(\\.[0-9]{1,6})? ?[kM]?$", "number", "A bit rate: 500k, 2M, 83333."},
    {"percentage", "^[0-9]+(\\.[0-9]{1,6})? ?%$", "", "A share: 1%, 0.5%."},
    {"percentage range",
     "^[0-9]+(\\.[0-9]{1,6})? ?%(\\.\\.([0-9]+(\\.[0-9]{1,6})? ?%)?)?$|^\\.\\.[0-9]+(\\.[0-9]{1,6})? ?%$", "",
     "A share with limits: 10%..50%, 10%.., ..50%."},
    {"count", "^[0-9]+$", "integer", "A decimal number."},
    {"signed count", "^[+-]?[0-9]+$", "integer", "A decimal number, maybe negative."},
    {"count range", "^[0-9]+(\\.\\.[0-9]*)?$", "integer", "A decimal number, or limits: 1..3, 1.. ."},
    {"number range", "^[0-9]+\\.\\.[0-9]+$", "", "Decimal numbers from one to another: 1..8."},
    {"hex byte", "^[0-9A-Fa-f]{1,2}$", "integer", "A byte, hexadecimal."},
    {"hex bytes", "^ *([0-9A-Fa-f]{2} *)*$", "number", "Bytes, hexadecimal: 22 F1 90."},
    {"hex number", "^[0-9A-Fa-f]{1,16}$", "number", "A number, hexadecimal."},
    {"hex identifier", "^[0-9A-Fa-f]{1,8}$", "number",
     "A CAN identifier, hexadecimal: up to three digits have 11 bits, more 29."},
    {"identifier/mask", "^[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}$", "",
     "Identifiers that are the same in the bits of the mask: 18DA0000/1FFF0000."},
    {"identifier range", "^[0-9A-Fa-f]{1,8}-[0-9A-Fa-f]{1,8}$", "",
     "Identifiers from one to another: 700-70F."},
    {"pattern", "^\\s*(([0-9A-Fa-f?]{2}|\\{[A-Za-z_][A-Za-z0-9_]*(:[0-9]+)?\\})\\s*)*(\\*\\s*)?$", "number",
     "What bytes have to look like: ?? any byte, ? any digit, * any rest, {name:4} captures four bytes."},
    {"bytes with {name}", "^\\s*(([0-9A-Fa-f]{2}|\\{[A-Za-z_][A-Za-z0-9_]*\\})\\s*)+$", "number",
     "Bytes, hexadecimal; {name} is what was captured."},
    {"bytes with {1..2} and {name}",
     "^\\s*(([0-9A-Fa-f]{2}|\\{[A-Za-z_][A-Za-z0-9_]*\\}|\\{[0-9]+(\\.\\.[0-9]+)?\\})\\s*)+$", "number",
     "Bytes, hexadecimal; {1..2} are those of the request, {name} is what was captured."},
    {"DID", "^[0-9A-Fa-f]{1,4}$", "number", "A data identifier, four hexadecimal digits: F190."},
    {"DTC", "^[PCBUpcbu][0-3][0-9A-Fa-f]{3}(-[0-9A-Fa-f]{2})?$|^[0-9A-Fa-f]{6}$", "number",
     "A diagnostic trouble code: P0123-17, P0123 or 012317."},
    {"bytes with {counter}", "^\\s*(([0-9A-Fa-f]{2}|\\{[a-z_]+\\})\\s*)*$", "number",
     "Bytes, hexadecimal; {occurrences}, {failed_cycles}, {aging} and {fault_detection_counter} are "
     "counters."},
    {"address to listen at", "^(([^:/\\s]+|\\[[0-9A-Fa-f:.]+\\])?:)?[0-9]{1,5}$", "integer",
     "HOST:PORT, or PORT for this machine only; port 0 is any that is free."},
    {"file name", "", "number", "The path of a file, seen from the file in which it is written."},
});

/// What the keys of a map by something look like.
struct key_form {
  std::string_view name;
  std::string_view pattern;
};

constexpr std::array key_forms = std::to_array<key_form>({
    {"name", "^([A-Za-z0-9_.-]|[^\\x00-\\x7F])+(\\[[0-9]+\\])?$"},
    {"name or name[1..n]",
     "^(?!others(\\[|$))([A-Za-z0-9_.-]|[^\\x00-\\x7F])+(\\[[0-9]+(\\.\\.[0-9]+)?\\])?$"},
    {"DTC", "^[PCBUpcbu][0-3][0-9A-Fa-f]{3}(-[0-9A-Fa-f]{2})?$|^[0-9A-Fa-f]{6}$|\\{n[}:+-]|\\$\\{"},
    {"groupOfDTC", "^[0-9A-Fa-f]{6}$|\\{n[}:+-]|\\$\\{"},
    {"hex byte", "^[0-9A-Fa-f]{2}$|\\{n[}:+-]|\\$\\{"},
    {"DID", "^[0-9A-Fa-f]{4}$|\\{n[}:+-]|\\$\\{"},
    {"diagnostic session", "^(default|programming|extended|safety|[0-9A-Fa-f]{1,2})$|\\{n[}:+-]|\\$\\{"},
    {"file name", ""},
    {"RID", "^[0-9A-Fa-f]{4}$|\\{n[}:+-]|\\$\\{"},
    {"security level", "^[0-9A-Fa-f]{1,2}$|\\{n[}:+-]|\\$\\{"},
    {"SID", "^[0-9A-Fa-f]{2}( ?[0-9A-Fa-f]{2})?$|\\{n[}:+-]|\\$\\{"},
    {"variable", "^[A-Za-z_][A-Za-z0-9_]*$"},
});

template <class Table>
const typename Table::value_type* found_in(const Table& table, std::string_view name) {
  const auto row =
      std::find_if(table.begin(), table.end(), [&](const auto& one) { return one.name == name; });
  return row == table.end() ? nullptr : &*row;
}

/// The parts of "a | (b | c) | d".
std::vector<std::string_view> alternatives_of(std::string_view shape) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t at = 0; at <= shape.size(); ++at) {
    const char c = at < shape.size() ? shape[at] : '|';
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != '|' || depth > 0) continue;
    std::string_view part = shape.substr(begin, at - begin);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.push_back(part);
    begin = at + 1;
  }
  return parts;
}

bool is_word(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A word as an editor may see it: YAML takes some for numbers and truth values.
void add_word(json& words, std::string_view word) {
  words.push_back(word);
  if (is_digits(word)) words.push_back(std::stoi(std::string(word)));
  const bool truth = word == "true" || word == "on" || word == "yes";
  const bool lie = word == "false" || word == "off" || word == "no";
  if (truth || lie) words.push_back(truth);
}

/// The text behind "prefix ", or nothing.
std::string_view behind(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view{};
}

}  // namespace

json shape_schemas::list_of(std::string_view items) {
  return {{"type", json::array({"array", "null"})}, {"items", of(items)}};
}

json shape_schemas::by(std::string_view keys, std::string_view values) {
  const auto* key = found_in(key_forms, keys);
  if (key == nullptr) throw std::logic_error(fmt::format("'{}' is no form of keys", keys));
  return {{"type", json::array({"object", "null"})},
          {"propertyNames", {{"pattern", key->pattern}}},
          {"additionalProperties", of(values)}};
}

/// `alone`: no other alternative stands beside it, so that a word that is no form is most likely a typo.
json shape_schemas::alternative(std::string_view text, bool alone) {
  if (text.starts_with('(') && text.ends_with(')')) return of(text.substr(1, text.size() - 2));
  if (found_in(forms, text) != nullptr) return reference_to(text);
  if (const auto items = behind(text, "list of "); !items.empty()) return list_of(items);
  if (const auto rest = behind(text, "map by "); !rest.empty()) {
    const std::size_t of_what = rest.find(" of ");
    if (of_what != std::string_view::npos) return by(rest.substr(0, of_what), rest.substr(of_what + 4));
  }
  if (text.starts_with('<')) {
    const std::size_t close = text.find('>');
    const std::string_view map = text.substr(0, close + 1);
    const std::string_view rest = close == std::string_view::npos ? "?" : text.substr(close + 1);
    if (rest == " list") return list_of(map);
    if (const auto keys = behind(rest, " by "); !keys.empty()) return by(keys, map);
    if (rest.empty()) {
      const std::string name{map.substr(1, map.size() - 2)};
      maps_.insert(name);
      return reference_to(name + suffix_);
    }
  }
  if (const std::size_t colon = text.find(':');
      colon != std::string_view::npos && is_word(text.substr(0, colon)))
    return {{"type", "string"}, {"pattern", fmt::format("^{}:", text.substr(0, colon))}};
  if (is_word(text) && (!alone || text == "true" || is_digits(text))) {
    json words = json::array();
    add_word(words, text);
    return {{"enum", words}};
  }
  throw std::logic_error(fmt::format("'{}' is no shape of a value", text));
}

json shape_schemas::of(std::string_view shape) {
  const auto parts = alternatives_of(shape);
  json words = json::array();
  json others = json::array();
  for (const std::string_view part : parts) {
    json one = alternative(part, parts.size() == 1);
    if (one.contains("enum")) {
      words.insert(words.end(), one["enum"].begin(), one["enum"].end());
    } else {
      others.push_back(std::move(one));
    }
  }
  if (words.empty() && others.size() == 1) return others[0];
  json result = json::array();
  if (!words.empty()) {
    result.push_back({{"enum", words}});
    result.push_back(reference_to("filled in"));
  }
  result.insert(result.end(), others.begin(), others.end());
  return {{"anyOf", result}};
}

std::string definition_id(std::string_view name) {
  std::string id;
  for (const char c : name) {
    if (is_word({&c, 1})) {
      id += c;
    } else if (!id.empty() && id.back() != '_') {
      id += '_';
    }
  }
  while (id.ends_with('_')) id.pop_back();
  return id;
}

json reference_to(std::string_view name) { return {{"$ref", "#/$defs/" + definition_id(name)}}; }

json form_definitions() {
  json result = json::object();
  result[definition_id("filled in")] = {
      {"type", "string"},
      {"pattern", "\\$\\{|\\{n[}:+-]"},
      {"description", "A text with ${...} or the number {n} of its entry in it."}};
  for (const form& one : forms) {
    json text{{"type", "string"}};
    if (!one.pattern.empty()) text["pattern"] = one.pattern;
    json choices = json::array({text, reference_to("filled in")});
    for (const std::string_view type : {"number", "integer", "boolean"})
      if (one.type.find(type) != std::string_view::npos) choices.push_back({{"type", type}});
    result[definition_id(one.name)] = {{"description", one.meaning}, {"anyOf", choices}};
  }
  return result;
}

}  // namespace canstage::scenarios
