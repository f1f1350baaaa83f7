// Traces once more: which frame is due when.
#include "protocols/trace/replay.hpp"

#include <catch2/catch.hpp>

#include "protocols/trace/survey.hpp"

namespace canstage::trace::testing {

namespace {

using namespace std::chrono_literals;

constexpr instant start{10s};

/// The candump log `text` has to outlive it.
replay replay_of(const std::string& text, replay_settings how = {.bus = "can0"}) {
  return {start, std::move(how), [&text] { return make_reader(file_format::candump_log, text); }};
}

/// The identifiers that are due by `now`; all are confirmed at that time.
std::vector<std::uint32_t> due(replay& machine, instant now, std::uint32_t& token) {
  std::vector<std::uint32_t> found;
  while (const auto frame = machine.poll(now)) found.push_back(frame->id.value());
  machine.on_sent(now, token, static_cast<std::uint32_t>(found.size()));
  token += static_cast<std::uint32_t>(found.size());
  return found;
}

using ids = std::vector<std::uint32_t>;

const std::string three =
    "(100.000000) can0 001#00\n(100.500000) can1 0FF#00\n(101.000000) can0 002#00\n(101.250000) can0 "
    "003#00\n";

}  // namespace

TEST_CASE("frames of one bus come at the distances of the trace") {
  auto machine = replay_of(three);
  std::uint32_t token = 0;
  CHECK(machine.deadline() == start);
  CHECK(due(machine, start, token) == ids{1});
  CHECK(machine.deadline() == start + 1s);
  CHECK(due(machine, start + 999ms, token).empty());
  CHECK(due(machine, start + 1s, token) == ids{2});
  CHECK_FALSE(machine.finished());
  CHECK(due(machine, start + 1250ms, token) == ids{3});
  CHECK(machine.finished());
  CHECK(machine.deadline() == never);
  CHECK(machine.report().sent == 3);
  CHECK(machine.report().latest == 0ms);
}

TEST_CASE("what is late makes nothing else late") {
  auto machine = replay_of(three);
  std::uint32_t token = 0;
  CHECK(due(machine, start + 700ms, token) == ids{1});
  CHECK(machine.deadline() == start + 1s);
  CHECK(due(machine, start + 1251ms, token) == ids{2, 3});
  CHECK(machine.report().latest == 700ms);
}

TEST_CASE("a speed divides the distances") {
  auto twice = replay_of(three, {.bus = "can0", .speed = 2 * original_speed});
  auto half = replay_of(three, {.bus = "can0", .speed = original_speed / 2});
  CHECK(twice.poll(start));
  CHECK(twice.deadline() == start + 500ms);
  CHECK(half.poll(start));
  CHECK(half.deadline() == start + 2s);
}

TEST_CASE("passes follow each other") {
  auto machine = replay_of(three, {.bus = "can0", .passes = 2});
  std::uint32_t token = 0;
  CHECK(due(machine, start + 1250ms, token) == ids{1, 2, 3, 1});
  CHECK(due(machine, start + 2250ms, token) == ids{2});
  CHECK(due(machine, start + 2500ms, token) == ids{3});
  CHECK(machine.finished());
  CHECK(machine.report().sent == 6);
}

TEST_CASE("a time that goes back counts as the one before") {
  const std::string text = "(1.000000) can0 001#00\n(2.000000) can0 002#00\n(1.500000) can0 003#00\n";
  auto machine = replay_of(text);
  std::uint32_t token = 0;
  CHECK(due(machine, start + 999ms, token) == ids{1});
  CHECK(due(machine, start + 1s, token) == ids{2, 3});
}

TEST_CASE("what a link does not carry is left out and counted") {
  const std::string text =
      "(1.000000) can0 001##000\n(1.100000) can0 002#R\n(1.200000) can0 20000080#0000000000000000\n"
      "(1.300000) can0 003#00\n";
  auto machine = replay_of(text, {.bus = "can0", .fd = false, .remote = false});
  std::uint32_t token = 0;
  CHECK(due(machine, start + 299ms, token).empty());
  CHECK(due(machine, start + 300ms, token) == ids{3});
  CHECK(machine.finished());
  CHECK(machine.report().left_out_fd == 1);
  CHECK(machine.report().left_out_remote == 1);
  CHECK(machine.report().first_fd->value() == 1);
  CHECK(machine.report().first_remote->value() == 2);
}

TEST_CASE("a trace of which nothing can be sent ends, however often it is to be repeated") {
  const std::string text = "(1.000000) can0 001##000\n";
  auto machine = replay_of(text, {.bus = "can0", .passes = 1'000'000'000, .fd = false});
  CHECK(machine.finished());
  CHECK(machine.report().left_out_fd == 1);
}

TEST_CASE("what nobody confirms is lost after a while") {
  auto machine = replay_of(three);
  CHECK(machine.poll(start));
  CHECK(machine.poll(start + 1s));
  machine.on_sent(start + 1s, 1, 1);
  CHECK(machine.poll(start + 1250ms));
  CHECK(machine.deadline() == start + replay::patience);
  machine.on_time(start + replay::patience);
  CHECK_FALSE(machine.finished());
  machine.on_time(start + 1250ms + replay::patience);
  CHECK(machine.finished());
  CHECK(machine.report().sent == 1);
  CHECK(machine.report().lost == 2);
}

TEST_CASE("not more frames wait for their confirmation than the window has") {
  std::string text;
  for (std::size_t i = 0; i <= replay::window; ++i) text += "(1.000000) can0 001#00\n";
  auto machine = replay_of(text);
  std::size_t count = 0;
  while (machine.poll(start)) ++count;
  CHECK(count == replay::window);
  CHECK(machine.deadline() == start + replay::patience);
  machine.on_sent(start, 0, 1);
  CHECK(machine.deadline() == start);
  CHECK(machine.poll(start));
}

TEST_CASE("a survey says what is in a trace") {
  const std::string text =
      "(1.000000) can0 001##000\n(0.500000) can1 002#R\n(1.200000) can0 20000080#0000000000000000\n"
      "(1.300000) can0 003#00\n";
  const auto from = make_reader(file_format::candump_log, text);
  const auto found = survey_of(*from);
  CHECK(found.error_messages == 1);
  REQUIRE(found.buses.size() == 2);
  const auto& first = found.buses.at("can0");
  CHECK(first.frames == 2);
  CHECK(first.fd_frames == 1);
  CHECK(first.last - first.first == 300ms);
  CHECK(found.buses.at("can1").remote_frames == 1);
}

}  // namespace canstage::trace::testing
