// ISOTP-102, 105, 106 whatever frames get lost: two endpoints that send each other a message each, over a
// bus that swallows frames. Whatever was lost, a message arrives at most once and unaltered, both ends
// come to an end, in one of the pairs of results that a table allows, and then the pair works again.
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <deque>
#include <set>

#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

/// What of a message was lost first.
enum class loss { nothing, single, first, consecutive, last_consecutive, cts, wait };

/// How a message ended: N_USData.confirm, and the last N_USData.indication if there was any.
struct ending {
  n_result confirmed;
  std::optional<n_result> indicated;
  friend bool operator==(const ending&, const ending&) = default;
};

const std::optional<n_result> none = std::nullopt;

/// The endings of a message of which that was lost first, whatever was lost later.
std::vector<ending> allowed(loss what) {
  using enum n_result;
  switch (what) {
    case loss::nothing:
      return {{n_ok, n_ok}};
    case loss::single:
      return {{n_ok, none}};
    case loss::first:
      return {{n_timeout_bs, none}};
    case loss::cts:
      return {{n_timeout_bs, n_timeout_cr}};
    case loss::last_consecutive:
      return {{n_ok, n_timeout_cr}};
    case loss::consecutive:  // the next CF, if one comes, has another SN, or the right one after 16
      return {
          {n_ok, n_wrong_sn}, {n_timeout_bs, n_wrong_sn}, {n_timeout_bs, n_timeout_cr}, {n_ok, n_timeout_cr}};
    case loss::wait:  // the next FC may come in time
      return {{n_ok, n_ok},
              {n_timeout_bs, n_timeout_cr},
              {n_timeout_bs, n_wrong_sn},
              {n_ok, n_wrong_sn},
              {n_ok, n_timeout_cr}};
  }
  return {};
}

/// One end of the bus and what happened to the message that it sends.
struct side {
  endpoint machine;
  bytes message;
  loss lost = loss::nothing;
  std::size_t handed_over = 0;  ///< bytes of the message in the frames so far
  std::vector<n_result> confirmed;
  std::vector<indication> received;
};

class lossy_pair {
 public:
  lossy_pair(std::array<endpoint, 2> machines, std::set<std::size_t> losses) : losses_(std::move(losses)) {
    for (endpoint& machine : machines) sides_.push_back({std::move(machine), {}, {}, {}, {}, {}});
  }

  side& operator[](std::size_t index) { return sides_[index]; }

  void send(std::size_t index, bytes message) {
    side& s = sides_[index];
    s.message = message;
    s.lost = loss::nothing;
    s.handed_over = 0;
    s.machine.request(now_, std::move(message));
    drain(index);
  }

  void stop_losing() { losses_.clear(); }

  /// Until nobody waits for anything.
  void run() {
    while (true) {
      if (!wire_.empty()) {
        deliver();
        continue;
      }
      const instant next = std::min(sides_[0].machine.deadline(), sides_[1].machine.deadline());
      if (next == never) return;
      now_ = std::max(now_, next);
      for (std::size_t i = 0; i < 2; ++i) {
        sides_[i].machine.on_time(now_);
        drain(i);
      }
    }
  }

 private:
  struct sent {
    std::size_t from;
    transmit what;
  };

  void drain(std::size_t index) {
    side& s = sides_[index];
    for (event next; s.machine.poll(now_, next);) {
      if (auto* frame = next.get_if<transmit>()) {
        wire_.push_back({index, *frame});
      } else if (auto* end = next.get_if<confirm>()) {
        s.confirmed.push_back(end->result);
      } else if (auto* message = next.get_if<indication>()) {
        s.received.push_back(std::move(*message));
      }
    }
  }

  void deliver() {
    const auto [from, what] = wire_.front();
    wire_.pop_front();
    const loss kind = kind_of(from, what.content);
    const bool is_lost = losses_.contains(frames_++);
    side& concerned = sides_[kind == loss::cts || kind == loss::wait ? 1 - from : from];
    if (is_lost && concerned.lost == loss::nothing) concerned.lost = kind;
    sides_[from].machine.on_confirm(now_, what.token);
    drain(from);
    if (is_lost) return;
    sides_[1 - from].machine.on_frame(now_, what.content);
    drain(1 - from);
  }

