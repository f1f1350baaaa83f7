// The text of a file, before YAML: is it text at all, and which column is which byte.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/position.hpp"

namespace canstage::scenarios {

struct source_defect {
  position where;
  std::string message;
};

/// A view: the text has to live as long.
class source_text {
 public:
  explicit source_text(std::string_view text, std::uint16_t file = 0);

  /// Without the byte order mark.
  std::string_view text() const { return text_; }

  /// Why this is no text that YAML could be read from: too long, not UTF-8, a control character, a
  /// tab used as indentation.
  std::optional<source_defect> defect() const;

  /// Columns count characters, as editors do.
  position at_offset(std::size_t offset) const;

  /// The same for a line and a byte of that line, both counted from 0; negative ones mean the begin.
  position at_line(int line, int byte) const;

  bool has(std::size_t offset, std::string_view what) const;
  bool is_quote(std::size_t offset) const;

  /// Whether the quoted scalar that begins at `offset` has its closing quote.
  bool quoted_text_ends(std::size_t offset) const;

 private:
  std::optional<source_defect> bad_character() const;
  std::optional<source_defect> tab_indentation() const;

  std::string_view text_;
  std::uint16_t file_;
  std::vector<std::size_t> line_starts_{0};
};

/// Characters of UTF-8 text.
int count_characters(std::string_view text);

}  // namespace canstage::scenarios
