#include "actors/socket_bus.hpp"

#include <algorithm>
#include <utility>

namespace canstage::actors {

namespace {

using transports::can_problem;

/// A full queue of the kernel has room again after about this time: 8 frames at 500 kbit/s take 2 ms.
constexpr duration retry_interval = std::chrono::milliseconds{1};

/// How often it is looked whether an interface is back. Polling, because nothing has to be watched
/// while all is well, and because a user who plugs an adapter in again does not notice 200 ms.
constexpr duration reopen_interval = std::chrono::milliseconds{200};

/// The kernel's filters change when nothing has been added for this time: a cast that comes on stage
/// brings thousands.
constexpr duration narrow_delay = std::chrono::milliseconds{100};

}  // namespace

socket_bus::socket_bus(caf::actor_config& config, stage& home, std::string title, socket_bus_spec spec)
    : stage_actor(config, home, std::move(title)),
      spec_(std::move(spec)),
      socket_(std::make_shared<transports::can_socket>()),
      ports_(spec_.index),
      alarm_(make_alarm(phase::arbitration)) {
  open();
  arm();
}

socket_bus_actor::behavior_type socket_bus::make_behavior() {
  return {
      [this](const attach_port& request) {
        ports_.attach(request);
        if (filters_.add(request.filters)) hear_everything();
        arm();
      },
      [this](const detach_port& request) { ports_.detach(request.port); },
      [this](const transmit_request& request) { on_transmit(request); },
      [this](const withdraw_request& request) { ports_.waiting().withdraw(request.port, request.token); },
      [](const arm_fault&) {},      // faults are those of virtual buses
      [](const force_bus_off&) {},  // likewise
      [this](caf::get_atom) { return ports_.statistics(); },
      [this](const wake_up&) { on_wake(); },
      [this](const socket_input& input) { on_input(input); },
  };
}

void socket_bus::on_exit() {
  ports_.clear();
  if (socket_->is_open()) spec_.reader->remove(socket_->number());
  socket_->close();
  spec_.reader.reset();
}

void socket_bus::open() {
  const auto problem = socket_->open(spec_.interface);
  if (problem != can_problem::none) return go_down(problem);
  ++generation_;
  lost_ = 0;
  reopen_at_ = never;
  if (std::exchange(down_reported_, false)) report(spec_.interface + " is back");
  // A new socket hears everything.
  narrow_at_ = now() + narrow_delay;
  watch();
}

void socket_bus::watch() {
  // Neither holds this actor: the reader forgets the callback in `on_exit` or `go_down`.
  const auto self = caf::actor_cast<caf::weak_actor_ptr>(this);
  auto& time = home().time();
  ahead_ = std::make_shared<frames_ahead>();
  receive_ = [self, &time, socket = socket_, generation = generation_, ahead = ahead_,
              reader = spec_.reader.get()] {
    const auto found = socket->receive();
    if (found.frames.empty() && found.problem == can_problem::none) return;
    const auto received_at = time.now();
    auto frames = std::make_shared<std::vector<socket_input::heard>>();
    frames->reserve(found.frames.size());
    for (const auto& one : found.frames) frames->push_back({one, received_at - one.age});
    if (!ahead->add(frames->size())) {
      reader->remove(socket->number());
      ahead->stopped();
    }
    if (const auto bus = caf::actor_cast<caf::strong_actor_ptr>(self))
      caf::anon_send(caf::actor_cast<socket_bus_actor>(bus),
                     socket_input{generation, std::move(frames), found.problem, found.lost});
  };
  spec_.reader->add(socket_->number(), receive_);
}

void socket_bus::go_down(can_problem problem) {
  if (socket_->is_open()) spec_.reader->remove(socket_->number());
  socket_->close();
  ports_.waiting().clear();
  retry_at_ = narrow_at_ = never;
  reopen_at_ = now() + reopen_interval;
  if (!std::exchange(down_reported_, true)) report(transports::describe(problem, spec_.interface));
}

void socket_bus::report(const std::string& sentence) {
  if (spec_.report) spec_.report(now(), title() + ": " + sentence);
}

void socket_bus::on_transmit(const transmit_request& request) {
  if (!socket_->is_open()) return;
  for (const auto& f : request.frames)
    if (filters_.add(f.id)) hear_everything();
  if (!ports_.push(request))
    report(spec_.interface + " is too slow: frames are lost, because too many wait to be sent");
  flush();
  arm();
}

void socket_bus::flush() {
  retry_at_ = never;
  for (auto batch = ports_.waiting().next(); !batch.empty(); batch = ports_.waiting().next()) {
    const auto sent = socket_->send(batch);
    ports_.waiting().on_taken(now(), sent.count);
    switch (sent.problem) {
      case can_problem::none:
        break;
      case can_problem::queue_full:
      case can_problem::out_of_resources:
        retry_at_ = now() + retry_interval;
        return;
      case can_problem::frame_refused:
        report(transports::describe(sent.problem, spec_.interface));
        ports_.waiting().drop_next();
        break;
      default:
        return go_down(sent.problem);
    }
  }
}

void socket_bus::on_input(const socket_input& input) {
  if (input.generation != generation_ || !socket_->is_open()) return;
  if (ahead_->remove(input.frames->size())) spec_.reader->add(socket_->number(), receive_);
  for (const auto& [frame, at] : *input.frames) {
    if (frame.error_classes == 0) {
      ports_.note(frame.content, at, frame.from_this_socket);
    } else if (const auto text = describe_error(frame); text != last_error_) {
      // A controller in trouble says the same thousands of times.
      report(last_error_ = text);
    }
  }
  ports_.publish(this);
  if (input.lost > lost_) report(std::to_string(input.lost - lost_) + " frames came too fast and are lost");
  lost_ = std::max(lost_, input.lost);
  if (input.problem != can_problem::none) {
    go_down(input.problem);
  } else {
    flush();  // the window has moved
  }
  arm();
}

void socket_bus::hear_everything() {
  if (!socket_->is_open()) return;
  if (narrow_at_ == never) {
    const auto everything = can::filter::everything();
    socket_->set_filters({&everything, 1});
  }
  narrow_at_ = now() + narrow_delay;
}

void socket_bus::on_wake() {
  alarm_.woke();
  if (now() >= reopen_at_) open();
  if (now() >= narrow_at_) {
    narrow_at_ = never;
    socket_->set_filters(filters_.filters());
  }
  ports_.waiting().on_time(now());
  if (socket_->is_open() && ports_.waiting().waiting() != 0) flush();
  arm();
}

void socket_bus::arm() {
  alarm_.arm(std::min({retry_at_, reopen_at_, narrow_at_, ports_.waiting().deadline()}));
}

}  // namespace canstage::actors
