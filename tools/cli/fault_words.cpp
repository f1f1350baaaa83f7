#include "tools/cli/fault_words.hpp"

#include <algorithm>
#include <sstream>

#include "scenarios/quantity.hpp"
#include "tools/cli/command_line.hpp"

namespace canstage::tools {

namespace {

constexpr auto no_faults = "none";

}  // namespace

std::string fault_words(const scenarios::fault_selection& what) {
  std::string words;
  for (const auto& [fault, occasions] : what)
    for (const auto occasion : occasions)
      words += (words.empty() ? "" : ",") + std::to_string(fault + 1) + ":" + std::to_string(occasion);
  return words.empty() ? no_faults : words;
}

scenarios::fault_selection parse_fault_words(const std::string& words) {
  scenarios::fault_selection result;
  if (words == no_faults) return result;
  std::istringstream in{words};
  for (std::string word; std::getline(in, word, ',');) {
    constexpr std::uint64_t most = 1'000'000'000;
    const auto colon = std::min(word.find(':'), word.size());
    std::string why;
    const auto fault = scenarios::parse_count(std::string_view{word}.substr(0, colon), 1, most, why);
    const auto occasion =
        scenarios::parse_count(std::string_view{word}.substr(std::min(colon + 1, word.size())), 1, most, why);
    if (!fault || !occasion)
      throw usage_error{"--faults " + words + ": FAULT:OCCASION,... was expected, as in 2:3,4:1, or none"};
    result[static_cast<std::uint32_t>(*fault - 1)].push_back(static_cast<std::uint32_t>(*occasion));
  }
  for (auto& [fault, occasions] : result) {
    std::sort(occasions.begin(), occasions.end());
    occasions.erase(std::unique(occasions.begin(), occasions.end()), occasions.end());
  }
  return result;
}

std::string shell_word(const std::string& text) {
  const bool plain = !text.empty() && text.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789_-./,:=+@%") == std::string::npos;
  if (plain) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return quoted + "'";
}

}  // namespace canstage::tools
