#include "protocols/bracket_splitter.hpp"

#include <algorithm>

namespace canstage {

namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::optional<std::string_view> bracket_splitter::next(std::string_view& input) {
  if (used_) {
    text_.clear();
    used_ = false;
  }
  while (!input.empty()) {
    if (!open_) {
      const auto begin = std::min(input.find('<'), input.size());
      astray_ += static_cast<std::size_t>(
          std::ranges::count_if(input.substr(0, begin), [](char c) { return !is_blank(c); }));
      open_ = begin < input.size();
      input.remove_prefix(std::min(begin + 1, input.size()));
      continue;
    }
    const auto end = input.find('>');
    take_in(input.substr(0, end));
    if (end == std::string_view::npos) {
      input = {};
      return std::nullopt;
    }
    input.remove_prefix(end + 1);
    open_ = false;
    if (given_up_) {
      given_up_ = false;
      continue;
    }
    used_ = true;
    return text_;
  }
  return std::nullopt;
}

void bracket_splitter::take_in(std::string_view part) {
  if (given_up_) {
    astray_ += part.size();
  } else if (text_.size() + part.size() <= longest_) {
    text_ += part;
  } else {
    astray_ += text_.size() + part.size();
    text_.clear();
    given_up_ = true;
  }
}

}  // namespace canstage
