#include "protocols/conformance/player.hpp"

#include <algorithm>
#include <utility>

#include "protocols/isotp/st_min.hpp"

namespace canstage::conformance {

namespace {

/// N_As of the driver: its frames get onto the bus by then, or the bus is not usable.
constexpr duration n_as = std::chrono::seconds{1};

/// More FC.WAIT in a row than any N_WFTmax can allow.
constexpr std::size_t longest_wait = 255;

std::string short_hex(byte_view data) {
  constexpr std::size_t shown = 16;
  if (data.size() <= shown) return to_hex(data);
  return to_hex(data.first(shown)) + " .. (" + std::to_string(data.size()) + " bytes)";
}

}  // namespace

player::player(const setting& known, script what, instant now, can::transmit_token first_token,
               complaints said)
    : known_(known),
      script_(std::move(what)),
      said_(said),
      now_(now),
      last_frame_(now),
      mark_(now),
      next_token_(first_token) {
  found_.began = now;
  play();
}

void player::on_frame(instant now, const heard_frame& f) {
  now_ = std::max(now_, now);
  last_frame_ = std::max(last_frame_, f.end);
  inbox_.push_back(f);
  found_.frames.add({f.end, true, f.content});
  play();
}

void player::on_confirm(instant now, can::transmit_token token) {
  if (!under_way_ || token + 1 != next_token_ || over_) return;
  now_ = std::max(now_, now);
  mark_ = std::max(mark_, now);
  last_frame_ = std::max(last_frame_, now);
  under_way_ = false;
  const auto& sent = std::get<send_step>(script_.steps()[next_step_]);
  found_.frames.add({now, false, sent.content});
  if (sent.consecutive) {
    ++sent_in_block_;
    last_consecutive_ = now;
    in_block_ = true;
  }
  ++next_step_;
  play();
}

void player::on_time(instant now) {
  now_ = std::max(now_, now);
  play();
}

std::optional<request> player::poll() { return std::exchange(out_, std::nullopt); }

instant player::deadline() const {
  if (over_ || next_step_ == script_.steps().size()) return never;
  if (under_way_) return mark_ + n_as;
  const auto& current = script_.steps()[next_step_];
  if (std::holds_alternative<send_step>(current)) return last_consecutive_ + st_min_;
  if (const auto* silence = std::get_if<silence_step>(&current)) return mark_ + silence->time;
  if (const auto* frame = std::get_if<receive_step>(&current))
    return mark_ + frame->gap + known_.allowed.response;
  return mark_ + known_.allowed.response;
}

void player::play() {
  while (!over_ && next_step_ < script_.steps().size()) {
    if (under_way_) {
      if (now_ < mark_ + n_as) return;
      out_ = isotp::withdraw{next_token_ - 1};
      under_way_ = false;
      fail("the driver's own frame on the bus within " + time_text(n_as), "no confirmation");
      return;
    }
    const course now_on =
        std::visit([this](const auto& what) { return play(what); }, script_.steps()[next_step_]);
    if (now_on == course::waiting || over_) return;
    ++next_step_;
  }
  if (over_) return;
  if (!inbox_.empty()) {
    unexpected("nothing more");
  } else if ((said_.values || play(check_step::values) == course::done) &&
             (said_.lengths || play(check_step::lengths) == course::done)) {
    end(true);
  }
}

player::course player::play(const send_step& what) {
  if (!inbox_.empty())
    return unexpected(what.consecutive ? "no frame before the next CF is sent" : "nothing");
  if (what.consecutive && in_block_ && now_ < last_consecutive_ + st_min_) return course::waiting;
  mark_ = std::max(mark_, now_);
  under_way_ = true;
  out_ = isotp::transmit{next_token_++, what.content};
  return course::waiting;
}

bool player::in_time(std::string expected, duration within) {
  expected += " within " + time_text(within);
  if (inbox_.empty()) {
    if (now_ >= mark_ + within) fail(std::move(expected), "nothing");
    return false;
  }
  if (inbox_.front().end <= mark_ + within) return true;
  unexpected(std::move(expected));
  return false;
}

player::course player::play(const flow_control_step& what) {
  const bool block_ended = bs_ != 0 && sent_in_block_ >= bs_;
  if (what.if_block_ended && !block_ended) return course::done;
  if (!in_time("FC.CTS (30 *)", known_.allowed.response)) return course::waiting;
  const heard_frame f = inbox_.front();
  const byte_view n_pdu = n_pdu_of(f.content);
  if (n_pdu.size() < 3 || (n_pdu[0] != 0x30 && n_pdu[0] != 0x31)) return unexpected("FC.CTS (30 *)");
  inbox_.pop_front();
  return on_flow_control(f, n_pdu);
}

player::course player::on_flow_control(const heard_frame& f, byte_view n_pdu) {
  mark_ = f.end;
  last_heard_ = f.end;
  note_filling(f.content, 3 + known_.address_bytes_in());
  if (n_pdu[0] == 0x31) {
    if (++waits_ > longest_wait) return fail("FC.CTS after at most 255 FC.WAIT", "one more");
    return play(flow_control_step{});
  }
  bs_ = n_pdu[1];
  st_min_ = isotp::st_min::from_code(n_pdu[2]).time();
  const bool reserved = (n_pdu[2] >= 0x80 && n_pdu[2] <= 0xF0) || n_pdu[2] >= 0xFA;
  if (reserved) bad_value_ = "the reserved STmin " + to_hex(n_pdu.subspan(2, 1));
  sent_in_block_ = 0;
  in_block_ = false;
  return course::done;
}

player::course player::play(const receive_step& what) {
  std::string expected{what.name};
  expected += " (" + short_hex(what.values) + (what.any_after_pci ? " *)" : ")");
  const duration within = what.gap + known_.allowed.response;
  if (!in_time(expected, within)) return course::waiting;
  const heard_frame f = inbox_.front();
  const byte_view n_pdu = n_pdu_of(f.content);
  const bool long_enough = n_pdu.size() >= what.values.size();
  if (!long_enough || !std::equal(what.values.begin(), what.values.end(), n_pdu.begin()))
    return unexpected(std::move(expected));
  if (what.gap > duration::zero() && last_heard_) {
    const duration gap = f.start - *last_heard_;
    if (gap + known_.allowed.resolution < what.gap)
      return fail(expected + " no earlier than " + time_text(what.gap) + " behind the frame before",
                  "it after " + time_text(gap));
  }
  inbox_.pop_front();
  mark_ = f.end;
  last_heard_ = f.end;
  if (!what.any_after_pci) note_filling(f.content, what.values.size() + known_.address_bytes_in());
  return course::done;
}

player::course player::play(const silence_step& what) {
  const instant end_of_silence = mark_ + what.time;
  if (!inbox_.empty() && inbox_.front().end <= end_of_silence)
    return unexpected("nothing for " + time_text(what.time));
  if (now_ < end_of_silence) return course::waiting;
  mark_ = end_of_silence;
  return course::done;
}

player::course player::play(check_step what) {
  switch (what) {
    case check_step::lengths:
      if (!filling_.broken.empty())
        return fail("fillers in all frames or in none, one byte", filling_.broken);
      break;
    case check_step::values:
      if (!bad_value_.empty()) return fail("an FC without reserved values", bad_value_);
      break;
    case check_step::waited:
      if (waits_ > 0) break;
      found_.obstacle = "the stack sent no FC.WAIT, and nothing from outside can make it";
      end(true);
      return course::waiting;
  }
  return course::done;
}

byte_view player::n_pdu_of(const can::frame& f) const {
  const byte_view data = f.payload();
  return data.size() < known_.address_bytes_in() ? byte_view{} : data.subspan(known_.address_bytes_in());
}

void player::note_filling(const can::frame& f, std::size_t used) {
  if (!filling_.broken.empty()) return;
  const auto break_with = [&](const std::string& why) { filling_.broken = why + ": " + to_hex(f.payload()); };
  if (used >= 8) {
    if (f.length != can::fd_length_for(used)) break_with("a frame that is longer than its content needs");
    return;
  }
  if (f.length != used && f.length != 8) return break_with("a frame with fillers that has not 8 bytes");
  const bool filled = f.length > used;
  if (filling_.filled.value_or(filled) != filled) return break_with("frames with and without fillers");
  filling_.filled = filled;
  for (std::size_t i = used; i < f.length; ++i) {
    if (filling_.byte.value_or(f.data[i]) != f.data[i]) return break_with("fillers of several bytes");
    filling_.byte = f.data[i];
  }
}

std::string player::described(const heard_frame& f) const {
  const instant from = std::min(mark_, f.end);
  return short_hex(f.content.payload()) + " after " + time_text(f.end - from);
}

player::course player::unexpected(std::string expected) {
  return fail(std::move(expected), described(inbox_.front()));
}

player::course player::fail(std::string expected, std::string got) {
  found_.expected = std::move(expected);
  found_.got = std::move(got);
  end(false);
  return course::waiting;
}

void player::end(bool met) {
  over_ = true;
  found_.met = met;
  found_.ended = now_;
}

}  // namespace canstage::conformance
