// 0x2A ReadDataByPeriodicIdentifier: DIDs F200 to F2FF that the server sends by itself.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/time.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

inline constexpr std::uint16_t first_periodic_did = 0xF200;

struct periodic_config {
  bool present = false;  ///< with it comes 2A
  duration slow = std::chrono::seconds{1};
  duration medium = std::chrono::milliseconds{300};
  duration fast = std::chrono::milliseconds{25};
  std::uint32_t most = 16;  ///< identifiers at once; more are refused with 31
  /// Frames of their own without N_PCI (UUDT): identifier and data. None: messages 6A, identifier, data on
  /// the physical response address (USDT).
  std::optional<can::identifier> frame_id{};
};

struct periodic_entry {
  std::uint8_t id = 0;  ///< low byte of the DID
  duration period{0};
  instant next{};
  std::uint8_t tester = 0;  ///< who asked for it
};

/// Ends with the default diagnostic session.
struct periodic_state {
  std::vector<periodic_entry> entries;  ///< in the order of the requests
};

/// Whether a DID is being sent.
bool is_sent_periodically(const server_state& state, std::uint16_t did);
void stop_sending_periodically(server_state& state, std::uint16_t did);

instant periodic_deadline(const server_state& state);
/// Sends what is due.
void send_periodic(server_state& state, instant now);

std::span<const service> periodic_services();

}  // namespace canstage::uds
