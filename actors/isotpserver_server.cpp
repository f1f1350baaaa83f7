#include "actors/isotpserver_server.hpp"

#include <algorithm>
#include <utility>

namespace canstage::actors {

isotpserver_server::isotpserver_server(caf::actor_config& config, stage& home, std::string title,
                                       isotpserver_server_spec spec)
    : tcp_server(config, home, std::move(title), spec.tcp), spec_(std::move(spec)) {
  send(spec_.connection.host, spec_.connection.id, connection_user_actor{this});
  leave_if_alone();
}

isotpserver_server_actor::behavior_type isotpserver_server::make_behavior() {
  return {
      [this](const n_usdata_confirm& sent) { on_confirm(sent); },
      [](const n_usdata_ff_indication&) {},
      [this](const n_usdata_indication& message) { on_message(message); },
      [this](const tcp_ready& what) { on_ready(what); },
      [this](const wake_up&) { on_wake(); },
  };
}

void isotpserver_server::on_exit() {
  tcp().close();
  clients_.clear();
  spec_ = {};
}

instant isotpserver_server::deadline() const {
  auto first = never;
  for (const auto& [who, one] : clients_) first = std::min({first, one.input.deadline(), one.leaves_at});
  return first;
}

void isotpserver_server::leave_if_alone() {
  if (!on_bus_ || !clients_.empty() || sending_) return;
  on_bus_ = false;
  send(spec_.bus, detach_port{spec_.connection.id});
}

void isotpserver_server::on_client(tcp_client_id who) {
  clients_.try_emplace(who);
  // A connection that is reset joins its bus.
  if (!std::exchange(on_bus_, true)) send(spec_.connection.host, reset_connection{spec_.connection.id});
}

void isotpserver_server::on_bytes(tcp_client_id who, std::string_view input) {
  auto& one = clients_.at(who);
  one.input.on_bytes(input);
  take_next(who, one);
}

void isotpserver_server::on_last_bytes(tcp_client_id who) {
  auto& one = clients_.at(who);
  one.ended = true;
  take_next(who, one);
}

void isotpserver_server::on_client_gone(tcp_client_id who) {
  clients_.erase(who);
  std::erase(turns_, who);
  leave_if_alone();
}

void isotpserver_server::take_next(tcp_client_id who, client& one) {
  if (one.next || sending_ == who) return;
  one.next = one.input.next(now());
  if (one.input.ignored() != 0 && !std::exchange(one.remarked, true))
    tcp().remark(now(), who,
                 "a message between '<' and '>' is an even number of hex digits, up to 6000 bytes");
  if (!one.input.problem().empty()) return tcp().drop(who, one.input.problem());
  tcp().want_bytes(who, !one.next);
  if (one.next) {
    turns_.push_back(who);
    send_next();
  } else if (one.ended && one.leaves_at == never) {
    one.leaves_at = now() + farewell;
  }
}

void isotpserver_server::send_next() {
  if (sending_ || turns_.empty()) return;
  sending_ = turns_.front();
  turns_.pop_front();
  auto message = std::exchange(clients_.at(*sending_).next, std::nullopt);
  send(spec_.connection.host,
       n_usdata_request{spec_.connection.id, *std::move(message), isotp::target_type::physical});
}

void isotpserver_server::on_confirm(const n_usdata_confirm& sent) {
  if (!sending_) return;
  const auto who = *std::exchange(sending_, std::nullopt);
  if (const auto found = clients_.find(who); found != clients_.end()) {
    if (sent.result == isotp::n_result::n_ok) {
      take_next(who, found->second);
    } else {
      tcp().drop(who, "its message was not sent: " + std::string{to_string(sent.result)});
    }
  }
  send_next();
  leave_if_alone();
  settle();
}

void isotpserver_server::on_message(const n_usdata_indication& message) {
  std::string text;
  if (message.result == isotp::n_result::n_ok) isotpserver::append_message(text, message.sdu);
  for (const auto& [who, one] : clients_) {
    if (!text.empty()) {
      tcp().write(who, text);
    } else {
      tcp().drop(who, "a message to it broke off: " + std::string{to_string(message.result)});
    }
  }
  settle();
}

void isotpserver_server::on_time() {
  for (auto& [who, one] : clients_) {
    one.input.on_time(now());
    if (!one.input.problem().empty()) tcp().drop(who, one.input.problem());
    if (now() >= one.leaves_at) {
      one.leaves_at = never;
      tcp().let_go(who);
    }
  }
}

}  // namespace canstage::actors
