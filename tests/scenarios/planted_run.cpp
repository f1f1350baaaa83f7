#include "tests/scenarios/planted_run.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/verdict.hpp"
#include "tests/scenarios/exchanges.hpp"

namespace canstage::scenarios::test {

namespace {

constexpr std::string_view vin = "62 F1 90 57 56 57 5A 5A 5A 31 4A 5A 58 57 30 30 30 30 30 31";
const bytes read_vin{0x22, 0xF1, 0x90};

scenario stage() {
  scenario play;
  play.file = "scenarios/functional_vin.yaml";
  play.name = "VIN from every powertrain ECU";
  play.seed = 42;
  tester from;
  for (const char* name : {"engine", "gearbox", "abs", "airbag", "steering", "battery", "door_left",
                           "door_right", "mirror", "seat", "lamp"}) {
    from.ecus.push_back(static_cast<ecu_index>(play.ecus.size()));
    play.ecus.emplace_back().name = name;
  }
  play.testers.push_back(from);
  play.endpoints.emplace_back().name = "raw";
  return play;
}

step_result finished(std::string path, std::string name, int line, instant began, instant ended,
                     std::vector<verdict> verdicts = {}) {
  step_result step;
  step.path = std::move(path);
  step.name = std::move(name);
  step.where.line = line;
  step.began = began;
  step.ended = ended;
  step.verdicts = std::move(verdicts);
  const bool failed = std::any_of(step.verdicts.begin(), step.verdicts.end(),
                                  [](const verdict& v) { return is_failure(v.what); });
  step.status = failed ? step_status::failed : step_status::passed;
  return step;
}

step_result everybody_is_asked(const scenario& play, bool well) {
  functional_step step;
  step.window = 200ms;
  responder_expectation with_pending = reply_within("62 F1 90 *", 50ms);
  with_pending.pending = pending_expectation{2, 2, 50ms, 5s};
  step.expect.ecus = {
      {0, reply_within("62 F1 90 *", 50ms)}, {1, silence()},      {2, reply_within("62 F1 90 *", 50ms)},
      {3, reply("62 F1 90 57 56 57 *")},     {4, negative(0x31)}, {5, with_pending}};
  step.expect.others = silence();
  auto report = exchange({reactions({answer(2246us, 14520us, vin)}, 0), reactions({}, 1),
                          reactions({answer(well ? 48us : 61200us, 75us + 61200us, vin)}, 2),
                          reactions({answer(3100us, 9870us, well ? vin : "62 F1 90 57 56 58 5A 5A 5A")}, 3),
                          reactions({answer(4005us, well ? "7F 22 31" : "7F 22 22")}, 4),
                          reactions({answer(48100us, "7F 22 78"), answer(4950200us, "7F 22 78"),
                                     answer(8000000us, 8012300us, vin)},
                                    5)},
                         8012300us);
  if (!well) {
    report.responders.push_back(reactions({answer(12ms, "62 F1 90 00")}, 7));
    report.unknown.push_back({can::identifier::standard(0x7EE), answer(17500us, "62 F1 90 41 42")});
  }
  uds::captures caught;
  step_result result = finished("1", "everybody is asked at once", 42, request_end, report.finished,
                                judge_functional(play, step, read_vin, report, caught));
  result.request = read_vin;
  return result;
}

step_result physical(const scenario& play, std::string path, std::string name, instant began,
                     std::string_view request, const responder_expectation& expected,
                     std::vector<uds::reaction> came, duration listened) {
  request_step step;
  step.to = {party::kind::ecu, 0};
  step.expect = expected;
  uds::captures caught;
  const bytes sent = hex(request);
  step_result result =
      finished(std::move(path), std::move(name), 51, began, began + listened,
               judge_request(play, step, sent, exchange({reactions(std::move(came))}, listened), caught));
  result.request = sent;
  return result;
}

void add_repetitions(const scenario& play, run_result& run, int count, bool well) {
  const instant begin{20s};
  for (int i = 1; i <= count; ++i) {
    const bool wrong = !well && (i == 15 || i > 988);
    run.steps.push_back(physical(play, "8.1#" + std::to_string(i), "tester present to engine",
                                 begin + i * 10ms, "3E 00", reply_within("7E 00", 50ms),
                                 wrong ? std::vector<uds::reaction>{} : std::vector{answer(2100us, "7E 00")},
                                 wrong ? 50ms : 2100us));
  }
}

run_result run_of(const scenario& play) {
  run_result run;
  run.file = play.file;
  run.scenario = play.name;
  run.seed = play.seed;
  run.frames = 2231;
  run.ended = instant{30s + 345ms};
  return run;
}

}  // namespace

run_result passing_run() {
  const scenario play = stage();
  run_result run = run_of(play);
  run.steps.push_back(everybody_is_asked(play, true));
  run.steps.push_back(physical(play, "2", "10 03 to engine", instant{9100ms}, "10 03", reply("50 03 *"),
                               {answer(2246us, "50 03 00 32 01 F4")}, 2246us));
  run.steps.push_back(finished("3", "advance 5100 ms", 53, instant{9200ms}, instant{14300ms}));
  add_repetitions(play, run, 1000, true);
  return run;
}

run_result failing_run(int repetitions) {
  const scenario play = stage();
  run_result run = run_of(play);
  run.steps.push_back(everybody_is_asked(play, false));
  run.steps.push_back(physical(play, "2", "10 03 to engine", instant{9100ms}, "10 03", reply("50 03 *"),
                               {answer(2246us, "50 03 00 32 01 F4")}, 2246us));
  run.steps.push_back(physical(play, "3", "31 01 FF 00 to engine", instant{9200ms}, "31 01 FF 00",
                               reply("71 01 FF 00 00"), {answer(48ms, "7F 31 78"), answer(5s, "7F 31 78")},
                               10s));
  run.steps.push_back(
      physical(play, "4", "a long record", instant{19200ms}, "22 FD 00",
               reply("62 FD 00 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13 14"),
               {answer(2ms, 31ms, "62 FD 00 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 11")}, 31ms));
  step_result waiting = finished("5", "uses the seed", 60, instant{19300ms}, instant{19300ms});
  waiting.status = step_status::not_run;
  waiting.why = "needs {seed}, which step 4 did not capture";
  run.steps.push_back(waiting);
  run.steps.push_back(finished("6", "advance 100 ms", 61, instant{19300ms}, instant{19400ms}));
  add_repetitions(play, run, repetitions, false);
  return run;
}

run_result nasty_run() {
  const scenario play = stage();
  run_result run = run_of(play);
  run.scenario = "<a> & \"b\" \x01 \xFF \xC3\xA4";
  run.steps.push_back(physical(play, "1", "line\nend\x1B[31m", instant{1s}, "10 03", reply("50 03 *"),
                               {answer(2246us, "50 03 00 32 01 F4")}, 2246us));
  run.steps.back().verdicts.front().who = "engine ]]> \xEF\xBF\xBF";
  step_result frame = finished("2", "send 123#0102", 52, instant{2s}, instant{2s});
  frame.status = step_status::failed;
  frame.why = "bus body: N_TIMEOUT_A";
  run.steps.push_back(frame);
  step_result waiting = finished("3", "advance 5100 ms", 53, instant{2s}, instant{3s});
  waiting.status = step_status::interrupted;
  run.steps.push_back(waiting);
  run.interrupted = true;
  run.internal_error = "ecu engine: bad <variant> access";
  return run;
}

}  // namespace canstage::scenarios::test
