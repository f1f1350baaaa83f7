#include "scenarios/sources.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "fmt/format.h"
#include "scenarios/expand.hpp"

namespace canstage::scenarios {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 1'000;
constexpr std::size_t deepest = 20;

/// Keys that are about the file itself, and so are not taken over.
bool is_about_file(std::string_view key) { return key == "canstage" || key == "name" || key == "include"; }

/// What an included file gives to the file that includes it.
node_ptr given(const node_ptr& base) {
  auto result = std::make_shared<node>(*base);
  std::erase_if(result->entries, [](const map_entry& entry) { return is_about_file(entry.key); });
  return result;
}

/// `own` with the lists of `base` in front of its own.
node_ptr with_lists(const node_ptr& base, const node_ptr& own) {
  auto result = std::make_shared<node>(*own);
  for (map_entry& entry : result->entries) {
    const node_ptr* before = base->find(entry.key);
    if (before == nullptr || (*before)->what != node::kind::list || entry.value->what != node::kind::list)
      continue;
    auto both = std::make_shared<node>(*entry.value);
    both->items.insert(both->items.begin(), (*before)->items.begin(), (*before)->items.end());
    both->weight += (*before)->weight;
    both->mentions_n = both->mentions_n || (*before)->mentions_n;
    both->mentions_name = both->mentions_name || (*before)->mentions_name;
    entry.value = both;
  }
  return result;
}

class reading {
 public:
  reading(problem_list& problems, std::vector<std::string>& included)
      : problems_(problems), included_(included) {}

  node_ptr read(std::string_view text, const fs::path& file, std::uint16_t number) {
    const node_ptr own = parse_document(text, problems_, number);
    const node_ptr* include = own && own->what == node::kind::map ? own->find("include") : nullptr;
    if (include == nullptr) return own;
    path_.push_back(file.lexically_normal());
    std::vector<node_ptr> names{*include};
    if ((*include)->what == node::kind::list) names = (*include)->items;
    node_ptr base;
    for (const node_ptr& name : names) {
      const node_ptr other = read_included(*name, file);
      if (!other) continue;
      base = base ? merged(base, with_lists(base, other)) : other;
    }
    path_.pop_back();
    if (!base) return own;
    const node_ptr all = merged(base, with_lists(base, own));
    if (all->weight > max_document_nodes) {
      problems_.add((*include)->where, fmt::format("too many nodes with all that is included; {} are allowed",
                                                   max_document_nodes));
      return nullptr;
    }
    return all;
  }

 private:
  /// Null after a refusal.
  node_ptr read_included(const node& name, const fs::path& from) {
    if (!name.is_scalar() || name.text.empty()) {
      problems_.add(name.where, fmt::format("'include' wants the name of a file, found {}", found(name)));
      return nullptr;
    }
    const fs::path file = (from.parent_path() / name.text).lexically_normal();
    if (std::find(path_.begin(), path_.end(), file) != path_.end()) {
      problems_.add(name.where, fmt::format("{} includes itself", shown(name.text)));
      return nullptr;
    }
    if (path_.size() > deepest || included_.size() >= most_files) {
      problems_.add(name.where,
                    fmt::format("'include' over more than {} levels or {} files", deepest, most_files));
      return nullptr;
    }
    std::string why;
    const auto text = read_text(file, why);
    bytes_ += text ? text->size() : 0;
    if (!text || bytes_ > max_document_bytes) {
      problems_.add(name.where, fmt::format("{} cannot be read: {}", shown(name.text),
                                            text ? "all files together are too long" : why));
      return nullptr;
    }
    included_.push_back(file.string());
    const std::uint16_t number = problems_.add_file(file.string());
    const node_ptr tree = read(*text, file, number);
    return tree && is_scenario(*tree, number) ? given(tree) : nullptr;
  }

  bool is_scenario(const node& tree, std::uint16_t number) {
    const node_ptr* version = tree.find("canstage");
    if (version != nullptr && (*version)->is_scalar() && (*version)->text == "1") return true;
    problems_.add(version != nullptr ? (*version)->where : position{1, 1, number},
                  "an included file is a scenario, too: it begins with 'canstage: 1'");
    return false;
  }

  problem_list& problems_;
  std::vector<std::string>& included_;
  std::vector<fs::path> path_;
  std::size_t bytes_ = 0;
};

}  // namespace

std::optional<std::string> read_text(const fs::path& path, std::string& why) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    why = "it is a folder";
    return std::nullopt;
  }
  errno = 0;
  std::ifstream in{path, std::ios::binary};
  // One byte more than allowed, so that a file that is too long is seen to be.
  std::string text(max_document_bytes + 8, '\0');
  if (in) in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) {
    why = std::strerror(errno);
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

node_ptr read_sources(std::string_view text, const fs::path& file, problem_list& problems,
                      std::vector<std::string>& included) {
  return reading{problems, included}.read(text, file, 0);
}

}  // namespace canstage::scenarios
