// The lines of a text, one after the other.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace canstage::trace {

class lines {
 public:
  explicit lines(std::string_view text) : rest_(text) {}

  /// Without its end, LF or CR LF.
  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    const auto end = rest_.find('\n');
    whole_ = end != std::string_view::npos;
    auto line = rest_.substr(0, end);
    rest_.remove_prefix(whole_ ? end + 1 : rest_.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return line;
  }

  /// Of the line that `next` gave last, from 1.
  std::size_t number() const { return number_; }

  /// Whether that line had an end: the last one of a file that a crash cut short has none.
  bool whole() const { return whole_; }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
  bool whole_ = true;
};

}  // namespace canstage::trace
