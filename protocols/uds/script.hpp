// What decides for a server before its rules and tables do: a program that somebody else wrote, in
// whatever language its host speaks.
#pragma once

#include <cstdint>
#include <optional>

#include "protocols/bytes.hpp"
#include "protocols/time.hpp"

namespace canstage::uds {

/// What a script may know.
struct script_context {
  instant now;
  std::uint8_t diagnostic_session = 1;
  std::uint8_t security_level = 0;  ///< that is unlocked; 0: none
  bool functional = false;          ///< the request is for all
};

/// As a rule's: bytes are sent literally (none: silence), an NRC as the standard's rules allow.
struct script_answer {
  bytes reply;
  std::uint8_t nrc_code = 0;  ///< 0: `reply` counts
};

/// One per ECU, with what it remembers. Never throws; what goes wrong inside is reported by the host, and
/// is as if there were no script.
class script {
 public:
  virtual ~script() = default;

  /// After power-on and after every reset.
  virtual void power_on(const script_context& at) = 0;

  /// Nothing: rules and tables decide.
  virtual std::optional<script_answer> on_request(byte_view request, const script_context& at) = 0;

  /// The value of a DID of this moment, wherever it is told. Nothing: as configured.
  virtual std::optional<bytes> read_did(std::uint16_t did, const script_context& at) = 0;

  /// Nothing: as configured.
  virtual std::optional<bytes> seed(std::uint8_t level, const script_context& at) = 0;
  virtual std::optional<bytes> key(std::uint8_t level, byte_view seed, const script_context& at) = 0;
};

}  // namespace canstage::uds
