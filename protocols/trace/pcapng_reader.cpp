// Reads both byte orders and any resolution of times. Interfaces that are no SocketCAN are an error: what
// they hold would be missing from the trace without a word.
#include <vector>

#include "protocols/trace/formats.hpp"
#include "protocols/trace/pcapng.hpp"

namespace canstage::trace {

namespace {

struct interface {
  std::string name;
  std::uint64_t ticks_per_second = 1'000'000;
};

/// Part of the file, read in the section's byte order.
class view {
 public:
  view(std::string_view data, bool big_endian) : data_(data), big_endian_(big_endian) {}

  std::size_t size() const { return data_.size(); }
  std::uint8_t at(std::size_t offset) const { return static_cast<std::uint8_t>(data_[offset]); }
  view part(std::size_t offset, std::size_t count) const {
    return {data_.substr(std::min(offset, data_.size()), count), big_endian_};
  }
  std::string_view text() const { return data_; }

  std::uint32_t number(std::size_t offset, std::size_t width) const {
    return number(offset, width, big_endian_);
  }

  std::uint32_t number(std::size_t offset, std::size_t width, bool big_endian) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
      value |= static_cast<std::uint32_t>(at(offset + (big_endian ? width - 1 - i : i))) << 8 * i;
    return value;
  }

 private:
  std::string_view data_;
  bool big_endian_;
};

/// Calls `take(code, value)` for each option.
template <class Take>
void for_each_option(const view& options, Take take) {
  for (std::size_t at = 0; at + 4 <= options.size();) {
    const auto code = options.number(at, 2);
    const std::size_t length = options.number(at + 2, 2);
    if (code == pcapng::option_end || at + 4 + length > options.size()) return;
    take(code, options.part(at + 4, length).text());
    at += 4 + (length + 3) / 4 * 4;
  }
}

/// "if_tsresol": a power of 10, or with the highest bit a power of 2. 0: finer than can be counted.
std::uint64_t ticks_of(std::uint8_t resolution) {
  const unsigned exponent = resolution & 0x7F;
  const bool binary = (resolution & 0x80) != 0;
  if (exponent > (binary ? 63U : 19U)) return 0;
  std::uint64_t ticks = 1;
  for (unsigned i = 0; i < exponent; ++i) ticks *= binary ? 2 : 10;
  return ticks;
}

class pcapng_reader final : public reader {
 public:
  explicit pcapng_reader(std::string_view content) : content_(content) {}

  std::optional<record> next() override {
    while (problem_.empty() && content_.size() - at_ >= pcapng::block_overhead) {
      const auto start = at_;
      const auto type = block_type();
      if (!type) break;
      const std::size_t length = view{content_, big_endian_}.number(at_ + 4, 4);
      if (length < pcapng::block_overhead || length % 4 != 0) {
        fail("no block of pcapng");
        break;
      }
      if (length > content_.size() - at_) break;  // cut short
      const view body{content_.substr(at_ + 8, length - pcapng::block_overhead), big_endian_};
      at_ += length;
      record found{};
      if (take(*type, body, found)) return found;
      if (!problem_.empty()) problem_ = "byte " + std::to_string(start) + ": " + problem_;
    }
    if (at_ == 0 && problem_.empty()) fail("no pcapng file");
    return std::nullopt;
  }

 private:
  void fail(std::string text) { problem_ = std::move(text); }

  /// Also learns the byte order, where a section begins.
  std::optional<std::uint32_t> block_type() {
    const view all{content_, big_endian_};
    // The type of a section header reads the same from both sides.
    const auto type = all.number(at_, 4);
    if (type == pcapng::section_header) {
      const bool big = all.number(at_ + 8, 4, true) == pcapng::byte_order_magic;
      if (!big && all.number(at_ + 8, 4, false) != pcapng::byte_order_magic) {
        fail("a section of no byte order");
        return std::nullopt;
      }
      big_endian_ = big;
      interfaces_.clear();
    } else if (at_ == 0) {
      fail("no pcapng file");
      return std::nullopt;
    }
    return type;
  }

  bool take(std::uint32_t type, const view& body, record& into) {
    switch (type) {
      case pcapng::section_header:
        return false;
      case pcapng::interface_description:
        add_interface(body);
        return false;
      case pcapng::enhanced_packet:
        return read_packet(body, into);
      default:
        ++passed_over_;
        return false;
    }
  }

