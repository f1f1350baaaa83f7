#include "actors/socketcand_server.hpp"

#include <algorithm>
#include <utility>

#include "protocols/socketcand/message.hpp"
#include "transports/unix_time.hpp"

namespace canstage::actors {

namespace {

/// Frames of one client that may wait for the bus; then its bytes wait in the kernel, and in the end the
/// client itself waits.
constexpr std::uint32_t flight_limit = 64;

/// Frames that were lost on the way, as on a bus that is down, are never confirmed.
constexpr duration flight_patience = std::chrono::seconds{2};

std::shared_ptr<const std::vector<std::string>> names_of(const socketcand_server_spec& spec) {
  auto names = std::make_shared<std::vector<std::string>>();
  for (const auto& one : spec.buses) names->push_back(one.name);
  return names;
}

}  // namespace

socketcand_server::socketcand_server(caf::actor_config& config, stage& home, std::string title,
                                     socketcand_server_spec spec)
    : tcp_server(config, home, std::move(title), spec.tcp),
      spec_(std::move(spec)),
      names_(names_of(spec_)),
      since_1970_(transports::since_1970() - now().time_since_epoch()),
      last_port_(spec_.first_port + static_cast<port_id>(spec_.buses.size())) {
  const bus_user_actor self{this};
  auto port = spec_.first_port;
  std::vector<std::uint32_t> heard;
  for (const auto& one : spec_.buses) {
    // A bus with two names is heard once.
    if (std::ranges::count(heard, one.index) == 0)
      send(one.bus, attach_port{port, {can::filter::everything()}, self, false});
    heard.push_back(one.index);
    ++port;
  }
}

socketcand_server_actor::behavior_type socketcand_server::make_behavior() {
  return {
      [this](const frames_indication& run) { on_frames(run); },
      [this](const transmit_confirm& sent) { on_confirm(sent); },
      [this](const tcp_ready& what) { on_ready(what); },
      [this](const wake_up&) { on_wake(); },
  };
}

void socketcand_server::on_exit() {
  const auto lost = fd_frames_ + remote_frames_;
  if (lost != 0 && spec_.tcp.report)
    spec_.tcp.report(now(), title() + ": " + std::to_string(fd_frames_) + " CAN FD frames and " +
                                std::to_string(remote_frames_) + " remote frames were not carried");
  tcp().close();
  clients_.clear();
  spec_ = {};
}

instant socketcand_server::deadline() const {
  auto first = never;
  for (const auto& [who, one] : clients_)
    first = std::min({first, one.machine.deadline(), one.patience_until});
  return first;
}

void socketcand_server::on_client(tcp_client_id who) {
  drain(who, clients_.try_emplace(who, names_).first->second);
}

void socketcand_server::on_bytes(tcp_client_id who, std::string_view input) {
  auto& one = clients_.at(who);
  one.machine.on_bytes(now(), input);
  drain(who, one);
}

void socketcand_server::on_last_bytes(tcp_client_id who) {
  auto& one = clients_.at(who);
  one.ended = true;
  check_flight(who, one);
}

void socketcand_server::on_client_gone(tcp_client_id who) {
  const auto found = clients_.find(who);
  if (const auto bus = found->second.machine.bus()) {
    send(spec_.buses[*bus].bus, detach_port{found->second.port});
    by_port_.erase(found->second.port);
  }
  clients_.erase(found);
}

void socketcand_server::drain(tcp_client_id who, client& one) {
  while (const auto event = one.machine.poll()) {
    if (const auto* text = std::get_if<socketcand::write_text>(&*event)) {
      tcp().write(who, text->text);
    } else if (std::holds_alternative<socketcand::join_bus>(*event)) {
      join(one);
      by_port_[one.port] = who;
    } else if (const auto* f = std::get_if<socketcand::transmit_frame>(&*event)) {
      ++one.in_flight;
      one.patience_until = now() + flight_patience;
      send(spec_.buses[*one.machine.bus()].bus, transmit_request{one.port, one.next_token++, {f->content}});
    } else if (const auto* what = std::get_if<socketcand::remark>(&*event)) {
      if (!std::exchange(one.remarked, true)) tcp().remark(now(), who, what->text);
    } else {
      tcp().drop(who, std::get<socketcand::hang_up>(*event).reason);
    }
  }
  check_flight(who, one);
}

void socketcand_server::join(client& one) {
  one.port = free_port();
  const bus_user_actor self{this};
  // It hears through the port of the server: one message for all clients.
  send(spec_.buses[*one.machine.bus()].bus, attach_port{one.port, {}, self, false});
}

port_id socketcand_server::free_port() {
  const auto first = spec_.first_port + static_cast<port_id>(spec_.buses.size());
  do {
    if (++last_port_ >= spec_.first_port + spec_.ports) last_port_ = first;
  } while (by_port_.contains(last_port_));
  return last_port_;
}

void socketcand_server::check_flight(tcp_client_id who, client& one) {
  if (one.in_flight == 0) one.patience_until = never;
  tcp().want_bytes(who, one.in_flight < flight_limit);
  // What it has sent last is on its way before it leaves the bus.
  if (one.ended && one.in_flight == 0) tcp().let_go(who);
}

void socketcand_server::on_frames(const frames_indication& run) {
  for (auto i = run.first; i < run.first + run.count; ++i) {
    const auto& sent = (*run.batch)[i];
    if (!socketcand::can_carry(sent.content)) {
      const bool fd = sent.content.flags.fd;
      auto& count = fd ? fd_frames_ : remote_frames_;
      if (count++ == 0 && spec_.tcp.report)
        spec_.tcp.report(now(), title() + ": socketcand carries no " + (fd ? "CAN FD" : "remote") +
                                    " frames; clients do not see those of this bus");
      continue;
    }
    const auto time = sent.end.time_since_epoch() + since_1970_;
    for (auto& [who, one] : clients_) {
      const auto bus = one.machine.bus();
      if (bus && spec_.buses[*bus].index == run.bus && one.port != sent.node)
        one.machine.on_frame(sent.content, time);
    }
  }
  for (auto& [who, one] : clients_) drain(who, one);
  settle();
}

void socketcand_server::on_confirm(const transmit_confirm& sent) {
  const auto found = by_port_.find(sent.port);
  if (found == by_port_.end()) return;
  auto& one = clients_.at(found->second);
  one.in_flight -= std::min(one.in_flight, sent.count);
  if (one.in_flight != 0) one.patience_until = now() + flight_patience;
  check_flight(found->second, one);
  settle();
}

void socketcand_server::on_time() {
  for (auto& [who, one] : clients_) {
    if (now() >= one.patience_until) one.in_flight = 0;
    if (now() >= one.machine.deadline()) one.machine.on_time(now());
    drain(who, one);
  }
}

}  // namespace canstage::actors
