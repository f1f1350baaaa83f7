// Loads what is right; a problem fails the test and is shown.
#pragma once

#include <string>

#include "catch2/catch.hpp"
#include "scenarios/loader.hpp"

namespace canstage::scenarios {

inline scenario loaded(const std::string& text) {
  load_result result = load_text(text, "folder/test.yaml");
  for (const diagnostic& problem : result.problems) UNSCOPED_INFO(to_string(problem));
  REQUIRE(result.loaded);
  return std::move(*result.loaded);
}

/// With one bus; `entries` are those of `ecus`, and maybe further sections.
inline scenario loaded_ecus(const std::string& entries) {
  return loaded("canstage: 1\nbuses: { can: { bitrate: 500k } }\necus:\n" + entries);
}

/// With a bus `can`, the ECUs `engine`, `gearbox` and `node[1]` and a `tester`.
inline scenario loaded_steps(const std::string& steps) {
  return loaded_ecus(
      "  engine: { address: { request: 7E0, response: 7E8 } }\n"
      "  gearbox: { address: { request: 7E1, response: 7E9 } }\n"
      "  node[1]: { address: { request: 7E2, response: 7EA } }\n"
      "endpoints:\n  raw: { rx: 123, tx: 456, do: echo }\n  peer: { rx: 456, tx: 123 }\n"
      "testers: { tester: {} }\nsteps:\n" +
      steps);
}

}  // namespace canstage::scenarios
