#include "actors/medium.hpp"

#include <algorithm>
#include <utility>

namespace canstage::actors {

medium::medium(stage& home, const medium_spec& what, alarm ends_of_frames, alarm arbitration)
    : home_(home),
      bus_(what.index),
      arbiter_(what.rates, what.faults),
      ends_of_frames_(ends_of_frames),
      arbitration_alarm_(arbitration) {
  if (what.measured) meter_.emplace(what.rates);
}

bus_statistics medium::statistics() const {
  auto now = statistics_;
  if (meter_) now.figures = std::make_shared<const can::traffic_figures>(meter_->figures());
  return now;
}

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
  for (const auto& f : request.frames) {
    if (meter_) meter_->on_request(now, request.port, token);
    arbiter_.on_transmit(request.port, token++, f);
  }
  arm(now);
}

void medium::on_transmit(instant now, port_id port, can::transmit_token token, const can::frame& f) {
  if (meter_) meter_->on_request(now, port, token);
  arbiter_.on_transmit(port, token, f);
  arm(now);
}

void medium::on_withdraw(instant now, const withdraw_request& request) {
  arbiter_.on_withdraw(request.port, request.token);
  arm(now);
}

void medium::on_bus_off(instant now, const force_bus_off& what) {
  arbiter_.on_bus_off(now, what.port, what.least);
  tell_incidents();
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
  tell_incidents();
  publish_sent(publish);
  arm(now);
}

void medium::arm(instant now) {
  if (arbiter_.sending()) {
    ends_of_frames_.arm(arbiter_.deadline());
    return;
  }
  const instant next = arbiter_.wants_arbitration(now) ? now : arbiter_.deadline();
  if (next == never || (arbitrate_at_ && *arbitrate_at_ <= next)) return;
  arbitrate_at_ = next;
  arbitration_alarm_.arm(next);
}

void medium::tell_incidents() {
  for (auto& one : arbiter_.take_incidents()) {
    if (one.what == can::incident::kind::error_frame) {
      ++statistics_.error_frames;
      if (meter_) meter_->on_busy(one.began, one.at);
    }
    home_.report_incident(bus_incident{bus_, std::move(one)});
  }
}

void medium::publish_sent(const std::function<void(const sent_run&)>& publish) {
  for (auto next = arbiter_.poll(); next;) {
    auto batch = std::make_shared<std::vector<can::sent_frame>>();
    for (; next && batch->size() < batch_limit; next = arbiter_.poll()) batch->push_back(*std::move(next));
    for (const auto& one : *batch) {
      const bool on_wire = !one.lost || one.start != one.end;
      if (on_wire) ++statistics_.frames;
      if (meter_) meter_->on_sent(one);
    }
    publish_runs(batch, bus_, router_, hearers_, publish);
  }
}

}  // namespace canstage::actors
