// How trees are combined and compared: `like`, {n}.
#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <unordered_map>

#include "fmt/format.h"
#include "scenarios/expand.hpp"
#include "scenarios/expression.hpp"
#include "scenarios/number_format.hpp"
#include "scenarios/quantity.hpp"

namespace canstage::scenarios {

namespace {

/// A weight never counts beyond the limit, so that sums of sums stay numbers.
void add_weight(node& to, const node_ptr& part) {
  to.weight = std::min(to.weight + part->weight, max_document_nodes + 1);
}

void put(node& map, map_entry entry) {
  add_weight(map, entry.value);
  map.mentions_n = map.mentions_n || entry.value->mentions_n || mentions_number(entry.key);
  map.mentions_name = map.mentions_name || entry.value->mentions_name || mentions_name(entry.key);
  map.entries.push_back(std::move(entry));
}

/// Ways to say the same thing: the one that an entry says replaces the one that it inherits.
bool replaced_by_other(const node& own, std::string_view key) {
  constexpr std::array values = std::to_array<std::string_view>({"text", "hex", "of"});
  constexpr std::array answers = std::to_array<std::string_view>({"reply", "nrc"});
  const auto says_another_of = [&](std::span<const std::string_view> ways) {
    return std::find(ways.begin(), ways.end(), key) != ways.end() &&
           std::any_of(ways.begin(), ways.end(),
                       [&](std::string_view other) { return other != key && own.find(other) != nullptr; });
  };
  return says_another_of(values) || says_another_of(answers);
}

/// {n}, {n:02X}, {n+15:04d}: one such place in a text.
struct number_place {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< after the brace
  std::int64_t plus = 0;
  number_format format;
};

/// Reads what is between '{n' and '}'. False: it makes no sense.
bool read_place(std::string_view inside, number_place& place) {
  std::string why;
  if (!inside.empty() && (inside[0] == '+' || inside[0] == '-')) {
    const std::size_t end = std::min(inside.find(':'), inside.size());
    const auto plus = parse_count(inside.substr(1, end - 1), 0, 1'000'000'000, why);
    if (!plus) return false;
    place.plus = static_cast<std::int64_t>(*plus) * (inside[0] == '-' ? -1 : 1);
    inside.remove_prefix(end);
  }
  if (inside.empty()) return true;
  inside.remove_prefix(1);  // the colon
  return parse_number_format(inside, place.format);
}

std::optional<std::string> text_with_number(std::string_view text, std::uint32_t n, std::string& why) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t at = text.find("{n"); at != std::string_view::npos; at = text.find("{n", done)) {
    result += text.substr(done, at - done);
    done = at + 2;
    if (!mentions_number(text.substr(at, 3))) {
      result += "{n";
      continue;
    }
    const std::size_t close = text.find('}', at);
    number_place place;
    if (close == std::string_view::npos || !read_place(text.substr(done, close - done), place)) {
      why = fmt::format("{} is no place for a number; write {{n}}, {{n:02X}}, {{n:04}} or {{n+15:02X}}",
                        shown(text.substr(at, close == std::string_view::npos ? 8 : close + 1 - at)));
      return std::nullopt;
    }
    const std::int64_t number = static_cast<std::int64_t>(n) + place.plus;
    if (number < 0) {
      why = fmt::format("{} is below 0 for n = {}", shown(text.substr(at, close + 1 - at)), n);
      return std::nullopt;
    }
    result += spelled(place.format, static_cast<std::uint64_t>(number));
    done = close + 1;
  }
  result += text.substr(done);
  return result;
}

void append_text(std::string& out, char kind, std::string_view text) {
  fmt::format_to(std::back_inserter(out), "{}{}:", kind, text.size());
  out += text;
}

void append_canonical(std::string& out, const node& tree) {
  if (tree.what == node::kind::nothing) out += '-';
  if (tree.is_scalar()) append_text(out, 's', tree.text);
  if (tree.what == node::kind::list) {
    out += '[';
    for (const node_ptr& item : tree.items) append_canonical(out, *item);
    out += ']';
  }
  if (tree.what == node::kind::map) {
    out += '{';
    for (const map_entry& entry : tree.entries) {
      append_text(out, 'k', entry.key);
      append_canonical(out, *entry.value);
    }
    out += '}';
  }
}

}  // namespace

node_ptr with_number(const node_ptr& tree, std::uint32_t n, problem_list& problems) {
  if (!tree->mentions_n) return tree;
  auto result = std::make_shared<node>(*tree);
  result->verbatim = false;
  result->mentions_n = false;
  bool good = true;
  const auto replace = [&](std::string& text, position where) {
    std::string why;
    auto replaced = text_with_number(text, n, why);
    if (!replaced) problems.add(where, std::move(why));
    good = good && replaced;
    if (replaced) text = std::move(*replaced);
  };
  if (result->is_scalar()) replace(result->text, result->where);
  for (node_ptr& item : result->items) {
    item = with_number(item, n, problems);
    good = good && item;
  }
  for (map_entry& entry : result->entries) {
    if (mentions_number(entry.key)) replace(entry.key, entry.where);
    entry.value = with_number(entry.value, n, problems);
    good = good && entry.value;
  }
  return good ? result : nullptr;
}

node_ptr merged(const node_ptr& base, const node_ptr& own) {
  if (base->what != node::kind::map || own->what != node::kind::map) return own;
  auto result = std::make_shared<node>();
  result->what = node::kind::map;
  result->where = own->where;
  std::unordered_map<std::string_view, const map_entry*> changes;
  for (const map_entry& entry : own->entries) changes.emplace(entry.key, &entry);
  for (const map_entry& entry : base->entries) {
    const auto change = changes.find(entry.key);
    if (change == changes.end()) {
      if (!replaced_by_other(*own, entry.key)) put(*result, entry);
      continue;
    }
    const map_entry& mine = *change->second;
    put(*result,
        {mine.key, mine.where, mine.key == "address" ? mine.value : merged(entry.value, mine.value)});
    changes.erase(change);
  }
  for (const map_entry& entry : own->entries) {
    if (changes.contains(entry.key)) put(*result, entry);
  }
  return result;
}

std::string canonical_text(const node& tree) {
  std::string result;
  append_canonical(result, tree);
  return result;
}

}  // namespace canstage::scenarios
