// `faults:`: one table of keys for all levels, and what each level makes of them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

/// After ECUs and endpoints.
void load_faults(reader& in, const node& faults);
/// After the steps: those that arm faults.
void check_fault_steps(reader& in);

/// What is done, on which level, and the keys that it has beside 'at' and 'do'.
struct fault_kind {
  std::string_view name;
  fault::level level;
  std::span<const std::string_view> keys;
  std::string_view needs = {};  ///< one of these keys
};

/// An entry as it is written.
struct fault_draft {
  const node* entry = nullptr;
  const node* at = nullptr;
  const node* what_node = nullptr;
  const fault_kind* kind = nullptr;
  std::size_t place = 0;  ///< of the kind; those of ISO-TP are in the order of `isotp::fault`

  /// Null: it is not there.
  const node* find(std::string_view key) const {
    const node_ptr* there = entry->find(key);
    return there == nullptr ? nullptr : there->get();
  }
};

/// "7E8 21 ??": the bits of the first bytes that matter. Nothing after a refusal.
std::optional<std::vector<can::byte_bits>> read_byte_bits(reader& in, const node& value);

/// `times` in decimal, or always.
std::uint32_t read_fault_times(reader& in, const node& value);

/// `times`, `probability`, `after`, `until`; `nth` is in `match`.
fault_trigger read_trigger(reader& in, const fault_draft& draft);

/// `match` of frames, and its `nth`. Null: all frames. Nothing after a refusal.
std::optional<can::frame_pattern> read_frame_match(reader& in, const node* match, fault_trigger& when);

/// `match` of requests, likewise.
std::optional<uds::pattern> read_request_match(reader& in, const node* match, fault_trigger& when);

/// "-3" or "5", not 0.
std::optional<std::int64_t> read_delta(reader& in, const node& value);

std::optional<std::uint16_t> read_did_value(reader& in, const node& value);

/// `delay`, above 0; without it `fallback`.
std::optional<duration> read_delay(reader& in, const fault_draft& draft, duration fallback);

/// The bus, or the ECU, that `at` names. Nothing after a refusal.
std::optional<bus_index> read_bus_at(reader& in, const fault_draft& draft);
std::optional<ecu_index> read_ecu_at(reader& in, const fault_draft& draft);

// Each adds what it has read to the scenario.
void read_frame_fault(reader& in, const fault_draft& draft);
void read_answer_fault(reader& in, const fault_draft& draft);
void read_life_cycle_fault(reader& in, const fault_draft& draft);
void read_traffic_fault(reader& in, const fault_draft& draft);

/// Those of ISO-TP are collected for each node.
class n_pdu_faults {
 public:
  explicit n_pdu_faults(reader& in) : in_(in) {}
  void add(const fault_draft& draft);
  /// Gives each node its faults.
  void assign() const;

 private:
  struct faulty {
    isotp::misbehaviour options;
    std::array<bool, isotp::fault_count> done{};
  };

  reader& in_;
  std::map<std::pair<party::kind, std::uint32_t>, faulty> by_node_;
};

/// "drop at powertrain"; where it stands, and what arms it.
fault begin_fault(reader& in, const fault_draft& draft);

void describe_fault_match(std::vector<map_doc>& maps);

}  // namespace canstage::scenarios
