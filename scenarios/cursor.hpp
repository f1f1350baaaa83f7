// Walks one branch of a script in the order in which it is played.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "scenarios/model.hpp"

namespace canstage::scenarios {

/// What comes before the paths in a branch of a `parallel` that stands at `path`: "7.2.", or its name.
std::string branch_prefix(const parallel_step& what, std::size_t branch, const std::string& path);

/// `repeat` and `for_each` are unrolled on the way; `parallel` is a leaf, its branches get cursors of
/// their own. Refers to the steps, which have to outlive it.
class cursor {
 public:
  /// `prefix` comes before every path: "7.2." for the second branch of step 7.
  cursor(const step_list& steps, std::string prefix);

  /// The next leaf; null at the end.
  const step* next();

  /// Where the leaf given last stands: "3", "8.1#15" (the 15th time), "8.2.1#3.15" (the 15th time
  /// within the third).
  std::string path() const;

  /// Visits the leaves that were not given yet, each once however often it would be repeated, with
  /// those of `parallel` branches, and their paths without repetitions.
  void for_remaining(const std::function<void(const step&, const std::string& path)>& visit) const;

 private:
  struct level {
    const step_list* steps = nullptr;
    const std::vector<step_list>* rounds = nullptr;  ///< of a `for_each`: `steps` is one of them
    std::size_t next = 0;
    std::uint32_t time = 1;   ///< how often this list is being played, this time included
    std::uint32_t times = 1;  ///< how often it will be
  };

  std::string prefix_;
  std::vector<level> levels_;
};

}  // namespace canstage::scenarios
