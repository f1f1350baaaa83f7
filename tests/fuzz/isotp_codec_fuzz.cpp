// The codec of ISO-TP's frames: what is read lies within the frame and within the rules, and what is
// written is read again as it was, whatever the settings.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "protocols/isotp/n_pdu.hpp"

namespace canstage::isotp {

namespace {

constexpr std::array<std::uint8_t, 8> lengths = {8, 12, 16, 20, 24, 32, 48, 64};
constexpr std::size_t head = 3;

void require(bool rule) {
  if (!rule) std::abort();
}

parameters settings_of(byte_view input) {
  parameters settings;
  settings.tx_dl = lengths[input[0] & 7];
  settings.check_padding = static_cast<padding_check>(input[0] >> 3 & 3);
  if (input[0] & 0x20) settings.padding.reset();
  settings.compat.loose_sf_length = input[1] & 1;
  settings.compat.escape_in_8_bytes = input[1] & 2;
  settings.compat.missing_escape = input[1] & 4;
  settings.compat.small_32_bit_ff_dl = input[1] & 8;
  settings.compat.ff_dl = static_cast<smallest_ff_dl>(input[1] >> 4 & 3U ? (input[1] >> 4 & 3) - 1 : 0);
  return settings;
}

bool within(byte_view part, received_frame f) {
  return part.data() > f.data().data() && part.data() + part.size() <= f.data().data() + f.data().size();
}

void read_all(received_frame f, const parameters& settings) {
  if (const auto sf = read_single(f, settings)) require(!sf->empty() && within(*sf, f));
  if (const auto ff = read_first(f, settings)) {
    require(ff->ff_dl > 0 && within(ff->data, f) && can::is_fd_length(f.can_dl()));
  }
  if (const auto fc = read_flow_control(f, settings)) require(static_cast<unsigned>(fc->fs) <= 0xF);
}

received_frame received(const can::frame& f, const n_address& to, const parameters& settings) {
  require(f.length <= settings.tx_dl && can::is_fd_length(f.length));
  require(f.flags.fd == (settings.tx_dl > 8));
  if (to.byte) require(f.data[0] == *to.byte);
  return {f.payload(), to.bytes()};
}

void write_all(byte_view sdu, const n_address& to, const parameters& settings) {
  const std::size_t single = single_capacity(settings.tx_dl, to.bytes());
  can::frame frame;
  if (sdu.size() <= single) {
    write_single(frame, to, sdu, settings);
    const auto sf = read_single(received(frame, to, settings), settings);
    require(sf && std::ranges::equal(*sf, sdu));
  } else {
    const auto ff_dl = static_cast<std::uint32_t>(sdu.size());
    write_first(frame, to, ff_dl, sdu, settings);
    const auto ff = read_first(received(frame, to, settings), settings);
    require(ff && ff->ff_dl == ff_dl);
    require(std::ranges::equal(ff->data, sdu.first(first_capacity(settings.tx_dl, to.bytes(), ff_dl))));
  }
  const std::size_t capacity = consecutive_capacity(settings.tx_dl, to.bytes());
  frame = can::frame{};
  const byte_view part = sdu.first(std::min(sdu.size(), capacity));
  write_consecutive(frame, to, 7, part, settings);
  const received_frame cf = received(frame, to, settings);
  require(cf.type() == pci_type::consecutive && cf.pdu().size() > part.size());
  require(std::ranges::equal(cf.pdu().subspan(1, part.size()), part));
  require(padding_as_demanded(cf, to.bytes() + 1 + part.size(), settings));
}

}  // namespace

}  // namespace canstage::isotp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace canstage;
  using namespace canstage::isotp;
  if (size <= head) return 0;
  const byte_view input{data, size};
  const parameters settings = settings_of(input);
  n_address to{can::identifier::standard(0x7E0), {}};
  if (input[0] & 0x40) to.byte = input[2];
  const byte_view rest = input.subspan(head);
  if (rest.size() <= can::max_fd_length && rest.size() > to.bytes()) {
    read_all({rest, to.bytes()}, settings);
  }
  write_all(rest, to, settings);
  return 0;
}
