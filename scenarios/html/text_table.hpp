// Texts by number: what is said often is stored once.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace canstage::scenarios::html {

class text_table {
 public:
  /// Numbers are given out in the order of first use. The empty text has the number 0.
  text_table() { number_of(""); }

  text_table(const text_table&) = delete;
  text_table& operator=(const text_table&) = delete;

  std::uint32_t number_of(std::string_view text) {
    if (const auto known = numbers_.find(text); known != numbers_.end()) return known->second;
    const auto number = static_cast<std::uint32_t>(texts_.size());
    // A deque does not move what it holds: the keys stay where they are.
    numbers_.emplace(texts_.emplace_back(text), number);
    size_ += text.size();
    return number;
  }

  const std::deque<std::string>& texts() const { return texts_; }

  /// Bytes of all texts.
  std::size_t size() const { return size_; }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;  // looked up only
  std::size_t size_ = 0;
};

}  // namespace canstage::scenarios::html
