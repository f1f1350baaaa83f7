// Byte patterns and reply templates: how people write what a message has to look like.
//
//   "62 F1 90 *"        two hex digits are a byte, ?? any byte, ? any digit, a trailing * any rest
//   "67 01 {seed:4}"    {name} captures one byte, {name:4} four
//   "62 {1..2} 00"      in a template: the bytes 1 to 2 of the request (0 is its SID)
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/bytes.hpp"

namespace canstage::uds {

/// What captures caught, by name.
using captures = std::map<std::string, bytes, std::less<>>;

class pattern {
 public:
  /// Nothing and `error` for a text that is no pattern.
  static std::optional<pattern> parse(std::string_view text, text_error& error);

  /// Exactly these bytes.
  static pattern exactly(byte_view data);

  /// Whether the whole of `data` fits. With `caught`, what fits is added to it (only on a match).
  bool matches(byte_view data, captures* caught = nullptr) const;

  /// Offset of the first byte that does not fit, or is missing, or is too much; none on a match.
  std::optional<std::size_t> first_difference(byte_view data) const;

  /// How many bytes it describes, a trailing "*" not counted.
  std::size_t length() const { return elements_.size(); }

  bool open_ended() const { return open_ended_; }

  /// Names that a match defines, in order.
  std::vector<std::string> capture_names() const;

  /// The text it was parsed from, in upper case with single blanks.
  const std::string& text() const { return text_; }

 private:
  /// (value, mask) of one byte; a capture's bytes have mask 0.
  struct element {
    std::uint8_t value = 0;
    std::uint8_t mask = 0xFF;
  };
  struct capture {
    std::string name;
    std::size_t offset = 0;
    std::size_t length = 1;
  };

  std::string text_;
  std::vector<element> elements_;
  std::vector<capture> captures_;
  bool open_ended_ = false;
};

/// Bytes with holes: filled from a request, or from what earlier patterns captured.
class reply_template {
 public:
  /// Nothing and `error` for a text that is no template. "{name}" is a captured value.
  static std::optional<reply_template> parse(std::string_view text, text_error& error);
  static reply_template exactly(byte_view data);

  /// The bytes. A range that the request is too short for gives as many bytes as there are; a
  /// name that was never captured gives none (see `names`).
  bytes fill(byte_view request, const captures& caught) const;

  /// Captured names that it uses, and whether it uses bytes of a request: so that a loader can
  /// refuse what nobody will ever fill.
  std::vector<std::string> names() const;
  bool uses_request() const;

  const std::string& text() const { return text_; }

 private:
  struct request_range {
    std::size_t first = 0;
    std::size_t last = 0;
  };
  using part = std::variant<bytes, request_range, std::string>;

  std::string text_;
  std::vector<part> parts_;
};

}  // namespace canstage::uds
