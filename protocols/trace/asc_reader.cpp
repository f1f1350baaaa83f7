// Reads ASC as Vector's tools, log2asc, python-can and canstage write it: hexadecimal or decimal, absolute
// or relative times, classic frames also in CANFD lines. Everything that is no frame (statistics, markers,
// requests to send) is passed over. Data bytes of CANFD lines are hexadecimal always.
#include <charconv>
#include <map>
#include <vector>

#include "protocols/trace/asc.hpp"
#include "protocols/trace/formats.hpp"
#include "protocols/trace/lines.hpp"

namespace canstage::trace {

namespace {

constexpr std::uint32_t bus_error_class = 0x80;  ///< CAN_ERR_BUSERROR: all that ASC says of an error

std::vector<std::string_view> words_of(std::string_view line) {
  constexpr std::string_view blanks = " \t";
  std::vector<std::string_view> words;
  for (auto at = line.find_first_not_of(blanks); at != std::string_view::npos;
       at = line.find_first_not_of(blanks, at)) {
    const auto end = std::min(line.find_first_of(blanks, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::optional<std::uint64_t> number(std::string_view word, int base) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  if (problem != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

/// "12.345600", with 1 to 9 digits behind the point.
std::optional<duration> time_of(std::string_view word) {
  const auto point = word.find('.');
  if (point == std::string_view::npos) return std::nullopt;
  auto digits = word.substr(point + 1);
  const auto seconds = number(word.substr(0, point), 10);
  const auto fraction = number(digits, 10);
  constexpr std::uint64_t last_second = 9'000'000'000;
  if (!seconds || !fraction || digits.size() > 9 || *seconds > last_second) return std::nullopt;
  auto nanoseconds = static_cast<std::int64_t>(*fraction);
  for (auto i = digits.size(); i < 9; ++i) nanoseconds *= 10;
  return std::chrono::seconds{static_cast<std::int64_t>(*seconds)} + duration{nanoseconds};
}

class asc_reader final : public reader {
 public:
  explicit asc_reader(std::string_view content) : lines_(content) {}

  std::optional<record> next() override {
    while (problem_.empty()) {
      const auto line = lines_.next();
      if (!line) break;
      if (line->starts_with(asc_channel_comment)) note_channel(*line);
      const auto words = words_of(*line);
      if (words.size() >= 2 && words[0] == "base") note_base(words);
      const auto time = words.size() >= 3 ? time_of(words[0]) : std::nullopt;
      if (!time) continue;
      now_ = relative_ ? now_ + *time : instant{*time};
      record found{now_, {}, {}};
      switch (read(words, found)) {
        case kind::entry:
          return found;
        case kind::marker:
          break;
        case kind::other:
          ++passed_over_;
          break;
        case kind::wrong:
          if (!lines_.whole()) break;  // cut short
          problem_ = "line " + std::to_string(lines_.number()) + ": not a frame of ASC";
      }
    }
    return std::nullopt;
  }

 private:
  enum class kind : std::uint8_t {
    entry,
    marker,  ///< "Start of measurement": nothing of a bus
    other,   ///< of a bus, but no frame that was sent
    wrong,
  };

  void note_base(const std::vector<std::string_view>& words) {
    base_ = words[1] == "dec" ? 10 : 16;
    relative_ = words.back() == "relative";
  }

  void note_channel(std::string_view line) {
    line.remove_prefix(asc_channel_comment.size());
    const auto is = line.find(asc_channel_is);
    if (is == std::string_view::npos) return;
    if (const auto channel = number(line.substr(0, is), 10))
      names_[*channel] = line.substr(is + asc_channel_is.size());
  }

  /// A channel without a name is called as candump's interfaces are.
  bool set_bus(std::string_view word, record& into) const {
    const auto channel = number(word, 10);
    if (!channel || *channel == 0) return false;
    const auto known = names_.find(*channel);
    into.bus = known != names_.end() ? known->second : "can" + std::to_string(*channel - 1);
    return true;
  }

  bool set_identifier(std::string_view word, can::frame& f) const {
    const bool extended = !word.empty() && (word.back() == 'x' || word.back() == 'X');
    if (extended) word.remove_suffix(1);
    const auto value = number(word, base_);
    if (!value || *value > (extended ? can::identifier::extended_mask : can::identifier::standard_mask))
      return false;
    const auto id = static_cast<std::uint32_t>(*value);
    f.id = extended ? can::identifier::extended(id) : can::identifier::standard(id);
    return true;
  }

  static bool set_data(const std::vector<std::string_view>& words, std::size_t first, int base,
                       can::frame& f) {
    if (words.size() < first + f.length) return false;
    for (std::size_t i = 0; i < f.length; ++i) {
      const auto byte = number(words[first + i], base);
      if (!byte || *byte > 0xFF) return false;
      f.data[i] = static_cast<std::uint8_t>(*byte);
    }
    return true;
  }

  kind read(const std::vector<std::string_view>& words, record& into) const {
    if (words[1] == "CANFD") return read_fd(words, into);
    if (!set_bus(words[1], into)) return kind::marker;
    if (words[2] == "ErrorFrame") {
      into.error_classes = bus_error_class;
      return kind::entry;
    }
    return read_classic(words, into);
  }

  /// time channel id direction d dlc bytes
  kind read_classic(const std::vector<std::string_view>& words, record& into) const {
    if (words.size() < 5 || (words[3] != "Rx" && words[3] != "Tx")) return kind::other;
    auto& f = into.content;
    if (!set_identifier(words[2], f)) return kind::wrong;
    f.flags.remote = words[4] == "r";
    if (!f.flags.remote && words[4] != "d") return kind::other;
    if (words.size() == 5) return f.flags.remote ? kind::entry : kind::wrong;
    const auto dlc = number(words[5], 16);
    if (!dlc || *dlc > 15) return kind::wrong;
    f.length = static_cast<std::uint8_t>(std::min<std::uint64_t>(*dlc, can::max_classic_length));
    if (*dlc > can::max_classic_length) f.raw_dlc = static_cast<std::uint8_t>(*dlc);
    if (!f.flags.remote && !set_data(words, 6, base_, f)) return kind::wrong;
    return kind::entry;
  }

  /// time CANFD channel direction id [name] brs esi dlc length bytes duration bits flags ...
  kind read_fd(const std::vector<std::string_view>& words, record& into) const {
    if (words.size() < 9 || !set_bus(words[2], into)) return kind::wrong;
    if (words[3] != "Rx" && words[3] != "Tx") return kind::other;
    if (words[4] == "ErrorFrame") {
      into.error_classes = bus_error_class;
      return kind::entry;
    }
    auto& f = into.content;
    if (!set_identifier(words[4], f)) return kind::wrong;
    const std::size_t at = words[5] == "0" || words[5] == "1" ? 5 : 6;
    if (words.size() < at + 4) return kind::wrong;
    const auto dlc = number(words[at + 2], 16);
    const auto length = number(words[at + 3], 10);
    if (!dlc || *dlc > 15 || !length || *length > can::max_fd_length) return kind::wrong;
    f.length = static_cast<std::uint8_t>(*length);
    if (!set_data(words, at + 4, 16, f)) return kind::wrong;
    return set_flags(words, at, static_cast<std::uint8_t>(*dlc), f) ? kind::entry : kind::wrong;
  }

  /// Classic frames may be in CANFD lines, too: the flags behind the data say so.
  static bool set_flags(const std::vector<std::string_view>& words, std::size_t at, std::uint8_t dlc,
                        can::frame& f) {
    constexpr std::uint64_t rtr = 0x10;
    constexpr std::uint64_t fdf = 0x1000;
    const auto place = at + 4 + f.length + 2;
    const auto flags = words.size() > place ? number(words[place], 16) : std::nullopt;
    f.flags.fd = !flags || (*flags & fdf) != 0;
    if (!f.flags.fd) {
      if (f.length > can::max_classic_length) return false;
      f.flags.remote = (*flags & rtr) != 0;
      if (f.flags.remote) f.length = std::min<std::uint8_t>(dlc, can::max_classic_length);
      if (dlc > can::max_classic_length && f.length == can::max_classic_length) f.raw_dlc = dlc;
      return true;
    }
    f.flags.bit_rate_switch = words[at] == "1";
    f.flags.error_state_indicator = words[at + 1] == "1";
    return can::is_fd_length(f.length);
  }

  lines lines_;
  int base_ = 16;
  bool relative_ = false;
  instant now_{};
  std::map<std::uint64_t, std::string> names_;
};

}  // namespace

std::unique_ptr<reader> make_asc_reader(std::string_view content) {
  return std::make_unique<asc_reader>(content);
}

}  // namespace canstage::trace
