#include "scenarios/listeners.hpp"

#include <algorithm>

#include "transports/tcp_listener.hpp"

namespace canstage::scenarios {

std::optional<listener_list> open_listeners(const std::vector<exposure>& all, std::string& problem) {
  listener_list opened;
  for (const auto& one : all) {
    const auto shared =
        std::ranges::find_if(all, [&](const auto& other) { return share_listener(other, one); });
    const auto first = static_cast<std::size_t>(shared - all.begin());
    if (first < opened.size()) {
      opened.push_back(opened[first]);
      continue;
    }
    auto made = std::make_shared<transports::tcp_listener>();
    if (!made->open(one.listen, problem)) return std::nullopt;
    opened.push_back(std::move(made));
  }
  return opened;
}

}  // namespace canstage::scenarios
