#include "scenarios/fields.hpp"

#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_frames.hpp"
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

/// One list, so that a piece of work that brings a key removes it here.
constexpr std::array later_keys = std::to_array<std::string_view>({
    "cast",
    "gateway",
    "isotp_link",
    "place",
    "socketcan",
});

void refuse_unknown(reader& in, const map_entry& entry, std::string_view what,
                    std::span<const field_doc* const> docs) {
  if (std::find(later_keys.begin(), later_keys.end(), entry.key) != later_keys.end()) {
    in.refuse(entry.where, fmt::format("'{}' is not known yet in this version", entry.key));
    return;
  }
  if (entry.key == "<<") {
    in.refuse(entry.where, "merge keys have no meaning here; 'like' takes over what another ECU has");
    return;
  }
  std::vector<std::string_view> known;
  for (const field_doc* doc : docs) known.push_back(doc->key);
  in.refuse(entry.where, unknown_word("key", entry.key, known, fmt::format(" in {}", what)));
}

}  // namespace

bool check_keys(reader& in, const node& from, position where, std::string_view what,
                std::span<const field_doc* const> docs) {
  if (from.what != node::kind::map && from.what != node::kind::nothing) {
    in.refuse(from.where, fmt::format("{} is a map of keys, found {}", what, found(from)));
    return false;
  }
  bool complete = true;
  for (const map_entry& entry : from.entries) {
    const bool known =
        std::any_of(docs.begin(), docs.end(), [&](const field_doc* doc) { return doc->key == entry.key; });
    if (known) continue;
    refuse_unknown(in, entry, what, docs);
    complete = false;
  }
  // After a key that was mistyped nothing is known about what is missing.
  if (!complete) return false;
  std::string missing;
  for (const field_doc* doc : docs) {
    if (doc->fallback != required || from.find(doc->key) != nullptr) continue;
    missing += fmt::format("{}'{}'", missing.empty() ? "" : " and ", doc->key);
    complete = false;
  }
  if (!complete) in.refuse(where, fmt::format("{} lacks {}", what, missing));
  return complete;
}

std::span<const std::string_view> keys_of_later_versions() { return later_keys; }

std::vector<map_doc> format_maps() {
  std::vector<map_doc> maps;
  describe_scenario(maps);
  describe_buses(maps);
  describe_ecus(maps);
  describe_uds(maps);
  describe_rules(maps);
  describe_addresses(maps);
  describe_isotp(maps);
  describe_gateways(maps);
  describe_testers(maps);
  describe_cyclic(maps);
  describe_faults(maps);
  describe_exposures(maps);
  describe_steps(maps);
  describe_expectations(maps);
  return maps;
}

}  // namespace canstage::scenarios
