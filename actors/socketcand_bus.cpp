#include "actors/socketcand_bus.hpp"

#include <algorithm>
#include <utility>

#include "protocols/socketcand/message.hpp"
#include "transports/can_socket.hpp"

namespace canstage::actors {

socketcand_bus::socketcand_bus(caf::actor_config& config, stage& home, std::string title,
                               socketcand_bus_spec spec)
    : stage_actor(config, home, std::move(title)),
      server_(to_string(spec.tcp.server)),
      bus_(std::move(spec.bus)),
      report_(std::move(spec.tcp.report), this->title()),
      ports_(spec.index),
      alarm_(make_alarm(phase::arbitration)),
      tcp_(*this,
           {std::move(spec.tcp.server), std::move(spec.tcp.sockets),
            [this](instant at, const std::string& sentence) { report_(at, sentence); }},
           tell_ready<socketcand_bus_actor>(caf::actor_cast<caf::weak_actor_ptr>(this))) {
  tcp_.on_time(now());
  while (!tcp_.is_lost() && !(machine_ && machine_->is_open())) {
    tcp_.wait(home.time(), std::min(tcp_.deadline(), machine_ ? machine_->deadline() : never));
    if (machine_) machine_->on_time(now());
    drain();
  }
  arm();
}

socketcand_bus_actor::behavior_type socketcand_bus::make_behavior() {
  return {
      [this](const attach_port& request) { ports_.attach(request); },
      [this](const detach_port& request) { ports_.detach(request.port); },
      [this](const transmit_request& request) { on_transmit(request); },
      [this](const withdraw_request& request) { ports_.waiting().withdraw(request.port, request.token); },
      [](const arm_fault&) {},      // faults are those of virtual buses
      [](const force_bus_off&) {},  // likewise
      [this](caf::get_atom) { return ports_.statistics(); },
      [this](const wake_up&) { on_wake(); },
      [this](const tcp_ready& what) {
        tcp_.on_ready(now(), what.which);
        ports_.publish(this);
        flush();
        arm();
      },
  };
}

void socketcand_bus::on_exit() {
  if (fd_frames_ + remote_frames_ != 0)
    report_(now(), server_ + ": " + std::to_string(fd_frames_) + " CAN FD frames and " +
                       std::to_string(remote_frames_) + " remote frames were not carried");
  tcp_.close();
  ports_.clear();
}

void socketcand_bus::on_connected() { machine_.emplace(now(), bus_); }

void socketcand_bus::on_bytes(std::string_view input) {
  machine_->on_bytes(input);
  drain();
}

void socketcand_bus::drain() {
  while (const auto event = machine_ ? machine_->poll() : std::nullopt) {
    if (const auto* text = std::get_if<socketcand::say>(&*event)) {
      tcp_.write(text->text);
    } else if (const auto* f = std::get_if<socketcand::received_frame>(&*event)) {
      // The server's clock is another one: what counts is when the frame came.
      ports_.note(f->content, now(), false);
    } else if (std::holds_alternative<socketcand::opened>(*event)) {
      tcp_.is_useful(now());
    } else if (std::holds_alternative<socketcand::fd_frame>(*event)) {
      note_not_carried(true);
    } else if (const auto* error = std::get_if<socketcand::controller_error>(&*event)) {
      // A controller in trouble says the same thousands of times.
      transports::received_frame message;
      message.error_classes = error->classes;
      if (std::exchange(last_error_, error->classes) != error->classes)
        report_(now(), server_ + ": " + transports::describe_error(message));
    } else {
      tcp_.give_up(now(), std::get<socketcand::give_up>(*event).reason);
    }
  }
}

void socketcand_bus::on_lost() {
  machine_.reset();
  writing_.clear();
  ports_.waiting().clear();
  last_error_.reset();
}

void socketcand_bus::note_not_carried(bool fd) {
  auto& count = fd ? fd_frames_ : remote_frames_;
  if (count++ == 0)
    report_(now(), std::string{"socketcand carries no "} + (fd ? "CAN FD" : "remote") + " frames");
}

void socketcand_bus::on_transmit(const transmit_request& request) {
  // What is requested before the first connection is there waits for it.
  if (tcp_.is_lost()) return;
  transmit_request carried{request.port, request.first, {}};
  for (const auto& f : request.frames) {
    if (!socketcand::can_carry(f)) {
      note_not_carried(f.flags.fd);
      // A frame that is never confirmed is where its sender's message ends; the next ones are of no use.
      break;
    }
    carried.frames.push_back(f);
  }
  if (!ports_.push(carried))
    report_(now(), server_ + " is too slow: frames are lost, because too many wait to be sent");
  flush();
  arm();
}

void socketcand_bus::flush() {
  if (!machine_ || !machine_->is_open()) return;
  while (writing_.empty()) {
    writing_ = ports_.waiting().next();
    if (writing_.empty()) return;
    ports_.waiting().on_taken(now(), writing_.size());
    std::string text;
    for (const auto& f : writing_) socketcand::append_send(text, f);
    tcp_.write(text);
    if (!tcp_.all_written()) return;
    on_written();
    ports_.publish(this);
  }
}

void socketcand_bus::on_written() {
  for (const auto& f : std::exchange(writing_, {})) ports_.note(f, now(), true);
}

void socketcand_bus::on_wake() {
  alarm_.woke();
  if (machine_) {
    machine_->on_time(now());
    drain();
  }
  tcp_.on_time(now());
  ports_.waiting().on_time(now());
  flush();
  arm();
}

void socketcand_bus::arm() {
  const auto handshake = machine_ ? machine_->deadline() : never;
  alarm_.arm(std::min({tcp_.deadline(), handshake, ports_.waiting().deadline()}));
}

}  // namespace canstage::actors
