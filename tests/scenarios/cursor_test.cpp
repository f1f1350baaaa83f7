#include "scenarios/cursor.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace canstage;
using namespace canstage::scenarios;

namespace {

step leaf() { return {.what = advance_step{}, .name = {}, .stop = false, .where = {}}; }

step repeat(std::uint32_t times, step_list steps) {
  return {.what = repeat_step{times, std::move(steps)}, .name = {}, .stop = false, .where = {}};
}

step parallel(std::vector<step_list> branches) {
  return {.what = parallel_step{std::move(branches)}, .name = {}, .stop = false, .where = {}};
}

std::vector<std::string> paths(const step_list& steps, const std::string& prefix = "") {
  cursor place{steps, prefix};
  std::vector<std::string> found;
  while (place.next() != nullptr) found.push_back(place.path());
  return found;
}

std::vector<std::string> remaining(const cursor& place) {
  std::vector<std::string> found;
  place.for_remaining([&](const step&, const std::string& path) { found.push_back(path); });
  return found;
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("steps come in the order of the file") {
  CHECK(paths({}).empty());
  CHECK(paths({leaf(), leaf(), leaf()}) == list{"1", "2", "3"});
  CHECK(paths({leaf()}, "7.2.") == list{"7.2.1"});
}

TEST_CASE("repetitions are unrolled, and counted in the path") {
  const step_list steps{leaf(), repeat(2, {leaf(), leaf()}), leaf()};
  CHECK(paths(steps) == list{"1", "2.1#1", "2.2#1", "2.1#2", "2.2#2", "3"});
}

TEST_CASE("repetitions in repetitions count each for itself") {
  const step_list steps{repeat(2, {repeat(2, {leaf()}), leaf()})};
  CHECK(paths(steps) == list{"1.1.1#1.1", "1.1.1#1.2", "1.2#1", "1.1.1#2.1", "1.1.1#2.2", "1.2#2"});
}

TEST_CASE("repeating nothing, or never, ends") {
  CHECK(paths({repeat(1'000'000'000, {}), leaf()}) == list{"2"});
  CHECK(paths({repeat(0, {leaf()}), leaf()}) == list{"2"});
}

TEST_CASE("parallel is one leaf") {
  CHECK(paths({parallel({{leaf()}, {leaf(), leaf()}}), leaf()}) == list{"1", "2"});
}

TEST_CASE("what remains is told once, whatever would be repeated") {
  const step_list steps{leaf(), repeat(1000, {leaf(), leaf()}), parallel({{leaf()}, {leaf(), leaf()}}),
                        leaf()};
  cursor place{steps, ""};
  CHECK(remaining(place) == list{"1", "2.1", "2.2", "3.1.1", "3.2.1", "3.2.2", "4"});
  place.next();
  place.next();
  CHECK(place.path() == "2.1#1");
  CHECK(remaining(place) == list{"2.2", "3.1.1", "3.2.1", "3.2.2", "4"});
}
