#include "scenarios/expression.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "fmt/format.h"
#include "scenarios/diagnostic.hpp"
#include "scenarios/number_format.hpp"
#include "scenarios/quantity.hpp"

namespace canstage::scenarios {

namespace {

constexpr int deepest = 50;  ///< parentheses and signs within each other

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Ends the reading of one expression. Never leaves this file.
struct wrong {
  std::size_t offset;
  std::string message;
};

/// Binary operators by precedence, the loosest first.
constexpr std::array<std::array<std::string_view, 3>, 6> levels = {{
    {"|"},
    {"^"},
    {"&"},
    {"<<", ">>"},
    {"+", "-"},
    {"*", "/", "%"},
}};

/// One expression, from behind "${" to its '}'.
class evaluation {
 public:
  evaluation(std::string_view text, std::size_t begin, const name_lookup& known)
      : text_(text), at_(begin), known_(known) {}

  /// What stands for the expression; nothing if it has a name that is not known.
  std::optional<std::string> result() {
    skip_blanks();
    const std::size_t begin = at_;
    if (is_letter(peek())) {
      const std::string_view name = read_name();
      if (peek() == '}') {
        ++at_;
        auto value = known_(name);
        return value ? std::optional{std::move(value->text)} : std::nullopt;
      }
      at_ = begin;
    }
    const std::int64_t number = binary(0);
    number_format format;
    if (peek() == ':') {
      const std::size_t colon = at_++;
      const std::size_t end = std::min(text_.find('}', at_), text_.size());
      if (!parse_number_format(text_.substr(at_, end - at_), format))
        throw wrong{colon, "behind ':' stands how a number is written, as in 02X, 04 or x"};
      at_ = end;
    }
    if (peek() != '}') throw wrong{at_, fmt::format("'{}' cannot stand here in ${{...}}", peek())};
    ++at_;
    if (open_) return std::nullopt;
    if (number < 0) throw wrong{begin, fmt::format("the result is {}, below 0", number)};
    return spelled(format, static_cast<std::uint64_t>(number));
  }

  std::size_t end() const { return at_; }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (peek() == ' ') ++at_;
  }

  std::string_view read_name() {
    const std::size_t begin = at_;
    while (is_letter(peek()) || is_digit(peek())) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    skip_blanks();
    return name;
  }

  /// The operator of this level that stands here; empty: none.
  std::string_view operator_here(std::size_t level) const {
    for (const std::string_view one : levels.at(level))
      if (!one.empty() && text_.substr(at_).starts_with(one)) return one;
    return {};
  }

  std::int64_t binary(std::size_t level) {
    if (level == levels.size()) return unary();
    std::int64_t left = binary(level + 1);
    for (auto op = operator_here(level); !op.empty(); op = operator_here(level)) {
      const std::size_t where = at_;
      at_ += op.size();
      const std::int64_t right = binary(level + 1);
      left = open_ ? 0 : apply(op, left, right, where);
    }
    return left;
  }

  static std::int64_t apply(std::string_view op, std::int64_t left, std::int64_t right, std::size_t where) {
    std::int64_t result = 0;
    bool good = true;
    if (op == "|") result = left | right;
    if (op == "^") result = left ^ right;
    if (op == "&") result = left & right;
    if (op == "+") good = !__builtin_add_overflow(left, right, &result);
    if (op == "-") good = !__builtin_sub_overflow(left, right, &result);
    if (op == "*") good = !__builtin_mul_overflow(left, right, &result);
    if (op == "/" || op == "%") {
      if (right == 0) throw wrong{where, "a division by 0"};
      good = left != std::numeric_limits<std::int64_t>::min() || right != -1;
      if (good) result = op == "/" ? left / right : left % right;
    }
    if (op == "<<" || op == ">>") {
      if (right < 0 || right > 63) throw wrong{where, "bits are shifted by 0 to 63 places"};
      if (op == ">>") result = left >> right;
      // 1 << 63 is not among the numbers of 64 bits with a sign.
      if (op == "<<" && right == 63) good = left == 0;
      if (op == "<<" && right < 63) good = !__builtin_mul_overflow(left, std::int64_t{1} << right, &result);
    }
    if (!good) throw wrong{where, "the result does not fit 64 bits"};
    return result;
  }

  std::int64_t unary() {
    if (++depth_ > deepest) throw wrong{at_, "nested too deeply"};
    skip_blanks();
    std::int64_t value = 0;
    const std::size_t where = at_;
    if (peek() == '-' || peek() == '~') {
      const char sign = text_[at_++];
      value = unary();
      value = sign == '~' ? ~value : apply("-", 0, value, where);
    } else if (peek() == '(') {
      ++at_;
      value = binary(0);
      if (peek() != ')') throw wrong{where, "'(' is not closed"};
      ++at_;
    } else if (is_digit(peek())) {
      value = number();
    } else if (is_letter(peek())) {
      value = variable();
    } else {
      throw wrong{at_, "a number or a name is needed here"};
    }
    skip_blanks();
    --depth_;
    return value;
  }

  std::int64_t number() {
    const std::size_t begin = at_;
    while (is_letter(peek()) || is_digit(peek())) ++at_;
    const std::string digits{text_.substr(begin, at_ - begin)};
    const auto value = value_of(digits).number;
    if (!value)
      throw wrong{begin, fmt::format("{} is no number; hexadecimal ones begin with 0x", shown(digits))};
    return *value;
  }

  std::int64_t variable() {
    const std::size_t begin = at_;
    const std::string name{read_name()};
    const auto value = known_(name);
    if (!value) {
      open_ = true;
      return 0;
    }
    if (!value->number)
      throw wrong{begin,
                  fmt::format("'{}' is {}, no number to calculate with; hexadecimal ones begin with 0x", name,
                              shown(value->text))};
    return *value->number;
  }

  std::string_view text_;
  std::size_t at_;
  const name_lookup& known_;
  bool open_ = false;  ///< a name is not known
  int depth_ = 0;
};

}  // namespace

bool mentions_name(std::string_view text) { return text.find("${") != std::string_view::npos; }

bool is_variable_name(std::string_view text) {
  return !text.empty() && text.size() <= 100 && is_letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

named_value value_of(std::string text) {
  named_value result{std::move(text), std::nullopt};
  std::string_view digits = result.text;
  std::string why;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    if (const auto number = parse_hex_number(digits.substr(2), 8, why)) result.number = *number;
    return result;
  }
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  if (const auto number = parse_count(digits, 0, most, why))
    result.number = static_cast<std::int64_t>(*number) * (negative ? -1 : 1);
  return result;
}

std::optional<std::string> fill_in(std::string_view text, const name_lookup& known, text_error& error) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", done)) {
    result += text.substr(done, at - done);
    if (text.find('}', at) == std::string_view::npos) {
      error = {at, "'${' is not closed"};
      return std::nullopt;
    }
    evaluation here{text, at + 2, known};
    try {
      const auto value = here.result();
      result += value ? std::string_view{*value} : text.substr(at, here.end() - at);
    } catch (const wrong& what) {
      error = {what.offset, what.message};
      return std::nullopt;
    }
    done = here.end();
  }
  result += text.substr(done);
  return result;
}

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  const name_lookup nothing = [&](std::string_view name) -> std::optional<named_value> {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
    return std::nullopt;
  };
  text_error unused;
  fill_in(text, nothing, unused);
  return names;
}

}  // namespace canstage::scenarios
