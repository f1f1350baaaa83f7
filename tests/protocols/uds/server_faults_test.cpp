// What is wrong with answers on purpose: each fault as a tester sees it, and what stays as it was.
#include "catch2/catch.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

namespace {

using lines = std::vector<std::string>;

answer_fault fault_of(answer_action what, std::string_view request = "*") {
  answer_fault made;
  made.number = 3;
  made.action = what;
  made.request = pattern_of(request);
  return made;
}

server_stage with(answer_fault what, server_config config = usual_config()) {
  server_stage s{std::move(config)};
  s.machine().misbehave({{std::move(what), {random_stream{1, "fault"}, nullptr}}});
  return s;
}

}  // namespace

TEST_CASE("fault nrc: the request is refused once, and has no effect") {
  auto fault = fault_of(answer_action::nrc, "10 *");
  fault.nrc_code = 0x22;
  auto s = with(fault);
  CHECK(s.ask("10 03") == "7F 10 22");
  CHECK(s.machine().diagnostic_session() == default_diagnostic_session);
  CHECK(s.ask("10 03") == "50 03 00 32 01 F4");
}

TEST_CASE("fault silence: the request has no effect") {
  auto s = with(fault_of(answer_action::silence, "10 *"));
  CHECK(s.ask("10 03").empty());
  CHECK(s.machine().diagnostic_session() == default_diagnostic_session);
  CHECK(s.ask("10 03") == "50 03 00 32 01 F4");
}

TEST_CASE("fault late: the answer is late by that time, and no 0x78 says so") {
  auto fault = fault_of(answer_action::late);
  fault.by = 80ms;
  auto s = with(fault);
  s.request("22 F1 90");
  s.run(1s);
  CHECK(s.log() == lines{"+82ms 62 F1 90 41 42 43"});
}

TEST_CASE("fault wrong_length: a length, or a difference; never nothing") {
  auto fault = fault_of(answer_action::wrong_length);
  fault.length = 8;
  CHECK(with(fault).ask("22 F1 90") == "62 F1 90 41 42 43 00 00");
  fault.length.reset();
  fault.delta = -2;
  CHECK(with(fault).ask("22 F1 90") == "62 F1 90 41");
  fault.delta = -100;
  CHECK(with(fault).ask("22 F1 90") == "62");
}

TEST_CASE("fault wrong_did: what is repeated of the request is another") {
  CHECK(with(fault_of(answer_action::wrong_did)).ask("22 F1 90") == "62 F1 91 41 42 43");
  CHECK(with(fault_of(answer_action::wrong_did)).ask("10 03") == "50 04 00 32 01 F4");
  auto fault = fault_of(answer_action::wrong_did);
  fault.did = 0x0102;
  CHECK(with(fault).ask("22 F1 90") == "62 01 02 41 42 43");
  // A negative answer repeats the SID only.
  CHECK(with(fault).ask("22 FF FF") == "7F 22 31");
}

TEST_CASE("fault extra_answer: another answer follows, unless power is lost before") {
  auto fault = fault_of(answer_action::extra_answer);
  fault.by = 5ms;
  fault.when.times = fault_trigger::always;
  server machine{std::make_shared<const server_config>(usual_config()), random_stream{1, "ecu"}};
  machine.misbehave({{fault, {random_stream{1, "fault"}, nullptr}}});
  // What is sent is confirmed in the instant in which it is sent.
  std::vector<std::pair<duration, std::string>> sent;
  instant now{};
  const auto drain = [&] {
    while (auto next = machine.poll()) {
      const auto* answer = std::get_if<respond>(&*next);
      if (answer == nullptr) continue;
      sent.emplace_back(now.time_since_epoch(), to_hex(answer->message));
      machine.on_response_sent(now);
    }
  };
  const auto run_to = [&](instant end) {
    for (drain(); machine.deadline() <= end; drain()) machine.on_time(now = machine.deadline());
    now = end;
  };
  machine.on_request(now, from_hex("3E 00"), isotp::target_type::physical);
  run_to(instant{20ms});
  using sent_lines = std::vector<std::pair<duration, std::string>>;
  CHECK(sent == sent_lines{{2ms, "7E 00"}, {7ms, "7E 00"}});
  sent.clear();
  machine.on_request(now, from_hex("3E 00"), isotp::target_type::physical);
  run_to(instant{23ms});
  machine.reset(now);
  run_to(instant{100ms});
  CHECK(sent == sent_lines{{22ms, "7E 00"}});
}

TEST_CASE("faults: nth counts the requests that fit") {
  auto fault = fault_of(answer_action::silence, "22 *");
  fault.when.nth = 2;
  auto s = with(fault);
  CHECK(s.ask("22 F1 90") == "62 F1 90 41 42 43");
  CHECK(s.ask("3E 00") == "7E 00");
  CHECK(s.ask("22 F1 90").empty());
  CHECK(s.ask("22 F1 90") == "62 F1 90 41 42 43");
}

TEST_CASE("faults: they are switched by a stimulus, and survive a power loss") {
  auto fault = fault_of(answer_action::silence);
  fault.when.times = fault_trigger::always;
  fault.when.armed = false;
  auto s = with(fault);
  CHECK(s.ask("3E 00") == "7E 00");
  s.machine().on_stimulus(s.now(), fault_switch{3, true});
  CHECK(s.ask("3E 00").empty());
  s.reset();
  CHECK(s.ask("3E 00").empty());
  s.machine().on_stimulus(s.now(), fault_switch{3, false});
  CHECK(s.ask("3E 00") == "7E 00");
}

}  // namespace canstage::uds::testing
