// From the entries of `ecus:` to single ECUs: name[1..n], {n} and `like`.
//
//  - {n} is replaced in the entry that is numbered, before `like` adds what it inherits.
//  - `like`: maps merge deeply; lists and `address` replace. A DID's hex and text replace each other.
//  - `like: node[3]` is the third of its entry.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "scenarios/diagnostic.hpp"
#include "scenarios/document.hpp"

namespace canstage::scenarios {

inline constexpr std::uint32_t max_ecus_per_entry = 100'000;
inline constexpr std::uint32_t max_ecus = 1'000'000;

/// One ECU as it is meant: without `like` and {n}.
struct ecu_source {
  std::string name;
  position where;
  node_ptr tree;  ///< null if it cannot be known; that was reported
};

/// Calls `use` for every ECU in the order of the file. Returns false if it gave up in between (too
/// many ECUs, too much text), which is reported.
bool expand_ecus(const node& ecus, problem_list& problems, const std::function<void(const ecu_source&)>& use);

/// Whether `text` may be the name of something: letters, digits, '_', '-' and '.', and beyond ASCII.
bool is_name(std::string_view text);

/// `tree` with the number in every {n}. Null after a problem was added.
node_ptr with_number(const node_ptr& tree, std::uint32_t n, problem_list& problems);

/// What `own` is when it is like `base`.
node_ptr merged(const node_ptr& base, const node_ptr& own);

/// A tree as text: equal trees give equal texts, whatever file positions they have.
std::string canonical_text(const node& tree);

}  // namespace canstage::scenarios
