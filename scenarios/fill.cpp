#include "scenarios/fill.hpp"

#include "scenarios/source_text.hpp"

namespace canstage::scenarios {

namespace {

class filling {
 public:
  filling(const variable_map& known, problem_list& problems) : problems_(problems) {
    lookup_ = [&known](std::string_view name) -> std::optional<named_value> {
      const auto found = known.find(name);
      return found == known.end() ? std::nullopt : std::optional{found->second};
    };
  }

  node_ptr tree(const node_ptr& from) {
    if (!from->mentions_name) return from;
    auto made = std::make_shared<node>(*from);
    made->mentions_name = false;
    if (made->is_scalar()) {
      made->verbatim = false;
      fill(made->text, *from);
      note(*made, made->text);
    }
    for (node_ptr& item : made->items) {
      item = tree(item);
      note(*made, *item);
    }
    for (map_entry& entry : made->entries) {
      if (mentions_name(entry.key)) fill(entry.key, entry.where);
      entry.value = entry.key == "for_each" ? loop(entry.value) : tree(entry.value);
      note(*made, entry.key);
      note(*made, *entry.value);
    }
    return made;
  }

 private:
  /// All but what is repeated.
  node_ptr loop(const node_ptr& from) {
    auto made = std::make_shared<node>(*from);
    for (map_entry& entry : made->entries)
      if (entry.key != "steps") entry.value = tree(entry.value);
    return made;
  }

  static void note(node& made, std::string_view text) {
    made.mentions_name = made.mentions_name || mentions_name(text);
    made.mentions_n = made.mentions_n || mentions_number(text);
  }
  static void note(node& made, const node& part) {
    made.mentions_name = made.mentions_name || part.mentions_name;
    made.mentions_n = made.mentions_n || part.mentions_n;
  }

  void fill(std::string& text, const node& from) {
    text_error error;
    if (auto result = fill_in(text, lookup_, error)) {
      text = std::move(*result);
      return;
    }
    position where = from.where;
    if (from.verbatim)
      where.column +=
          (from.quoted ? 1 : 0) + count_characters(std::string_view(from.text).substr(0, error.offset));
    problems_.add(where, std::move(error.message));
  }

  void fill(std::string& text, position where) {
    text_error error;
    if (auto result = fill_in(text, lookup_, error)) {
      text = std::move(*result);
    } else {
      problems_.add(where, std::move(error.message));
    }
  }

  problem_list& problems_;
  name_lookup lookup_;
};

}  // namespace

node_ptr filled_in(const node_ptr& tree, const variable_map& known, problem_list& problems) {
  return filling{known, problems}.tree(tree);
}

std::string unknown_variable(std::string_view text, const variable_map& known) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : known) names.push_back(name);
  for (const std::string& name : names_in(text))
    if (!known.contains(name)) return unknown_word("variable", name, names);
  return unknown_word("variable", text, names);
}

void refuse_unknown_names(const node& tree, const variable_map& known, problem_list& problems) {
  if (!tree.mentions_name) return;
  if (tree.is_scalar()) problems.add(tree.where, unknown_variable(tree.text, known));
  for (const node_ptr& item : tree.items) refuse_unknown_names(*item, known, problems);
  for (const map_entry& entry : tree.entries) {
    if (mentions_name(entry.key)) problems.add(entry.where, unknown_variable(entry.key, known));
    refuse_unknown_names(*entry.value, known, problems);
  }
}

}  // namespace canstage::scenarios
