#include "scenarios/document.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include "fmt/format.h"
#include "scenarios/expression.hpp"
#include "scenarios/source_text.hpp"
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/exceptions.h"
#include "yaml-cpp/parser.h"

namespace canstage::scenarios {

namespace {

/// Ends the parsing from within a handler. Never leaves this file.
struct unusable {
  position where;
  std::string message;
};

std::uint64_t saturated_add(std::uint64_t a, std::uint64_t b) {
  return a > max_document_nodes || b > max_document_nodes ? max_document_nodes + 1 : a + b;
}

/// Builds the tree from yaml-cpp's events.
class tree_builder : public YAML::EventHandler {
 public:
  tree_builder(const source_text& source, problem_list& problems) : source_(source), problems_(problems) {}

  node_ptr root() const { return root_; }

  /// Where the last quoted scalar begins, as an offset.
  std::optional<std::size_t> last_quoted() const { return last_quoted_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) throw unusable{at(mark), "a second document begins here; a file holds one scenario"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto made = begin(node::kind::nothing, mark, {});
    // yaml-cpp sees that nothing is there when it finds what comes next, maybe lines below.
    if (!open_.empty() && open_.back().key) made->where = open_.back().key->where;
    finish(std::move(made), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto made = begin(node::kind::scalar, mark, tag);
    const auto offset = static_cast<std::size_t>(mark.pos);
    made->quoted = source_.is_quote(offset);
    if (made->quoted) last_quoted_ = offset;
    made->verbatim =
        value.find('\n') == std::string::npos && source_.has(offset + (made->quoted ? 1 : 0), value);
    made->mentions_n = mentions_number(value);
    made->mentions_name = mentions_name(value);
    made->text = value;
    finish(std::move(made), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const node_ptr target = anchor < anchors_.size() ? anchors_[anchor] : nullptr;
    if (!target) throw unusable{at(mark), "this alias stands inside of what its own anchor marks"};
    place(target, at(mark));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(node::kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(node::kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override {
    report_duplicates(*open_.back().made);
    close();
  }

  position at(const YAML::Mark& mark) const { return source_.at_line(mark.line, mark.column); }

 private:
  struct open_node {
    std::shared_ptr<node> made;
    YAML::anchor_t anchor = 0;
    std::optional<map_entry> key;  ///< of a map, read and still without a value
  };

  std::shared_ptr<node> begin(node::kind what, const YAML::Mark& mark, const std::string& tag) {
    if (++made_ > max_document_nodes) throw too_many(at(mark));
    auto made = std::make_shared<node>();
    made->what = what;
    made->where = at(mark);
    if (!tag.empty() && tag != "?" && tag != "!") {
      problems_.add(made->where, fmt::format("YAML tags like {} have no meaning here", shown(tag)));
    }
    return made;
  }

  void open(node::kind what, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (open_.size() >= max_document_depth) {
      throw unusable{at(mark), fmt::format("nested too deeply; {} levels are allowed", max_document_depth)};
    }
    open_.push_back({begin(what, mark, tag), anchor, std::nullopt});
  }

  void close() {
    open_node done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.made), done.anchor);
  }

  void finish(std::shared_ptr<node> made, YAML::anchor_t anchor) {
    const position where = made->where;
    const node_ptr value = std::move(made);
    if (anchor != 0) {
      if (anchors_.size() <= anchor) anchors_.resize(anchor + 1);
      anchors_[anchor] = value;
    }
    place(value, where);
  }

  /// Puts a complete value where it belongs; `where` is the alias for one that is shared.
  void place(const node_ptr& value, position where) {
    if (open_.empty()) {
      root_ = value;
      return;
    }
    open_node& parent = open_.back();
    node& into = *parent.made;
    if (into.what == node::kind::map && !parent.key) {
      if (!value->is_scalar())
        throw unusable{where,
                       fmt::format("a key has to be plain text, not {}; text with [ ] {{ }} needs quotes",
                                   found(*value))};
      parent.key = map_entry{value->text, where, nullptr};
      note_mentions(into, *value);
      return;
    }
    into.weight = saturated_add(into.weight, value->weight);
    if (into.weight > max_document_nodes) throw too_many(where);
    note_mentions(into, *value);
    if (into.what == node::kind::list) {
      into.items.push_back(value);
    } else {
      parent.key->value = value;
      into.entries.push_back(std::move(*parent.key));
      parent.key.reset();
    }
  }

  static void note_mentions(node& into, const node& part) {
    into.mentions_n = into.mentions_n || part.mentions_n;
    into.mentions_name = into.mentions_name || part.mentions_name;
  }

  static unusable too_many(position where) {
    return {where, fmt::format("too many nodes: an alias bomb? {} are allowed", max_document_nodes)};
  }

  void report_duplicates(const node& map) {
    std::vector<const map_entry*> sorted;
    for (const map_entry& entry : map.entries) sorted.push_back(&entry);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const map_entry* a, const map_entry* b) { return a->key < b->key; });
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      if (sorted[i]->key != sorted[i - 1]->key) continue;
      problems_.add(sorted[i]->where, fmt::format("the key {} was already given in line {}",
                                                  shown(sorted[i]->key), sorted[i - 1]->where.line));
    }
  }

