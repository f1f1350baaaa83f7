// One reader for both kinds of text: a list of items, blanks between them being free.
#include "protocols/uds/pattern.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace canstage::uds {

namespace {

/// More than any N_SDU that a pattern is written for; keeps `{x:99999999999}` a plain error.
constexpr std::size_t longest = 4095;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_decimal(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// One digit of a byte: its value and which of its bits count.
struct digit {
  std::uint8_t value = 0;
  std::uint8_t mask = 0xF;
};

std::optional<digit> to_digit(char c) {
  if (is_decimal(c)) return digit{static_cast<std::uint8_t>(c - '0'), 0xF};
  if (c >= 'a' && c <= 'f') return digit{static_cast<std::uint8_t>(c - 'a' + 10), 0xF};
  if (c >= 'A' && c <= 'F') return digit{static_cast<std::uint8_t>(c - 'A' + 10), 0xF};
  if (c == '?') return digit{0, 0};
  return std::nullopt;
}

/// Walks over a text and says where it is wrong.
class reader {
 public:
  reader(std::string_view text, text_error& error) : text_(text), error_(error) {}

  /// Skips blanks; false at the end.
  bool more() {
    while (offset_ < text_.size() && is_blank(text_[offset_])) ++offset_;
    return offset_ < text_.size();
  }

  char peek() const { return offset_ < text_.size() ? text_[offset_] : '\0'; }
  std::size_t offset() const { return offset_; }
  void skip(std::size_t count = 1) { offset_ += count; }
  std::string_view from(std::size_t begin) const { return text_.substr(begin, offset_ - begin); }

  bool fail(std::size_t offset, std::string message) {
    error_ = {offset, std::move(message)};
    return false;
  }

  bool fail_character() {
    return fail(offset_, "'" + std::string{peek()} + "' is neither a hex digit nor part of a pattern");
  }

  /// Two digits, '?' among them.
  bool read_byte(digit& high, digit& low) {
    const auto first = to_digit(peek());
    if (!first) return fail_character();
    const std::size_t begin = offset_++;
    const char next = peek();
    const auto second = to_digit(next);
    if (!second) {
      const bool ends_here = next == '\0' || is_blank(next) || next == '{' || next == '*';
      return ends_here ? fail(begin, "a byte has two digits") : fail_character();
    }
    ++offset_;
    high = *first;
    low = *second;
    return true;
  }

  bool read_name(std::string& name) {
    const std::size_t begin = offset_;
    if (!is_letter(peek())) return fail(begin, "a name begins with a letter");
    while (is_letter(peek()) || is_decimal(peek())) ++offset_;
    name = std::string{from(begin)};
    return true;
  }

  /// A decimal number from `low` to `longest`.
  bool read_number(std::size_t low, std::size_t& number) {
    const std::size_t begin = offset_;
    number = 0;
    for (; is_decimal(peek()) && number <= longest; ++offset_) {
      number = number * 10 + static_cast<std::size_t>(peek() - '0');
    }
    if (offset_ != begin && number >= low && number <= longest) return true;
    return fail(
        begin, "a number from " + std::to_string(low) + " to " + std::to_string(longest) + " is needed here");
  }

  /// Whether the '{' at `brace` is closed at all: said first, being the plainest thing to say.
  bool closes(std::size_t brace) {
    if (text_.find('}', brace) != std::string_view::npos) return true;
    return fail(brace, "'{' is not closed");
  }

  bool read_close() {
    if (peek() != '}') return fail_character();
    ++offset_;
    return true;
  }

 private:
  std::string_view text_;
  text_error& error_;
  std::size_t offset_ = 0;
};

/// Adds an item to a text with single blanks.
void append(std::string& text, std::string_view item) {
  if (!text.empty()) text += ' ';
  text += item;
}

std::string upper(std::string_view digits) {
  std::string result{digits};
  for (char& c : result) {
    if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

std::uint8_t join(std::uint8_t high, std::uint8_t low) { return static_cast<std::uint8_t>(high << 4 | low); }

}  // namespace

std::optional<pattern> pattern::parse(std::string_view text, text_error& error) {
  reader in{text, error};
  pattern result;
  if (!in.more()) {
    in.fail(0, "empty: at least one byte or '*' is needed");
    return std::nullopt;
  }
  while (in.more()) {
    const std::size_t begin = in.offset();
    if (in.peek() == '*') {
      in.skip();
      if (in.more()) {
        in.fail(begin, "'*' stands for any rest, nothing can follow it");
        return std::nullopt;
      }
      result.open_ended_ = true;
      append(result.text_, "*");
    } else if (in.peek() == '{') {
      capture found{{}, result.elements_.size(), 1};
      in.skip();
      if (!in.closes(begin) || !in.read_name(found.name)) return std::nullopt;
      const auto same = [&](const capture& c) { return c.name == found.name; };
      if (std::any_of(result.captures_.begin(), result.captures_.end(), same)) {
        in.fail(begin + 1, "'" + found.name + "' is captured twice");
        return std::nullopt;
      }
      if (in.peek() == ':') {
        in.skip();
        if (!in.read_number(1, found.length)) return std::nullopt;
      }
      if (!in.read_close()) return std::nullopt;
      result.elements_.resize(result.elements_.size() + found.length, element{0, 0});
      append(result.text_,
             "{" + found.name + (found.length == 1 ? "" : ":" + std::to_string(found.length)) + "}");
      result.captures_.push_back(std::move(found));
    } else {
      digit high;
      digit low;
      if (!in.read_byte(high, low)) return std::nullopt;
      result.elements_.push_back({join(high.value, low.value), join(high.mask, low.mask)});
      append(result.text_, upper(in.from(begin)));
    }
  }
  return result;
}

pattern pattern::exactly(byte_view data) {
  pattern result;
  result.text_ = to_hex(data);
  for (const std::uint8_t byte : data) result.elements_.push_back({byte, 0xFF});
  return result;
}

bool pattern::matches(byte_view data, captures* caught) const {
  if (first_difference(data)) return false;
  if (caught != nullptr) {
    for (const capture& c : captures_) {
      const byte_view part = data.subspan(c.offset, c.length);
      caught->insert_or_assign(c.name, bytes(part.begin(), part.end()));
    }
  }
  return true;
}

std::optional<std::size_t> pattern::first_difference(byte_view data) const {
  const std::size_t common = std::min(data.size(), elements_.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (((data[i] ^ elements_[i].value) & elements_[i].mask) != 0) return i;
  }
  if (data.size() < elements_.size() || (data.size() > elements_.size() && !open_ended_)) return common;
  return std::nullopt;
}

std::vector<std::string> pattern::capture_names() const {
  std::vector<std::string> names;
  for (const capture& c : captures_) names.push_back(c.name);
  return names;
}

std::optional<reply_template> reply_template::parse(std::string_view text, text_error& error) {
  reader in{text, error};
  reply_template result;
  if (!in.more()) {
    in.fail(0, "empty: at least one byte is needed");
    return std::nullopt;
  }
  while (in.more()) {
    const std::size_t begin = in.offset();
    if (in.peek() == '{') {
      in.skip();
      if (!in.closes(begin)) return std::nullopt;
      if (is_decimal(in.peek())) {
        request_range range;
        if (!in.read_number(0, range.first)) return std::nullopt;
        range.last = range.first;
        if (in.peek() == '.') {
          in.skip();
          if (in.peek() != '.') {
            in.fail(in.offset(), "a range is written {1..2}");
            return std::nullopt;
          }
          in.skip();
          if (!in.read_number(0, range.last)) return std::nullopt;
        }
        if (range.last < range.first) {
          in.fail(begin + 1, "a range goes from the lower to the higher byte");
          return std::nullopt;
        }
        result.parts_.emplace_back(range);
      } else {
        std::string name;
        if (!in.read_name(name)) return std::nullopt;
        result.parts_.emplace_back(std::move(name));
      }
      if (!in.read_close()) return std::nullopt;
      append(result.text_, in.from(begin));
      continue;
    }
    digit high;
    digit low;
    if (in.peek() == '*' || in.peek() == '?') {
      in.fail(begin, "'" + std::string{in.peek()} + "' has no meaning in bytes that are sent");
      return std::nullopt;
    }
    if (!in.read_byte(high, low)) return std::nullopt;
    if (low.mask == 0) {
      in.fail(begin + 1, "'?' has no meaning in bytes that are sent");
      return std::nullopt;
    }
    if (result.parts_.empty() || !std::holds_alternative<bytes>(result.parts_.back())) {
      result.parts_.emplace_back(bytes{});
    }
    std::get<bytes>(result.parts_.back()).push_back(join(high.value, low.value));
    append(result.text_, upper(in.from(begin)));
  }
  return result;
}

reply_template reply_template::exactly(byte_view data) {
  reply_template result;
  result.text_ = to_hex(data);
  if (!data.empty()) result.parts_.emplace_back(bytes(data.begin(), data.end()));
  return result;
}

bytes reply_template::fill(byte_view request, const captures& caught) const {
  bytes result;
  const auto add = [&](byte_view piece) { result.insert(result.end(), piece.begin(), piece.end()); };
  for (const part& item : parts_) {
    if (const auto* literal = std::get_if<bytes>(&item)) {
      add(*literal);
    } else if (const auto* range = std::get_if<request_range>(&item)) {
      const std::size_t first = std::min(range->first, request.size());
      const std::size_t end = std::min(range->last + 1, request.size());
      add(request.subspan(first, end - first));
    } else if (const auto found = caught.find(std::get<std::string>(item)); found != caught.end()) {
      add(found->second);
    }
  }
  return result;
}

std::vector<std::string> reply_template::names() const {
  std::vector<std::string> result;
  for (const part& item : parts_) {
    const auto* name = std::get_if<std::string>(&item);
    if (name != nullptr && std::find(result.begin(), result.end(), *name) == result.end()) {
      result.push_back(*name);
    }
  }
  return result;
}

bool reply_template::uses_request() const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [](const part& item) { return std::holds_alternative<request_range>(item); });
}

}  // namespace canstage::uds
