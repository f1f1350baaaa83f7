// The life of a DTC (ISO 14229-1 annex D), without a server around it.
#include "protocols/uds/dtc_memory.hpp"

#include <rapidcheck.h>
#include "catch2/catch.hpp"

namespace canstage::uds {

namespace {

constexpr dtc_number p0123_17 = 0x012317;
constexpr dtc_number u0100_00 = 0xC10000;
constexpr dtc_number c0200_11 = 0x420011;

dtc_config plain(dtc_number number, std::uint8_t status = dtc_status::cleared) {
  dtc_config made;
  made.number = number;
  made.status = status;
  return made;
}

/// P0123-17 of the emissions group, confirmed after two operation cycles, with the warning indicator;
/// U0100-00 confirmed at once; C0200-11 is stored from the start (2F).
dtc_table usual_table() {
  dtc_table made;
  made.dtcs = {plain(p0123_17), plain(u0100_00), plain(c0200_11, 0x2F)};
  made.dtcs[0].functional_group = emissions_group;
  made.dtcs[0].confirm_after = 2;
  made.dtcs[0].warns = true;
  made.dtcs[0].snapshots = {{0x01, {{0xF40C, {0x00, 0x00}, true}, {0xF190, {0x41}, false}}},
                            {0x02, {{0xF40C, {0x00, 0x00}, true}}}};
  using kind = extended_data_part::kind;
  made.dtcs[0].extended_data = {{0x01, {{kind::occurrences, {}}, {kind::aging, {}}, {kind::literal, {0xAA}}}},
                                {0x90, {{kind::failed_cycles, {}}, {kind::fault_detection_counter, {}}}}};
  made.dtcs[2].snapshots = {{0x01, {{0xF40C, {0x12, 0x34}, true}}}};
  made.groups = {{0x400000, {2}}};
  return made;
}

class bench {
 public:
  explicit bench(dtc_table table = usual_table()) : table_(std::move(table)), memory(table_) {}

  void set_speed(std::uint8_t high, std::uint8_t low) { speed_ = {high, low}; }
  std::uint8_t test(std::uint16_t index, test_result result) {
    memory.test(index, result, [this](std::uint16_t) { return speed_; });
    return memory.status(index);
  }
  std::uint8_t fail(std::uint16_t index) { return test(index, test_result::failed); }
  std::uint8_t pass(std::uint16_t index) { return test(index, test_result::passed); }
  void cycle() {
    memory.begin_operation_cycle([](std::uint16_t) { return false; });
  }
  /// So many operation cycles in which the test passes.
  void pass_cycles(std::uint16_t index, int count) {
    for (int i = 0; i < count; ++i) {
      pass(index);
      cycle();
    }
  }
  void clear(dtc_number group = all_dtcs) {
    memory.clear([&](std::uint16_t index) { return table_.in_group(index, group); });
  }
  std::string record(std::uint16_t index, std::size_t which) const {
    const auto data = memory.extended_data(index, table_.dtcs[index].extended_data[which]);
    return data ? to_hex(*data) : "none";
  }
  std::string snapshots(std::uint16_t index) const {
    std::string text;
    for (const auto& record : memory.snapshots(index)) {
      text += text.empty() ? "" : " | ";
      text += to_hex(bytes{record.number});
      for (const auto& value : record.values) text += " " + to_hex(value.data);
    }
    return text;
  }

 private:
  dtc_table table_;
  bytes speed_{0, 0};

