// Where implementations of ISO 15765-2 differ: one switch each. The defaults are the standard's.
//
// Some readings of the standard are not certain; those have a switch too, with the likelier reading
// as the default. What is only a default value of an implementation (BS, longest message, accepted
// FC.WAIT) is set in `parameters`.
#pragma once

#include <cstdint>

namespace canstage::isotp {

/// Whose BS and STmin a sender goes by (ISOTP-073).
enum class fc_values : std::uint8_t {
  of_each_fc,   ///< the latest FC.CTS
  of_first_fc,  ///< the first FC.CTS of a message
};

/// What a reserved value in a flow control is for a sender that awaits one.
enum class reserved_value : std::uint8_t {
  standard,  ///< STmin: 127 ms (ISOTP-065). FS: ends the transmission with N_INVALID_FS (ISOTP-070)
  invalid,   ///< the frame is invalid, and ignored
};

/// Which FF_DL is too small to be received (ISOTP-024).
enum class smallest_ff_dl : std::uint8_t {
  above_single,  ///< one byte more than the largest SF of that CAN_DL
  fills_first,   ///< so that the FF has no fillers; one byte less above 8
  any,           ///< 1
};

/// What a sender makes of FC.OVFLW behind the first block, which the standard does not allow
/// (ISOTP-069).
enum class late_overflow : std::uint8_t {
  overflow,    ///< N_BUFFER_OVFLW: the peer has said plainly that it takes no more
  invalid_fs,  ///< N_INVALID_FS
};

struct compatibility {
  // As sender.

  fc_values values = fc_values::of_each_fc;
  reserved_value reserved_stmin = reserved_value::standard;
  reserved_value reserved_fs = reserved_value::standard;
  isotp::late_overflow late_overflow = isotp::late_overflow::overflow;
  bool short_fc_aborts = false;  ///< an awaited FC below 3 bytes ends with N_ERROR, not ignored (ISOTP-071)

  // As receiver.

  smallest_ff_dl ff_dl = smallest_ff_dl::above_single;
  bool small_32_bit_ff_dl = false;   ///< FF_DL up to 4095 may have 32 bits (ISOTP-027)
  bool silent_interruption = false;  ///< a new SF or FF ends the old message unreported (ISOTP-031, 080)
  bool loose_sf_length = false;      ///< CAN_DL need not be the one for SF_DL (ISOTP-010, 017)
  bool escape_in_8_bytes = false;    ///< an SF of CAN_DL up to 8 may have the escape form (ISOTP-006)
  bool missing_escape = false;       ///< an SF of CAN_DL above 8 may have the short form (ISOTP-015)
  bool append_short_cf = false;      ///< a CF below RX_DL 8 adds what it has (ISOTP-046, 047)

  // Both.

  bool match_frame_kind = false;  ///< classic frames are ignored if TX_DL is above 8, FD if 8 (ISOTP-087)
  bool invalid_ends_reception = false;          ///< reserved N_PCI and values: N_ERROR (ISOTP-085)
  bool malformed_start_ends_reception = false;  ///< an SF or FF that is ignored: as a valid one would (006)
  bool ignored_cf_stops_n_cr = false;           ///< a CF of a wrong length leaves no timer running (047, 048)

  friend bool operator==(const compatibility&, const compatibility&) = default;

  static constexpr compatibility iso() { return {}; }

  /// can-isotp of Linux 6.1: the first FC's values, laxer lengths, silent about interrupted messages,
  /// strict about the kind of frame.
  static compatibility linux_6_1();

  /// python-can-isotp 2: takes most lengths, and an invalid frame ends what is being received.
  static compatibility python_can_isotp();
};

}  // namespace canstage::isotp