  void add_interface(const view& body) {
    if (body.size() < 8) return fail("an interface without a link type");
    if (const auto type = body.number(0, 2); type != pcapng::link_type_socketcan)
      return fail("an interface of link type " + std::to_string(type) + ", only SocketCAN (227) can be read");
    interface found;
    found.name = "can" + std::to_string(interfaces_.size());
    for_each_option(body.part(8, body.size()), [&](std::uint32_t code, std::string_view value) {
      if (code == pcapng::option_name && !value.empty()) found.name = value;
      if (code == pcapng::option_time_resolution && value.size() == 1)
        found.ticks_per_second = ticks_of(static_cast<std::uint8_t>(value[0]));
    });
    if (found.ticks_per_second == 0) return fail("an interface with times too fine to be counted");
    interfaces_.push_back(std::move(found));
  }

  bool read_packet(const view& body, record& into) {
    if (body.size() < 20 || body.number(0, 4) >= interfaces_.size()) {
      fail("a packet of no interface");
      return false;
    }
    const auto& where = interfaces_[body.number(0, 4)];
    const std::size_t size = body.number(12, 4);
    if (20 + size > body.size()) {
      fail("a packet longer than its block");
      return false;
    }
    into.bus = where.name;
    if (!read_time(std::uint64_t{body.number(4, 4)} << 32 | body.number(8, 4), where, into.time) ||
        !read_frame(body.part(20, size), into)) {
      ++passed_over_;
      return false;
    }
    for_each_option(body.part(20 + (size + 3) / 4 * 4, body.size()),
                    [&](std::uint32_t code, std::string_view value) {
                      if (code != pcapng::option_comment) return;
                      if (!into.comment.empty()) into.comment += "; ";
                      into.comment += value;
                    });
    return true;
  }

  static bool read_time(std::uint64_t ticks, const interface& where, instant& time) {
    constexpr std::uint64_t last_second = 9'000'000'000;
    const auto seconds = ticks / where.ticks_per_second;
    if (seconds > last_second) return false;
    const auto rest = static_cast<double>(ticks % where.ticks_per_second);
    // Exact for powers of ten up to nanoseconds; finer ones are rounded down.
    std::uint64_t nanoseconds = 0;
    if (1'000'000'000 % where.ticks_per_second == 0) {
      nanoseconds = ticks % where.ticks_per_second * (1'000'000'000 / where.ticks_per_second);
    } else {
      nanoseconds = static_cast<std::uint64_t>(rest / static_cast<double>(where.ticks_per_second) * 1e9);
    }
    time = instant{std::chrono::seconds{static_cast<std::int64_t>(seconds)} +
                   duration{static_cast<std::int64_t>(nanoseconds)}};
    return true;
  }

  /// CAN XL and frames that cannot be are passed over.
  static bool read_frame(const view& packet, record& into) {
    if (packet.size() < pcapng::frame_header) return false;
    const auto id = packet.number(0, 4, true);
    const std::size_t length = packet.at(4);
    const auto flags = packet.at(5);
    constexpr std::uint8_t xl = 0x80;
    if ((flags & xl) != 0) return false;
    auto& f = into.content;
    // Before there was a flag for it, FD frames were known by their size.
    constexpr std::size_t fd_size = pcapng::frame_header + can::max_fd_length;
    f.flags.fd = (flags & pcapng::flag_fdf) != 0 || packet.size() == fd_size;
    f.flags.bit_rate_switch = f.flags.fd && (flags & pcapng::flag_brs) != 0;
    f.flags.error_state_indicator = f.flags.fd && (flags & pcapng::flag_esi) != 0;
    f.flags.remote = (id & pcapng::remote_flag) != 0;
    if (f.flags.fd ? !can::is_fd_length(length) || f.flags.remote : length > can::max_classic_length)
      return false;
    if (!f.flags.remote && packet.size() < pcapng::frame_header + length) return false;
    f.length = static_cast<std::uint8_t>(length);
    for (std::size_t i = 0; i < length && !f.flags.remote; ++i)
      f.data[i] = packet.at(pcapng::frame_header + i);
    if ((id & pcapng::error_flag) != 0) {
      into.error_classes = id & can::identifier::extended_mask;
      return into.error_classes != 0;
    }
    const bool extended = (id & can::identifier::extended_flag) != 0;
    if (!extended && (id & can::identifier::extended_mask) > can::identifier::standard_mask) return false;
    f.id = extended ? can::identifier::extended(id) : can::identifier::standard(id);
    const auto raw = packet.at(7);
    if (!f.flags.fd && length == can::max_classic_length && raw > can::max_classic_length && raw <= 15)
      f.raw_dlc = raw;
    return true;
  }

  std::string_view content_;
  std::size_t at_ = 0;
  bool big_endian_ = false;
  std::vector<interface> interfaces_;
};

}  // namespace

std::unique_ptr<reader> make_pcapng_reader(std::string_view content) {
  return std::make_unique<pcapng_reader>(content);
}

}  // namespace canstage::trace
