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

/// The standard's spelling: "N_OK", "N_TIMEOUT_Bs" ...
std::string_view to_string(n_result result);

}  // namespace canstage::isotp
