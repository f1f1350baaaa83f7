#include "actors/medium.hpp"

#include <algorithm>
#include <utility>

namespace canstage::actors {

medium::medium(std::uint32_t bus, std::optional<can::bit_rates> rates, alarm ends_of_frames,
               alarm arbitration)
    : bus_(bus), arbiter_(rates), ends_of_frames_(ends_of_frames), arbitration_alarm_(arbitration) {}

void medium::on_attach(port_id port, std::span<const can::filter> filters, bool only_unclaimed) {
  router_.attach(port, filters, only_unclaimed);
}

void medium::on_detach(instant now, port_id port) {
  router_.detach(port);
  arbiter_.on_detach(port);
  arm(now);
}

void medium::on_transmit(instant now, const transmit_request& request) {
  auto token = request.first;
  for (const auto& f : request.frames) arbiter_.on_transmit(request.port, token++, f);
  arm(now);
}

void medium::on_transmit(instant now, port_id port, can::transmit_token token, const can::frame& f) {
  arbiter_.on_transmit(port, token, f);
  arm(now);
}

void medium::on_withdraw(instant now, const withdraw_request& request) {
  arbiter_.on_withdraw(request.port, request.token);
  arm(now);
}

void medium::on_wake(instant now, phase what, const std::function<void(const sent_run&)>& publish) {
  // In real time the wake-up may be late. The bus keeps its nominal schedule and catches up.
  if (what == phase::medium) {
    ends_of_frames_.woke();
    arbiter_.on_time(arbiter_.sending() ? std::min(now, arbiter_.deadline()) : now);
  } else {
    arbitration_alarm_.woke();
    const auto nominal = arbitrate_at_.value_or(now);
    arbitrate_at_.reset();
    arbiter_.on_arbitrate(std::min(now, nominal));
  }
  publish_sent(publish);
  arm(now);
}

void medium::arm(instant now) {
  if (arbiter_.sending()) {
    ends_of_frames_.arm(arbiter_.deadline());
    return;
  }
  if (arbiter_.pending() == 0 || arbitrate_at_) return;
  arbitrate_at_ = arbiter_.wants_arbitration(now) ? now : arbiter_.deadline();
  arbitration_alarm_.arm(*arbitrate_at_);
}

void medium::publish_sent(const std::function<void(const sent_run&)>& publish) {
  for (auto next = arbiter_.poll(); next;) {
    auto batch = std::make_shared<std::vector<can::sent_frame>>();
    for (; next && batch->size() < batch_limit; next = arbiter_.poll()) batch->push_back(*std::move(next));
    statistics_.frames += batch->size();
    publish_runs(batch, bus_, router_, hearers_, publish);
  }
}

}  // namespace canstage::actors
