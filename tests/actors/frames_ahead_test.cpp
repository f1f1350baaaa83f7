// Reading stops when too much waits, and goes on when it is handled.
#include "actors/frames_ahead.hpp"

#include <thread>

#include "catch2/catch.hpp"

namespace canstage::actors {
namespace {

TEST_CASE("reading stops at the limit and goes on once below it", "[frames_ahead]") {
  frames_ahead ahead;
  CHECK(ahead.add(frames_ahead::limit - 1));
  CHECK_FALSE(ahead.add(64));
  ahead.stopped();
  CHECK_FALSE(ahead.remove(1));
  CHECK(ahead.remove(100));
  CHECK_FALSE(ahead.remove(1000));  // it goes on already
  CHECK(ahead.add(1));
}

TEST_CASE("nobody waits for ever, whoever is faster", "[frames_ahead]") {
  constexpr std::size_t batches = 20'000;
  constexpr std::size_t size = frames_ahead::limit / 3;
  frames_ahead ahead;
  std::atomic<std::size_t> handed_over = 0;
  std::atomic<bool> may_read = true;
  std::thread bus{[&] {
    for (std::size_t handled = 0; handled < batches;) {
      if (handled == handed_over) {
        std::this_thread::yield();
        continue;
      }
      ++handled;
      if (ahead.remove(size)) may_read = true;
    }
  }};
  for (std::size_t read = 0; read < batches; ++read) {
    while (!may_read) std::this_thread::yield();
    if (!ahead.add(size)) {
      may_read = false;
      ahead.stopped();
    }
    ++handed_over;
  }
  bus.join();
  CHECK(handed_over == batches);
}

}  // namespace
}  // namespace canstage::actors
