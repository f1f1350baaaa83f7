// What ISO-TP endpoints are set to: parameters, address formats, faults.
#include <chrono>

#include "catch2/catch.hpp"
#include "tests/scenarios/loaded.hpp"

namespace canstage::scenarios {
namespace {

using namespace std::chrono_literals;
using can::identifier;
using isotp::flow_status;

/// The parameters of one ECU.
isotp::parameters isotp_of(const std::string& map) {
  return *loaded(
              "canstage: 1\nbuses: { can: { bitrate: 500k, data_bitrate: 2M } }\necus:\n"
              "  a: { address: { request: 7E0, response: 7E8 }, isotp: " +
              map + " }\n")
              .ecus.at(0)
              .isotp;
}

isotp::compatibility compatibility_of(const std::string& value) {
  return isotp_of("{ compatibility: " + value + " }").compat;
}

std::vector<flow_status> answers_of(const std::string& value) {
  return isotp_of("{ flow_control: " + value + " }").flow_control.answers;
}

/// The addresses of one ECU.
isotp::addressing address_of(const std::string& map) {
  return loaded_ecus("  a: { address: " + map + " }\n").ecus.at(0).address;
}

/// The faults of an ECU `a`.
isotp::misbehaviour faults_of(const std::string& faults) {
  const scenario play = loaded_ecus("  a: { address: { request: 7E0, response: 7E8 } }\nfaults:\n" + faults);
  REQUIRE(play.ecus.at(0).faults);
  return *play.ecus.at(0).faults;
}

TEST_CASE("every parameter of ISO-TP is read", "[loader]") {
  isotp::parameters expected;
  expected.tx_dl = 48;
  expected.bit_rate_switch = false;
  expected.n_wft_max = 255;
  expected.accepted_waits = 5;
  expected.wait_interval = 100ms;
  expected.check_padding = isotp::padding_check::both;
  expected.duplex = isotp::duplex_mode::half;
  expected.flow_control = isotp::flow_control_policy::wait_first(2);
  expected.compat = isotp::compatibility::linux_6_1();
  CHECK(
      isotp_of("{ tx_dl: 48, brs: false, n_wft_max: 255, accepted_waits: 5, wait_interval: 100ms,\n"
               "    check_padding: both, duplex: half, flow_control: { wait: 2 }, compatibility: linux }") ==
      expected);
  CHECK(isotp_of("{ tx_dl: 8, n_wft_max: 10, accepted_waits: any, check_padding: none, duplex: full,\n"
                 "    flow_control: cts, compatibility: iso }") == isotp::parameters{});
}

TEST_CASE("CAN FD frames switch their bit rate unless told otherwise", "[loader]") {
  CHECK(isotp_of("{ tx_dl: 64 }").bit_rate_switch);
  CHECK_FALSE(isotp_of("{ tx_dl: 64, brs: false }").bit_rate_switch);
  CHECK_FALSE(isotp_of("{ brs: false }").bit_rate_switch);
  CHECK_FALSE(isotp_of("{}").bit_rate_switch);
}

TEST_CASE("a bus without bit rates carries CAN FD frames", "[loader]") {
  const scenario play = loaded(
      "canstage: 1\nbuses: { can: {} }\nendpoints: { a: { rx: 1, tx: 2, isotp: { tx_dl: 64 } } }\n"
      "steps: [ { send_frame: { id: 123, data: \"01\", fd: true } } ]\n");
  CHECK(play.endpoints.at(0).isotp->tx_dl == 64);
}

TEST_CASE("flow control policies are words, a number of waits, or a list", "[loader]") {
  CHECK(answers_of("cts").empty());
  CHECK(answers_of("overflow") == std::vector{flow_status::ovflw});
  CHECK(answers_of("{ wait: 2 }") == std::vector{flow_status::wait, flow_status::wait, flow_status::cts});
  CHECK(answers_of("[wait, cts, overflow]") ==
        std::vector{flow_status::wait, flow_status::cts, flow_status::ovflw});
}

TEST_CASE("a preset holds wherever no other key says otherwise, in any order", "[loader]") {
  CHECK(compatibility_of("python-can-isotp") == isotp::compatibility::python_can_isotp());
  CHECK(compatibility_of("{ preset: linux }") == isotp::compatibility::linux_6_1());
  auto expected = isotp::compatibility::linux_6_1();
  expected.small_32_bit_ff_dl = false;
  expected.missing_escape = true;
  CHECK(compatibility_of("{ small_32_bit_ff_dl: false, preset: linux, missing_escape: true }") == expected);
}

TEST_CASE("every switch of compatibility is read by its name", "[loader]") {
  isotp::compatibility all;
  all.values = isotp::fc_values::of_first_fc;
  all.reserved_stmin = isotp::reserved_value::invalid;
  all.reserved_fs = isotp::reserved_value::invalid;
  all.late_overflow = isotp::late_overflow::invalid_fs;
  all.ff_dl = isotp::smallest_ff_dl::fills_first;
  for (auto* const one :
       {&all.short_fc_aborts, &all.small_32_bit_ff_dl, &all.silent_interruption, &all.loose_sf_length,
        &all.escape_in_8_bytes, &all.missing_escape, &all.append_short_cf, &all.match_frame_kind,
        &all.invalid_ends_reception, &all.malformed_start_ends_reception, &all.ignored_cf_stops_n_cr})
    *one = true;
  CHECK(compatibility_of("{ values: of_first_fc, reserved_stmin: invalid, reserved_fs: invalid,\n"
                         "    late_overflow: invalid_fs, ff_dl: fills_first, short_fc_aborts: true,\n"
                         "    small_32_bit_ff_dl: true, silent_interruption: true, loose_sf_length: true,\n"
                         "    escape_in_8_bytes: true, missing_escape: true, append_short_cf: true,\n"
                         "    match_frame_kind: true, invalid_ends_reception: true,\n"
                         "    malformed_start_ends_reception: true, ignored_cf_stops_n_cr: true }") == all);
}

TEST_CASE("compatibility is inherited key by key", "[loader]") {
  const scenario play = loaded_ecus(
      "  a:\n    address: { request: 700, response: 708 }\n"
      "    isotp: { compatibility: { preset: linux, missing_escape: true }, flow_control: { wait: 1 } }\n"
      "  b: { like: a, address: { request: 701, response: 709 },\n"
      "       isotp: { compatibility: { missing_escape: false }, flow_control: cts } }\n");
  CHECK(play.ecus.at(1).isotp->compat == isotp::compatibility::linux_6_1());
  CHECK(play.ecus.at(1).isotp->flow_control == isotp::flow_control_policy::always_cts());
}

TEST_CASE("extended addressing has the target address in front", "[loader]") {
  isotp::addressing expected{identifier::standard(0x6F1), identifier::standard(0x610), {}, {}};
  expected.rx_address_byte = 0x10;
  expected.tx_address_byte = 0xF1;
  CHECK(address_of("{ format: extended, request: 6F1, response: 610, ecu: 10 }") == expected);
  CHECK(address_of("{ format: extended, request: 6F1, response: 610, ecu: 10, functional: none }") ==
        expected);
  expected.functional_rx = identifier::standard(0x6F1);
  expected.functional_rx_address_byte = 0xDF;
  expected.tx_address_byte = 0xF2;
  CHECK(address_of("{ format: extended, request: 6F1, response: 610, ecu: 10, tester: F2,\n"
                   "    functional: { id: 6F1, address: DF } }") == expected);
  CHECK(address_of("{ format: extended, request: 18DA10F1, response: 18DAF110, ecu: 10 }").rx ==
        identifier::extended(0x18DA10F1));
}

TEST_CASE("mixed addressing has the extension in front, in every frame", "[loader]") {
  isotp::addressing expected{
      identifier::standard(0x7E0), identifier::standard(0x7E8), identifier::standard(0x7DF), {}};
  expected.rx_address_byte = expected.tx_address_byte = expected.functional_rx_address_byte = 0x99;
  CHECK(address_of("{ format: mixed, request: 7E0, response: 7E8, extension: 99 }") == expected);
  expected.functional_rx.reset();
  expected.functional_rx_address_byte.reset();
  CHECK(address_of("{ format: mixed, request: 7E0, response: 7E8, extension: 99, functional: none }") ==
        expected);
}

TEST_CASE("mixed addressing with 29 bit makes the identifiers", "[loader]") {
  isotp::addressing expected{identifier::extended(0x18CE50F1),
                             identifier::extended(0x18CEF150),
                             identifier::extended(0x18CD33F1),
                             {}};
  expected.rx_address_byte = expected.tx_address_byte = expected.functional_rx_address_byte = 0x77;
  CHECK(address_of("{ format: mixed_29, ecu: 50, extension: 77 }") == expected);
  CHECK(address_of("{ format: mixed_29, ecu: 50, extension: 77, functional: 44 }").functional_rx ==
        identifier::extended(0x18CD44F1));
}

TEST_CASE("a tester reaches the ECUs of its format and address", "[loader]") {
  const scenario play = loaded_ecus(
      "  a: { address: { format: extended, request: 6F1, response: 610, ecu: 10 } }\n"
      "  b: { address: { format: extended, request: 6F2, response: 611, ecu: 10, tester: F2 } }\n"
      "  c: { address: { format: mixed, request: 7E1, response: 7E9, extension: 99 } }\n"
      "  d: { address: { format: mixed, request: 7E1, response: 7E9, extension: 9A } }\n"
      "  e: { address: { format: mixed_29, ecu: 50, extension: 77 } }\n"
      "  f: { address: { request: 7E0, response: 7E8 } }\n"
      "testers:\n"
      "  t: { address: { format: extended, functional: { id: 6F1, address: DF } } }\n"
      "  u: { address: { format: extended, tester: F2 } }\n"
      "  v: { address: { format: mixed, extension: 99 } }\n"
      "  w: { address: { format: mixed_29, functional: none } }\n"
      "  x: {}\n");
  const auto& testers = play.testers;
  CHECK(testers.at(0).ecus == std::vector<ecu_index>{0});
  CHECK(testers.at(0).functional == identifier::standard(0x6F1));
  CHECK(testers.at(0).functional_address_byte == 0xDF);
  CHECK(testers.at(0).listen.empty());
  CHECK(testers.at(1).ecus == std::vector<ecu_index>{1});
  CHECK_FALSE(testers.at(1).functional);
  CHECK(testers.at(2).ecus == std::vector<ecu_index>{2, 3});
  CHECK(testers.at(2).functional == identifier::standard(0x7DF));
  CHECK(testers.at(2).functional_address_byte == 0x99);
  CHECK(testers.at(3).ecus == std::vector<ecu_index>{4});
  CHECK_FALSE(testers.at(3).functional);
  CHECK(testers.at(4).ecus == std::vector<ecu_index>{5});
  CHECK_FALSE(testers.at(4).functional_address_byte);
}

TEST_CASE("endpoints have address bytes", "[loader]") {
  const scenario play = loaded(
      "canstage: 1\nbuses: { can: {} }\nendpoints:\n  a: { rx: 1, tx: 2, rx_address: 10, tx_address: F1 }\n"
      "  b: { rx: 2, tx: 1, rx_address: F1, tx_address: 10 }\n  c: { rx: 1, tx: 2, rx_address: 11, "
      "tx_address: F2 }\n"
      "steps: [ { request: { from: a, to: b, bytes: \"01\" } } ]\n");
  CHECK(play.endpoints.at(0).address.rx_address_byte == 0x10);
  CHECK(play.endpoints.at(0).address.tx_address_byte == 0xF1);
}

TEST_CASE("every fault is read", "[loader]") {
  isotp::misbehaviour expected;
  expected.wrong_sn = {.nth = 2, .times = isotp::trigger::always, .counted = isotp::trigger::scope::per_run};
  expected.repeated_sn.emplace();
  expected.drop_cf = {.nth = 3, .times = 4, .counted = isotp::trigger::scope::per_message};
  expected.early_cf.emplace();
  expected.late_cf = {{}, 50ms};
  expected.wrong_ff_dl = {{}, std::nullopt, -3};
  expected.withhold_fc.emplace();
  expected.reserved_fs = {{}, 5};
  expected.reserved_stmin = {{}, 0x85};
  expected.short_frames = {{}, isotp::n_pdu_kind::flow_control, 2};
  expected.labels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};  // their places in the file
  CHECK(faults_of("  - { at: a, do: wrong_sn, nth: 2, times: always, per: run }\n"
                  "  - { at: a, do: repeated_sn }\n"
                  "  - { at: a, do: drop_cf, nth: 3, times: 4, per: message }\n"
                  "  - { at: a, do: early_cf }\n"
                  "  - { at: a, do: late_cf, delay: 50ms }\n"
                  "  - { at: a, do: wrong_ff_dl, delta: -3 }\n"
                  "  - { at: a, do: withhold_fc }\n"
                  "  - { at: a, do: reserved_fs, value: 5 }\n"
                  "  - { at: a, do: reserved_stmin, value: 85 }\n"
                  "  - { at: a, do: short_frames, pci: FC, length: 2 }\n") == expected);
  CHECK(isotp::validate(expected).empty());
  CHECK(faults_of("  - { at: a, do: wrong_ff_dl, length: 20 }\n").wrong_ff_dl->value == 20U);
  CHECK(faults_of("  - { at: a, do: short_frames, length: 3 }\n").short_frames->kind ==
        isotp::n_pdu_kind::consecutive);
}

TEST_CASE("faults are those of one node", "[loader]") {
  const scenario play = loaded(
      "canstage: 1\nbuses: { can: {} }\necus: { \"n[1..2]\": { address: { request: \"70{n}\", response: "
      "\"71{n}\" } } }\n"
      "endpoints: { e: { rx: 1, tx: 2 }, f: { rx: 3, tx: 4 } }\n"
      "faults: [ { at: \"n[2]\", do: drop_cf }, { at: f, do: withhold_fc } ]\n");
  CHECK_FALSE(play.ecus.at(0).faults);
  CHECK(play.ecus.at(1).faults->drop_cf);
  CHECK_FALSE(play.endpoints.at(0).faults);
  CHECK(play.endpoints.at(1).faults->withhold_fc);
}

}  // namespace
}  // namespace canstage::scenarios
