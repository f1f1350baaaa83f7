#include "actors/conformance_driver.hpp"

#include <utility>
#include <variant>

namespace canstage::actors {

conformance_driver::conformance_driver(caf::actor_config& config, stage& home, std::string title,
                                       bus_actor bus, port_id port, conformance::conformance_run& machine,
                                       std::function<void(instant)> after_each)
    : stage_actor(config, home, std::move(title)),
      bus_(std::move(bus)),
      port_(port),
      machine_(machine),
      after_each_(std::move(after_each)),
      alarm_(make_alarm(phase::application)) {
  const auto hears = can::filter::exactly(machine_.known().address.rx);
  send(bus_, attach_port{port_, {hears}, bus_user_actor{this}, false});
  // When the whole cast is on the stage.
  alarm_.arm(now());
}

conformance_driver_actor::behavior_type conformance_driver::make_behavior() {
  return {
      [this](const frames_indication& run) { on_frames(run); },
      [this](const transmit_confirm& sent) { on_sent(sent); },
      [this](const abort_run&) {
        over_ = true;
        home().finish();
      },
      [this](const wake_up&) { on_wake(); },
  };
}

void conformance_driver::on_frames(const frames_indication& run) {
  // The machine is told when things happened, not when they were heard of: in real time that is later.
  for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
    const auto& sent = (*run.batch)[i];
    machine_.on_frame(sent.end, {sent.content, sent.start, sent.end});
  }
  settle();
}

void conformance_driver::on_sent(const transmit_confirm& sent) {
  for (std::uint32_t i = 0; i < sent.count; ++i) machine_.on_confirm(sent.end, sent.first + i);
  settle();
}

void conformance_driver::on_wake() {
  alarm_.woke();
  if (!started_) {
    started_ = true;
    machine_.start(now());
  } else {
    // In real time a frame that was in time may still be on its way.
    machine_.on_time(now() - home().time().grace());
  }
  settle();
}

void conformance_driver::settle() {
  if (over_ || !started_) return;
  while (auto wanted = machine_.poll()) {
    if (const auto* frame = std::get_if<isotp::transmit>(&*wanted)) {
      send(bus_, transmit_request{port_, frame->token, {frame->content}});
    } else {
      send(bus_, withdraw_request{port_, std::get<isotp::withdraw>(*wanted).token});
    }
  }
  for (; ended_ < machine_.results().size(); ++ended_) {
    home().note_progress();
    if (after_each_) after_each_(now());
  }
  if (machine_.finished()) {
    over_ = true;
    home().finish();
  } else if (const auto next = machine_.deadline(); next != never) {
    alarm_.arm(next + home().time().grace());
  }
}

}  // namespace canstage::actors
