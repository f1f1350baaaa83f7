// Echoes between two bare ISO-TP endpoints, so that somebody can count what a frame costs:
// bench/isotp_instructions does.
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "bench/bare_pairs.hpp"

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::cerr << "usage: isotp_loop LENGTH ROUNDS    (SDU in bytes; prints the number of frames)\n";
    return 2;
  }
  canstage::bench::bare_pairs pair{1};
  pair.play(std::strtoull(argv[1], nullptr, 10), std::strtoull(argv[2], nullptr, 10));
  std::cout << pair.frames() << '\n';
  return 0;
} catch (const std::exception& problem) {
  std::cerr << problem.what() << '\n';
  return 1;
}