  loss kind_of(std::size_t from, const can::frame& f) {
    side& s = sides_[from];
    const std::size_t a = s.machine.address().tx_address_byte ? 1 : 0;
    switch (f.data[a] >> 4) {
      case 0:
        return loss::single;
      case 1:
        s.handed_over = f.length - a - 2;
        return loss::first;
      case 2:
        s.handed_over += f.length - a - 1;  // the last one may have fillers
        return s.handed_over >= s.message.size() ? loss::last_consecutive : loss::consecutive;
      default:
        return (f.data[a] & 0xF) == 0 ? loss::cts : loss::wait;
    }
  }

  std::set<std::size_t> losses_;  ///< by number of the frame
  std::vector<side> sides_;
  std::deque<sent> wire_;
  std::size_t frames_ = 0;
  instant now_{};
};

parameters any_parameters(bool duplex) {
  parameters settings;
  settings.bs = *rc::gen::element<std::uint8_t>(0, 1, 2, 3, 8, 15);
  settings.stmin = st_min::from_code(*rc::gen::element<std::uint8_t>(0, 0, 1, 0x7F, 0xF1));
  settings.padding = *rc::gen::element<std::optional<std::uint8_t>>(std::nullopt, 0xCC);
  settings.tx_dl = *rc::gen::element<std::uint8_t>(8, 8, 12, 20, 64);
  if (!duplex) settings.duplex = duplex_mode::half;
  const auto waits = *rc::gen::weightedElement<std::size_t>({{3, 0}, {1, 1}, {1, 2}});
  settings.flow_control = flow_control_policy::wait_first(waits);
  return settings;
}

void require_ending(const side& sender, const side& receiver) {
  RC_ASSERT(sender.confirmed.size() == 1U);
  RC_ASSERT(receiver.received.size() <= 1U);
  ending found{sender.confirmed[0], none};
  if (!receiver.received.empty()) {
    const indication& last = receiver.received[0];
    found.indicated = last.result;
    RC_ASSERT(last.sdu == (last.result == n_result::n_ok ? sender.message : bytes{}));
  }
  const std::vector<ending> expected = allowed(sender.lost);
  RC_ASSERT(std::find(expected.begin(), expected.end(), found) != expected.end());
}

void require_table(bool both_directions) {
  const auto a = *rc::gen::arbitrary<bool>() ? std::optional<std::uint8_t>{0xF1} : std::nullopt;
  const auto b = *rc::gen::arbitrary<bool>() ? std::optional<std::uint8_t>{0x10} : std::nullopt;
  const auto settings = [&] { return std::make_shared<const parameters>(any_parameters(both_directions)); };
  const addressing one{rx_id, tx_id, {}, {}, a, b, {}, {}};
  const addressing other{tx_id, rx_id, {}, {}, b, a, {}, {}};
  const auto losses = *rc::gen::container<std::set<std::size_t>>(rc::gen::inRange<std::size_t>(0, 40));
  lossy_pair pair{{endpoint{one, settings()}, endpoint{other, settings()}},
                  *rc::gen::element(std::set<std::size_t>{}, losses, losses, losses)};
  const auto message = [] {
    return counting(*rc::gen::inRange<std::size_t>(1, 300), *rc::gen::arbitrary<std::uint8_t>());
  };
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < 2; ++i) pair[i].confirmed.clear(), pair[i].received.clear();
    pair.send(0, message());
    if (both_directions) pair.send(1, message());
    pair.run();
    require_ending(pair[0], pair[1]);
    if (both_directions) require_ending(pair[1], pair[0]);
    pair.stop_losing();  // then everything works again
  }
}

}  // namespace

TEST_CASE("ISOTP-102, 105, 106 whatever is lost of a message, both ends come to one of the allowed results") {
  REQUIRE(rc::check([] { require_table(false); }));
}

TEST_CASE("ISOTP-082, 102, 105 the same with a message in each direction at once") {
  REQUIRE(rc::check([] { require_table(true); }));
}

}  // namespace canstage::isotp::test
