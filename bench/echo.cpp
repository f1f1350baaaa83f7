// How many echoes per second: N pairs of ISO-TP endpoints on an ideal bus, a client and an echo each.
//
// Three times the same machines: behind actors in the normal cast, behind one ensemble actor, and in a
// bare loop without actors. The bare loop is what the protocol costs, the ratio is what the actors add.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "bench/bare_pairs.hpp"
#include "bench/memory.hpp"
#include "bench/staged_pairs.hpp"

namespace {

using namespace canstage;
using wall = std::chrono::steady_clock;

struct figures {
  double echoes_per_second = 0;
  double frames_per_second = 0;
  double bytes_per_pair = 0;
};

/// Plays `rounds` echoes of `length` bytes on each of the pairs that `make` sets up.
template <class Make>
figures measure(std::size_t pairs, std::size_t length, std::size_t rounds, Make make) {
  const auto before = bench::resident_bytes();
  auto players = make(pairs);
  players->play(length, 1);  // every pair has worked once: nothing is measured that happens once
  const auto after = bench::resident_bytes();
  const auto frames_before = players->frames();
  const auto begin = wall::now();
  players->play(length, rounds);
  const double seconds = std::chrono::duration<double>(wall::now() - begin).count();
  const auto echoes = static_cast<double>(pairs * rounds);
  return {echoes / seconds, static_cast<double>(players->frames() - frames_before) / seconds,
          static_cast<double>(after > before ? after - before : 0) / static_cast<double>(pairs)};
}

/// The best of some runs: what else the machine does can only make a run slower.
figures best_of(int runs, const std::function<figures()>& run) {
  figures best;
  for (int i = 0; i < runs; ++i) {
    const auto one = run();
    if (i == 0) best.bytes_per_pair = one.bytes_per_pair;  // later runs reuse the heap of earlier ones
    if (one.echoes_per_second <= best.echoes_per_second) continue;
    best.echoes_per_second = one.echoes_per_second;
    best.frames_per_second = one.frames_per_second;
  }
  return best;
}

void print_row(std::size_t pairs, std::size_t length, const char* how, const figures& found,
               const figures& bare) {
  std::cout << fmt::format("{:>7} {:>7} B  {:<9} {:>12.0f} {:>12.0f} {:>9.0f} {:>8.2f}\n", pairs, length, how,
                           found.echoes_per_second, found.frames_per_second, found.bytes_per_pair,
                           bare.echoes_per_second / found.echoes_per_second);
  std::cout.flush();
}

void compare(std::size_t pairs, std::size_t length, std::size_t echoes, int runs) {
  const auto rounds = std::max<std::size_t>(1, echoes / pairs);
  const auto with = [&](auto make) {
    return best_of(runs, [&] { return measure(pairs, length, rounds, make); });
  };
  const auto bare = with([](std::size_t n) { return std::make_unique<bench::bare_pairs>(n); });
  const auto normal = with(
      [](std::size_t n) { return std::make_unique<bench::staged_pairs>(n, bench::hosting::normal_cast); });
  const auto ensemble =
      with([](std::size_t n) { return std::make_unique<bench::staged_pairs>(n, bench::hosting::ensemble); });
  print_row(pairs, length, "bare", bare, bare);
  print_row(pairs, length, "normal", normal, bare);
  print_row(pairs, length, "ensemble", ensemble, bare);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2 || (argc == 2 && std::string{argv[1]} != "--quick")) {
    std::cerr << "usage: echo [--quick]\n";
    return 2;
  }
  const bool quick = argc == 2;
  const std::size_t share = quick ? 1000 : 1;
  const int runs = quick ? 1 : 3;
  std::cout << "  pairs     SDU    hosting        echoes/s     frames/s   B/pair  bare/it\n";
  for (const std::size_t pairs : {1, 100, 10'000}) {
    if (quick && pairs > 100) break;
    compare(pairs, 3, 200'000 / share, runs);
    compare(pairs, 4095, std::max<std::size_t>(pairs, 4'000 / share), runs);
  }
}
