// 0x2C DynamicallyDefineDataIdentifier: DIDs that the tester puts together from others.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/uds/service.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

/// F200 to F3FF; those up to F2FF can also be sent periodically.
inline constexpr std::uint16_t first_dynamic_did = 0xF200;
inline constexpr std::uint16_t last_dynamic_did = 0xF3FF;

struct dynamic_data_config {
  bool present = false;                       ///< with it comes 2C
  bool ends_with_diagnostic_session = false;  ///< a return to the default one clears all definitions
};

/// A piece of a definition: bytes of a record, or of the memory.
struct dynamic_part {
  enum class source : std::uint8_t { record, memory };
  source what = source::record;
  std::uint16_t did = 0;
  std::uint8_t position = 1;  ///< of the first byte, from 1
  std::uint64_t address = 0;
  std::uint64_t size = 0;
};

struct dynamic_did {
  std::uint16_t did = 0;
  std::vector<dynamic_part> parts;
};

/// Volatile.
struct dynamic_data_state {
  std::vector<dynamic_did> defined;  ///< ascending by DID
};

/// Null: not defined.
const dynamic_did* find_dynamic(const server_state& state, std::uint16_t did);

/// The value now; nothing: not defined, or a source is gone.
std::optional<bytes> read_dynamic(const server_state& state, std::uint16_t did);

/// What its sources need to be read: as `check_read`.
std::optional<nrc> check_sources(const server_state& state, const dynamic_did& made);

std::span<const service> dynamic_data_services();

}  // namespace canstage::uds
