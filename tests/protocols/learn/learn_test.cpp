// Recordings as candump writes them, and what is learnt from them.
#include <catch2/catch.hpp>

#include "protocols/learn/lesson.hpp"
#include "protocols/trace/reader.hpp"

namespace canstage::learn::testing {

namespace {

using namespace std::chrono_literals;

/// A line per frame: "milliseconds identifier#data".
lesson learnt_from(const std::vector<std::pair<int, std::string>>& frames, listening how = {}) {
  std::string log;
  for (const auto& [ms, frame] : frames) {
    const auto text = std::to_string(ms % 1000);
    log += "(" + std::to_string(ms / 1000) + "." + std::string(3 - text.size(), '0') + text + "000) can0 " +
           frame + "\n";
  }
  const auto from = trace::make_reader(trace::file_format::candump_log, log);
  ear hears{std::move(how)};
  while (const auto one = from->next()) hears.hear(*one);
  REQUIRE(from->problem().empty());
  return learn(hears.take());
}

bytes hex(const char* text) {
  text_error problem;
  return parse_hex(text, problem).value();
}

can::identifier standard(std::uint32_t id) { return can::identifier::standard(id); }

}  // namespace

TEST_CASE(
    "a request and its answer are a rule, after the time from the end of one to the begin of the other") {
  const auto learnt = learnt_from({{1000, "7E0#023E00CCCCCCCCCC"}, {1003, "7E8#027E00AAAAAAAAAA"}});
  REQUIRE(learnt.ecus.size() == 1);
  const auto& one = learnt.ecus[0];
  CHECK(one.name == "ecu_7E8");
  CHECK(one.addresses.request.id == standard(0x7E0));
  CHECK(one.addresses.response.id == standard(0x7E8));
  CHECK_FALSE(one.functional);
  CHECK(one.sends.filler == 0xAA);
  REQUIRE(one.rules.size() == 1);
  CHECK(one.rules[0].request == hex("3E 00"));
  CHECK(one.rules[0].answer == hex("7E 00"));
  CHECK(one.rules[0].time == uds::varying_time{3ms, 3ms});
  CHECK(one.rules[0].times == 0);
  CHECK(learnt.remarks.empty());
}

TEST_CASE("messages are put together, and a time begins with the end of the request's last frame") {
  const auto learnt = learnt_from({{0, "7E0#100A2EF190010203"},
                                   {2, "7E8#300805CCCCCCCCCC"},
                                   {10, "7E0#2104050607CCCCCC"},
                                   {30, "7E8#037F2E31CCCCCCCC"}});
  REQUIRE(learnt.ecus.size() == 1);
  const auto& one = learnt.ecus[0];
  REQUIRE(one.rules.size() == 1);
  CHECK(one.rules[0].request == hex("2E F1 90 01 02 03 04 05 06 07"));
  CHECK(one.rules[0].as_nrc);
  CHECK(one.rules[0].answer == hex("7F 2E 31"));
  CHECK(one.rules[0].time == uds::varying_time{20ms, 20ms});
  REQUIRE(one.sends.asks);
  CHECK(one.sends.asks->bs == 8);
  CHECK(one.sends.asks->stmin == 5);
}

TEST_CASE("answers that change are rules in their order, the last one for good") {
  const auto learnt = learnt_from({{0, "7E0#0322F186CCCCCCCC"},
                                   {1, "7E8#0462F18601CCCCCC"},
                                   {10, "7E0#0322F186CCCCCCCC"},
                                   {12, "7E8#0462F18601CCCCCC"},
                                   {20, "7E0#0322F186CCCCCCCC"},
                                   {21, "7E8#0462F18603CCCCCC"},
                                   {30, "7E0#0322F186CCCCCCCC"},
                                   {31, "7E8#0462F18601CCCCCC"}});
  const auto& rules = learnt.ecus.at(0).rules;
  REQUIRE(rules.size() == 3);
  CHECK(rules[0].answer == hex("62 F1 86 01"));
  CHECK(rules[0].times == 2);
  CHECK(rules[0].time == uds::varying_time{1ms, 2ms});
  CHECK(rules[1].answer == hex("62 F1 86 03"));
  CHECK(rules[1].times == 1);
  CHECK(rules[2].answer == hex("62 F1 86 01"));
  CHECK(rules[2].times == 0);
}

TEST_CASE("0x78 makes working time, and says when a server sends it") {
  const auto learnt = learnt_from({{0, "7E0#0431010203CCCCCC"},
                                   {40, "7E8#037F3178CCCCCCCC"},
                                   {140, "7E8#037F3178CCCCCCCC"},
                                   {240, "7E8#037F3178CCCCCCCC"},
                                   {300, "7E8#0471010203CCCCCC"}});
  const auto& one = learnt.ecus.at(0);
  REQUIRE(one.rules.size() == 1);
  CHECK(one.rules[0].pending);
  CHECK(one.rules[0].time == uds::varying_time{300ms, 300ms});
  CHECK(one.pendings.first == 40ms);
  CHECK(one.pendings.every == 100ms);
  CHECK_FALSE(one.pendings.count);
  CHECK_FALSE(one.pendings.p2);
  CHECK(learnt.steps.at(0).expected.at(0).pendings == 3);
}

TEST_CASE("a 0x78 within the usual P2 needs a shorter one, and an unusual number is said") {
  const auto learnt = learnt_from({{0, "7E0#0431010203CCCCCC"},
                                   {5, "7E8#037F3178CCCCCCCC"},
                                   {10, "7E8#037F3178CCCCCCCC"},
                                   {30, "7E8#0471010203CCCCCC"}});
  const auto& one = learnt.ecus.at(0);
  CHECK(one.pendings.p2 == 29ms);
  CHECK(one.pendings.count == 2U);
}

TEST_CASE("a functional request is everybody's who ever answers there") {
  const auto learnt = learnt_from({{0, "7DF#0322F190CCCCCCCC"},
                                   {3, "7E8#0462F19001CCCCCC"},
                                   {4, "7E9#0462F19002CCCCCC"},
                                   {300, "7DF#023E80CCCCCCCCCC"},
                                   {400, "7E2#023E00CCCCCCCCCC"},
                                   {402, "7EA#027E00CCCCCCCCCC"},
                                   {500, "7E1#0322F190CCCCCCCC"},
                                   {505, "7E9#037F2231CCCCCCCC"}});
  REQUIRE(learnt.ecus.size() == 3);
  CHECK(learnt.ecus[0].functional == n_ai{standard(0x7DF)});
  CHECK(learnt.ecus[0].rules.size() == 2);
  CHECK(learnt.ecus[0].rules[1].answer.empty());  // 3E 80
  CHECK_FALSE(learnt.ecus[2].functional);
  CHECK(learnt.ecus[2].rules.size() == 1);
  // Answered functionally, refused alone: two rules.
  REQUIRE(learnt.ecus[1].rules.size() == 3);
  CHECK(learnt.ecus[1].rules[0].times == 1);
  CHECK(learnt.ecus[1].rules[1].as_nrc);
  REQUIRE(learnt.testers.size() == 1);
  CHECK(learnt.testers[0].functional == n_ai{standard(0x7DF)});
  REQUIRE(learnt.steps.size() == 4);
  CHECK_FALSE(learnt.steps[0].to);
  CHECK(learnt.steps[0].expected.size() == 2);
  CHECK(learnt.steps[1].expected.empty());
  CHECK(learnt.steps[2].to == 2U);
}

TEST_CASE("an NRC that is not sent to functional requests is one rule for both") {
  const auto learnt = learnt_from({{0, "7DF#0322F190CCCCCCCC"},
                                   {3, "7E9#0462F19002CCCCCC"},
                                   {100, "7DF#0322FFFFCCCCCCCC"},
                                   {300, "7E1#0322FFFFCCCCCCCC"},
                                   {305, "7E9#037F2231CCCCCCCC"}});
  const auto& rules = learnt.ecus.at(0).rules;
  REQUIRE(rules.size() == 2);
  CHECK(rules[1].request == hex("22 FF FF"));
  CHECK(rules[1].as_nrc);
  CHECK(rules[1].times == 0);
  CHECK(rules[1].time == uds::varying_time{5ms, 5ms});
}

TEST_CASE("one that was sent nevertheless is taken literally") {
  const auto learnt = learnt_from({{0, "7DF#0322F190CCCCCCCC"}, {3, "7E9#037F2231CCCCCCCC"}});
  const auto& rules = learnt.ecus.at(0).rules;
  REQUIRE(rules.size() == 1);
  CHECK_FALSE(rules[0].as_nrc);
  CHECK(rules[0].answer == hex("7F 22 31"));
}

TEST_CASE("29 bits, normal fixed: who is asked follows from who answers") {
  const auto learnt = learnt_from({{0, "18DB33F1#0322F190CCCCCCCC"}, {3, "18DAF110#0462F19002CCCCCC"}});
  REQUIRE(learnt.ecus.size() == 1);
  CHECK(learnt.ecus[0].format == address_format::normal_fixed);
  CHECK(learnt.ecus[0].addresses.request.id == can::identifier::extended(0x18DA10F1));
  CHECK_FALSE(learnt.ecus[0].addresses.request_is_made_up);
  CHECK(learnt.testers.at(0).format == address_format::normal_fixed);
  CHECK(learnt.testers[0].address == 0xF1);
  CHECK(learnt.testers[0].functional == n_ai{can::identifier::extended(0x18DB33F1)});
}

TEST_CASE("identifiers that nobody knows are paired by answers and flow controls") {
  const auto learnt = learnt_from({{0, "601#0322F190CCCCCCCC"},  // two ECUs at once
                                   {1, "602#0322F18CCCCCCCCC"},
                                   {2, "712#100862F18C010203"},
                                   {3, "711#100862F190040506"},
                                   {4, "602#300000CCCCCCCCCC"},
                                   {5, "601#300000CCCCCCCCCC"},
                                   {6, "711#210708CCCCCCCCCC"},
                                   {7, "712#210405CCCCCCCCCC"},
                                   {50, "123#0102030405060708"}});  // somebody else
  REQUIRE(learnt.ecus.size() == 2);
  CHECK(learnt.ecus[0].addresses.request.id == standard(0x601));
  CHECK(learnt.ecus[0].addresses.response.id == standard(0x711));
  CHECK(learnt.ecus[1].addresses.request.id == standard(0x602));
  CHECK(learnt.ecus[1].addresses.response.id == standard(0x712));
  CHECK(learnt.remarks == std::vector<std::string>{"1 frame left out: no diagnostics"});
}

TEST_CASE(
    "a request that several answer is functional, and where they are asked alone is made up or shown by FC") {
  const auto learnt = learnt_from({{0, "6F0#0322F190CCCCCCCC"},
                                   {2, "711#0462F19001CCCCCC"},
                                   {3, "712#101462F190020202"},
                                   {4, "602#300000CCCCCCCCCC"},
                                   {5, "712#2102020202020202"},
                                   {6, "712#2202020202020202"}});
  REQUIRE(learnt.ecus.size() == 2);
  CHECK(learnt.ecus[0].functional == n_ai{standard(0x6F0)});
  CHECK(learnt.ecus[0].addresses.request.id == standard(0x709));
  CHECK(learnt.ecus[0].addresses.request_is_made_up);
  CHECK(learnt.ecus[1].addresses.request.id == standard(0x602));
  CHECK(learnt.ecus[1].functional == n_ai{standard(0x6F0)});
}

TEST_CASE(
    "who asks on 7DF does not mean ECUs of 29 bits, and another tester does not mean those of this one") {
  const auto learnt = learnt_from({{0, "7DF#023E00CCCCCCCCCC"},
                                   {1, "7E8#027E00CCCCCCCCCC"},
                                   {2, "18DAF110#027E00CCCCCCCCCC"},
                                   {1000, "18DB33F2#023E00CCCCCCCCCC"},
                                   {1001, "18DAF110#027E00CCCCCCCCCC"},
                                   {1002, "18DAF211#027E00CCCCCCCCCC"}});
  REQUIRE(learnt.ecus.size() == 3);
  // As the bus orders identifiers.
  CHECK_FALSE(learnt.ecus[0].functional);  // 18DAF110
  CHECK(learnt.ecus[0].rules.empty());
  CHECK(learnt.ecus[1].functional == n_ai{can::identifier::extended(0x18DB33F2)});
  CHECK(learnt.ecus[2].functional == n_ai{standard(0x7DF)});
  CHECK(learnt.testers.size() == 3);
  CHECK(learnt.remarks.at(0).starts_with("2 messages of ECUs that no request was found for"));
}

TEST_CASE("a stream of answers and requests is no partner of itself") {
  const auto learnt = learnt_from({{0, "711#0322F190CCCCCCCC"}, {1, "711#0462F19001CCCCCC"}});
  CHECK(learnt.ecus.empty());
  CHECK(learnt.remarks.size() == 1);
}

TEST_CASE("FC.WAIT, FC.OVFLW and frames without padding are habits") {
  const auto learnt = learnt_from({{0, "7E0#100A2EF190010203"},
                                   {1, "7E8#310000"},
                                   {2, "7E8#310000"},
                                   {3, "7E8#300000"},
                                   {4, "7E0#2104050607CCCCCC"},
                                   {5, "7E8#037F2E31"},
                                   {10, "7E1#100A2EF190010203"},
                                   {11, "7E9#320000CCCCCCCCCC"},
                                   {12, "7E1#023E00CCCCCCCCCC"},
                                   {13, "7E9#027E00CCCCCCCCCC"}});
  REQUIRE(learnt.ecus.size() == 2);
  CHECK(learnt.ecus[0].sends.waits == 2);
  CHECK(learnt.ecus[0].sends.no_padding);
  CHECK(learnt.ecus[1].sends.overflows == 1);
  CHECK_FALSE(learnt.ecus[1].sends.asks);
  CHECK_FALSE(learnt.ecus[1].sends.no_padding);
}

TEST_CASE("a 0x78 that nothing followed was the answer") {
  const auto learnt = learnt_from({{0, "7E0#0431010203CCCCCC"}, {40, "7E8#037F3178CCCCCCCC"}});
  const auto& one = learnt.ecus.at(0);
  REQUIRE(one.rules.size() == 1);
  CHECK_FALSE(one.rules[0].pending);
  CHECK_FALSE(one.rules[0].as_nrc);
  CHECK(one.rules[0].answer == hex("7F 31 78"));
  CHECK(one.rules[0].time == uds::varying_time{40ms, 40ms});
  CHECK_FALSE(one.pendings.first);
}

TEST_CASE("what cannot be used is said, with its number and an example") {
  const auto learnt = learnt_from({{0, "7E0#023E00CCCCCCCCCC"},
                                   {1, "7E8#027E00CCCCCCCCCC"},
                                   {2, "7E8#0462F19001CCCCCC"},
                                   {3, "7E8#0462F19001CCCCCC"},
                                   {4, "7DF#0322F190CCCCCCCC"},
                                   {5, "7E8#101462F190020202"},
                                   {6, "7E8#027E00CCCCCCCCCC"},
                                   {7, "20000080#0000000000000000"}});
  REQUIRE(learnt.remarks.size() == 3);
  CHECK(learnt.remarks[0] ==
        "3 messages of ECUs that no request was found for; the first at 0.002000 s from 7E8 on can0: 62 F1 "
        "90 01");
  CHECK(learnt.remarks[1] == "1 message not whole; the first at 0.006000 s");
  CHECK(learnt.remarks[2] == "1 error message left out");
}

TEST_CASE("with bit rates the time of the first frame on the wire is taken off") {
  // A padded single frame: between 0.2 and 0.3 ms at 500 kbit/s.
  const auto learnt = learnt_from({{0, "7E0#023E00CCCCCCCCCC"}, {3, "7E8#027E00CCCCCCCCCC"}},
                                  {.rates = can::bit_rates{500'000, 0}});
  const auto time = learnt.ecus.at(0).rules.at(0).time.value().bounds.low;
  CHECK(time > 2700us);
  CHECK(time < 2800us);
}

TEST_CASE("names come from the ways that are known") {
  const auto learnt = learnt_from({{0, "601#0322F190CCCCCCCC"}, {3, "711#0462F19001CCCCCC"}},
                                  {.known = {{"", standard(0x601), {}, "workshop", "left door"},
                                             {"", standard(0x711), {}, "left door", "workshop"}}});
  CHECK(learnt.ecus.at(0).name == "left_door");
  CHECK(learnt.testers.at(0).name == "workshop");
}

TEST_CASE("an address byte in front of the N_PCI is a part of the address") {
  const auto learnt = learnt_from({{0, "6F1#120322F190CCCCCC"}, {3, "612#F10462F19001CCCC"}},
                                  {.known = {{"", standard(0x6F1), 0x12, "tester", "door"},
                                             {"", standard(0x612), 0xF1, "door", "tester"}}});
  REQUIRE(learnt.ecus.size() == 1);
  CHECK(learnt.ecus[0].format == address_format::extended);
  CHECK(learnt.ecus[0].addresses.request == n_ai{standard(0x6F1), 0x12});
  CHECK(learnt.testers.at(0).address == 0xF1);
}

TEST_CASE("pauses of the tester are kept, and how long it waits for whoever is silent") {
  const auto learnt = learnt_from({{0, "7E0#023E80CCCCCCCCCC"},
                                   {100, "7E0#023E00CCCCCCCCCC"},
                                   {101, "7E8#027E00CCCCCCCCCC"},
                                   {4101, "7E0#023E00CCCCCCCCCC"},
                                   {4102, "7E8#027E00CCCCCCCCCC"}});
  REQUIRE(learnt.steps.size() == 3);
  CHECK(learnt.steps[0].window == 100ms);
  CHECK(learnt.steps[0].expected.at(0).answer.empty());
  CHECK(learnt.steps[1].pause == 0ms);
  CHECK(learnt.steps[2].pause == 4s);
  CHECK_FALSE(learnt.steps[2].window);
}

TEST_CASE("nothing is learnt from nothing") {
  CHECK(learnt_from({}).ecus.empty());
  CHECK(learnt_from({{0, "123#0102030405060708"}}).ecus.empty());
}

}  // namespace canstage::learn::testing
