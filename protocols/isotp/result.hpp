// N_Result: how a transmission or reception of an N_SDU ended (ISO 15765-2).
#pragma once

#include <cstdint>
#include <string_view>

namespace canstage::isotp {

enum class n_result : std::uint8_t {
  n_ok,
  n_timeout_a,   ///< N_As or N_Ar: the frame did not get onto the bus
  n_timeout_bs,  ///< no flow control
  n_timeout_cr,  ///< no consecutive frame
  n_wrong_sn,
  n_invalid_fs,
  n_unexp_pdu,     ///< a new message began in the middle of this one
  n_wft_ovrn,      ///< more FC.WAIT than allowed
  n_buffer_ovflw,  ///< the receiver answered FC.OVFLW
  n_error,         ///< anything else: a request that cannot be sent, a connection that was closed
};

/// The parameters of N_ChangeParameter. The standard knows no other.
enum class changeable_parameter : std::uint8_t { bs, stmin };

/// Result of N_ChangeParameter.
enum class change_result : std::uint8_t {
  n_ok,
  n_rx_on,  ///< a message is being received; nothing was changed
  n_wrong_parameter,
  n_wrong_value,
};

std::string_view to_string(change_result result);

/// The standard's spelling: "N_OK", "N_TIMEOUT_Bs" ...
std::string_view to_string(n_result result);

}  // namespace canstage::isotp
