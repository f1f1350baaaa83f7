// Upload and download: 0x34 RequestDownload, 0x35 RequestUpload, 0x36 TransferData, 0x37
// RequestTransferExit; 0x38 RequestFileTransfer begins one, too (files.hpp).
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "protocols/bytes.hpp"
#include "protocols/uds/services/memory.hpp"
#include "protocols/uds/varying_time.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

struct transfer_config {
  std::uint32_t max_block = 4095;           ///< maxNumberOfBlockLength: with SID and counter
  std::bitset<256> data_formats{1};         ///< accepted dataFormatIdentifiers
  std::optional<varying_time> block_takes;  ///< working time of a block in a download
};

/// Volatile; also gone with a transition of the diagnostic session.
struct transfer_state {
  enum class kind : std::uint8_t { none, to_memory, from_memory, to_file, from_bytes };

  kind what = kind::none;
  memory_range range;      ///< in memory; of a file only its size
  std::string path;        ///< to_file
  bytes content;           ///< from_bytes
  std::uint64_t done = 0;  ///< bytes that were transferred
  std::uint8_t next_counter = 1;
  bool any_block = false;
  std::uint64_t last_block = 0;  ///< from_...: where the latest block began
};

/// The range of the latest download that was completed, for routines that check it; size 0: none.
struct download_record {
  memory_range latest;
};

/// lengthFormatIdentifier and maxNumberOfBlockLength. `as_nibble`: the number of bytes in the high nibble.
bytes block_length_field(const server_config& config, bool as_nibble);

/// Nothing, or the NRC of a transfer that begins while another one is under way.
std::optional<nrc> check_no_transfer(const server_state& state);

std::span<const service> transfer_services();

}  // namespace canstage::uds
