// Every pair of inputs in every state. What has to hold after each input is checked by the stage; here
// it is brought to every state, and afterwards it has to come to rest.
#include <rapidcheck.h>

#include <functional>
#include <utility>

#include "catch2/catch.hpp"
#include "protocols/uds/execute.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

namespace {

struct named_action {
  std::string name;
  std::function<void(server_stage&)> run;
};

server_config long_and_short() {
  auto config = usual_config();
  const auto add = [&](rule r, duration takes) {
    r.takes = time_range{takes, takes};
    config.rules.push_back(std::move(r));
  };
  add(rule_reply("31 01", "71 01"), 12s);
  add(rule_nrc("31 02", 0x31), 12s);
  add(rule_nrc("31 03", 0x31), 20ms);
  add(rule_silence("31 04"), 6s);
  return config;
}

void extended(server_stage& s) { s.request("10 83"); }

const std::vector<named_action>& states() {
  static const std::vector<named_action> all = {
      {"idle, default", [](server_stage&) {}},
      {"idle, extended", extended},
      {"receiving, default", [](server_stage& s) { s.reception_started(); }},
      {"receiving, extended", [](server_stage& s) { extended(s), s.reception_started(); }},
      {"answer delayed", [](server_stage& s) { extended(s), s.request("22 F1 90"); }},
      {"working", [](server_stage& s) { extended(s), s.request("31 01"); }},
      {"working in silence", [](server_stage& s) { extended(s), s.functional("31 03"); }},
      {"0x78 unconfirmed", [](server_stage& s) { extended(s), s.request("31 01"), s.run(40ms); }},
      {"0x78 confirmed", [](server_stage& s) { s.request("31 02"), s.run(40ms), s.confirm(); }},
      {"0x78 unconfirmed, work done", [](server_stage& s) { s.request("31 01"), s.run(13s); }},
      {"silence after 0x78", [](server_stage& s) { extended(s), s.request("31 04"), s.run(41ms); }},
      {"answer unconfirmed", [](server_stage& s) { extended(s), s.request("22 F1 90"), s.run(2ms); }},
      {"0x21 ahead of the answer",
       [](server_stage& s) { extended(s), s.request("22 F1 90"), s.request("BA"), s.run(2ms); }},
      {"0x21 behind the answer",
       [](server_stage& s) { extended(s), s.request("22 F1 90"), s.run(2ms), s.request("BA"); }},
      {"0x21 unconfirmed, idle",
       [](server_stage& s) { extended(s), s.request("3E 00"), s.run(2ms), s.request("BA"), s.confirm(); }},
      {"reset decided", [](server_stage& s) { extended(s), s.request("11 01"); }},
      {"reset pending", [](server_stage& s) { extended(s), s.request("11 01"), s.run(2ms); }},
  };
  return all;
}

const std::vector<named_action>& inputs() {
  static const std::vector<named_action> all = [] {
    std::vector<named_action> result;
    for (const char* text :
         {"10 01", "10 03", "10 83", "10 05", "10", "11 01", "11 81", "22 F1 90", "22 12 34", "2E 01 00 AA",
          "3E 00", "3E 80", "BA", "50 03", "", "31 01", "31 03", "31 04"}) {
      const std::string request{text};
      result.push_back({"physical " + request, [request](server_stage& s) { s.request(request); }});
      result.push_back({"functional " + request, [request](server_stage& s) { s.functional(request); }});
    }
    result.push_back({"reception started", [](server_stage& s) { s.reception_started(); }});
    result.push_back({"reception failed", [](server_stage& s) { s.reception_failed(); }});
    result.push_back({"confirm", [](server_stage& s) { s.confirm(); }});
    result.push_back({"time too early", [](server_stage& s) { s.time(); }});
    result.push_back({"time at the deadline", [](server_stage& s) {
                        if (s.machine().deadline() != never) s.run_to(s.machine().deadline());
                      }});
    result.push_back({"power cycle", [](server_stage& s) { s.reset(); }});
    return result;
  }();
  return all;
}

/// Whatever happened: once everything is confirmed and time passes, the server is as at first.
void come_to_rest(server_stage& s) {
  if (s.receiving()) s.reception_failed();
  for (int i = 0; i < 20 && (s.machine().busy() || s.unconfirmed() > 0); ++i) {
    while (s.unconfirmed() > 0) s.confirm();
    s.run(5s);
  }
  s.run(6s);
  CHECK_FALSE(s.machine().busy());
  CHECK(s.machine().deadline() == never);
  CHECK(s.machine().diagnostic_session() == default_diagnostic_session);
  s.log();
  s.request("3E 00");
  s.run(10ms);
  CHECK(s.log() == std::vector<std::string>{"+2ms 7E 00"});
}

}  // namespace

