// What a DTC memory is made of: plain data, shared by all servers that are alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/uds/dtc.hpp"

namespace canstage::uds {

/// A DID of a snapshot record.
struct snapshot_item {
  std::uint16_t did = 0;
  bytes value;            ///< what the record holds at first; also later, if nothing is captured
  bool captured = false;  ///< a failure puts the DID's present value in its place
};

struct snapshot_record {
  std::uint8_t number = 0;
  std::vector<snapshot_item> items;
};

/// A piece of an extended data record: a byte that lives, or bytes as they are.
struct extended_data_part {
  enum class kind : std::uint8_t {
    literal,
    occurrences,              ///< how often testFailed became 1 since the last clear
    failed_cycles,            ///< operation cycles with a failure since the last clear
    aging,                    ///< operation cycles that passed since the last failure
    fault_detection_counter,  ///< two's complement
  };
  kind what = kind::literal;
  bytes literal;
};

struct extended_data_record {
  std::uint8_t number = 0;
  std::vector<extended_data_part> parts;
};

struct dtc_config {
  dtc_number number = 0;
  std::uint8_t status = dtc_status::cleared;  ///< at first
  bool permanent = false;                     ///< at first
  std::uint8_t severity = 0;
  std::uint8_t functional_unit = 0;
  std::uint8_t functional_group = 0;  ///< emissions_group ...; 0: none
  std::uint8_t readiness_group = 0;   ///< 0: none
  bool warns = false;                 ///< confirmed, it requests the warning indicator
  std::uint8_t confirm_after = 1;     ///< operation cycles in a row with a failure until it is confirmed
  std::uint8_t heal_after = 3;        ///< passed operation cycles until the warning indicator is off
  std::uint8_t age_after = 40;        ///< passed operation cycles until it is not confirmed any more
  std::uint8_t prefailed_step = 16;   ///< of the fault detection counter, per prefailed result
  std::uint8_t prepassed_step = 16;
  std::vector<snapshot_record> snapshots;           ///< ascending by number
  std::vector<extended_data_record> extended_data;  ///< ascending by number
};

/// A group that 0x14 clears and 0x85 names, beside FFFFFF, functional groups and single DTCs.
struct dtc_group {
  dtc_number number = 0;
  std::vector<std::uint16_t> members;  ///< indices, ascending
};

/// A user-defined memory (2020: MemorySelection).
struct user_memory {
  std::uint8_t selection = 0;
  std::vector<std::uint16_t> members;  ///< indices, ascending
};

struct dtc_table {
  bool present = false;              ///< with it come 14, 19 and 85
  std::uint8_t availability = 0xFF;  ///< DTCStatusAvailabilityMask
  std::uint8_t severities = 0xFF;    ///< DTCSeverityAvailabilityMask
  std::uint8_t format = 0x01;        ///< DTCFormatIdentifier: ISO 14229-1
  std::vector<dtc_config> dtcs;      ///< in the order in which they are reported; no number twice
  std::vector<dtc_group> groups;
  std::vector<user_memory> memories;  ///< in the order of their selections
  bool mirror = false;                ///< there is a mirror memory, which 0x14 does not clear

  /// A known DTC without the record that 19 04, 06, 18 or 19 asks for: 0x31, or DTC and status alone.
  bool missing_record_is_out_of_range = false;
  bool cycle_begins_at_power_on = true;  ///< else only by command
  /// Sub-functions of 0x19, ascending; empty: all for which there is something to tell.
  std::vector<std::uint8_t> subfunctions;

  std::optional<std::uint16_t> find(dtc_number number) const;
  /// Whether there is such a group, or DTC (also if nothing in it is stored).
  bool knows_group(dtc_number group) const;
  bool in_group(std::uint16_t index, dtc_number group) const;
};

}  // namespace canstage::uds
