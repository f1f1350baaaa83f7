// Each map of the format is one table of fields. The loader reads by it, and everything else that
// has to know the format (the JSON Schema, the check of the documentation) looks at the same table.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "scenarios/document.hpp"
#include "scenarios/reader.hpp"

namespace canstage::scenarios {

/// In place of a default.
inline constexpr std::string_view required = "(required)";

/// What can be said about a key without reading it. A key of which nothing is said does not compile.
struct field_doc {
  constexpr field_doc(std::string_view its_key, std::string_view its_shape, std::string_view its_meaning,
                      std::string_view its_fallback, std::string_view its_one_of = {})
      : key(its_key), shape(its_shape), meaning(its_meaning), fallback(its_fallback), one_of(its_one_of) {
    if (key.empty() || shape.empty() || fallback.empty() || !meaning.ends_with('.'))
      throw "a key needs a shape, a sentence that says what it means, and a default";
  }

  std::string_view key;
  /// What its value looks like: "time", "count", "hex byte" ..., "a | b" either of them. A word that is
  /// no form is itself: "none". "<ecu>" is the map of that name, "<isotp> list" a list of them, "<bus> by
  /// name" a map of them; "list of (cts | wait)" and "map by name of (...)" the same of something longer.
  /// All forms are in schema_forms.cpp.
  std::string_view shape;
  std::string_view meaning;   ///< one sentence
  std::string_view fallback;  ///< the default as the documentation prints it, or `required`
  std::string_view one_of;    ///< of the keys that say the same here exactly one is needed
};

template <class Target>
struct field {
  field_doc doc;
  void (*read)(reader& in, const node& value, Target& out) = nullptr;
};

/// Whether `from` is a map (or nothing, which is an empty one); names unknown and missing keys.
/// `where` is what the reader of the file looks at when something is missing.
bool check_keys(reader& in, const node& from, position where, std::string_view what,
                std::span<const field_doc* const> docs);

/// Reads what is there and known; true if no key was missing or unknown.
template <class Target, std::size_t N>
bool read_fields(reader& in, const node& from, position where, std::string_view what,
                 const std::array<field<Target>, N>& table, Target& out) {
  std::array<const field_doc*, N> docs{};
  for (std::size_t i = 0; i < N; ++i) docs[i] = &table[i].doc;
  const bool complete = check_keys(in, from, where, what, docs);
  for (const map_entry& entry : from.entries) {
    for (const field<Target>& f : table) {
      if (f.doc.key != entry.key) continue;
      const reader::scope inside{in, f.doc.key};
      f.read(in, *entry.value, out);
    }
  }
  return complete;
}

/// One map of the format.
struct map_doc {
  std::string_view name;
  std::vector<field_doc> fields;
};

template <class Target, std::size_t N>
map_doc describe(std::string_view name, const std::array<field<Target>, N>& table) {
  map_doc result{name, {}};
  for (const field<Target>& f : table) result.fields.push_back(f.doc);
  return result;
}

/// Every map of the format.
std::vector<map_doc> format_maps();

/// Keys that the format has, but this version does not.
std::span<const std::string_view> keys_of_later_versions();

}  // namespace canstage::scenarios
