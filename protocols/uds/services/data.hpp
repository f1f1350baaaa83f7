// Data records by DID: 0x22 ReadDataByIdentifier and 0x2E WriteDataByIdentifier.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/uds/access.hpp"
#include "protocols/uds/service.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

/// What a DID says of the ECU itself, one byte.
enum class data_source : std::uint8_t {
  stored,  ///< nothing: it is memory
  diagnostic_session,
  security_level,  ///< that is unlocked; 00: locked
  authentication,  ///< 01: the tester is authenticated
  communication,   ///< `communication_bits`
};

struct data_record {
  std::uint16_t did = 0;
  bytes value;
  bool writable = false;
  access write{};  ///< what 0x2E needs
  bool readable = true;
  access read{};  ///< what 0x22 needs
  data_source source = data_source::stored;
  bytes scaling{};          ///< what 0x24 tells; empty: it does not know the DID
  std::string shared_as{};  ///< what its owners call it among themselves; empty: it is this ECU's alone
};

struct data_config {
  bool present = false;              ///< with it come 22 and 2E
  std::vector<data_record> records;  ///< ascending by DID, no DID twice
};

/// A value that 0x2E wrote.
struct written_value {
  std::uint16_t did = 0;
  bytes value;
};

/// Survives resets, as non-volatile memory does.
struct data_state {
  std::vector<written_value> written;  ///< ascending by DID
};

/// The record of a DID; null if there is none.
const data_record* find_record(const server_config& config, std::uint16_t did);

/// What is stored for a record: written or as configured.
byte_view value_of(const server_state& state, const data_record& record);

/// What 0x22 gives for a DID now, whatever is needed to ask for it: records, and those that the ECU has
/// anyway. Nothing: unknown.
std::optional<bytes> read_did(const server_state& state, std::uint16_t did);

/// 31 if 0x22 does not know the DID in this diagnostic session, 33 or 34 if it is locked; nothing: it may be
/// read now. What was put together from others needs what they need.
std::optional<nrc> check_read(const server_state& state, std::uint16_t did);

/// As 0x2E: what is shared is told to the other owners.
void write_did(server_state& state, std::uint16_t did, byte_view value);
/// Here only.
void store_did(server_state& state, std::uint16_t did, byte_view value);

std::span<const service> data_services();

}  // namespace canstage::uds
