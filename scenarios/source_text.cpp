#include "scenarios/source_text.hpp"

#include <algorithm>
#include <cstdint>

#include "fmt/format.h"
#include "scenarios/document.hpp"

namespace canstage::scenarios {

namespace {

/// In longer lines columns count bytes: counting characters for every node would take for ever.
constexpr std::size_t longest_counted_line = 10'000;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Length of the UTF-8 sequence at the begin of `text`, 0 if it is none.
std::size_t utf8_length(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4U : lead >= 0xE0 ? 3U : 2U;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<std::uint8_t>(text[i]) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

}  // namespace

int count_characters(std::string_view text) {
  return static_cast<int>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U; }));
}

source_text::source_text(std::string_view text, std::uint16_t file) : text_(text), file_(file) {
  if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  if (text_.size() > max_document_bytes) return;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

std::optional<source_defect> source_text::defect() const {
  if (text_.size() > max_document_bytes) {
    return source_defect{{1, 1, file_},
                         fmt::format("the file is too long; {} MiB are allowed", max_document_bytes >> 20U)};
  }
  if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF")) {
    return source_defect{{1, 1, file_}, "the file is UTF-16; save it as UTF-8"};
  }
  if (auto bad = bad_character()) return bad;
  return tab_indentation();
}

std::optional<source_defect> source_text::bad_character() const {
  for (std::size_t i = 0; i < text_.size();) {
    const auto code = static_cast<std::uint8_t>(text_[i]);
    const bool control = (code < 0x20 && code != '\n' && code != '\r' && code != '\t') || code == 0x7F;
    if (control) {
      return source_defect{at_offset(i), fmt::format("not a text file: there is a byte {:02X}", code)};
    }
    const std::size_t length = utf8_length(text_.substr(i));
    if (length == 0) {
      return source_defect{at_offset(i), fmt::format("not UTF-8 text: there is a byte {:02X}", code)};
    }
    i += length;
  }
  return std::nullopt;
}

std::optional<source_defect> source_text::tab_indentation() const {
  for (const std::size_t start : line_starts_) {
    std::size_t i = start;
    while (i < text_.size() && text_[i] == ' ') ++i;
    if (i >= text_.size() || text_[i] != '\t') continue;
    const std::size_t content = text_.find_first_not_of(" \t\r", i);
    if (content == std::string_view::npos || text_[content] == '\n' || text_[content] == '#') continue;
    return source_defect{at_offset(i), "a tab in the indentation; YAML wants blanks"};
  }
  return std::nullopt;
}

position source_text::at_offset(std::size_t offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::size_t>(after - line_starts_.begin()) - 1;
  return at_line(static_cast<int>(line), static_cast<int>(offset - line_starts_[line]));
}

position source_text::at_line(int line, int byte) const {
  if (line < 0 || byte < 0) return {1, 1, file_};
  const auto index = static_cast<std::size_t>(line);
  const auto length = static_cast<std::size_t>(byte);
  if (index >= line_starts_.size() || length > longest_counted_line) return {line + 1, byte + 1, file_};
  return {line + 1, count_characters(text_.substr(line_starts_[index], length)) + 1, file_};
}

bool source_text::has(std::size_t offset, std::string_view what) const {
  return offset <= text_.size() && text_.substr(offset, what.size()) == what;
}

bool source_text::is_quote(std::size_t offset) const {
  return offset < text_.size() && (text_[offset] == '"' || text_[offset] == '\'');
}

bool source_text::quoted_text_ends(std::size_t offset) const {
  const char quote = text_[offset];
  for (std::size_t i = offset + 1; i < text_.size(); ++i) {
    if (quote == '"' && text_[i] == '\\') {
      ++i;
    } else if (text_[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text_.size() && text_[i + 1] == quote;
      if (!doubled) return true;
      ++i;
    }
  }
  return false;
}

}  // namespace canstage::scenarios
