// Memory: 0x23 ReadMemoryByAddress, 0x3D WriteMemoryByAddress, and what others need of it.
#pragma once

#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/uds/access.hpp"
#include "protocols/uds/service.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

/// What may be done with an area, and what that needs.
struct permission {
  bool allowed = false;
  access needs{};
};

struct memory_area {
  std::string name{};
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  bytes data{};              ///< at its beginning; the rest is `fill`
  std::uint8_t fill = 0xFF;  ///< also what is erased
  permission read{true};     ///< by 0x23
  permission write{};        ///< by 0x3D
  permission download{};     ///< by 0x34
  permission upload{};       ///< by 0x35
  bool needs_erase = false;  ///< a download to bytes that are not erased fails (0x72)
  bool is_volatile = false;  ///< as configured again after a reset
};

struct memory_config {
  std::vector<memory_area> areas;  ///< ascending by address, not overlapping
  std::bitset<256> alfids;         ///< accepted addressAndLengthFormatIdentifiers; none: all that are valid
};

/// What differs from the configuration, by page: 256 bytes at a multiple of 256.
struct memory_state {
  std::map<std::uint64_t, bytes> pages;
};

struct memory_range {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
};

/// ALFID, address and size at an offset of a request.
struct memory_reference {
  memory_range range;
  std::size_t length = 0;  ///< of the three in the request
};

/// 0x31 for an ALFID that is not accepted, 0x13 if the request is too short for it.
std::optional<nrc> parse_memory_reference(const server_config& config, byte_view request, std::size_t offset,
                                          memory_reference& out);

/// Nothing if all of the range lies in one area where that is allowed now; else 0x31, 0x34 or 0x33.
std::optional<nrc> check_memory(const server_state& state, memory_range range, permission memory_area::*use);

/// The area in which the range lies; null if there is none.
const memory_area* find_area(const server_config& config, memory_range range);
const memory_area* find_area(const server_config& config, const std::string& name);

// The range has to lie in one area.

bytes read_memory(const server_state& state, memory_range range);
void write_memory(server_state& state, std::uint64_t address, byte_view data);
void erase_memory(server_state& state, memory_range range);

/// Volatile areas are as configured again.
void forget_volatile_memory(server_state& state);

std::span<const service> memory_services();

}  // namespace canstage::uds
