#include "tests/protocols/isotp/dialogue.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace canstage::isotp::test {

addressing usual_address() { return {rx_id, tx_id, functional_id, functional_id}; }

bytes from_hex(std::string_view text) {
  text_error error;
  auto data = parse_hex(text, error);
  if (!data) throw std::invalid_argument("not hex: " + std::string{text});
  return *std::move(data);
}

bytes counting(std::size_t length, std::uint8_t first) {
  bytes result(length);
  // 251 is prime: no two frames, and no two blocks of 256, look the same.
  for (std::size_t i = 0; i < length; ++i) result[i] = static_cast<std::uint8_t>((first + i) % 251);
  return result;
}

dialogue::dialogue(const parameters& settings, unsigned burst, const addressing& address)
    : settings_(settings),
      burst_(burst),
      machine_(address, std::make_shared<const parameters>(settings), burst) {}

std::string dialogue::seen() { return std::exchange(seen_, {}); }

void dialogue::receive(can::identifier id, std::string_view text) {
  receive(can::data_frame(id, from_hex(text)));
}

void dialogue::receive(const can::frame& f) {
  before_input();
  const std::size_t pci = machine_.address().rx_address_byte ? 1 : 0;
  segment_came_ = f.length > pci && (f.data[pci] >> 4) == 2;
  machine_.on_frame(now_, f);
  drain();
  segment_came_ = false;
}

void dialogue::confirm() {
  if (unconfirmed_.empty()) return;
  const sent oldest = unconfirmed_.front();
  unconfirmed_.pop_front();
  before_input();
  machine_.on_confirm(now_, oldest.token);
  drain();
}

void dialogue::confirm_all() {
  while (!unconfirmed_.empty()) confirm();
}

void dialogue::confirm_token(can::transmit_token token) {
  std::erase_if(unconfirmed_, [&](const sent& s) { return s.token == token; });
  before_input();
  machine_.on_confirm(now_, token);
  drain();
}

void dialogue::advance(duration by) {
  const instant end = now_ + by;
  while (machine_.deadline() <= end) {
    now_ = std::max(now_, machine_.deadline());
    wake();
  }
  now_ = end;
}

void dialogue::wake() {
  overdue_ = false;
  machine_.on_time(now_);
  drain();
}

void dialogue::request(std::string_view text, target_type target) { request(from_hex(text), target); }

void dialogue::request(bytes sdu, target_type target) {
  ++requests_;
  before_input();
  machine_.request(now_, std::move(sdu), target);
  drain();
}

void dialogue::reset() {
  before_input();
  machine_.reset();
  unconfirmed_.clear();
  confirms_ = requests_;
  ended_ = begun_;
  drain();
}

change_result dialogue::change(changeable_parameter which, std::uint32_t value) {
  before_input();
  const change_result result = machine_.change_parameter(now_, which, value);
  drain();
  return result;
}

void dialogue::misbehave(const misbehaviour& options) {
  behaves_ = false;
  machine_.misbehave(options);
}

void dialogue::drain() {
  do {
    while (const auto output = machine_.poll(now_)) handle(*output);
    if (holding_ || unconfirmed_.empty()) break;
    machine_.on_confirm(now_, unconfirmed_.front().token);
    unconfirmed_.pop_front();
  } while (true);

  check(!machine_.poll(now_), "an output after the last output");
  check(overdue_ || machine_.deadline() > now_, "a deadline that is over although all was polled");
  check(machine_.sending() == (confirms_ < requests_), "sending() while nothing is to be confirmed");
  if (settings_.compat.silent_interruption) return;
  check(machine_.receiving() == (ended_ < begun_), "receiving() while no message has begun");
}

void dialogue::handle(const event& e) {
  if (const auto* t = e.get_if<transmit>()) {
    on_transmit(*t);
  } else if (const auto* w = e.get_if<withdraw>()) {
    note("withdraw");
    const auto gone = std::erase_if(unconfirmed_, [&](const sent& s) { return s.token == w->token; });
    check(gone == 1, "a withdraw of what is not under way");
  } else if (const auto* c = e.get_if<isotp::confirm>()) {
    check(++confirms_ <= requests_, "more confirms than requests");
    note("confirm " + std::string{to_string(c->result)} +
         (c->target == target_type::functional ? " functional" : ""));
  } else if (const auto* ff = e.get_if<first_frame_indication>()) {
    if (settings_.compat.silent_interruption) ended_ = begun_;
    check(begun_++ == ended_, "a message begins inside another");
    check(ff->length <= settings_.max_sdu, "a message begins that is too long");
    note("begun " + std::to_string(ff->length));
  } else {
    on_indication(*e.get_if<indication>());
  }
}

void dialogue::on_transmit(const transmit& t) {
  const can::frame& f = t.content;
  const addressing& address = machine_.address();
  const bool is_physical = f.id == address.tx;
  const auto byte = is_physical ? address.tx_address_byte : address.functional_tx_address_byte;
  const bool is_flow_control = (f.data[byte ? 1 : 0] >> 4) == 3;
  if (byte) check(f.data[0] == *byte, "a frame with a wrong address byte");
  if (behaves_) check_frame(f);
  unconfirmed_.push_back({t.token, is_flow_control});
  const auto flow_controls = std::count_if(unconfirmed_.begin(), unconfirmed_.end(),
                                           [](const sent& s) { return s.is_flow_control; });
  const std::size_t own_data = unconfirmed_.size() - static_cast<std::size_t>(flow_controls);
  check(flow_controls <= 1, "two flow controls under way");
  check(own_data <= burst_, "more frames under way than the burst allows");

  std::string text = to_hex(f.payload());
  if (!is_physical) {
    char id[16];
    std::snprintf(id, sizeof id, f.id.is_extended() ? "%08X: " : "%03X: ", f.id.value());
    text = id + text;
  }
  note(text);
}

void dialogue::check_frame(const can::frame& f) const {
  check(f.length >= 2 && f.length <= settings_.tx_dl, "a frame that is empty or too long");
  check(!settings_.padding || f.length >= can::max_classic_length, "a frame without padding");
  check(f.flags.fd == (settings_.tx_dl > can::max_classic_length), "a frame of the wrong kind");
  check(f.flags.bit_rate_switch == settings_.bit_rate_switch, "a frame with the wrong BRS");
  check(can::is_fd_length(f.length), "a frame with a length that there is not");
}

void dialogue::on_indication(const indication& i) {
  if (i.result != n_result::n_ok) {
    check(++ended_ <= begun_, "a message ends that never began");
    check(i.sdu.empty(), "data of a message that failed");
    return note("received " + std::string{to_string(i.result)});
  }
  check(!i.sdu.empty(), "an empty message");
  if (segment_came_) check(++ended_ <= begun_, "a message ends that never began");
  note("received " + to_hex(i.sdu) + (i.target == target_type::functional ? " functional" : ""));
}

void dialogue::note(const std::string& text) {
  if (!seen_.empty()) seen_ += " | ";
  seen_ += text;
}

void dialogue::check(bool rule, const char* broken) const {
  if (!rule) throw std::logic_error(std::string{broken} + ", after: " + seen_);
}

}  // namespace canstage::isotp::test
