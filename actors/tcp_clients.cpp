#include "actors/tcp_clients.hpp"

#include <array>
#include <utility>

namespace canstage::actors {

namespace {

/// Bytes of one client that are read before the others have their turn.
constexpr std::size_t read_at_once = 16 * 1024;

/// Who leaves without having read everything does nothing wrong.
std::string reason_of(const transports::tcp_stream& stream) {
  return stream.peer_is_gone() ? std::string{} : stream.problem();
}

}  // namespace

tcp_clients::tcp_clients(tcp_client_owner& owner, std::shared_ptr<transports::tcp_listener> listener,
                         std::shared_ptr<transports::reader> thread, std::function<void(tcp_client_id)> ready,
                         std::function<void(instant, const std::string&)> report)
    : owner_(owner),
      listener_(std::move(listener)),
      waits_(std::move(thread)),
      ready_(std::move(ready)),
      report_(std::move(report), to_string(listener_->address())) {
  waits_->add(listener_->number(), [call = ready_] { call(0); });
  waits_->await(listener_->number(), true, false);
}

void tcp_clients::close() {
  if (!waits_) return;
  for (auto& [id, one] : clients_) waits_->remove(one.stream.number());
  clients_.clear();
  waits_->remove(listener_->number());
  listener_->close();
  waits_.reset();
  ready_ = nullptr;
}

void tcp_clients::on_ready(instant now, tcp_client_id who) {
  if (!waits_) return;
  if (who == 0) return accept(now);
  const auto found = clients_.find(who);
  if (found == clients_.end() || found->second.gone) return;
  auto& one = found->second;
  one.awaits_bytes = one.awaits_room = false;
  touched_.push_back(who);
  one.stream.flush();
  if (one.wanted && !one.ended) receive(who, one);
  if (!one.stream.problem().empty()) mark(who, reason_of(one.stream));
}

void tcp_clients::accept(instant now) {
  // Not all at once: the clients that are there have their turn, too.
  for (int i = 0; i < 16; ++i) {
    auto made = listener_->accept();
    if (!made) break;
    if (made->turned_away || clients_.size() >= limit) {
      if (!std::exchange(full_, true))
        report_(now, made->turned_away
                         ? std::string{"this process may open no more files; new clients are turned away"}
                         : "there are " + std::to_string(limit) + " clients; more are turned away");
      continue;
    }
    const auto who = ++last_;
    auto& one = clients_[who];
    one.stream = transports::tcp_stream{std::move(made->socket)};
    one.peer = std::move(made->peer);
    waits_->add(one.stream.number(), [call = ready_, who] { call(who); });
    touched_.push_back(who);
    owner_.on_client(who);
  }
  waits_->await(listener_->number(), true, false);
}

void tcp_clients::receive(tcp_client_id who, client& from) {
  std::array<char, read_at_once> room;
  const auto input = from.stream.receive(room);
  if (!input.bytes.empty()) owner_.on_bytes(who, input.bytes);
  if (input.ended) {
    from.ended = true;
    owner_.on_last_bytes(who);
  }
}

void tcp_clients::await(client& one) {
  const bool bytes = one.wanted && !one.ended;
  const bool room = one.stream.waiting() != 0;
  if ((!bytes || one.awaits_bytes) && (!room || one.awaits_room)) return;
  one.awaits_bytes = bytes;
  one.awaits_room = room;
  waits_->await(one.stream.number(), bytes, room);
}

void tcp_clients::sweep(instant now) {
  if (!waits_) return;
  // The owner may touch others meanwhile.
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    const auto who = touched_[i];
    const auto found = clients_.find(who);
    if (found == clients_.end()) continue;
    auto& one = found->second;
    if (!one.gone) {
      await(one);
      continue;
    }
    if (!one.reason.empty()) report_(now, "client " + one.peer + " is dropped: " + one.reason);
    waits_->remove(one.stream.number());
    clients_.erase(found);
    // Not at the first one that leaves: those who come and go around the limit are one report.
    if (clients_.size() < limit * 3 / 4) full_ = false;
    owner_.on_client_gone(who);
  }
  touched_.clear();
}

void tcp_clients::write(tcp_client_id who, std::string_view text) {
  const auto found = clients_.find(who);
  if (found == clients_.end() || found->second.gone) return;
  auto& one = found->second;
  one.stream.send(text);
  if (!one.stream.problem().empty()) {
    mark(who, reason_of(one.stream));
  } else if (one.stream.waiting() != 0) {
    touched_.push_back(who);
  }
}

void tcp_clients::want_bytes(tcp_client_id who, bool wanted) {
  const auto found = clients_.find(who);
  if (found == clients_.end() || found->second.wanted == wanted) return;
  found->second.wanted = wanted;
  touched_.push_back(who);
}

void tcp_clients::let_go(tcp_client_id who) { mark(who, {}); }

void tcp_clients::drop(tcp_client_id who, std::string reason) { mark(who, std::move(reason)); }

void tcp_clients::mark(tcp_client_id who, std::string reason) {
  const auto found = clients_.find(who);
  if (found == clients_.end() || found->second.gone) return;
  found->second.gone = true;
  found->second.reason = std::move(reason);
  touched_.push_back(who);
}

void tcp_clients::remark(instant now, tcp_client_id who, const std::string& text) {
  const auto found = clients_.find(who);
  if (found != clients_.end()) report_(now, "client " + found->second.peer + ": " + text);
}

}  // namespace canstage::actors
