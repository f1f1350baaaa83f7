// Services in short: a request and its answer per line, asked of a server without anything around it.
#pragma once

#include <memory>
#include <string>

#include "tests/protocols/uds/config_with_everything.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

/// A server that sends what it wants to, also what nobody asked for; each answer is confirmed at once.
class plain_ecu {
 public:
  explicit plain_ecu(server_config config = config_with_everything());

  /// What is sent until the server is idle: "62 F1 90 41", several with " | " between, "" for silence.
  std::string ask(const std::string& request, isotp::target_type target = isotp::target_type::physical);

  /// What is sent in that time, each with its time from the begin of it on: "+300ms 6A 01 06".
  std::string run(duration time);

  void reset();

 private:
  std::string step();
  std::string take();

  server machine_;
  instant now_{};
};

/// "22 F1 90 -> 62 F1 90 *", "all ..." functionally, "wait 500" (ms), "reset"; "#" begins a remark.
void holds(const std::string& text, server_config config = config_with_everything());

}  // namespace canstage::uds::testing
