// 0x2F InputOutputControlByIdentifier: the tester holds data records, whole or by parameter.
//
// A record has its own value (what is stored, written and set) and, while it is controlled, a forced one
// for those parameters that the tester took over. 0x22 gives what the two make together.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/uds/access.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

enum class io_option : std::uint8_t {
  return_control_to_ecu = 0x00,
  reset_to_default = 0x01,
  freeze_current_state = 0x02,
  short_term_adjustment = 0x03,
};
inline constexpr std::size_t io_option_count = 4;

/// What can be controlled: a data record of the ECU.
struct io_record {
  std::uint16_t did = 0;
  std::bitset<io_option_count> options{0b1111};
  bytes reset_value;  ///< as long as the record; for resetToDefault
  /// Sizes in bits of the parameters, from the first byte's highest bit on; they fill the record. More
  /// than one: every request has a controlEnableMask with a bit for each.
  std::vector<std::uint16_t> parameters;
  access needs{};
};

struct io_config {
  std::vector<io_record> records;  ///< ascending by DID; with them comes 2F
};

/// What the tester holds of a record. A bit of `mask` is 1 where it is forced.
struct io_control {
  std::uint16_t did = 0;
  bytes forced;
  bytes mask;
};

/// Volatile, and back to the ECU with the default diagnostic session.
struct io_state {
  std::vector<io_control> controls;  ///< ascending by DID
};

/// `own`, with what the tester holds of that record.
bytes with_control(const server_state& state, std::uint16_t did, byte_view own);

std::span<const service> io_control_services();

}  // namespace canstage::uds
