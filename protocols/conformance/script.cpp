#include "protocols/conformance/script.hpp"

#include <cassert>
#include <utility>

#include "protocols/conformance/layout.hpp"

namespace canstage::conformance {

namespace {

bytes read(std::string_view text) {
  text_error problem;
  auto data = parse_hex(text, problem);
  assert(data && "the text of a script is hex");
  return *std::move(data);
}

}  // namespace

bytes script::new_message(std::size_t length) {
  bytes sdu(length);
  // 251 is prime: no two frames, and no two blocks of 256, look the same.
  const std::size_t first = 37U * ++messages_;
  for (std::size_t i = 0; i < length; ++i) sdu[i] = static_cast<std::uint8_t>((first + i) % 251);
  return sdu;
}

can::frame script::frame_of(const bytes& n_pdu, bool filled, std::uint8_t fill) const {
  bytes data;
  if (known_.address.tx_address_byte) data.push_back(*known_.address.tx_address_byte);
  data.insert(data.end(), n_pdu.begin(), n_pdu.end());
  if (filled && data.size() < 8) data.resize(8, fill);
  if (known_.fd()) return can::fd_frame(known_.address.tx, data, known_.bit_rate_switch, fill);
  return can::data_frame(known_.address.tx, data);
}

script& script::send(std::string_view n_pdu) {
  transmit(frame_of(read(n_pdu), true));
  return *this;
}

script& script::send_as_is(std::string_view n_pdu) {
  transmit(frame_of(read(n_pdu), false));
  return *this;
}

script& script::send_astray(std::string_view n_pdu, astray how) {
  can::frame f = frame_of(read(n_pdu), true);
  switch (how) {
    case astray::functional:
      f.id = known_.address.functional_tx.value_or(f.id);
      if (known_.address.functional_tx_address_byte) f.data[0] = *known_.address.functional_tx_address_byte;
      break;
    case astray::other_id: {
      const auto beside = [&](std::uint32_t bit) {
        const std::uint32_t value = f.id.value() ^ bit;
        return f.id.is_extended() ? can::identifier::extended(value) : can::identifier::standard(value);
      };
      f.id =
          beside(1) == known_.address.rx || beside(1) == known_.address.functional_tx ? beside(2) : beside(1);
      break;
    }
    case astray::other_address:
      f.data[0] ^= 0xFF;
      break;
    case astray::other_format:
      f.id = f.id.is_extended() ? can::identifier::standard(f.id.value())
                                : can::identifier::extended(f.id.value());
      break;
    case astray::remote:
      f.flags = {};
      f.flags.remote = true;
      f.length = 8;
      break;
    case astray::other_kind:
      f.flags = {};
      break;
  }
  transmit(f);
  return *this;
}

script& script::single(std::size_t length, std::uint8_t fill) {
  bytes sdu = new_message(length);
  transmit(frame_of(layout(sdu, known_.address_bytes_out(), known_.tx_dl).front(), true, fill));
  echoes_.push_back(std::move(sdu));
  return *this;
}

script& script::single_astray(std::size_t length, astray how) {
  bytes sdu = new_message(length);
  send_astray(to_hex(layout(sdu, known_.address_bytes_out(), known_.tx_dl).front()), how);
  echoes_.push_back(std::move(sdu));
  return *this;
}

script& script::begin(std::size_t length, std::size_t rx_dl) {
  outgoing_sdu_ = new_message(length);
  outgoing_ = segmented_layout(outgoing_sdu_, known_.address_bytes_out(), rx_dl == 0 ? known_.tx_dl : rx_dl);
  sent_ = 1;
  transmit(frame_of(outgoing_.front(), true));
  steps_.emplace_back(flow_control_step{});
  return *this;
}

script& script::go_on(std::size_t count) {
  for (std::size_t i = 0; i < count && sent_ < outgoing_.size(); ++i) {
    steps_.emplace_back(send_step{frame_of(outgoing_[sent_++], true), true});
    if (sent_ < outgoing_.size()) steps_.emplace_back(flow_control_step{true});
  }
  if (sent_ == outgoing_.size() && !outgoing_sdu_.empty())
    echoes_.push_back(std::exchange(outgoing_sdu_, {}));
  return *this;
}

script& script::cut(std::size_t can_dl) {
  bytes part = outgoing_.at(sent_);
  part.resize(can_dl - known_.address_bytes_out());
  transmit(frame_of(part, false));
  return *this;
}

script& script::stretch(std::size_t can_dl) {
  bytes whole = outgoing_.at(sent_);
  whole.resize(can_dl - known_.address_bytes_out(), 0xCC);
  transmit(frame_of(whole, false));
  return *this;
}

script& script::misnumber(std::uint8_t sn) {
  bytes whole = outgoing_.at(sent_);
  whole[0] = 0x20 | sn;
  transmit(frame_of(whole, true));
  return *this;
}

script& script::repeat() {
  transmit(frame_of(outgoing_.at(sent_ - 1), true));
  return *this;
}

script& script::finish() { return go_on(outgoing_.size()); }

script& script::finish_in_vain() {
  while (sent_ < outgoing_.size()) transmit(frame_of(outgoing_[sent_++], true));
  outgoing_sdu_.clear();
  return *this;
}

script& script::message(std::size_t length) {
  const bool segmented =
      length > (known_.fd() ? known_.tx_dl - known_.address_bytes_out() - 2 : 7 - known_.address_bytes_out());
  return segmented ? begin(length).finish() : single(length);
}

script& script::silent(duration time) {
  steps_.emplace_back(silence_step{time});
  return *this;
}

script& script::receive(std::string_view n_pci, std::string_view name) {
  steps_.emplace_back(receive_step{read(n_pci), name, {}, true});
  return *this;
}

script& script::echo_begins() {
  incoming_ = layout(echoes_.front(), known_.address_bytes_in(), known_.tx_dl);
  echoes_.pop_front();
  received_ = 1;
  steps_.emplace_back(
      receive_step{incoming_.front(), incoming_.size() == 1 ? "SF of the echo" : "FF of the echo"});
  return *this;
}

script& script::echo_goes_on(std::size_t count, duration gap) {
  for (std::size_t i = 0; i < count && received_ < incoming_.size(); ++i)
    steps_.emplace_back(receive_step{incoming_[received_++], "CF of the echo", i == 0 ? duration{} : gap});
  return *this;
}

script& script::echo_ends(duration gap) { return echo_goes_on(incoming_.size(), gap); }

script& script::echoed() {
  if (known_.echoes == false) return forget();
  echo_begins();
  if (incoming_.size() > 1) send("30 00 00").echo_ends();
  return *this;
}

script& script::forget() {
  if (!echoes_.empty()) echoes_.pop_front();
  return *this;
}

script& script::alive() {
  if (known_.echoes == false) return message(known_.longest_single() + 1).forget();
  return single(2).echoed();
}

script& script::check(check_step what) {
  steps_.emplace_back(what);
  return *this;
}

}  // namespace canstage::conformance
