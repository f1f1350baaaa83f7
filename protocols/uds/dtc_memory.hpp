// One fault memory that lives: status bits, counters and records of DTCs move as ISO 14229-1 annex D
// says, by test results, operation cycles and clears.
//
// Rules:
//  - A failed test sets bits 0, 1, 2, 5 and resets 4 and 6; after `confirm_after` operation cycles in a row
//    with a failure also bit 3, and bit 7 if the DTC warns. A passed test resets 0, 4 and 6.
//  - An operation cycle that ends passed (completed, nothing failed) resets bit 2. After `heal_after` of
//    them in a row bit 7 goes, after `age_after` the DTC is not stored any more: bits 3 and 5 go, and
//    with them its records. A new cycle resets bit 1, sets bit 6, and the fault detection counter is 0.
//  - A DTC is stored while bit 0, 2, 3 or 5 is set. Only then it has snapshots and extended data.
//  - Snapshots are captured when testFailed becomes 1: the record with the lowest number once and then
//    kept, the others every time.
//  - A DTC that is confirmed and warns is permanent if it belongs to the emissions group. No clear
//    changes that; it ends with an operation cycle that passed and left the warning indicator off.
//  - Nothing is kept for a DTC that is as configured.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/uds/dtc_config.hpp"

namespace canstage::uds {

enum class test_result : std::uint8_t { passed, failed, prepassed, prefailed };

/// A status that changed.
struct dtc_change {
  std::uint16_t index = 0;
  std::uint8_t before = 0;
  std::uint8_t after = 0;
};

/// A snapshot record as it is stored. Refers to the memory and its table: valid until either changes.
struct stored_snapshot {
  std::uint8_t number = 0;
  struct value {
    std::uint16_t did = 0;
    byte_view data;
  };
  std::vector<value> values;
};

class dtc_memory {
 public:
  /// The present value of a DID, for snapshots.
  using did_reader = std::function<bytes(std::uint16_t did)>;

  /// `table` outlives the memory.
  explicit dtc_memory(const dtc_table& table);

  // Observers. Indices are those of the table.

  const dtc_table& table() const { return *table_; }
  std::uint8_t status(std::uint16_t index) const;  ///< all bits, whatever is available
  std::int8_t fault_detection_counter(std::uint16_t index) const;
  bool permanent(std::uint16_t index) const;
  bool stored(std::uint16_t index) const;
  std::vector<stored_snapshot> snapshots(std::uint16_t index) const;  ///< ascending by number
  /// The contents of a record; nothing if it is not stored.
  std::optional<bytes> extended_data(std::uint16_t index, const extended_data_record& record) const;

  /// Since the last clear; nothing if there was none.
  std::optional<std::uint16_t> first_failed() const;
  std::optional<std::uint16_t> most_recent_failed() const;
  std::optional<std::uint16_t> first_confirmed() const;
  std::optional<std::uint16_t> most_recent_confirmed() const;

  // Inputs. What changes is told once, in the order of the table.

  std::optional<dtc_change> test(std::uint16_t index, test_result result, const did_reader& read);
  /// 127 is a failed test, -128 a passed one.
  std::optional<dtc_change> count(std::uint16_t index, std::int8_t counter, const did_reader& read);
  /// As a test bench would overwrite it: no counter moves.
  std::optional<dtc_change> overwrite(std::uint16_t index, std::uint8_t status);
  /// All for which `chosen` is true.
  std::vector<dtc_change> clear(const std::function<bool(std::uint16_t index)>& chosen);
  /// The present one ends, the next begins. Those for which `frozen` is true are left alone.
  std::vector<dtc_change> begin_operation_cycle(const std::function<bool(std::uint16_t index)>& frozen);

 private:
  struct captured_record {
    std::uint8_t number = 0;
    std::vector<bytes> values;  ///< of the items that are captured, in their order
  };
  /// What is not as configured.
  struct entry {
    std::uint16_t index = 0;
    std::uint8_t status = 0;
    std::int8_t counter = 0;
    std::uint8_t occurrences = 0;
    std::uint8_t failed_cycles = 0;
    std::uint8_t failures_in_a_row = 0;  ///< operation cycles
    std::uint8_t passed_in_a_row = 0;    ///< operation cycles
    bool permanent = false;
    std::uint32_t first_failed = 0;  ///< when, in order; 0: not
    std::uint32_t last_failed = 0;
    std::uint32_t first_confirmed = 0;
    std::uint32_t last_confirmed = 0;
    std::vector<captured_record> captured{};
  };

  entry initial(std::uint16_t index) const;
  const entry* find(std::uint16_t index) const;
  entry& touch(std::uint16_t index);
  void fail(entry& what, const did_reader& read);
  void confirm(entry& what);
  void capture(entry& what, const did_reader& read) const;
  void end_cycle(entry& what) const;
  std::optional<std::uint16_t> extreme(std::uint32_t entry::*when, bool first) const;

  const dtc_table* table_;
  std::vector<entry> entries_;  ///< ascending by index
  std::uint32_t moments_ = 0;   ///< failures and confirmations since the start
};

}  // namespace canstage::uds
