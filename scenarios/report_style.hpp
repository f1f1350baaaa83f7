// Colours, widths and harmless characters for the text report.
#pragma once

#include <fmt/format.h>

#include <cctype>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>

#include "scenarios/utf8.hpp"

namespace canstage::scenarios {

class style {
 public:
  explicit style(bool colour) : colour_(colour) {}

  std::string good(std::string_view text) const { return painted("32", text); }
  std::string bad(std::string_view text) const { return painted("1;31", text); }
  std::string strange(std::string_view text) const { return painted("1;35", text); }
  std::string bold(std::string_view text) const { return painted("1", text); }
  std::string dim(std::string_view text) const { return painted("2", text); }

  /// Names and messages come from files and ECUs: no control character of theirs reaches a terminal.
  static std::string plain(std::string_view text) {
    std::string result;
    while (!text.empty()) {
      const utf8_character c = first_character(text);
      const bool control = c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0);
      result += c.valid && !control ? text.substr(0, c.length) : "?";
      text.remove_prefix(c.length);
    }
    return result;
  }

  /// Columns on a terminal: code points of UTF-8, without those of escape sequences.
  static std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    bool escape = false;
    for (const char c : text) {
      if (c == '\x1B') escape = true;
      if (!escape && (static_cast<unsigned char>(c) & 0xC0) != 0x80) ++columns;
      if (c == 'm') escape = false;
    }
    return columns;
  }

  static std::string padded(std::string_view text, std::size_t columns) {
    const std::size_t used = width(text);
    return std::string(text) + std::string(used < columns ? columns - used : 0, ' ');
  }

  static char upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }

  /// Writes `text` as a line without blanks at its end.
  static void line(std::ostream& out, std::string_view text) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    out << text << '\n';
  }

 private:
  std::string painted(std::string_view code, std::string_view text) const {
    if (!colour_ || text.empty()) return std::string(text);
    return fmt::format("\x1B[{}m{}\x1B[0m", code, text);
  }

  bool colour_;
};

}  // namespace canstage::scenarios
