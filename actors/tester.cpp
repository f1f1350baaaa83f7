#include "actors/tester.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/service.hpp"

namespace canstage::actors {

tester::tester(caf::actor_config& config, stage& home, std::string title, tester_spec spec)
    : stage_actor(config, home, std::move(title)),
      spec_(std::move(spec)),
      unknown_(spec_.settings, spec_.first_port + 1, calls()),
      exchange_alarm_(make_alarm(phase::application)),
      connection_alarm_(make_alarm(phase::connection)) {
  for (std::uint32_t key = 0; key < spec_.peers.size(); ++key) keys_[spec_.peers[key].id] = key;
  if (!spec_.listen.empty()) send(spec_.bus, attach_port{spec_.first_port, spec_.listen, {this}, true});
}

tester_actor::behavior_type tester::make_behavior() {
  return {
      [this](const n_usdata_confirm& end) { on_confirm(end); },
      [this](const n_usdata_ff_indication& begin) { on_first_frame(begin); },
      [this](const n_usdata_indication& message) { on_message(message); },
      [this](const perform_exchange& command) { return begin(command); },
      [this](const frames_indication& run) {
        unknown_.on_frames(now(), run);
        connection_alarm_.arm(unknown_.deadline());
      },
      [this](const transmit_confirm& sent) {
        unknown_.on_confirm(now(), sent);
        connection_alarm_.arm(unknown_.deadline());
      },
      [this](const wake_up& alarm) { on_wake(alarm.what); },
  };
}

void tester::on_exit() {
  running_.clear();
  spec_ = {};
}

unknown_responders::owner_calls tester::calls() {
  return {
      .attach =
          [this](port_id port) {
            send(spec_.bus, attach_port{port, {}, {this}, false});
          },
      .transmit = [this](transmit_request&& request) { send(spec_.bus, std::move(request)); },
      .withdraw = [this](const withdraw_request& request) { send(spec_.bus, request); },
      .answered = [this](can::identifier id, const n_usdata_indication& message) { on_unknown(id, message); },
  };
}

caf::result<uds::exchange_report> tester::begin(const perform_exchange& command) {
  const bool functional = command.spec.kind == uds::exchange_kind::functional;
  auto next = std::make_unique<running_exchange>(
      running_exchange{uds::exchange{command.spec}, 0, false, make_response_promise<uds::exchange_report>()});
  auto promise = next->promise;
  const auto& way = functional ? spec_.to_all.value() : spec_.peers.at(command.spec.responders.at(0).key);
  next->sent_on = way.id;
  running_.push_back(std::move(next));
  send(way.host,
       n_usdata_request{way.id, command.spec.request,
                        functional ? isotp::target_type::functional : isotp::target_type::physical});
  return promise;
}

void tester::on_confirm(const n_usdata_confirm& end) {
  // A connection confirms in the order of the requests.
  for (auto& one : running_) {
    if (one->request_confirmed || one->sent_on != end.connection) continue;
    one->request_confirmed = true;
    one->machine.on_request_sent(end.at, end.result);
    break;
  }
  settle();
}

void tester::on_first_frame(const n_usdata_ff_indication& begin) {
  // Whose answer this is will be known when it is there.
  const auto key = keys_.at(begin.connection);
  for (auto& one : running_)
    if (listens_to(*one, key)) one->machine.on_reaction_started(begin.at, key);
}

void tester::on_message(const n_usdata_indication& message) {
  const auto key = keys_.at(message.connection);
  auto* const asker = asker_of(key, message.sdu);
  for (auto& one : running_) {
    if (one.get() == asker) {
      one->machine.on_reaction(message.at, key, message.sdu, message.result);
    } else if (listens_to(*one, key)) {
      one->machine.on_reaction_elsewhere(message.at, key);
    }
  }
  settle();
}

void tester::on_unknown(can::identifier id, const n_usdata_indication& message) {
  // Nobody was asked personally: only a request to all can have caused it.
  for (auto& one : running_)
    if (one->machine.spec().kind == uds::exchange_kind::functional)
      one->machine.on_unknown_reaction(message.at, id, message.sdu, message.result);
  settle();
}

bool tester::listens_to(const running_exchange& one, std::uint32_t key) {
  const auto& spec = one.machine.spec();
  return spec.kind == uds::exchange_kind::functional || spec.responders.front().key == key;
}

tester::running_exchange* tester::asker_of(std::uint32_t key, byte_view message) const {
  // Outside of the process an answer may overtake the confirmation of its request; but who has been sent
  // goes before who perhaps has.
  const auto is_asked = [key](const running& one) { return one->request_confirmed && listens_to(*one, key); };
  const bool asked = std::ranges::any_of(running_, is_asked);
  running_exchange* oldest = nullptr;
  running_exchange* oldest_of_service = nullptr;
  running_exchange* youngest_of_service = nullptr;
  for (const auto& one : running_) {
    if (asked ? !is_asked(one) : !listens_to(*one, key)) continue;
    if (oldest == nullptr) oldest = one.get();
    if (!uds::answers_request(message, one->machine.spec().request.front())) continue;
    if (oldest_of_service == nullptr) oldest_of_service = one.get();
    youngest_of_service = one.get();
  }
  // A server answers in the order of the requests, but says at once that it is busy with another.
  const bool busy = message.size() == 3 && message[0] == uds::negative_response &&
                    message[2] == static_cast<std::uint8_t>(uds::nrc::busy_repeat_request);
  if (busy && youngest_of_service != nullptr) return youngest_of_service;
  return oldest_of_service != nullptr ? oldest_of_service : oldest;
}

void tester::on_wake(phase what) {
  if (what == phase::connection) {
    connection_alarm_.woke();
    unknown_.on_time(now());
    connection_alarm_.arm(unknown_.deadline());
    return;
  }
  exchange_alarm_.woke();
  // In real time an answer that was in time may still be on its way.
  const auto reached = now() - home().time().grace();
  for (auto& one : running_)
    if (one->machine.deadline() <= reached) one->machine.on_time(now());
  settle();
}

void tester::settle() {
  instant next = never;
  for (auto& one : running_) {
    if (one->machine.finished()) {
      one->promise.deliver(one->machine.report());
      one.reset();
    } else {
      next = std::min(next, one->machine.deadline());
    }
  }
  std::erase(running_, nullptr);
  if (next != never) exchange_alarm_.arm(next + home().time().grace());
}

}  // namespace canstage::actors
