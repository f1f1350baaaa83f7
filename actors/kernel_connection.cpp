#include "actors/kernel_connection.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "protocols/isotp/unacknowledged.hpp"
#include "transports/kernel_stamp.hpp"

namespace canstage::actors {

namespace {

using transports::can_problem;

/// As with a bus that is a socket.
constexpr duration reopen_interval = std::chrono::milliseconds{200};

/// Everything that concerns the connection, whoever sends it.
std::vector<can::filter> watched_filters(const isotp::addressing& address, bool hears) {
  std::vector<can::filter> filters;
  const auto add = [&](const std::optional<can::identifier>& id) {
    if (id) filters.push_back(can::filter::exactly(*id));
  };
  if (hears) {
    add(address.rx);
    add(address.tx);
    add(address.functional_rx);
  }
  add(address.functional_tx);
  return filters;
}

}  // namespace

transports::isotp_wish wish_of(const connection_spec& spec) {
  return {.address = spec.address, .settings = *spec.settings, .only_functional = !spec.hears};
}

kernel_connection::kernel_connection(caf::actor_config& config, stage& home, std::string title,
                                     kernel_connection_spec spec)
    : stage_actor(config, home, std::move(title)),
      spec_(std::move(spec)),
      machine_(spec_.connection.address, *spec_.connection.settings),
      alarm_(make_alarm(phase::connection)) {
  open();
  settle();
}

kernel_connection_actor::behavior_type kernel_connection::make_behavior() {
  return {
      [this](connection_id, const connection_user_actor& user) { user_ = user; },
      [this](n_usdata_request& request) {
        machine_.request(now(), std::move(request.sdu), request.target);
        settle();
      },
      [this](const unacknowledged_data_request& request) {
        if (sockets_)
          sockets_->bus.send(isotp::unacknowledged(*spec_.connection.settings, request.id, request.data));
      },
      [](const n_change_parameter_request&) -> caf::result<n_change_parameter_confirm> {
        // Its ISO-TP is not ours, and takes its parameters once.
        return n_change_parameter_confirm{isotp::change_result::n_wrong_parameter};
      },
      [](const misbehave_request&) {},  // likewise
      [this](const leave_bus_request&) {
        machine_.reset();
        close();
        reopen_at_ = never;
      },
      [this](const reset_connection&) {
        machine_.reset();
        close();
        open();
        settle();
      },
      [this](const kernel_input& input) { on_input(input); },
      [this](const wake_up&) {
        alarm_.woke();
        if (now() >= reopen_at_) open();
        machine_.on_time(now());
        settle();
      },
  };
}

void kernel_connection::on_exit() {
  close();
  spec_.reader.reset();
  user_ = nullptr;
}

void kernel_connection::open() {
  const auto& connection = spec_.connection;
  auto made = std::make_shared<sockets>();
  auto problem = made->messages.open(spec_.interface, transports::options_for(wish_of(connection)));
  if (problem == can_problem::none) problem = made->bus.open(spec_.interface);
  if (problem == can_problem::none)
    problem = made->bus.set_filters(watched_filters(connection.address, connection.hears));
  if (problem != can_problem::none) return go_down(problem);
  ++generation_;
  sockets_ = std::move(made);
  reopen_at_ = never;
  if (std::exchange(down_reported_, false)) report(spec_.interface + " is back");
  watch();
}

void kernel_connection::close() {
  if (!sockets_) return;
  spec_.reader->remove(sockets_->messages.number());
  spec_.reader->remove(sockets_->bus.number());
  sockets_->messages.close();
  sockets_.reset();
}

void kernel_connection::watch() {
  // Neither holds this actor: the reader forgets the callback in `close`.
  const auto self = caf::actor_cast<caf::weak_actor_ptr>(this);
  const auto collect_and_tell = [self, &time = home().time(), from = sockets_, generation = generation_] {
    auto found = collect(*from, time);
    found.generation = generation;
    if (const auto host = caf::actor_cast<caf::strong_actor_ptr>(self))
      caf::anon_send(caf::actor_cast<kernel_connection_actor>(host), std::move(found));
  };
  spec_.reader->add(sockets_->messages.number(), collect_and_tell);
  spec_.reader->add(sockets_->bus.number(), collect_and_tell);
  await();
}

/// Asks for the next batch.
void kernel_connection::await() {
  spec_.reader->await(sockets_->messages.number(), true, machine_.waits_for_idle());
  spec_.reader->await(sockets_->bus.number(), true, false);
}

/// Messages until nothing is new, frames after each: so all that led to a message is among the frames, and
/// all that was over before a frame is among the messages.
kernel_input kernel_connection::collect(sockets& from, const timekeeper& time) {
  kernel_input found;
  found.writes = from.writes.load();
  found.idle = from.messages.is_idle();
  found.messages = std::make_shared<std::vector<kernel_input::stamped<bytes>>>();
  found.frames = std::make_shared<std::vector<kernel_input::stamped<can::frame>>>();
  const auto note = [&](can_problem problem) {
    if (found.problem == can_problem::none) found.problem = problem;
  };
  constexpr int most_rounds = 64;
  for (int round = 0; round < most_rounds; ++round) {
    auto received = from.messages.receive();
    note(received.problem);
    for (auto& one : received.messages) found.messages->push_back({std::move(one.content), one.stamp});
    found.errors.insert(found.errors.end(), received.errors.begin(), received.errors.end());
    if (round > 0 && received.messages.empty()) break;
    for (bool more = true; more;) {
      const auto seen = from.bus.receive();
      note(seen.problem);
      for (const auto& one : seen.frames)
        if (one.error_classes == 0) found.frames->push_back({one.content, one.stamp});
      more = !seen.frames.empty();
    }
  }
  found.stage_now = time.now();
  found.stamp_now = transports::stamp_clock();
  return found;
}

void kernel_connection::go_down(can_problem problem) {
  close();
  reopen_at_ = now() + reopen_interval;
  machine_.on_down(now());
  if (!std::exchange(down_reported_, true)) report(transports::describe(problem, spec_.interface));
}

void kernel_connection::report(const std::string& sentence) {
  if (spec_.report) spec_.report(now(), title() + ": " + sentence);
}

void kernel_connection::on_input(const kernel_input& input) {
  if (input.generation != generation_ || !sockets_) return;
  // What was idle had not heard of a write that came after that was seen.
  replay(input, input.idle && input.writes == sockets_->writes.load());
  if (input.problem != can_problem::none) go_down(input.problem);
  settle();
}

/// Everything in its order on the bus. A transmission is over when its last frame was seen: so a request is
/// confirmed before its answer is indicated. Errors have no time: they are the end of what came before.
void kernel_connection::replay(const kernel_input& input, bool idle) {
  const auto& frames = *input.frames;
  std::size_t sent_by = 0;
  for (std::size_t i = 0; idle && i < frames.size(); ++i)
    if (machine_.is_own_data(frames[i].content)) sent_by = i + 1;
  std::vector<transports::isotp_failure> of_sending;
  std::vector<transports::isotp_failure> others;
  for (const int error : input.errors) {
    auto failure = transports::failure_of(error);
    failure.side = machine_.concerned(failure.side, idle);
    (idle && failure.side == isotp::error_side::sending ? of_sending : others).push_back(failure);
  }
  const auto at = [&](duration stamp) {
    return input.stage_now - transports::age_of(stamp, input.stamp_now);
  };
  auto message = input.messages->begin();
  for (std::size_t i = 0; i <= frames.size(); ++i) {
    if (idle && i == sent_by) {
      for (const auto& one : of_sending) machine_.on_error(now(), one.side, one.result);
      machine_.on_idle(now());
    }
    const bool frame_left = i < frames.size();
    for (; message != input.messages->end(); ++message) {
      if (frame_left && frames[i].stamp <= message->stamp) break;
      machine_.on_message(at(message->stamp), std::move(message->content));
    }
    if (frame_left) machine_.on_frame(at(frames[i].stamp), frames[i].content);
  }
  for (const auto& one : others) machine_.on_error(now(), one.side, one.result);
}

void kernel_connection::settle() {
  isotp::service_event next;
  instant at;
  while (machine_.poll(now(), next, at)) {
    if (const auto* output = std::get_if<isotp::socket_write>(&next)) {
      write(*output);
    } else if (!user_) {
      continue;
    } else if (const auto* end = std::get_if<isotp::confirm>(&next)) {
      send(user_, n_usdata_confirm{spec_.connection.port, end->result, end->target, at});
    } else if (const auto* begin = std::get_if<isotp::first_frame_indication>(&next)) {
      send(user_, n_usdata_ff_indication{spec_.connection.port, begin->length, at});
    } else if (auto* message = std::get_if<isotp::indication>(&next)) {
      send(user_, n_usdata_indication{spec_.connection.port, std::move(message->sdu), message->result,
                                      message->target, at});
    }
  }
  if (sockets_) await();
  alarm_.arm(std::min(machine_.deadline(), reopen_at_));
}

void kernel_connection::write(const isotp::socket_write& what) {
  if (!sockets_) return machine_.on_down(now());
  const auto taken = sockets_->messages.write(what.sdu);
  // After the write: who reads the new number finds the socket busy, or done with this very message.
  ++sockets_->writes;
  if (taken.message_error != 0) {
    const auto failure = transports::failure_of(taken.message_error);
    const auto side = machine_.concerned(failure.side, sockets_->messages.is_idle());
    machine_.on_error(now(), side, failure.result);
  }
  if (taken.problem != can_problem::none) return go_down(taken.problem);
  machine_.on_written(now(), taken.how);
}

}  // namespace canstage::actors
