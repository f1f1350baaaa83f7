#include "tools/cli/step_choice.hpp"

#include <algorithm>
#include <set>

#include "scenarios/diagnostic.hpp"
#include "tools/cli/command_line.hpp"

namespace canstage::tools {

namespace {

void check_known(const char* option, const std::vector<std::string>& tags,
                 const std::set<std::string>& known) {
  const std::vector<std::string_view> words{known.begin(), known.end()};
  for (const auto& tag : tags)
    if (!known.contains(tag))
      throw usage_error{std::string{option} + ' ' + tag + ": " + scenarios::unknown_word("tag", tag, words)};
}

}  // namespace

std::vector<std::string> choose_steps(const scenarios::tag_choice& tags,
                                      std::vector<scenarios::scenario>& all) {
  std::vector<std::string> remarks;
  if (tags.only.empty() && tags.skip.empty()) return remarks;
  std::set<std::string> known;
  for (const auto& one : all) known.merge(scenarios::tags_of(one));
  check_known("--only", tags.only, known);
  check_known("--skip", tags.skip, known);
  std::erase_if(all, [&](scenarios::scenario& one) {
    if (scenarios::select_steps(one, tags) > 0) return false;
    remarks.push_back(one.file + ": left out, no step is chosen by --only and --skip");
    return true;
  });
  if (all.empty()) throw usage_error{"no step is chosen by --only and --skip"};
  return remarks;
}

}  // namespace canstage::tools
