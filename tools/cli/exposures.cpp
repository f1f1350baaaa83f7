#include "tools/cli/exposures.hpp"

#include <utility>

#include "tools/cli/command_line.hpp"
#include "transports/tcp_listener.hpp"

namespace canstage::tools {

void apply_exposures(const std::vector<std::string>& words, std::vector<scenarios::scenario>& all) {
  for (auto& play : all) {
    for (const auto& word : words) {
      std::string problem;
      auto made = scenarios::parse_exposure(word, play, problem);
      if (!made) throw usage_error{"--expose " + word + ": " + problem};
      play.exposures.push_back(*std::move(made));
    }
  }
}

void check_exposures(const std::vector<scenarios::scenario>& all) {
  for (const auto& play : all) {
    for (std::size_t i = 0; i < play.exposures.size(); ++i) {
      const auto why = obstacle(play, i);
      const auto& what = play.exposures[i];
      if (!why.empty()) throw usage_error{to_string(what, play, what.listen.port) + ": " + why};
    }
  }
}

scenarios::listener_list open_exposures(const scenarios::scenario& play) {
  std::string problem;
  auto opened = scenarios::open_listeners(play.exposures, problem);
  if (!opened) throw listen_error{problem};
  return *std::move(opened);
}

std::vector<std::string> names_of_open(const scenarios::scenario& play,
                                       const scenarios::listener_list& listeners) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < listeners.size(); ++i)
    names.push_back(to_string(play.exposures[i], play, listeners[i]->address().port));
  return names;
}

}  // namespace canstage::tools
