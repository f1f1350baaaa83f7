// Little endian, as all readers take it. Times are nanoseconds.
#include <cassert>
#include <utility>

#include "protocols/bytes.hpp"
#include "protocols/trace/formats.hpp"
#include "protocols/trace/pcapng.hpp"

namespace canstage::trace {

namespace {

/// One block under construction at the end of a text.
class block {
 public:
  block(std::string& out, std::uint32_t type) : out_(out), start_(out.size()) {
    put32(type);
    put32(0);  // the length, known at the end
  }

  void put8(std::uint32_t value) { out_ += static_cast<char>(value & 0xFF); }

  void put16(std::uint32_t value) {
    put8(value);
    put8(value >> 8);
  }

  void put32(std::uint32_t value) {
    put16(value);
    put16(value >> 16);
  }

  void put32_big_endian(std::uint32_t value) {
    for (unsigned shift = 32; shift > 0; shift -= 8) put8(value >> (shift - 8));
  }

  void put_text(std::string_view text) { out_ += text; }

  void pad() {
    while ((out_.size() - start_) % 4 != 0) put8(0);
  }

  void put_option(std::uint16_t code, std::string_view value) {
    constexpr std::size_t longest = 0xFFFF;
    value = value.substr(0, longest);
    put16(code);
    put16(static_cast<std::uint32_t>(value.size()));
    put_text(value);
    pad();
    has_options_ = true;
  }

  void end() {
    if (has_options_) {
      put16(pcapng::option_end);
      put16(0);
    }
    const auto length = static_cast<std::uint32_t>(out_.size() - start_ + 4);
    for (unsigned i = 0; i < 4; ++i) out_[start_ + 4 + i] = static_cast<char>(length >> 8 * i & 0xFF);
    put32(length);
  }

 private:
  std::string& out_;
  std::size_t start_;
  bool has_options_ = false;
};

class pcapng_writer final : public writer {
 public:
  void begin(std::string& out) override {
    block section{out, pcapng::section_header};
    section.put32(pcapng::byte_order_magic);
    section.put16(1);
    section.put16(0);
    section.put32(0xFFFF'FFFF);  // the section's length is not known
    section.put32(0xFFFF'FFFF);
    section.put_option(pcapng::option_application, "canstage");
    section.end();
  }

  void add_bus(std::string& out, std::string_view name) override {
    block description{out, pcapng::interface_description};
    description.put16(pcapng::link_type_socketcan);
    description.put16(0);
    description.put32(0);  // frames are never cut
    description.put_option(pcapng::option_name, name);
    description.put_option(pcapng::option_time_resolution, "\x09");
    description.end();
  }

  void add(std::string& out, const entry& what) override {
    assert(what.time >= instant{});
    const auto time = static_cast<std::uint64_t>(what.time.time_since_epoch().count());
    const auto& f = what.content;
    const bool error = what.error_classes != 0;
    const auto payload = error ? byte_view{f.data.data(), can::max_classic_length} : byte_view{f.payload()};
    const auto size = static_cast<std::uint32_t>(pcapng::frame_header + payload.size());
    block packet{out, pcapng::enhanced_packet};
    packet.put32(what.bus);
    packet.put32(static_cast<std::uint32_t>(time >> 32));
    packet.put32(static_cast<std::uint32_t>(time));
    packet.put32(size);
    packet.put32(size);
    packet.put32_big_endian(error ? pcapng::error_flag | what.error_classes
                                  : f.id.raw() | (f.flags.remote ? pcapng::remote_flag : 0));
    packet.put8(error ? can::max_classic_length : f.length);
    packet.put8(error ? 0 : flags_of(f));
    packet.put8(0);
    packet.put8(error ? 0 : f.raw_dlc);
    for (const auto byte : payload) packet.put8(byte);
    packet.pad();
    if (!what.comment.empty()) packet.put_option(pcapng::option_comment, what.comment);
    for (const auto& one : std::exchange(remarks_, {})) packet.put_option(pcapng::option_comment, one);
    packet.end();
  }

  /// Becomes a comment of the next packet: there are no packets without a frame.
  void remark(std::string&, instant, std::string_view text) override { remarks_.emplace_back(text); }

  void end(std::string&) override {}

 private:
  static std::uint32_t flags_of(const can::frame& f) {
    if (!f.flags.fd) return 0;
    return pcapng::flag_fdf | (f.flags.bit_rate_switch ? pcapng::flag_brs : 0U) |
           (f.flags.error_state_indicator ? pcapng::flag_esi : 0U);
  }

  std::vector<std::string> remarks_;
};

}  // namespace

std::unique_ptr<writer> make_pcapng_writer() { return std::make_unique<pcapng_writer>(); }

}  // namespace canstage::trace
