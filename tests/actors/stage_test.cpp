#include "actors/stage.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/actors/players.hpp"

using namespace canstage;
using namespace canstage::actors;
using namespace std::chrono_literals;

namespace {

constexpr instant start{};
constexpr auto patience = 30s;

}  // namespace

TEST_CASE("virtual time jumps from deadline to deadline, however far") {
  stage home{stage_time::virtual_time};
  std::vector<instant> woken;
  home.spawn<sleeper>("sleeper", phase::script, [&](instant now) {
    woken.push_back(now);
    if (woken.size() == 3) home.finish();
    return now + 24h;
  });
  CHECK(home.run(patience).what == run_end::kind::finished);
  CHECK(woken == std::vector<instant>{start, start + 24h, start + 48h});
}

TEST_CASE("within one instant the phases come in their order, whoever was there first") {
  stage home{stage_time::virtual_time};
  std::string order;
  const auto note = [&](char name, phase when) {
    home.spawn<sleeper>("sleeper", when, [&order, name](instant) {
      order += name;
      return never;
    });
  };
  note('a', phase::arbitration);
  note('s', phase::script);
  note('p', phase::application);
  note('c', phase::connection);
  note('d', phase::connection);
  note('m', phase::medium);
  const auto end = home.run(patience);
  CHECK(order == "mcdpsa");
  // Nobody called `finish`, and nobody waits for anything.
  CHECK(end.what == run_end::kind::stuck);
  CHECK(end.reason == "nothing left to do, but the script is not at its end");
}

TEST_CASE("an exception in an actor ends the run with the actor's name") {
  const auto kind = GENERATE(stage_time::virtual_time, stage_time::real_time);
  stage home{kind};
  home.spawn<sleeper>("ecu engine", phase::application,
                      [](instant) -> instant { throw std::runtime_error{"out of petrol"}; });
  const auto end = home.run(patience);
  CHECK(end.what == run_end::kind::failed);
  CHECK(end.reason == "ecu engine: out of petrol");
}

TEST_CASE("a loop at one virtual instant is cut off and named") {
  stage home{stage_time::virtual_time};
  home.spawn<sleeper>("bus powertrain", phase::arbitration, [](instant now) { return now; });
  const auto end = home.run(patience);
  CHECK(end.what == run_end::kind::stuck);
  CHECK(end.reason == "bus powertrain: a loop without end at one virtual instant");
}

TEST_CASE("a loop that gets on is not cut off") {
  stage home{stage_time::virtual_time};
  int left = 400'000;
  home.spawn<sleeper>("bus powertrain", phase::arbitration, [&](instant now) {
    home.note_progress();
    if (--left == 0) home.finish();
    return now;
  });
  CHECK(home.run(patience).what == run_end::kind::finished);
}

TEST_CASE("a run can be interrupted from another thread") {
  const auto kind = GENERATE(stage_time::virtual_time, stage_time::real_time);
  stage home{kind};
  std::thread other;
  home.spawn<sleeper>("sleeper", phase::script, [&](instant now) {
    if (!other.joinable()) other = std::thread([&home] { home.interrupt(); });
    return now + 1ms;
  });
  CHECK(home.run(patience).what == run_end::kind::interrupted);
  other.join();
}

TEST_CASE("in real time an alarm does not ring early") {
  stage home{stage_time::real_time};
  std::vector<instant> woken;
  home.spawn<sleeper>("sleeper", phase::script, [&](instant now) {
    woken.push_back(now);
    if (woken.size() < 3) return now + 5ms;
    home.finish();
    return never;
  });
  CHECK(home.run(patience).what == run_end::kind::finished);
  REQUIRE(woken.size() == 3);
  CHECK(woken[1] - woken[0] >= 5ms);
  CHECK(woken[2] - woken[1] >= 5ms);
}

TEST_CASE("a real-time run without progress is given up after the limit") {
  stage home{stage_time::real_time};
  const auto end = home.run(1s);
  CHECK(end.what == run_end::kind::stuck);
  CHECK(end.reason == "no progress for 1 s");
}

TEST_CASE("CAF's own timers run in virtual time, too") {
  stage home{stage_time::virtual_time};
  instant heard = never;
  caf::actor listener = home.system().spawn([&](caf::event_based_actor*) -> caf::behavior {
    return {[&](int) {
      heard = home.time().now();
      home.finish();
    }};
  });
  caf::delayed_anon_send(listener, 3s, 1);
  CHECK(home.run(patience).what == run_end::kind::finished);
  CHECK(heard == start + 3s);
}
