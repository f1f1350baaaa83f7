#include "actors/isotpserver_link.hpp"

#include <algorithm>
#include <utility>

namespace canstage::actors {

namespace {

/// How long a connection has to last until it is a good one.
constexpr duration probation = std::chrono::seconds{1};

}  // namespace

isotpserver_link::isotpserver_link(caf::actor_config& config, stage& home, std::string title,
                                   isotpserver_link_spec spec)
    : stage_actor(config, home, std::move(title)),
      id_(spec.id),
      report_(std::move(spec.tcp.report), this->title()),
      machine_(spec.n_as),
      alarm_(make_alarm(phase::connection)),
      tcp_(*this,
           {std::move(spec.tcp.server), std::move(spec.tcp.sockets),
            [this](instant at, const std::string& sentence) { report_(at, sentence); }},
           tell_ready<isotpserver_link_actor>(caf::actor_cast<caf::weak_actor_ptr>(this))) {
  tcp_.on_time(now());
  while (!tcp_.is_connected() && !tcp_.is_lost()) tcp_.wait(home.time(), tcp_.deadline());
  settle();
}

isotpserver_link_actor::behavior_type isotpserver_link::make_behavior() {
  return {
      [this](connection_id, const connection_user_actor& user) { user_ = user; },
      [this](n_usdata_request& request) {
        machine_.request(now(), std::move(request.sdu));
        settle();
      },
      [this](const unacknowledged_data_request&) {
        report_(now(), "isotpserver carries messages, and no frame beside them");
      },
      [](const n_change_parameter_request&) -> caf::result<n_change_parameter_confirm> {
        // Its ISO-TP is not ours, and takes its parameters once.
        return n_change_parameter_confirm{isotp::change_result::n_wrong_parameter};
      },
      [](const misbehave_request&) {},  // likewise
      [this](const leave_bus_request&) {
        machine_.on_lost();
        machine_.reset();
        tcp_.leave();
        good_at_ = never;
      },
      [this](const reset_connection&) {
        machine_.reset();
        tcp_.join(now());
        settle();
      },
      [this](const tcp_ready& what) {
        tcp_.on_ready(now(), what.which);
        settle();
      },
      [this](const wake_up&) { on_wake(); },
  };
}

void isotpserver_link::on_exit() {
  tcp_.close();
  user_ = nullptr;
}

void isotpserver_link::on_connected() {
  good_at_ = now() + probation;
  machine_.on_connected();
}

void isotpserver_link::on_bytes(std::string_view input) {
  good_at_ = never;
  tcp_.is_useful(now());
  machine_.on_bytes(now(), input);
}

void isotpserver_link::on_written() { machine_.on_written(); }

void isotpserver_link::on_lost() {
  good_at_ = never;
  machine_.on_lost();
}

void isotpserver_link::on_wake() {
  alarm_.woke();
  tcp_.on_time(now());
  machine_.on_time(now());
  if (now() >= good_at_) {
    good_at_ = never;
    tcp_.is_useful(now());
  }
  settle();
}

void isotpserver_link::settle() {
  while (auto event = machine_.poll()) {
    if (const auto* text = std::get_if<isotpserver::say>(&*event)) {
      tcp_.write(text->text);
      if (tcp_.all_written()) machine_.on_written();
    } else if (auto* message = std::get_if<isotpserver::indication>(&*event)) {
      if (user_)
        send(user_, n_usdata_indication{id_, std::move(message->sdu), isotp::n_result::n_ok,
                                        isotp::target_type::physical, now()});
    } else if (const auto* end = std::get_if<isotpserver::confirm>(&*event)) {
      if (user_) send(user_, n_usdata_confirm{id_, end->result, isotp::target_type::physical, now()});
    } else {
      tcp_.give_up(now(), std::get<isotpserver::give_up>(*event).reason);
    }
  }
  alarm_.arm(std::min({tcp_.deadline(), machine_.deadline(), good_at_}));
}

}  // namespace canstage::actors