  const source_text& source_;
  problem_list& problems_;
  node_ptr root_;
  std::vector<open_node> open_;
  std::vector<node_ptr> anchors_;
  std::uint64_t made_ = 0;
  std::optional<std::size_t> last_quoted_;
};

/// What yaml-cpp says, in words that help.
std::string explained(const std::string& message) {
  struct explanation {
    std::string_view said;
    std::string_view meant;
  };
  static const std::array explanations = {
      explanation{YAML::ErrorMsg::END_OF_MAP_FLOW,
                  "expected ',' or '}': a '{' is not closed, or text with [ ] { } in it needs quotes"},
      explanation{YAML::ErrorMsg::END_OF_SEQ_FLOW,
                  "expected ',' or ']': a '[' is not closed, or text with [ ] { } in it needs quotes"},
      explanation{YAML::ErrorMsg::END_OF_MAP,
                  "this is no key of the map above; check indentation and colons"},
      explanation{YAML::ErrorMsg::END_OF_SEQ,
                  "this is no item of the list above; check indentation and dashes"},
      explanation{YAML::ErrorMsg::MAP_VALUE,
                  "no key can begin here; check indentation, or quote text with ': '"},
      explanation{YAML::ErrorMsg::ALIAS_NOT_FOUND, "a text that begins with '*' needs quotes"},
      explanation{YAML::ErrorMsg::ANCHOR_NOT_FOUND, "a text that begins with '&' needs quotes"},
      explanation{YAML::ErrorMsg::UNKNOWN_ANCHOR,
                  "no anchor of this name stands above; text with '*' needs quotes"},
      explanation{YAML::ErrorMsg::BAD_FILE, "nested too deeply"},
  };
  for (const explanation& e : explanations) {
    if (message == e.said) return std::string(e.meant);
  }
  return "not YAML: " + message;
}

}  // namespace

const node_ptr* node::find(std::string_view key) const {
  for (const map_entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

node_ptr parse_document(std::string_view text, problem_list& problems, std::uint16_t file) {
  const source_text source{text, file};
  if (const auto defect = source.defect()) {
    problems.add(defect->where, defect->message);
    return nullptr;
  }
  tree_builder builder{source, problems};
  std::optional<unusable> problem;
  try {
    std::istringstream stream{std::string(source.text())};
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const unusable& end) {
    problem = end;
  } catch (const YAML::Exception& error) {
    problem = unusable{builder.at(error.mark), explained(error.msg)};
  }
  // yaml-cpp takes the end of the file for the end of a quoted text.
  if (const auto quoted = builder.last_quoted(); quoted && !source.quoted_text_ends(*quoted)) {
    problem = unusable{source.at_offset(*quoted), "the quoted text that begins here never ends"};
  }
  if (!problem && !builder.root()) {
    problem = unusable{{1, 1, file}, "the file is empty; a scenario begins with 'canstage: 1'"};
  }
  if (!problem) return builder.root();
  problems.add(problem->where, problem->message);
  return nullptr;
}

std::string found(const node& what) {
  switch (what.what) {
    case node::kind::nothing:
      return "nothing";
    case node::kind::scalar:
      return shown(what.text);
    case node::kind::list:
      return "a list";
    case node::kind::map:
      return "a map";
  }
  return {};
}

bool mentions_number(std::string_view text) {
  for (std::size_t at = text.find("{n"); at != std::string_view::npos; at = text.find("{n", at + 1)) {
    if (at + 2 < text.size() && std::string_view("}:+-").find(text[at + 2]) != std::string_view::npos)
      return true;
  }
  return false;
}

}  // namespace canstage::scenarios
