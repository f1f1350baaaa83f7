#include "protocols/isotpserver/pdu_text.hpp"

namespace canstage::isotpserver {

namespace {

std::optional<bytes> parse(std::string_view digits) {
  bytes message;
  if (digits.empty() || digits.size() % 2 != 0) return std::nullopt;
  message.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = hex_value(digits[i]);
    const int low = hex_value(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    message.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return message;
}

}  // namespace

void append_message(std::string& out, byte_view message) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  out.reserve(out.size() + 2 * message.size() + 3);
  out += '<';
  for (const auto byte : message) {
    out += digits[byte >> 4];
    out += digits[byte & 0xF];
  }
  out += ">\n";
}

std::optional<bytes> reader::next(instant now) {
  while (problem_.empty()) {
    auto rest = std::string_view{input_}.substr(read_);
    const auto text = splitter_.next(rest);
    read_ = input_.size() - rest.size();
    if (bad_bytes_ + splitter_.astray() - astray_before_ > most_ignored) {
      problem_ = "it sends no messages between '<' and '>'";
      break;
    }
    if (!text) {
      input_.clear();
      read_ = 0;
      if (!splitter_.unfinished()) {
        unfinished_until_ = never;
      } else if (unfinished_until_ == never) {
        unfinished_until_ = now + patience;
      }
      break;
    }
    unfinished_until_ = never;
    if (auto message = parse(*text)) {
      bad_bytes_ = 0;
      astray_before_ = splitter_.astray();
      return message;
    }
    bad_bytes_ += text->size() + 1;
    ++ignored_;
  }
  return std::nullopt;
}

void reader::on_time(instant now) {
  if (now < unfinished_until_ || !problem_.empty()) return;
  unfinished_until_ = never;
  problem_ = "half a message, and then nothing for 10 s";
}

}  // namespace canstage::isotpserver
