#include "actors/unknown_responders.hpp"

#include <algorithm>
#include <utility>

#include "actors/drain.hpp"
#include "protocols/isotp/pairs.hpp"

namespace canstage::actors {

struct unknown_responders::responder {
  can::identifier id;
  port_id port = 0;
  bool mute = false;  ///< nobody knows where its flow control would go
  isotp::endpoint machine;
};

struct unknown_responders::outlet {
  unknown_responders& self;
  const responder& who;

  void transmit(transmit_request&& request) {
    if (!who.mute) self.owner_.transmit(std::move(request));
  }
  void withdraw(const withdraw_request& request) {
    if (!who.mute) self.owner_.withdraw(request);
  }
  void tell(const n_usdata_indication& message) { self.owner_.answered(who.id, message); }
  void tell(const n_usdata_ff_indication&) {}
  void tell(const n_usdata_confirm&) {}
};

unknown_responders::unknown_responders(std::shared_ptr<const isotp::parameters> settings, port_id first_port,
                                       owner_calls owner)
    : settings_(std::move(settings)), first_port_(first_port), owner_(std::move(owner)) {}

instant unknown_responders::deadline() const {
  instant first = never;
  for (const auto& who : responders_) first = std::min(first, who->machine.deadline());
  return first;
}

void unknown_responders::on_frames(instant now, const frames_indication& run) {
  for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
    const auto& sent = (*run.batch)[i];
    auto* const who = find_or_make(sent.content.id);
    if (who == nullptr) continue;
    who->machine.on_frame(now, sent.content);
    drain_responder(*who, now, sent.end);
  }
}

void unknown_responders::on_confirm(instant now, const transmit_confirm& sent) {
  const auto place = sent.port - first_port_;
  if (place >= responders_.size()) return;
  auto& who = *responders_[place];
  for (std::uint32_t i = 0; i < sent.count; ++i) who.machine.on_confirm(now, sent.first + i);
  drain_responder(who, now, sent.end);
}

void unknown_responders::on_time(instant now) {
  for (const auto& who : responders_) {
    if (who->machine.deadline() > now) continue;
    who->machine.on_time(now);
    drain_responder(*who, now, now);
  }
}

unknown_responders::responder* unknown_responders::find_or_make(can::identifier id) {
  for (const auto& who : responders_)
    if (who->id == id) return who.get();
  if (responders_.size() == most) return nullptr;
  const auto request = isotp::request_identifier_for(id);
  const auto port = static_cast<port_id>(first_port_ + responders_.size());
  const isotp::addressing address{
      .rx = id, .tx = request.value_or(id), .functional_rx = {}, .functional_tx = {}};
  responders_.push_back(std::make_shared<responder>(
      responder{id, port, !request.has_value(), isotp::endpoint{address, settings_}}));
  if (request) owner_.attach(port);
  return responders_.back().get();
}

void unknown_responders::drain_responder(responder& who, instant now, instant at) {
  drain(who.machine, now, at, who.port, outlet{*this, who});
}

}  // namespace canstage::actors
