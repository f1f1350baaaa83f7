#include "scenarios/expand.hpp"

#include <algorithm>
#include <map>

#include "fmt/format.h"
#include "scenarios/quantity.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t max_like_depth = 100;

/// Nodes and bytes that may be made for numbered entries and `like` in one file.
constexpr std::uint64_t most_work = 50'000'000;

/// What a name says: "engine", "node[3]", "node[1..200]".
struct ecu_name {
  std::string base;
  std::optional<std::uint32_t> first;
  std::optional<std::uint32_t> last;

  bool is_numbered() const { return last.has_value() && last != first; }
};

std::optional<ecu_name> parse_name(std::string_view text, std::string& why) {
  why =
      fmt::format("{} cannot be a name: letters, digits, '_', '-' and '.', and [1..5] or [1] to number ECUs",
                  shown(text));
  const std::size_t bracket = text.find('[');
  ecu_name result{std::string(text.substr(0, bracket)), std::nullopt, std::nullopt};
  if (!is_name(result.base)) return std::nullopt;
  if (bracket == std::string_view::npos) return result;
  if (!text.ends_with(']')) return std::nullopt;
  std::string_view inside = text.substr(bracket + 1);
  inside.remove_suffix(1);
  const std::size_t dots = inside.find("..");
  const auto number = [&](std::string_view digits) { return parse_count(digits, 0, 1'000'000'000, why); };
  const auto first = number(inside.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : number(inside.substr(dots + 2));
  if (!first || !last) return std::nullopt;
  if (*last < *first) {
    why = fmt::format("{} ends before it begins", shown(text));
    return std::nullopt;
  }
  if (*last - *first >= max_ecus_per_entry) {
    why = fmt::format("{} are {} ECUs; {} in one entry are allowed", shown(text), *last - *first + 1,
                      max_ecus_per_entry);
    return std::nullopt;
  }
  result.first = static_cast<std::uint32_t>(*first);
  result.last = static_cast<std::uint32_t>(*last);
  return result;
}

/// An entry of the file, one ECU or many.
struct entry {
  ecu_name name;
  position where;
  node_ptr own;

  // The last tree that was made from it, for those that are like it.
  bool made = false;
  std::uint32_t made_for = 0;
  std::size_t depth = 0;
  node_ptr tree;
  bool in_progress = false;
};

std::string single_name(const entry& e, std::uint32_t n) {
  return e.name.first ? fmt::format("{}[{}]", e.name.base, n) : e.name.base;
}

struct reference {
  entry* to = nullptr;
  std::uint32_t n = 0;
};

class expander {
 public:
  explicit expander(problem_list& problems) : problems_(problems) {}

  void collect(const node& ecus) {
    for (const map_entry& from : ecus.entries) {
      std::string why;
      auto name = parse_name(from.key, why);
      if (!name) {
        problems_.add(from.where, std::move(why));
        continue;
      }
      if (name->base == "others") {
        problems_.add(from.where, "'others' cannot be a name: in an expectation it means all other ECUs");
        continue;
      }
      entry& e = entries_.emplace_back();
      e.name = std::move(*name);
      e.where = from.where;
      e.own = from.value;
    }
    for (entry& e : entries_) add_name(e);
  }

  bool expand(const std::function<void(const ecu_source&)>& use) {
    std::uint64_t ecus = 0;
    for (entry& e : entries_) {
      const std::uint32_t first = e.name.first.value_or(0);
      const std::uint32_t last = e.name.last.value_or(0);
      ecus += last - first + 1;
      if (ecus > max_ecus) {
        problems_.add(e.where, fmt::format("too many ECUs; {} are allowed", max_ecus));
        return false;
      }
      for (std::uint32_t n = first; n <= last; ++n) {
        const node_ptr tree = make(e, n);
        if (work_ > most_work) {
          problems_.add(e.where, "too much to make from {n} and 'like'; fewer ECUs, or less text in each");
          return false;
        }
        use({single_name(e, n), e.where, tree});
      }
    }
    return true;
  }

 private:
  void add_name(entry& e) {
    std::vector<entry*>& others = by_name_[e.name.base];
    for (const entry* other : others) {
      const bool same_kind = e.name.first.has_value() == other->name.first.has_value();
      if (!same_kind || e.name.first > other->name.last || other->name.first > e.name.last) continue;
      problems_.add(e.where,
                    fmt::format("an ECU {} was already given in line {}",
                                shown(single_name(e, std::max(e.name.first, other->name.first).value_or(0))),
                                other->where.line));
      break;
    }
    others.push_back(&e);
  }

  /// The ECU that a `like` names; refuses what there is not.
  reference find(const node& like) {
    std::string why;
    const auto name = like.is_scalar() ? parse_name(like.text, why) : std::nullopt;
    if (!name) {
      problems_.add(like.where, fmt::format("'like' wants the name of an ECU, found {}", found(like)));
      return {};
    }
    if (name->is_numbered()) {
      problems_.add(like.where,
                    fmt::format("'like' wants one ECU: '{}[{}]', not all", name->base, *name->first));
      return {};
    }
    const auto entries = by_name_.find(name->base);
    if (entries != by_name_.end()) {
      for (entry* e : entries->second) {
        const bool fits =
            name->first ? e->name.first && *e->name.first <= *name->first && *name->first <= *e->name.last
                        : !e->name.first;
        if (fits) return {e, name->first.value_or(0)};
      }
    }
    problems_.add(like.where, unknown_ecu(like.text));
    return {};
  }

  std::string unknown_ecu(std::string_view name) const {
    std::vector<std::string> names;
    for (const entry& e : entries_) {
      if (names.size() == 1000) break;
      names.push_back(single_name(e, e.name.first.value_or(0)));
    }
    return unknown_word("ECU", name, std::vector<std::string_view>(names.begin(), names.end()));
  }

  /// The tree of one ECU; null if there is none, which was reported.
  node_ptr make(entry& e, std::uint32_t n) {
    if (e.made && e.made_for == n) return e.tree;
    e.in_progress = true;
    path_.push_back(&e);
    node_ptr tree = e.name.first ? numbered(e.own, n) : e.own;
    std::size_t depth = 0;
    if (tree && tree->what == node::kind::map && tree->find("like") != nullptr) tree = inherit(tree, depth);
    path_.pop_back();
    e.in_progress = false;
    e.made = true;
    e.made_for = n;
    e.depth = depth;
    e.tree = tree;
    return tree;
  }

  node_ptr numbered(const node_ptr& own, std::uint32_t n) {
    if (own->mentions_n) work_ += own->weight + text_size(*own) / 16;
    return work_ > most_work ? nullptr : with_number(own, n, problems_);
  }

  /// Bytes of text that have to be made anew.
  static std::uint64_t text_size(const node& tree) {
    if (!tree.mentions_n) return 0;
    std::uint64_t size = tree.text.size();
    for (const node_ptr& item : tree.items) size += text_size(*item);
    for (const map_entry& part : tree.entries) size += text_size(*part.value);
    return size;
  }

  node_ptr inherit(const node_ptr& own, std::size_t& depth) {
    const node& like = **own->find("like");
    const reference base = find(like);
    if (base.to == nullptr) return nullptr;
    if (base.to->in_progress) {
      problems_.add(like.where, circle(*base.to));
      return nullptr;
    }
    if (path_.size() > max_like_depth) return too_deep(like);
    const node_ptr tree = make(*base.to, base.n);
    if (!tree) return nullptr;
    depth = base.to->depth + 1;
    if (depth > max_like_depth) return too_deep(like);
    work_ += merge_work(*tree, *own);
    return work_ > most_work ? nullptr : without_like(merged(tree, own));
  }

  /// What merging copies: maps that both have.
  static std::uint64_t merge_work(const node& base, const node& own) {
    std::uint64_t work = base.entries.size() + own.weight;
    for (const map_entry& part : own.entries) {
      const node_ptr* both = part.value->what == node::kind::map ? base.find(part.key) : nullptr;
      if (both != nullptr && part.key != "address") work += (*both)->weight;
    }
    return work;
  }

  node_ptr too_deep(const node& like) {
    problems_.add(like.where, fmt::format("'like' over more than {} levels", max_like_depth));
    return nullptr;
  }

  static node_ptr without_like(const node_ptr& tree) {
    if (tree->what != node::kind::map) return tree;
    auto result = std::make_shared<node>(*tree);
    std::erase_if(result->entries, [](const map_entry& part) { return part.key == "like"; });
    return result;
  }

  std::string circle(const entry& back) const {
    std::string names;
    const auto first = std::find(path_.begin(), path_.end(), &back);
    for (auto it = first; it != path_.end(); ++it) names += (*it)->name.base + " -> ";
    return fmt::format("'like' goes in a circle: {}{}", names, back.name.base);
  }

  problem_list& problems_;
  std::vector<entry> entries_;
  std::map<std::string, std::vector<entry*>, std::less<>> by_name_;
  std::vector<entry*> path_;
  std::uint64_t work_ = 0;
};

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), [](char c) {
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    return letter || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

bool expand_ecus(const node& ecus, problem_list& problems,
                 const std::function<void(const ecu_source&)>& use) {
  expander work{problems};
  work.collect(ecus);
  return work.expand(use);
}

}  // namespace canstage::scenarios
