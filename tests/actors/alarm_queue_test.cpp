#include "actors/alarm_queue.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <tuple>
#include <vector>

using namespace canstage;
using namespace canstage::actors;
using namespace std::chrono_literals;

namespace {

constexpr instant start{};

}  // namespace

TEST_CASE("an alarm that is not set never rings") {
  alarm_queue alarms;
  alarms.add(phase::medium);
  CHECK(alarms.next() == never);
  CHECK_FALSE(alarms.front());
}

TEST_CASE("alarms ring by time, then phase, then age") {
  alarm_queue alarms;
  const auto arbitration = alarms.add(phase::arbitration);
  const auto script = alarms.add(phase::script);
  const auto second = alarms.add(phase::connection);
  const auto third = alarms.add(phase::connection);
  const auto later = alarms.add(phase::medium);
  for (const auto id : {third, arbitration, second, script}) alarms.set(id, start + 1ms);
  alarms.set(later, start + 2ms);
  std::vector<alarm_id> rang;
  while (alarms.pending() > 0) rang.push_back(alarms.pop().id);
  CHECK(rang == std::vector<alarm_id>{second, third, script, arbitration, later});
}

TEST_CASE("a moved alarm rings once, at its last time") {
  alarm_queue alarms;
  const auto moved = alarms.add(phase::connection);
  const auto other = alarms.add(phase::connection);
  alarms.set(moved, start + 5ms);
  alarms.set(other, start + 3ms);
  alarms.set(moved, start + 1ms);
  CHECK(alarms.next() == start + 1ms);
  alarms.set(moved, start + 4ms);
  CHECK(alarms.pending() == 2);
  CHECK(alarms.pop().id == other);
  CHECK(alarms.pop().when == start + 4ms);
  CHECK(alarms.pending() == 0);
}

TEST_CASE("never switches an alarm off") {
  alarm_queue alarms;
  const auto id = alarms.add(phase::script);
  alarms.set(id, start + 1s);
  alarms.set(id, never);
  alarms.set(id, never);
  CHECK(alarms.pending() == 0);
  alarms.set(id, start + 2s);
  CHECK(alarms.next() == start + 2s);
}

TEST_CASE("whatever is set and moved, alarms ring in order") {
  CHECK(rc::check([] {
    const auto count = *rc::gen::inRange(1, 20);
    alarm_queue alarms;
    std::map<alarm_id, std::tuple<instant, phase, alarm_id>> model;
    std::vector<phase> phases;
    for (int i = 0; i < count; ++i) {
      phases.push_back(static_cast<phase>(*rc::gen::inRange(0, static_cast<int>(phase_count))));
      alarms.add(phases.back());
    }
    for (const auto move : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 100000))) {
      const auto id = static_cast<alarm_id>(move % count);
      const auto time = move / count % 12;
      if (time == 11) {
        alarms.set(id, never);
        model.erase(id);
      } else {
        const auto when = start + std::chrono::milliseconds{time};
        alarms.set(id, when);
        model[id] = {when, phases[id], id};
      }
    }
    std::vector<std::tuple<instant, phase, alarm_id>> expected;
    for (const auto& [id, key] : model) expected.push_back(key);
    std::sort(expected.begin(), expected.end());
    RC_ASSERT(alarms.pending() == expected.size());
    for (const auto& [when, what, id] : expected) {
      const auto next = alarms.pop();
      RC_ASSERT(next.id == id);
      RC_ASSERT(next.when == when);
      RC_ASSERT(next.what == what);
    }
  }));
}
