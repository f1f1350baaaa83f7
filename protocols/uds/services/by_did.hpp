// Look-up by DID, in entries that stand in its order. Private to the services.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace canstage::uds {

/// Where the entry of `did` is, or would be.
template <class Entries>
auto place_of_did(Entries& entries, std::uint16_t did) {
  return std::lower_bound(entries.begin(), entries.end(), did,
                          [](const auto& one, std::uint16_t wanted) { return one.did < wanted; });
}

/// Null: there is none.
template <class Entries>
auto find_did(Entries& entries, std::uint16_t did) {
  const auto place = place_of_did(entries, did);
  return place != entries.end() && place->did == did ? &*place : nullptr;
}

/// The entry of `fresh.did`, which `fresh` becomes if there is none.
template <class Entries>
auto& find_or_insert_did(Entries& entries, typename Entries::value_type fresh) {
  const auto place = place_of_did(entries, fresh.did);
  if (place != entries.end() && place->did == fresh.did) return *place;
  return *entries.insert(place, std::move(fresh));
}

}  // namespace canstage::uds
