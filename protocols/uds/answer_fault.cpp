#include "protocols/uds/answer_fault.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/service.hpp"

namespace canstage::uds {

namespace {

/// Where an answer repeats a number of 16 bits; 0: nowhere.
std::size_t place_of_number(byte_view answer) {
  switch (static_cast<sid>(answer[0] - positive_offset)) {
    case sid::read_data_by_identifier:
    case sid::read_scaling_data_by_identifier:
    case sid::write_data_by_identifier:
    case sid::input_output_control_by_identifier:
      return 1;
    case sid::routine_control:
    case sid::dynamically_define_data_identifier:
      return 2;
    default:
      return 0;
  }
}

void spoil_number(bytes& answer, std::optional<std::uint16_t> wanted) {
  const std::size_t at = place_of_number(answer);
  if (at == 0 || answer.size() < at + 2) {
    if (answer.size() < 2) return;
    answer[1] = static_cast<std::uint8_t>(wanted.value_or(answer[1] + 1U));
    return;
  }
  const auto right = static_cast<std::uint16_t>((answer[at] << 8) | answer[at + 1]);
  const auto wrong = wanted.value_or(static_cast<std::uint16_t>(right + 1));
  answer[at] = static_cast<std::uint8_t>(wrong >> 8);
  answer[at + 1] = static_cast<std::uint8_t>(wrong);
}

std::size_t wrong_length(const answer_fault& with, std::size_t right) {
  if (with.length) return *with.length;
  const auto wanted = static_cast<std::int64_t>(right) + with.delta;
  return static_cast<std::size_t>(std::max<std::int64_t>(wanted, 1));
}

}  // namespace

void answer_faults::add(std::vector<drawn_answer_fault> all) {
  for (auto& one : all) {
    states_.emplace_back(one.what.when, std::move(one.draw));
    faults_.push_back(std::move(one.what));
  }
}

void answer_faults::arm(std::uint32_t fault, bool on) {
  for (std::size_t i = 0; i < faults_.size(); ++i)
    if (faults_[i].number == fault) states_[i].arm(on);
}

std::optional<answer_faults::taken> answer_faults::on_request(instant now, byte_view request) {
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    if (!faults_[i].request.matches(request)) continue;
    if (const auto occasion = states_[i].on_occasion(now)) return taken{&faults_[i], *occasion};
  }
  return std::nullopt;
}

void answer_faults::keep_extra(tester_number tester, bytes message, duration by) {
  extras_.push_back({tester, std::move(message), by, never});
}

void answer_faults::on_request_ended(instant now, tester_number tester) {
  for (extra& one : extras_)
    if (one.tester == tester && one.due == never) one.due = now + one.by;
}

instant answer_faults::deadline() const {
  instant next = never;
  for (const extra& one : extras_) next = std::min(next, one.due);
  return next;
}

std::optional<answer_faults::extra> answer_faults::take_extra(instant now) {
  const auto due =
      std::find_if(extras_.begin(), extras_.end(), [now](const extra& one) { return one.due <= now; });
  if (due == extras_.end()) return std::nullopt;
  extra found = std::move(*due);
  extras_.erase(due);
  return found;
}

void spoil(const answer_fault& with, bytes& answer) {
  if (with.action == answer_action::wrong_length) {
    answer.resize(wrong_length(with, answer.size()));
  } else if (with.action == answer_action::wrong_did && answer[0] != negative_response) {
    spoil_number(answer, with.did);
  }
}

}  // namespace canstage::uds
