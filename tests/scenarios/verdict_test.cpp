// One participant, every outcome. UDS-1xx: the reaction times of ISO 14229-2; UDS-2xx: negative and
// pending responses of ISO 14229-1; the others are this program's own promises.
#include "scenarios/verdict.hpp"

#include "catch2/catch.hpp"
#include "tests/scenarios/exchanges.hpp"

namespace canstage::scenarios::test {
namespace {

const bytes read_vin{0x22, 0xF1, 0x90};

verdict judged(const responder_expectation& expected, std::vector<uds::reaction> came,
               duration listened = 200ms) {
  uds::captures caught;
  const uds::exchange_report report = exchange({reactions(std::move(came))}, listened);
  return judge_responder("engine", expected, report, report.responders.front(), read_vin, caught);
}

TEST_CASE("an answer that fits is as expected, with its bytes and times") {
  const verdict v = judged(reply("62 F1 90 *"), {answer(2246us, 14520us, "62 F1 90 41")});
  CHECK(v.who == "engine");
  CHECK(v.what == outcome::as_expected);
  CHECK(v.detail.empty());
  CHECK(v.expected == "62 F1 90 *");
  CHECK(v.answer == hex("62 F1 90 41"));
  CHECK(v.reacted_after == 2246us);
  CHECK(v.answered_after == 14520us);
  CHECK_FALSE(v.first_difference);
  CHECK_FALSE(v.late_by);
}

TEST_CASE("an answer that does not fit is shown with its first difference") {
  const verdict v = judged(reply("62 F1 90 41 *"), {answer(2ms, "62 F1 90 42 43")});
  CHECK(v.what == outcome::wrong_answer);
  CHECK(v.first_difference == 3);
  CHECK(v.detail == "expected 62 F1 90 41 *, got 62 F1 90 [42] 43");

  SECTION("also where bytes are missing") {
    const verdict s = judged(reply("62 F1 90 41"), {answer(2ms, "62 F1 90")});
    CHECK(s.first_difference == 3);
    CHECK(s.detail == "expected 62 F1 90 41, got 62 F1 90 []");
  }
  SECTION("or are too many") {
    const verdict s = judged(reply("62 F1 90"), {answer(2ms, "62 F1 90 41")});
    CHECK(s.first_difference == 3);
    CHECK(s.detail == "expected 62 F1 90, got 62 F1 90 [41]");
  }
  SECTION("an NRC is named") {
    const verdict s = judged(reply("62 F1 90 *"), {answer(2ms, "7F 22 31")});
    CHECK(s.detail == "expected 62 F1 90 *, got [7F] 22 31 (requestOutOfRange)");
  }
  SECTION("a long answer is cut to what surrounds the difference") {
    std::string wanted = "62", came = "62";
    for (int i = 0; i < 4000; ++i) wanted += " 11", came += i == 3000 ? " 12" : " 11";
    const verdict s = judged(reply(wanted), {answer(2ms, came)});
    CHECK(s.first_difference == 3001);
    CHECK(s.detail.size() < 250);
    CHECK_THAT(s.detail, Catch::Contains("11 [12] 11") && Catch::Contains("(4001 bytes)"));
  }
}

TEST_CASE("UDS-201 an NRC expectation is the three bytes exactly") {
  CHECK(judged(negative(0x31), {answer(2ms, "7F 22 31")}).what == outcome::as_expected);

  const verdict other = judged(negative(0x31), {answer(2ms, "7F 22 22")});
  CHECK(other.what == outcome::wrong_answer);
  CHECK(other.expected == "NRC 31");
  CHECK(other.first_difference == 2);
  CHECK(other.detail == "expected 7F 22 31 (requestOutOfRange), got 7F 22 [22] (conditionsNotCorrect)");

  CHECK(judged(negative(0x31), {answer(2ms, "7F 2E 31")}).first_difference == 1);
  CHECK(judged(negative(0x31), {answer(2ms, "7F 22 31 00")}).first_difference == 3);
  CHECK(judged(negative(0x31), {answer(2ms, "62 F1 90")}).first_difference == 0);
}

TEST_CASE("an answer that breaks off as expected is as expected, and says so") {
  const auto expected = break_off(isotp::n_result::n_wrong_sn);
  const auto as_expected = broken(2ms, 5ms, isotp::n_result::n_wrong_sn);
  const verdict v = judged(expected, {as_expected});
  CHECK(v.what == outcome::as_expected);
  CHECK(v.expected == "breaks off with N_WRONG_SN");
  CHECK(v.detail == "an answer began after 2 ms and broke off with N_WRONG_SN after 5 ms");
  CHECK(v.remarks.empty());

  SECTION("another result is not") {
    const verdict other = judged(expected, {broken(2ms, 5ms, isotp::n_result::n_timeout_cr)});
    CHECK(other.what == outcome::incomplete);
    CHECK(other.detail ==
          "an answer began after 2 ms and broke off with N_TIMEOUT_Cr after 5 ms, expected N_WRONG_SN");
  }
  SECTION("a whole answer is not") {
    const verdict whole = judged(expected, {answer(2ms, "62 F1 90")});
    CHECK(whole.what == outcome::wrong_answer);
    CHECK(whole.detail == "expected to break off with N_WRONG_SN, got 62 F1 90 after 2 ms");
  }
  SECTION("also where it comes afterwards") {
    CHECK(judged(expected, {as_expected, answer(9ms, "62 F1 90")}).what == outcome::unexpected);
  }
  SECTION("nothing is not, nor is what has not ended") {
    CHECK(judged(expected, {}).what == outcome::silent);
    CHECK(judged(expected, {answer(2ms, "7F 22 78")}).what == outcome::incomplete);
  }
  SECTION("times and 0x78 are judged") {
    auto in_time = expected;
    in_time.within = 1ms;
    in_time.pending = pending_expectation{1, 1, {}, {}};
    const verdict late = judged(in_time, {as_expected});
    CHECK(late.what == outcome::late);
    CHECK(late.remarks == std::vector<std::string>{"expected one 0x78, got no 0x78"});
  }
}

TEST_CASE("a request that breaks off as expected is as expected, too") {
  uds::captures caught;
  uds::exchange_report report = exchange({reactions({})});
  report.request_result = isotp::n_result::n_timeout_bs;
  const auto judge = [&](isotp::n_result result) {
    return judge_responder("engine", break_off(result), report, report.responders[0], read_vin, caught);
  };
  const verdict v = judge(isotp::n_result::n_timeout_bs);
  CHECK(v.what == outcome::as_expected);
  CHECK(v.detail == "the request ended with N_TIMEOUT_Bs");
  const verdict other = judge(isotp::n_result::n_wft_ovrn);
  CHECK(other.what == outcome::not_sent);
  CHECK(other.detail == "the request ended with N_TIMEOUT_Bs, expected N_WFT_OVRN");
}

TEST_CASE("UDS-101 a reaction exactly at its limit is in time") {
  const auto expected = reply_within("62 *", 50ms);
  CHECK(judged(expected, {answer(50ms, 90ms, "62 F1 90")}).what == outcome::as_expected);

  const verdict late = judged(expected, {answer(50ms + 1ns, 90ms, "62 F1 90")});
  CHECK(late.what == outcome::late);
  CHECK(late.late_by == 1ns);
  CHECK(late.detail == "1 ns late: began after 50 ms, expected within 50 ms");

  CHECK(judged(expected, {answer(61200us, "62 F1 90")}).detail ==
        "11.2 ms late: began after 61.2 ms, expected within 50 ms");
}

TEST_CASE("UDS-102 a 0x78 is a reaction in time, and a late one is late") {
  const auto expected = reply_within("62 *", 50ms);
  CHECK(judged(expected, {answer(50ms, "7F 22 78"), answer(4s, "62 F1 90")}).what == outcome::as_expected);

  const verdict late = judged(expected, {answer(51ms, "7F 22 78"), answer(4s, "62 F1 90")});
  CHECK(late.what == outcome::late);
  CHECK(late.late_by == 1ms);
  CHECK(late.detail == "1 ms late: first 0x78 after 51 ms, expected within 50 ms");
}

TEST_CASE("the final answer has a limit of its own, at its end") {
  responder_expectation expected = reply_within("62 *", 50ms);
  expected.final_within = 6s;
  CHECK(judged(expected, {answer(40ms, "7F 22 78"), answer(5s, 6s, "62 F1 90")}).what ==
        outcome::as_expected);

  const verdict late = judged(expected, {answer(40ms, "7F 22 78"), answer(5s, 6001ms, "62 F1 90")});
  CHECK(late.what == outcome::late);
  CHECK(late.late_by == 1ms);
  CHECK(late.detail == "1 ms late: final answer whole after 6001 ms, expected within 6000 ms");

  SECTION("the first lateness counts, the second is mentioned") {
    const verdict both = judged(expected, {answer(60ms, 7s, "62 F1 90")});
    CHECK(both.late_by == 10ms);
    CHECK(both.remarks.size() == 1);
  }
}

TEST_CASE("limits that no expectation names hold for the ECU that broke them") {
  const uds::exchange_report report = exchange({reactions({answer(250ms, "62 F1 90")})}, 5s);
  uds::captures caught;
  const implied_limits limits{200ms, 5s};
  const auto judge = [&](const responder_expectation& expected) {
    return judge_responder("engine", expected, report, report.responders[0], read_vin, caught, limits);
  };
  CHECK(judge(reply("62 *")).late_by == 50ms);
  CHECK(judge(reply_within("62 *", 250ms)).what == outcome::as_expected);
  CHECK(judge(anything()).what == outcome::as_expected);

  SECTION("UDS-103 what follows a 0x78 begins within P2*, counted from its end") {
    for (const duration begin : {5041ms, 5042ms}) {
      const uds::exchange_report slow =
          exchange({reactions({answer(40ms, 41ms, "7F 22 78"), answer(begin, "62 F1 90")})}, 6s);
      const verdict v =
          judge_responder("engine", reply("62 *"), slow, slow.responders[0], read_vin, caught, limits);
      CHECK(v.what == (begin == 5041ms ? outcome::as_expected : outcome::late));
    }
  }
}

TEST_CASE("nothing at all is silence, which is right if it was expected") {
  const verdict v = judged(reply("62 *"), {});
  CHECK(v.what == outcome::silent);
  CHECK(v.detail == "no reaction in 200 ms");
  CHECK(judged(negative(0x31), {}).what == outcome::silent);
  CHECK(judged(silence(), {}).what == outcome::as_expected);
  CHECK(judged(anything(), {}).what == outcome::as_expected);
}

TEST_CASE("whatever comes where silence was expected is unexpected") {
  CHECK(judged(silence(), {answer(12ms, "62 F1 90")}).detail == "expected silence, got 62 F1 90 after 12 ms");

  const verdict pending = judged(silence(), {answer(12ms, "7F 22 78")});
  CHECK(pending.what == outcome::unexpected);
  CHECK(pending.detail == "expected silence, got one 0x78 after 12 ms");

  CHECK(judged(silence(), {broken(12ms, 1s, isotp::n_result::n_timeout_cr)}).what == outcome::unexpected);

  uds::exchange_report report = exchange({reactions({})});
  report.responders[0].unfinished_since = request_end + 12ms;
  uds::captures caught;
  CHECK(judge_responder("engine", silence(), report, report.responders[0], read_vin, caught).what ==
        outcome::unexpected);
}

TEST_CASE("one request has one final answer") {
  const verdict v = judged(reply("62 *"), {answer(2ms, "62 F1 90"), answer(9ms, "62 F1 91")});
  CHECK(v.what == outcome::unexpected);
  CHECK(v.answer == hex("62 F1 90"));
  CHECK(v.detail == "a second final answer 62 F1 91 after 9 ms");

  CHECK(judged(reply("62 *"), {answer(2ms, "62 F1 90"), answer(9ms, "7F 22 78")}).detail ==
        "a 0x78 after the final answer, after 9 ms");
  CHECK(judged(anything(), {answer(2ms, "62 F1 90"), answer(9ms, "62 F1 91")}).what == outcome::as_expected);
}

TEST_CASE("UDS-202 the number of 0x78 is judged if it is expected") {
  responder_expectation expected = reply("62 *");
  expected.pending = pending_expectation{2, 2, {}, {}};
  const auto after = [&](int count) {
    std::vector<uds::reaction> came;
    for (int i = 1; i <= count; ++i) came.push_back(answer(i * 1s, "7F 22 78"));
    came.push_back(answer(9s, "62 F1 90"));
    return judged(expected, came, 9s);
  };
  CHECK(after(2).what == outcome::as_expected);
  CHECK(after(2).pendings == std::vector<duration>{1s, 2s});
  CHECK(after(1).what == outcome::wrong_pending);
  CHECK(after(1).detail == "expected two 0x78, got one 0x78");
  CHECK(after(0).detail == "expected two 0x78, got no 0x78");
  CHECK(after(12).detail == "expected two 0x78, got 12 0x78");

  expected.pending = pending_expectation{1, {}, {}, {}};
  CHECK(after(7).what == outcome::as_expected);
  CHECK(after(0).detail == "expected at least one 0x78, got no 0x78");
  expected.pending = pending_expectation{0, 0, {}, {}};
  CHECK(after(1).detail == "expected no 0x78, got one 0x78");
  expected.pending = pending_expectation{0, 3, {}, {}};
  CHECK(after(4).detail == "expected at most three 0x78, got four 0x78");
}

TEST_CASE("UDS-203 the times of 0x78 are judged if they are expected") {
  responder_expectation expected = reply("62 *");
  expected.pending = pending_expectation{1, {}, 50ms, 5s};
  CHECK(judged(expected, {answer(50ms, 51ms, "7F 22 78"), answer(5051ms, "62 F1 90")}).what ==
        outcome::as_expected);
  CHECK(judged(expected, {answer(53ms, "7F 22 78"), answer(1s, "62 F1 90")}).detail ==
        "first 0x78 after 53 ms, expected within 50 ms: 3 ms late");
  CHECK(judged(expected, {answer(40ms, "7F 22 78"), answer(6s, "7F 22 78"), answer(7s, "62 F1 90")}).detail ==
        "0x78 number 2 began 5960 ms after the 0x78 before it, expected within 5000 ms");
  CHECK(judged(expected, {answer(40ms, "7F 22 78"), answer(6s, "62 F1 90")}).detail ==
        "the answer began 5960 ms after the 0x78 before it, expected within 5000 ms");
}

TEST_CASE("an answer that does not come to its end is incomplete") {
  const verdict v = judged(reply("62 *"), {broken(12ms, 1012ms, isotp::n_result::n_timeout_cr)});
  CHECK(v.what == outcome::incomplete);
  CHECK(v.reacted_after == 12ms);
  CHECK_FALSE(v.answered_after);
  CHECK_THAT(v.detail, Catch::Contains("broke off with N_TIMEOUT_Cr after 1012 ms"));

  const verdict pendings = judged(reply("62 *"), {answer(40ms, "7F 22 78"), answer(4s, "7F 22 78")}, 9s);
  CHECK(pendings.what == outcome::incomplete);
  CHECK(pendings.detail == "two 0x78, then nothing for 5000 ms");

  uds::exchange_report report = exchange({reactions({})});
  report.responders[0].unfinished_since = request_end + 12ms;
  uds::captures caught;
  const verdict cut =
      judge_responder("engine", reply("62 *"), report, report.responders[0], read_vin, caught);
  CHECK(cut.what == outcome::incomplete);
  CHECK(cut.detail == "an answer began after 12 ms and had not ended at the end");

  SECTION("a whole one afterwards does not undo it") {
    CHECK(judged(reply("62 *"), {broken(2ms, 3ms, isotp::n_result::n_unexp_pdu), answer(3ms, "62 F1 90")})
              .what == outcome::incomplete);
  }
}

TEST_CASE("the most telling outcome decides, the others are mentioned") {
  responder_expectation expected = reply_within("62 F1 90 *", 50ms);
  expected.pending = pending_expectation{1, 1, {}, {}};
  const verdict v = judged(expected, {answer(60ms, "62 F1 91")});
  CHECK(v.what == outcome::wrong_answer);
  CHECK(v.late_by == 10ms);
  CHECK(v.detail ==
        "expected 62 F1 90 *, got 62 F1 [91]; "
        "10 ms late: began after 60 ms, expected within 50 ms; expected one 0x78, got no 0x78");
  CHECK(v.remarks.size() == 2);
  CHECK(judged(expected, {answer(60ms, "62 F1 90")}).what == outcome::late);
  CHECK(judged(expected, {answer(6ms, "62 F1 90")}).what == outcome::wrong_pending);
}

TEST_CASE("a request that did not get through judges nobody") {
  uds::exchange_report report = exchange({reactions({})});
  report.request_result = isotp::n_result::n_timeout_bs;
  uds::captures caught;
  for (const auto& expected : {reply("62 *"), silence(), anything()}) {
    const verdict v = judge_responder("engine", expected, report, report.responders[0], read_vin, caught);
    CHECK(v.what == outcome::not_sent);
    CHECK(v.detail == "the request ended with N_TIMEOUT_Bs");
  }
}

TEST_CASE("captures come from an answer that fits, even a late one, and from no other") {
  const uds::exchange_report report = exchange({reactions({answer(60ms, "67 01 11 22 33 44")})});
  uds::captures caught;
  const auto judge = [&](const responder_expectation& expected) {
    return judge_responder("engine", expected, report, report.responders[0], hex("27 01"), caught).what;
  };
  CHECK(judge(reply("67 02 {seed:4}")) == outcome::wrong_answer);
  CHECK(caught.empty());
  CHECK(judge(reply_within("67 01 {seed:4}", 50ms)) == outcome::late);
  CHECK(caught.at("seed") == hex("11 22 33 44"));
}

}  // namespace
}  // namespace canstage::scenarios::test
