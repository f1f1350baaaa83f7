// YAML text as a tree in which everything knows where it stands.
//
// Scalars stay text: "7E0", "010" and "1e3" mean what the format says, not what YAML would make of
// them. Aliases share what their anchor marks; how much a tree would be without sharing is counted,
// so that a few lines cannot unfold to a mountain.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/diagnostic.hpp"
#include "scenarios/position.hpp"

namespace canstage::scenarios {

inline constexpr std::size_t max_document_bytes = 16U << 20U;
inline constexpr std::uint64_t max_document_nodes = 1'000'000;
inline constexpr std::size_t max_document_depth = 64;

struct node;
using node_ptr = std::shared_ptr<const node>;

struct map_entry {
  std::string key;
  position where;
  node_ptr value;
};

struct node {
  enum class kind : std::uint8_t { nothing, scalar, list, map };

  kind what = kind::nothing;
  bool quoted = false;
  bool verbatim = false;       ///< the text stands in the file as it is, so that offsets are columns
  bool mentions_n = false;     ///< {n} or the like is somewhere in it
  bool mentions_name = false;  ///< ${...} is somewhere in it
  position where;
  std::uint64_t weight = 1;  ///< nodes in it, itself included, shared ones as often as they are used
  std::string text;
  std::vector<node_ptr> items;
  std::vector<map_entry> entries;

  bool is_scalar() const { return what == kind::scalar; }

  /// The value of a key; null if there is none.
  const node_ptr* find(std::string_view key) const;
};

/// Null if the text is no usable YAML document. Problems that leave a usable tree (a key that is
/// there twice) are added, too. Never throws for anything in `text`. `file`: its number among the problems.
node_ptr parse_document(std::string_view text, problem_list& problems, std::uint16_t file = 0);

/// "'50'", "a list", "a map", "nothing": what was found, for messages.
std::string found(const node& what);

/// Whether `text` has a place for the number of an entry name[1..n]: {n}, {n:..}, {n+..}, {n-..}.
bool mentions_number(std::string_view text);

}  // namespace canstage::scenarios
