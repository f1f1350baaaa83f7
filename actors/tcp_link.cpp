#include "actors/tcp_link.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace canstage::actors {

tcp_link::tcp_link(tcp_link_owner& owner, tcp_link_spec spec, std::function<void(tcp_socket_id)> ready)
    : owner_(owner), spec_(std::move(spec)), ready_(std::move(ready)) {}

void tcp_link::watch(int number) {
  ++attempt_;
  spec_.sockets->add(number, [call = ready_, attempt = attempt_] { call(attempt); });
}

/// A descriptor is forgotten before it is closed.
void tcp_link::forget() {
  if (connector_ && connector_->number() >= 0) spec_.sockets->remove(connector_->number());
  if (stream_.is_open()) spec_.sockets->remove(stream_.number());
  connector_.reset();
  stream_ = {};
}

void tcp_link::close() {
  if (!spec_.sockets) return;
  forget();
  spec_ = {};
  act_at_ = never;
}

void tcp_link::on_time(instant now) {
  if (!spec_.sockets || now < act_at_) return;
  if (connector_) return fail(now, to_string(spec_.server) + " does not answer");
  act_at_ = now + patience;
  connector_.emplace(spec_.server);
  if (connector_->number() >= 0) watch(connector_->number());
  proceed(now);
}

void tcp_link::proceed(instant now) {
  if (!connector_->problem().empty()) return fail(now, connector_->problem());
  if (!connector_->is_connected()) return spec_.sockets->await(connector_->number(), false, true);
  spec_.sockets->remove(connector_->number());
  stream_ = transports::tcp_stream{connector_->take()};
  connector_.reset();
  act_at_ = never;
  watch(stream_.number());
  owner_.on_connected();
  if (stream_.is_open()) await();
}

void tcp_link::on_ready(instant now, tcp_socket_id attempt) {
  if (!spec_.sockets || attempt != attempt_) return;
  if (connector_) {
    // Another address of the host has another descriptor.
    spec_.sockets->remove(connector_->number());
    connector_->on_ready();
    if (connector_->number() >= 0) watch(connector_->number());
    return proceed(now);
  }
  if (!stream_.is_open()) return;
  reading_ = true;
  const bool waited = !all_written();
  stream_.flush();
  if (waited && all_written()) owner_.on_written();
  receive(now);
  reading_ = false;
  if (stream_.is_open()) await();
}

void tcp_link::receive(instant now) {
  std::array<char, 64 * 1024> room;
  const auto input = stream_.receive(room);
  if (!input.bytes.empty()) owner_.on_bytes(input.bytes);
  if (!stream_.is_open()) return;
  if (input.ended) return give_up(now, "it closed the connection");
  if (!stream_.problem().empty()) give_up(now, stream_.problem());
}

void tcp_link::await() { spec_.sockets->await(stream_.number(), true, !all_written()); }

void tcp_link::write(std::string_view text) {
  if (!stream_.is_open()) return;
  stream_.send(text);
  // A connection that broke is found when it is read.
  if (!reading_ && (!all_written() || !stream_.problem().empty())) await();
}

void tcp_link::wait(const timekeeper& clock, instant until) {
  const bool connects = connector_.has_value();
  const int number = connects ? connector_->number() : stream_.number();
  transports::wait_until_ready(number, connects, std::max(until - clock.now(), duration{0}));
  on_ready(clock.now(), attempt_);
  on_time(clock.now());
}

void tcp_link::leave() {
  forget();
  act_at_ = never;
}

void tcp_link::join(instant now) {
  if (!stream_.is_open() && !connector_ && act_at_ == never) act_at_ = now;
  on_time(now);
}

void tcp_link::is_useful(instant now) {
  pause_ = first_pause;
  if (std::exchange(lost_, false)) report(now, to_string(spec_.server) + " is back");
}

void tcp_link::give_up(instant now, const std::string& why) {
  fail(now, to_string(spec_.server) + ": " + why);
}

void tcp_link::fail(instant now, const std::string& sentence) {
  forget();
  act_at_ = now + pause_;
  pause_ = std::min(2 * pause_, longest_pause);
  if (!std::exchange(lost_, true)) report(now, sentence);
  owner_.on_lost();
}

void tcp_link::report(instant now, const std::string& sentence) const {
  if (spec_.report) spec_.report(now, sentence);
}

}  // namespace canstage::actors
