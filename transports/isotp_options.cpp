#include "transports/isotp_options.hpp"

#include <linux/can.h>
#include <linux/can/isotp.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>

#include "protocols/can/frame.hpp"

namespace canstage::transports {

namespace {

using namespace std::chrono_literals;

/// Filler of a receiver that has none of its own to send.
constexpr std::uint8_t usual_filler = 0xCC;

/// The time between CFs has 32 bits of nanoseconds.
constexpr duration longest_gap = 4s;

bool is_fd(std::uint8_t tx_dl) { return tx_dl > can::max_classic_length; }

/// "500 ms", "0.5 ms".
std::string in_milliseconds(duration time) {
  std::array<char, 32> text{};
  const std::chrono::duration<double, std::milli> value = time;
  const int length = std::snprintf(text.data(), text.size(), "%.6g ms", value.count());
  return {text.data(), static_cast<std::size_t>(length)};
}

/// Rules of `check_padding` in the kernel's flags.
std::uint32_t padding_flags(const isotp::parameters& settings) {
  using isotp::padding_check;
  const auto check = settings.check_padding;
  std::uint32_t flags = settings.padding ? CAN_ISOTP_TX_PADDING : 0U;
  // Without RX_PADDING a frame has to have the shortest length.
  const bool padded = settings.padding || check == padding_check::byte;
  if (check != padding_check::none && padded) flags |= CAN_ISOTP_RX_PADDING;
  if (check == padding_check::length || check == padding_check::both) flags |= CAN_ISOTP_CHK_PAD_LEN;
  if (check == padding_check::byte || (check == padding_check::both && padded))
    flags |= CAN_ISOTP_CHK_PAD_DATA;
  return flags;
}

void add_addresses(const isotp::addressing& address, std::vector<std::string>& found) {
  if (address.rx_address_byte.has_value() != address.tx_address_byte.has_value())
    found.emplace_back("an address byte in one direction only");
  if (address.rx == address.tx) found.emplace_back("one identifier in both directions");
}

/// Timers that cannot be set. (N_As and N_Ar are 2 s there, which nobody sees on a bus that works.)
void add_timers(const isotp::parameters& settings, std::vector<std::string>& found) {
  const isotp::parameters usual;
  const auto fixed = [&](const char* name, duration wanted, duration there) {
    if (wanted != there) found.push_back(std::string{name} + ' ' + in_milliseconds(wanted));
  };
  fixed("n_as", settings.n_as, usual.n_as);
  fixed("n_ar", settings.n_ar, usual.n_ar);
  fixed("n_bs", settings.n_bs, usual.n_bs);
  fixed("n_cr", settings.n_cr, usual.n_cr);
  fixed("n_br", settings.n_br, usual.n_br);
  if (settings.n_cs >= longest_gap) fixed("n_cs", settings.n_cs, 0s);
}

/// What it takes is one number for the whole machine; only a limit that somebody means is a wish.
void add_longest(std::uint32_t max_sdu, std::uint32_t longest, std::vector<std::string>& found) {
  const isotp::parameters usual;
  if (max_sdu > longest || max_sdu < usual.max_sdu)
    found.push_back("max_sdu " + std::to_string(max_sdu) + " (there it is " + std::to_string(longest) + ')');
}

}  // namespace

isotp_options options_for(const isotp_wish& wish) {
  const auto& address = wish.address;
  const auto& settings = wish.settings;
  const auto tx = wish.only_functional ? *address.functional_tx : address.tx;
  const auto tx_byte = wish.only_functional ? address.functional_tx_address_byte : address.tx_address_byte;
  isotp_options made;
  made.rx_id = address.rx.raw();
  made.tx_id = tx.raw();
  made.flags = padding_flags(settings);
  if (wish.only_functional) made.flags |= CAN_ISOTP_SF_BROADCAST;
  if (tx_byte) {
    made.flags |= CAN_ISOTP_EXTEND_ADDR;
    made.ext_address = *tx_byte;
  }
  if (!wish.only_functional && address.rx_address_byte && address.rx_address_byte != tx_byte) {
    made.flags |= CAN_ISOTP_RX_EXT_ADDR;
    made.rx_ext_address = *address.rx_address_byte;
  }
  if (settings.duplex == isotp::duplex_mode::half) made.flags |= CAN_ISOTP_HALF_DUPLEX;
  made.txpad = made.rxpad = settings.padding.value_or(usual_filler);
  const auto gap = static_cast<std::uint32_t>(settings.n_cs.count());
  made.frame_txtime = gap == 0 ? CAN_ISOTP_FRAME_TXTIME_ZERO : gap;
  made.bs = settings.bs;
  made.stmin = settings.stmin.code();
  made.wftmax = settings.n_wft_max;
  made.mtu = is_fd(settings.tx_dl) ? CANFD_MTU : CAN_MTU;
  made.tx_dl = settings.tx_dl;
  made.tx_flags = settings.bit_rate_switch ? CANFD_BRS : 0;
  return made;
}

std::vector<std::string> beyond_kernel(const isotp_wish& wish, std::uint32_t longest) {
  const auto& settings = wish.settings;
  std::vector<std::string> found;
  if (!wish.only_functional) {
    add_addresses(wish.address, found);
    add_timers(settings, found);
    add_longest(settings.max_sdu, longest, found);
  }
  const auto cts = [](isotp::flow_status fs) { return fs == isotp::flow_status::cts; };
  if (!std::ranges::all_of(settings.flow_control.answers, cts))
    found.emplace_back("flow_control other than cts");
  if (settings.accepted_waits) found.emplace_back("accepted_waits (there it is any)");
  if (settings.check_padding == isotp::padding_check::both && !settings.padding)
    found.emplace_back("check_padding both without padding");
  if (settings.compat != isotp::compatibility::iso() && settings.compat != isotp::compatibility::linux_6_1())
    found.emplace_back("compatibility other than linux");
  for (const auto peer : wish.peer_tx_dl) {
    if (is_fd(peer) == is_fd(settings.tx_dl)) continue;
    found.push_back(is_fd(peer) ? "a peer that sends CAN FD frames, with a tx_dl of 8"
                                : "a peer that sends classic frames, with a tx_dl above 8");
    break;
  }
  return found;
}

std::uint32_t longest_kernel_pdu() {
  // From Linux 6.4 on it can be set; before, it was 66,000 bytes, and up to 5.17 what 12 bits can say.
  std::uint32_t longest = 0;
  if (std::ifstream in{"/sys/module/can_isotp/parameters/max_pdu_size"}; in >> longest) return longest;
  utsname kernel{};
  int major = 0;
  int minor = 0;
  const bool known = uname(&kernel) == 0 && std::sscanf(kernel.release, "%d.%d", &major, &minor) == 2;
  return known && (major < 5 || (major == 5 && minor < 18)) ? 4095 : 66'000;
}

isotp_failure failure_of(int error_number) {
  using isotp::error_side;
  using isotp::n_result;
  switch (error_number) {
    case ETIMEDOUT:
      return {error_side::receiving, n_result::n_timeout_cr};
    case EILSEQ:
      return {error_side::receiving, n_result::n_wrong_sn};
    case EBADMSG:
      return {error_side::either, n_result::n_invalid_fs};
    case ECOMM:
      return {error_side::sending, n_result::n_timeout_bs};
    case EMSGSIZE:
      return {error_side::sending, n_result::n_buffer_ovflw};
    default:
      return {error_side::sending, n_result::n_error};
  }
}

}  // namespace canstage::transports
