// What the driver has to find: our own endpoint misbehaving on purpose, and differing as others do.
#include <catch2/catch.hpp>

#include "tests/protocols/conformance/rehearsal.hpp"

using namespace canstage;
using namespace canstage::conformance;
using namespace canstage::conformance::test;
using namespace std::chrono_literals;

namespace {

using numbers = std::vector<unsigned>;
using isotp::fault;
using isotp::misbehaviour;
using isotp::n_pdu_kind;
using isotp::trigger;

/// Not `always`: a CF that is always sent again is sent for ever.
constexpr trigger every{1, 1000};

/// The misbehaviours that one option can be.
std::vector<misbehaviour> kinds_of(fault what, trigger when) {
  misbehaviour one;
  switch (what) {
    case fault::wrong_sn:
      one.wrong_sn = when;
      break;
    case fault::repeated_sn:
      one.repeated_sn = when;
      break;
    case fault::drop_cf:
      one.drop_cf = when;
      break;
    case fault::early_cf:
      // No CF is early that has nothing to wait for.
      one.early_cf = trigger{2, when.times, when.counted};
      if (when.counted == trigger::scope::per_run) one.early_cf = every;
      break;
    case fault::late_cf:
      one.late_cf = misbehaviour::late{when, 1500ms};
      break;
    case fault::wrong_ff_dl: {
      one.wrong_ff_dl = misbehaviour::ff_dl{when, std::nullopt, 1};
      misbehaviour other;
      other.wrong_ff_dl = misbehaviour::ff_dl{when, 7};
      return {one, other};
    }
    case fault::withhold_fc:
      one.withhold_fc = when;
      break;
    case fault::reserved_fs:
      one.reserved_fs = misbehaviour::value{when, 5};
      break;
    case fault::reserved_stmin: {
      one.reserved_stmin = misbehaviour::value{when, 0x80};
      misbehaviour other;
      other.reserved_stmin = misbehaviour::value{when, 0xFF};
      return {one, other};
    }
    case fault::short_frames: {
      std::vector<misbehaviour> all;
      for (const auto kind :
           {n_pdu_kind::single, n_pdu_kind::first, n_pdu_kind::consecutive, n_pdu_kind::flow_control}) {
        for (const int length : {1, 2, 5, 7}) {
          one.short_frames = misbehaviour::cut{when, kind, static_cast<std::uint8_t>(length)};
          all.push_back(one);
        }
      }
      return all;
    }
  }
  return {one};
}

void finds(trigger when) {
  for (std::size_t i = 0; i < isotp::fault_count; ++i) {
    const auto what = static_cast<fault>(i);
    for (const auto& faults : kinds_of(what, when)) {
      stack_under_test stack;
      stack.faults = faults;
      setting known = setting_of(stack);
      known.echoes = true;
      const auto results = rehearse(stack, known);
      INFO(to_string(what));
      CHECK(!with(verdict::failed, results).empty());
    }
  }
}

}  // namespace

TEST_CASE("every misbehaviour is found, always, in each message and once in a run") {
  SECTION("always") { finds(every); }
  SECTION("once in each message") { finds({1, 1}); }
  SECTION("once in the run") { finds({1, 1, trigger::scope::per_run}); }
}

TEST_CASE("what is known of Linux 6.1 is found, and nothing else") {
  stack_under_test stack;
  stack.parameters.compat = isotp::compatibility::linux_6_1();
  SECTION("classic frames") {
    const auto results = rehearse(stack);
    INFO(explain(results));
    CHECK(with(verdict::failed, results) == numbers{6, 24});
    CHECK(with(verdict::deviation, results) == numbers{10, 27, 47, 71, 73});
  }
  SECTION("CAN FD") {
    stack.parameters.tx_dl = 64;
    const auto results = rehearse(stack);
    INFO(explain(results));
    CHECK(with(verdict::failed, results) == numbers{6, 24, 87});
    CHECK(with(verdict::deviation, results) == numbers{10, 17, 27, 47, 71, 73});
  }
}

TEST_CASE("what is known of python-can-isotp 2 is found, and nothing else") {
  stack_under_test stack;
  stack.parameters.compat = isotp::compatibility::python_can_isotp();
  SECTION("classic frames") {
    const auto results = rehearse(stack);
    INFO(explain(results));
    CHECK(with(verdict::failed, results) == numbers{6, 24, 65, 70, 85});
    CHECK(with(verdict::deviation, results) == numbers{10, 27, 46, 47});
  }
  SECTION("CAN FD") {
    stack.parameters.tx_dl = 64;
    const auto results = rehearse(stack);
    INFO(explain(results));
    CHECK(with(verdict::failed, results) == numbers{6, 24, 65, 70, 85});
    CHECK(with(verdict::deviation, results) == numbers{10, 17, 27});
  }
}
