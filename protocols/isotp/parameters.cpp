#include "protocols/isotp/parameters.hpp"

#include <algorithm>

#include "protocols/can/frame.hpp"

namespace canstage::isotp {

namespace {

// id = priority << 26 | PF << 16 | TA << 8 | SA, with the default priority 6.
can::identifier with_addresses(std::uint32_t pdu_format, std::uint8_t target, std::uint8_t source) {
  constexpr std::uint32_t priority = 6;
  return can::identifier::extended((priority << 26) | (pdu_format << 16) |
                                   (static_cast<std::uint32_t>(target) << 8) | source);
}

}  // namespace

can::identifier normal_fixed_physical(std::uint8_t target, std::uint8_t source) {
  return with_addresses(0xDA, target, source);
}

can::identifier normal_fixed_functional(std::uint8_t target, std::uint8_t source) {
  return with_addresses(0xDB, target, source);
}

can::identifier mixed_29_physical(std::uint8_t target, std::uint8_t source) {
  return with_addresses(0xCE, target, source);
}

can::identifier mixed_29_functional(std::uint8_t target, std::uint8_t source) {
  return with_addresses(0xCD, target, source);
}

flow_control_policy flow_control_policy::wait_first(std::size_t waits) {
  flow_control_policy policy;
  policy.answers.assign(waits, flow_status::wait);
  policy.answers.push_back(flow_status::cts);
  return policy;
}

std::vector<std::string> validate(const parameters& settings) {
  std::vector<std::string> problems;
  const std::size_t tx_dl = settings.tx_dl;
  if (tx_dl < can::max_classic_length || !can::is_fd_length(tx_dl)) {
    problems.push_back("tx_dl " + std::to_string(tx_dl) + " is none of 8, 12, 16, 20, 24, 32, 48, 64");
  } else if (settings.bit_rate_switch && tx_dl == can::max_classic_length) {
    problems.emplace_back("tx_dl 8 means classic frames, which have no bit_rate_switch");
  }

  const auto positive = [&](duration time, const char* name) {
    if (time <= duration::zero()) problems.push_back(std::string{name} + " is not above 0");
  };
  positive(settings.n_as, "n_as");
  positive(settings.n_ar, "n_ar");
  positive(settings.n_bs, "n_bs");
  positive(settings.n_cr, "n_cr");
  const auto not_negative = [&](duration time, const char* name) {
    if (time < duration::zero()) problems.push_back(std::string{name} + " is below 0");
  };
  not_negative(settings.n_br, "n_br");
  not_negative(settings.n_cs, "n_cs");
  if (settings.wait_interval) not_negative(*settings.wait_interval, "wait_interval");

  const auto& answers = settings.flow_control.answers;
  const auto known = [](flow_status fs) { return fs <= flow_status::ovflw; };
  if (!std::all_of(answers.begin(), answers.end(), known)) {
    problems.emplace_back("flow_control has an answer that is none of CTS, WAIT, OVFLW");
  }
  if (settings.n_wft_max == 0 &&
      std::find(answers.begin(), answers.end(), flow_status::wait) != answers.end()) {
    problems.emplace_back("n_wft_max 0 allows no FC.WAIT, but flow_control has one");
  }
  return problems;
}

}  // namespace canstage::isotp
