#include "scenarios/selection.hpp"

#include <algorithm>
#include <type_traits>

namespace canstage::scenarios {

namespace {

constexpr std::string_view always = "always";

/// The lists of steps within a step; `Step` may be const.
template <class Step>
auto lists_in(Step& what) {
  std::vector<std::conditional_t<std::is_const_v<Step>, const step_list, step_list>*> lists;
  if (auto* loop = std::get_if<repeat_step>(&what.what)) lists.push_back(&loop->steps);
  if (auto* fork = std::get_if<parallel_step>(&what.what))
    for (auto& branch : fork->branches) lists.push_back(&branch);
  if (auto* each = std::get_if<for_each_step>(&what.what))
    for (auto& round : each->rounds) lists.push_back(&round);
  return lists;
}

bool contains(const std::vector<std::string>& tags, std::string_view tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

class selection {
 public:
  selection(scenario& play, const tag_choice& choice) : play_(play), choice_(choice) {}

  /// Returns how many single steps are played. `chosen`: something around them was asked for.
  std::size_t go(step_list& steps, bool chosen) {
    std::size_t kept = 0;
    for (step& one : steps) {
      const bool wanted = chosen || is_wanted(one.tags);
      const auto lists = lists_in(one);
      std::size_t inside = lists.empty() && wanted ? 1 : 0;
      if (is_skipped(one.tags)) {
        inside = 0;
      } else {
        for (step_list* list : lists) inside += go(*list, wanted);
      }
      one.left_out = inside == 0;
      if (lists.empty() && one.left_out) ++play_.left_out;
      kept += inside;
    }
    return kept;
  }

  bool is_wanted(const std::vector<std::string>& tags) const {
    return choice_.only.empty() || contains(tags, always) ||
           std::any_of(tags.begin(), tags.end(),
                       [&](const auto& tag) { return contains(choice_.only, tag); });
  }
  bool is_skipped(const std::vector<std::string>& tags) const {
    return std::any_of(tags.begin(), tags.end(),
                       [&](const auto& tag) { return contains(choice_.skip, tag); });
  }

 private:
  scenario& play_;
  const tag_choice& choice_;
};

void add_tags(const step_list& steps, std::set<std::string>& tags) {
  for (const step& one : steps) {
    tags.insert(one.tags.begin(), one.tags.end());
    for (const step_list* list : lists_in(one)) add_tags(*list, tags);
  }
}

}  // namespace

std::size_t select_steps(scenario& play, const tag_choice& choice) {
  play.left_out = 0;
  selection work{play, choice};
  if (work.is_skipped(play.tags)) return 0;
  return work.go(play.steps, work.is_wanted(play.tags));
}

std::set<std::string> tags_of(const scenario& play) {
  std::set<std::string> tags{play.tags.begin(), play.tags.end()};
  add_tags(play.steps, tags);
  return tags;
}

}  // namespace canstage::scenarios
