#include "protocols/isotp/result.hpp"

namespace canstage::isotp {

std::string_view to_string(n_result result) {
  switch (result) {
    case n_result::n_ok:
      return "N_OK";
    case n_result::n_timeout_a:
      return "N_TIMEOUT_A";
    case n_result::n_timeout_bs:
      return "N_TIMEOUT_Bs";
    case n_result::n_timeout_cr:
      return "N_TIMEOUT_Cr";
    case n_result::n_wrong_sn:
      return "N_WRONG_SN";
    case n_result::n_invalid_fs:
      return "N_INVALID_FS";
    case n_result::n_unexp_pdu:
      return "N_UNEXP_PDU";
    case n_result::n_wft_ovrn:
      return "N_WFT_OVRN";
    case n_result::n_buffer_ovflw:
      return "N_BUFFER_OVFLW";
    case n_result::n_error:
      return "N_ERROR";
  }
  return "N_ERROR";
}

std::string_view to_string(change_result result) {
  switch (result) {
    case change_result::n_ok:
      return "N_OK";
    case change_result::n_rx_on:
      return "N_RX_ON";
    case change_result::n_wrong_parameter:
      return "N_WRONG_PARAMETER";
    case change_result::n_wrong_value:
      return "N_WRONG_VALUE";
  }
  return "N_WRONG_PARAMETER";
}

}  // namespace canstage::isotp
