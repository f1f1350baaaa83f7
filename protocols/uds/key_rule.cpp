#include "protocols/uds/key_rule.hpp"

#include <algorithm>

#include "protocols/uds/hmac_sha256.hpp"
#include "protocols/uds/numbers.hpp"

namespace canstage::uds {

namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<std::uint32_t> parse_small(std::string_view text) {
  std::uint32_t value = 0;
  if (text.empty() || text.size() > 4) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + static_cast<std::uint32_t>(c - '0');
  }
  return value;
}

/// Big endian, aligned at the last byte, from there to the first one.
void add_number(bytes& value, byte_view operand, bool subtract) {
  int carry = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::uint8_t& byte = value[value.size() - 1 - i];
    const int other = i < operand.size() ? operand[operand.size() - 1 - i] : 0;
    const int sum = subtract ? byte - other - carry : byte + other + carry;
    carry = (sum < 0 || sum > 0xFF) ? 1 : 0;
    byte = static_cast<std::uint8_t>(sum & 0xFF);
  }
}

void rotate_left(bytes& value, std::uint32_t count) {
  if (value.empty()) return;
  const std::size_t size = value.size();
  const std::size_t bits = count % (8 * size);
  const bytes old = value;
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned high = old[(i + bits / 8) % size];
    const unsigned low = old[(i + bits / 8 + 1) % size];
    value[i] = static_cast<std::uint8_t>(((high << 8 | low) >> (8 - bits % 8)) & 0xFF);
  }
}

}  // namespace

std::optional<key_rule> key_rule::parse(std::string_view text, text_error& error) {
  key_rule result;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && text[at] != ',') continue;
    auto parsed = parse_step(trimmed(text.substr(begin, at - begin)), error);
    if (!parsed) {
      error.offset += begin;
      return std::nullopt;
    }
    result.steps_.push_back(std::move(*parsed));
    begin = at + 1;
  }
  return result;
}

std::optional<key_rule::step> key_rule::parse_step(std::string_view text, text_error& error) {
  if (text == "not") return step{kind::invert, {}, 0};
  if (text == "reverse") return step{kind::reverse, {}, 0};
  const std::size_t colon = text.find(':');
  const std::string_view word = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const std::string_view rest = colon == std::string_view::npos ? text : trimmed(text.substr(colon + 1));
  if (word == "rol" || word == "first") {
    const auto count = parse_small(rest);
    if (count && (*count > 0 || word == "rol"))
      return step{word == "rol" ? kind::rotate : kind::first, {}, *count};
    error = {0, "'" + std::string{word} + ":' is followed by a decimal number"};
    return std::nullopt;
  }
  const bool known = word.empty() || word == "xor" || word == "add" || word == "sub" || word == "hmac";
  auto operand = known ? parse_hex(rest, error) : std::nullopt;
  if (!operand || operand->empty()) {
    error = {0,
             "a key is bytes like 11 22, or made of the seed by xor:, add:, sub:, hmac: with bytes, not, "
             "reverse, rol: and first: with a number, separated by commas"};
    return std::nullopt;
  }
  const kind what = word.empty()    ? kind::fixed
                    : word == "xor" ? kind::exclusive_or
                    : word == "add" ? kind::add
                    : word == "sub" ? kind::subtract
                                    : kind::hmac;
  return step{what, std::move(*operand), 0};
}

bytes key_rule::operator()(byte_view seed) const {
  bytes value{seed.begin(), seed.end()};
  for (const step& one : steps_) apply(one, value);
  return value;
}

void key_rule::apply(const step& what, bytes& value) {
  switch (what.what) {
    case kind::fixed:
      value = what.operand;
      break;
    case kind::exclusive_or:
      for (std::size_t i = 0; i < value.size(); ++i) value[i] ^= what.operand[i % what.operand.size()];
      break;
    case kind::add:
    case kind::subtract:
      add_number(value, what.operand, what.what == kind::subtract);
      break;
    case kind::invert:
      for (std::uint8_t& byte : value) byte = static_cast<std::uint8_t>(~byte);
      break;
    case kind::reverse:
      std::reverse(value.begin(), value.end());
      break;
    case kind::rotate:
      rotate_left(value, what.count);
      break;
    case kind::hmac: {
      const auto digest = hmac_sha256(what.operand, value);
      value.assign(digest.begin(), digest.end());
      break;
    }
    case kind::first:
      value.resize(std::min<std::size_t>(value.size(), what.count));
      break;
  }
}

}  // namespace canstage::uds
