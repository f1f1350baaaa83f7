// The driver against our own endpoint: all is well with one that behaves, in every format, and whatever
// its settings are.
#include <catch2/catch.hpp>

#include "tests/protocols/conformance/rehearsal.hpp"

using namespace canstage;
using namespace canstage::conformance;
using namespace canstage::conformance::test;
using namespace std::chrono_literals;

namespace {

using numbers = std::vector<unsigned>;

/// Nothing fails; `hidden` do not show.
void passes(const stack_under_test& stack, const numbers& hidden) {
  const auto results = rehearse(stack);
  INFO(explain(results));
  CHECK(results.size() == 87);
  CHECK(with(verdict::failed, results) == numbers{});
  CHECK(with(verdict::deviation, results) == numbers{});
  CHECK(with(verdict::not_observable, results) == hidden);
}

}  // namespace

TEST_CASE("normal addressing, classic frames") {
  stack_under_test stack;
  passes(stack, {3,  8,  12, 13, 14, 15, 16, 17, 18, 28, 30, 32, 48,  50,  67,
                 75, 76, 79, 81, 84, 86, 87, 90, 91, 92, 93, 94, 100, 101, 104});
}

TEST_CASE("extended addressing, other bytes in both directions") {
  stack_under_test stack;
  stack.address.rx_address_byte = 0x10;
  stack.address.tx_address_byte = 0xF1;
  stack.address.functional_rx_address_byte = 0xEF;
  passes(stack, {2,  12, 13, 14, 15, 16, 17, 28, 30, 32, 48,  50,  67, 75,
                 76, 79, 81, 84, 86, 87, 90, 91, 92, 93, 100, 101, 104});
}

TEST_CASE("mixed addressing, 29 bits") {
  stack_under_test stack;
  stack.address = {isotp::mixed_29_physical(0x10, 0xF1), isotp::mixed_29_physical(0xF1, 0x10),
                   isotp::mixed_29_functional(0x33, 0xF1), std::nullopt};
  stack.address.rx_address_byte = stack.address.tx_address_byte = 0x5A;
  stack.address.functional_rx_address_byte = 0x5A;
  passes(stack, {2,  12, 13, 14, 15, 16, 17, 28, 30, 32, 48,  50,  67, 75,
                 76, 79, 81, 84, 86, 87, 89, 90, 91, 93, 100, 101, 104});
}

TEST_CASE("normal fixed addressing") {
  stack_under_test stack;
  stack.address = {isotp::normal_fixed_physical(0x10, 0xF1), isotp::normal_fixed_physical(0xF1, 0x10),
                   isotp::normal_fixed_functional(0x33, 0xF1), std::nullopt};
  passes(stack, {3,  8,  12, 13, 14, 15, 16, 17, 18, 28, 30, 32,  48,  50, 67,
                 75, 76, 79, 81, 84, 86, 87, 89, 92, 93, 94, 100, 101, 104});
}

TEST_CASE("CAN FD, every TX_DL") {
  for (const unsigned tx_dl : {12, 16, 20, 24, 32, 48, 64}) {
    stack_under_test stack;
    stack.parameters.tx_dl = static_cast<std::uint8_t>(tx_dl);
    stack.parameters.max_sdu = 70000;
    numbers hidden{2, 3, 8, 18, 32, 67, 75, 76, 79, 81, 84, 86, 90, 91, 92, 93, 94, 100, 101, 104};
    if (tx_dl == 12) hidden.insert(hidden.begin() + 3, 17);
    INFO("TX_DL " << tx_dl);
    passes(stack, hidden);
  }
}

TEST_CASE("CAN FD with an address byte") {
  stack_under_test stack;
  stack.parameters.tx_dl = 64;
  stack.address.rx_address_byte = 0x10;
  stack.address.tx_address_byte = 0xF1;
  passes(stack, {2, 3, 28, 32, 67, 75, 76, 79, 81, 84, 86, 90, 91, 92, 93, 100, 101, 104});
}

TEST_CASE("settings that are all right") {
  const numbers usual{3,  8,  12, 13, 14, 15, 16, 17, 18, 28, 30, 32, 48,  50,  67,
                      75, 76, 79, 81, 84, 86, 87, 90, 91, 92, 93, 94, 100, 101, 104};
  stack_under_test stack;
  SECTION("no padding") { stack.parameters.padding = std::nullopt; }
  SECTION("another filler") { stack.parameters.padding = 0x00; }
  SECTION("BS 1") { stack.parameters.bs = 1; }
  SECTION("BS 8 and STmin 5 ms") {
    stack.parameters.bs = 8;
    stack.parameters.stmin = *isotp::st_min::from_time(5ms);
  }
  SECTION("BS 255") { stack.parameters.bs = 255; }
  SECTION("STmin 300 us") { stack.parameters.stmin = *isotp::st_min::from_time(300us); }
  SECTION("slow, but in time") {
    stack.parameters.n_br = 100ms;
    stack.parameters.n_cs = 10ms;
  }
  SECTION("shorter timers") {
    stack.parameters.n_bs = 500ms;
    stack.parameters.n_cr = 250ms;
  }
  passes(stack, usual);
}

TEST_CASE("a stack that is half duplex") {
  stack_under_test stack;
  stack.parameters.duplex = isotp::duplex_mode::half;
  passes(stack, {3,  8,  12, 13, 14, 15, 16, 17, 18, 28, 30, 32,  48,  50,  67, 75,
                 76, 79, 82, 83, 86, 87, 90, 91, 92, 93, 94, 100, 101, 103, 104});
}

TEST_CASE("a stack that asks to wait") {
  stack_under_test stack;
  stack.parameters.flow_control = isotp::flow_control_policy::wait_first(1);
  const auto results = rehearse(stack);
  INFO(explain(results));
  CHECK(with(verdict::failed, results) == numbers{});
  CHECK(results.at(75).is == verdict::passed);
}

TEST_CASE("a stack that echoes nothing shows its flow control only") {
  stack_under_test stack;
  stack.echoes = false;
  const auto results = rehearse(stack);
  INFO(explain(results));
  CHECK(with(verdict::failed, results) == numbers{});
  CHECK(with(verdict::passed, results) == numbers{23, 24, 25, 26, 27, 29, 31, 74, 77});
}

TEST_CASE("nobody is there") {
  stack_under_test stack;
  setting known = setting_of(stack);
  known.address.tx = can::identifier::standard(0x123);
  const auto results = rehearse(stack, known, {23, 26, 74});
  CHECK(with(verdict::failed, results) == numbers{23, 26, 74});
  CHECK(results.at(23).found.got == "nothing");
}

TEST_CASE("a result says what was expected, what came and when") {
  stack_under_test stack;
  stack.parameters.n_cr = 500ms;
  setting known = setting_of(stack);
  known.echoes = true;
  known.n_cr = 1s;
  const auto results = rehearse(stack, known, {51});
  const auto& found = results.at(51).found;
  CHECK(results.at(51).is == verdict::failed);
  CHECK(found.expected.substr(0, 16) == "FF of the echo (");
  CHECK(found.got == "nothing");
  CHECK(found.frames.sent() == 4);
  CHECK(found.frames.received() == 1);
  CHECK(to_hex(found.frames.head().front().content.payload()) == "10 1B 25 26 27 28 29 2A");
}