 public:
  dtc_memory memory;
};

}  // namespace

TEST_CASE("a failed test sets bits 0, 1, 2 and 5, a passed one resets 0, 4 and 6") {
  bench b;
  CHECK(b.memory.status(1) == 0x50);
  CHECK(b.fail(1) == 0x2F);  // confirmed at once
  CHECK(b.pass(1) == 0x2E);
  CHECK(b.memory.fault_detection_counter(1) == -128);
  CHECK(b.pass(0) == 0x00);  // never failed
  CHECK(b.fail(0) == 0x27);  // pending, not confirmed yet
  CHECK(b.memory.fault_detection_counter(0) == 127);
}

TEST_CASE("confirmedDTC comes after so many operation cycles in a row with a failure") {
  bench b;
  CHECK(b.fail(0) == 0x27);
  CHECK(b.pass(0) == 0x26);
  CHECK(b.fail(0) == 0x27);  // the same operation cycle counts once
  b.cycle();
  CHECK(b.memory.status(0) == 0x65);
  CHECK(b.fail(0) == 0xAF);  // and the warning indicator is requested
}

TEST_CASE("an operation cycle that passed breaks the row, one that was not completed does not") {
  bench b;
  b.fail(0);
  b.pass(0);
  b.cycle();
  b.pass(0);
  CHECK(b.memory.status(0) == 0x24);
  b.cycle();
  CHECK(b.memory.status(0) == 0x60);  // pendingDTC went when the passed cycle ended
  CHECK(b.fail(0) == 0x27);
  b.cycle();
  b.cycle();  // the test did not run
  CHECK(b.fail(0) == 0xAF);
}

TEST_CASE("prefailed and prepassed results move the fault detection counter") {
  bench b;
  CHECK(b.test(0, test_result::prefailed) == 0x50);
  CHECK(b.memory.fault_detection_counter(0) == 16);
  for (int i = 0; i < 6; ++i) b.test(0, test_result::prefailed);
  CHECK(b.memory.fault_detection_counter(0) == 112);
  CHECK(b.test(0, test_result::prefailed) == 0x27);
  CHECK(b.memory.fault_detection_counter(0) == 127);
  // On the other side it begins at 0.
  b.test(0, test_result::prepassed);
  CHECK(b.memory.fault_detection_counter(0) == -16);
  for (int i = 0; i < 7; ++i) b.test(0, test_result::prepassed);
  CHECK(b.memory.fault_detection_counter(0) == -128);
  CHECK(b.memory.status(0) == 0x26);
  b.cycle();
  CHECK(b.memory.fault_detection_counter(0) == 0);
}

TEST_CASE("the warning indicator heals, then the DTC ages") {
  bench b;
  b.fail(0);
  b.cycle();
  b.fail(0);
  b.pass(0);
  CHECK(b.memory.status(0) == 0xAE);
  b.cycle();  // ends the cycle with the failure
  b.pass_cycles(0, 2);
  CHECK(b.memory.status(0) == 0xE8);
  b.pass_cycles(0, 1);
  CHECK(b.memory.status(0) == 0x68);    // heal_after 3
  CHECK(b.record(0, 0) == "01 03 AA");  // testFailed never went in between
  b.pass_cycles(0, 36);
  CHECK(b.memory.status(0) == 0x68);
  b.pass_cycles(0, 1);
  CHECK(b.memory.status(0) == 0x40);  // age_after 40
  CHECK_FALSE(b.memory.stored(0));
  CHECK(b.record(0, 0) == "none");
  CHECK(b.snapshots(0).empty());
}

TEST_CASE("UDS-060 after a clear the status is 50, and records and counters are gone") {
  bench b;
  b.fail(0);
  b.fail(1);
  b.clear();
  for (std::uint16_t i = 0; i < 3; ++i) {
    CHECK(b.memory.status(i) == 0x50);
    CHECK(b.memory.fault_detection_counter(i) == 0);
    CHECK(b.snapshots(i).empty());
  }
  CHECK(b.record(0, 0) == "none");
  CHECK_FALSE(b.memory.first_failed());
  CHECK_FALSE(b.memory.most_recent_confirmed());
  b.fail(0);
  CHECK(b.record(0, 0) == "01 00 AA");
}

TEST_CASE("a group, a functional group or one DTC can be cleared") {
  bench b;
  b.fail(0);
  b.fail(1);
  b.clear(0x400000);
  CHECK(b.memory.status(2) == 0x50);
  CHECK(b.memory.status(1) == 0x2F);
  b.clear(0xFFFF33);
  CHECK(b.memory.status(0) == 0x50);
  CHECK(b.memory.status(1) == 0x2F);
  b.clear(u0100_00);
  CHECK(b.memory.status(1) == 0x50);
  const auto& table = b.memory.table();
  CHECK(table.knows_group(0xFFFFFF));
  CHECK(table.knows_group(0xFFFF33));
  CHECK(table.knows_group(p0123_17));
  CHECK(table.knows_group(0x400000));
  CHECK_FALSE(table.knows_group(0xFFFFD0));
  CHECK_FALSE(table.knows_group(0x400001));
}

TEST_CASE("what is stored at first happened in the order of the table") {
  bench b{[] {
    dtc_table made;
    made.dtcs = {plain(1, 0x50), plain(2, 0x2F), plain(3, 0x24), plain(4, 0x2F), plain(5, 0x50)};
    return made;
  }()};
  CHECK(b.memory.first_failed() == 1);
  CHECK(b.memory.most_recent_failed() == 3);
  CHECK(b.memory.first_confirmed() == 1);
  CHECK(b.memory.most_recent_confirmed() == 3);
  b.fail(4);
  CHECK(b.memory.most_recent_failed() == 4);
  CHECK(b.memory.most_recent_confirmed() == 4);
  b.fail(0);
  CHECK(b.memory.first_failed() == 1);
  CHECK(b.memory.most_recent_failed() == 0);
  b.fail(4);  // it has failed already: nothing new
  CHECK(b.memory.most_recent_failed() == 0);
  b.clear(2);
  CHECK(b.memory.first_failed() == 2);
  CHECK(b.memory.first_confirmed() == 3);
}

TEST_CASE("the first snapshot stays, the others are of the latest failure") {
  bench b;
  CHECK(b.snapshots(0).empty());
  b.set_speed(0x0B, 0xB8);
  b.fail(0);
  CHECK(b.snapshots(0) == "01 0B B8 41 | 02 0B B8");
  b.set_speed(0x10, 0x00);
  b.fail(0);  // still failed: no new failure
  CHECK(b.snapshots(0) == "01 0B B8 41 | 02 0B B8");
  b.pass(0);
  b.fail(0);
  CHECK(b.snapshots(0) == "01 0B B8 41 | 02 10 00");
  CHECK(b.record(0, 0) == "02 00 AA");
  CHECK(b.record(0, 1) == "01 7F");
  // Stored from the start, it keeps what it was given.
  CHECK(b.snapshots(2) == "01 12 34");
  b.pass(2);
  b.fail(2);
  CHECK(b.snapshots(2) == "01 12 34");
}

TEST_CASE("OBD-008 a permanent DTC outlives a clear and ends with a passed operation cycle") {
  bench b;
  b.fail(0);
  CHECK_FALSE(b.memory.permanent(0));
  b.cycle();
  b.fail(0);
  CHECK(b.memory.permanent(0));
  b.clear();
  CHECK(b.memory.permanent(0));
  b.cycle();  // the test did not run
  CHECK(b.memory.permanent(0));
  b.pass(0);
  CHECK(b.memory.permanent(0));
  b.cycle();
  CHECK_FALSE(b.memory.permanent(0));
}

TEST_CASE("changes are told with the status before and after") {
  bench b;
  const auto read = [](std::uint16_t) { return bytes{}; };
  const auto change = b.memory.test(1, test_result::failed, read);
  REQUIRE(change);
  CHECK(change->index == 1);
  CHECK(change->before == 0x50);
  CHECK(change->after == 0x2F);
  CHECK_FALSE(b.memory.test(1, test_result::failed, read));
  CHECK_FALSE(b.memory.test(0, test_result::prefailed, read));
  const auto cleared = b.memory.clear([](std::uint16_t) { return true; });
  REQUIRE(cleared.size() == 2);
  CHECK(cleared[0].index == 1);
  CHECK(cleared[1].index == 2);
  CHECK(cleared[1].before == 0x2F);
  CHECK(b.memory.begin_operation_cycle([](std::uint16_t) { return false; }).empty());
}

TEST_CASE("a frozen DTC takes no part in a new operation cycle") {
  bench b;
  b.fail(0);
  b.fail(1);
  b.memory.begin_operation_cycle([](std::uint16_t index) { return index == 0; });
  CHECK(b.memory.status(0) == 0x27);
  CHECK(b.memory.status(1) == 0x6D);
}

TEST_CASE("whatever happens, the status bits agree with each other") {
  rc::check([] {
    bench b;
    const auto moves = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 18));
    for (const int move : moves) {
      const auto index = static_cast<std::uint16_t>(move % 3);
      const int what = move / 3;
      if (what < 4) b.test(index, static_cast<test_result>(what));
      if (what == 4) b.cycle();
      if (what == 5) b.clear(b.memory.table().dtcs[index].number);
      for (std::uint16_t i = 0; i < 3; ++i) {
        using namespace dtc_status;
        const auto status = b.memory.status(i);
        const auto has = [&](std::uint8_t bit) { return (status & bit) != 0; };
        if (has(test_failed_this_operation_cycle)) RC_ASSERT(has(pending));
        if (has(test_failed_this_operation_cycle)) RC_ASSERT(!has(test_not_completed_this_operation_cycle));
        if (has(test_failed_since_last_clear)) RC_ASSERT(!has(test_not_completed_since_last_clear));
        if (has(warning_indicator_requested)) RC_ASSERT(has(confirmed));
        if (!has(test_not_completed_since_last_clear) && i == 1 && has(pending)) RC_ASSERT(has(confirmed));
        RC_ASSERT(b.memory.stored(i) || b.memory.snapshots(i).empty());
        const bool counted = b.memory.first_failed().has_value() == b.memory.most_recent_failed().has_value();
        RC_ASSERT(counted);
      }
    }
  });
}

}  // namespace canstage::uds