TEST_CASE("every two inputs in every state") {
  const auto config = long_and_short();
  for (const auto& state : states()) {
    for (const auto& first : inputs()) {
      for (const auto& second : inputs()) {
        INFO(state.name << ", then " << first.name << ", then " << second.name);
        server_stage s{config};
        s.confirm_by_hand();
        state.run(s);
        first.run(s);
        second.run(s);
        come_to_rest(s);
      }
    }
  }
}

TEST_CASE("each state is what its name says") {
  const auto in_state = [](std::string_view name) {
    server_stage s{long_and_short()};
    s.confirm_by_hand();
    for (const auto& state : states()) {
      if (state.name == name) state.run(s);
    }
    return s;
  };
  CHECK_FALSE(in_state("idle, extended").machine().busy());
  CHECK(in_state("receiving, extended").machine().deadline() == never);
  CHECK(in_state("working").unconfirmed() == 0);
  CHECK(in_state("0x78 unconfirmed").unconfirmed() == 1);
  CHECK(in_state("0x78 unconfirmed, work done").log() == std::vector<std::string>{"+40ms 7F 31 78"});
  CHECK(in_state("0x78 confirmed").machine().deadline() == instant{4040ms});
  CHECK(in_state("working in silence").machine().busy());
  CHECK(in_state("0x21 ahead of the answer").unconfirmed() == 2);
  CHECK(in_state("0x21 behind the answer").unconfirmed() == 2);
  CHECK_FALSE(in_state("0x21 unconfirmed, idle").machine().busy());
  CHECK(in_state("0x21 unconfirmed, idle").unconfirmed() == 1);
  CHECK(in_state("reset pending").machine().busy());
}

TEST_CASE("UDS-107 any bytes get nothing, a positive answer of this SID or 7F SID NRC") {
  const bool ok = rc::check([](const std::vector<bytes>& requests, bool functional) {
    server_config config = usual_config();
    config.response_time = {};
    server machine{std::make_shared<const server_config>(config), random_stream{1, "ecu"}};
    instant now{};
    for (bytes request : requests) {
      // Half of them with a SID that means something.
      if (!request.empty() && request[0] % 2 == 0) {
        constexpr std::uint8_t known[] = {0x10, 0x11, 0x22, 0x2E, 0x3E};
        request[0] = known[request[0] / 2 % 5];
      }
      now += 1ms;
      machine.on_request(now, request,
                         functional ? isotp::target_type::functional : isotp::target_type::physical);
      const auto event = machine.poll();
      if (event && std::holds_alternative<respond>(*event)) {
        const bytes& answer = std::get<respond>(*event).message;
        RC_ASSERT(!answer.empty());
        RC_ASSERT(answers_request(answer, request.at(0)));
        RC_ASSERT(answer.size() <= config.max_response);
        if (functional && answer[0] == 0x7F) RC_ASSERT(!is_suppressed_for_functional(answer[2]));
        machine.on_response_sent(now);
      }
      while (machine.poll()) {
      }
      RC_ASSERT(!machine.busy());
    }
  });
  CHECK(ok);
}

TEST_CASE("any long run of inputs comes to rest") {
  const auto config = long_and_short();
  const bool ok = rc::check([&](const std::vector<std::pair<std::uint8_t, std::uint16_t>>& moves) {
    server_stage s{config};
    s.confirm_by_hand();
    for (const auto& [what, millis] : moves) {
      inputs()[what % inputs().size()].run(s);
      s.run(std::chrono::milliseconds{millis % 64});
    }
    come_to_rest(s);
  });
  CHECK(ok);
}

}  // namespace canstage::uds::testing
