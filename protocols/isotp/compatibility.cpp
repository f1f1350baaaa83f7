#include "protocols/isotp/compatibility.hpp"

namespace canstage::isotp {

compatibility compatibility::linux_6_1() {
  compatibility made;
  made.values = fc_values::of_first_fc;
  made.short_fc_aborts = true;
  made.ff_dl = smallest_ff_dl::fills_first;
  made.small_32_bit_ff_dl = true;
  made.silent_interruption = true;
  made.loose_sf_length = true;
  made.match_frame_kind = true;
  made.malformed_start_ends_reception = true;
  made.ignored_cf_stops_n_cr = true;
  return made;
}

compatibility compatibility::python_can_isotp() {
  compatibility made;
  made.reserved_stmin = reserved_value::invalid;
  made.reserved_fs = reserved_value::invalid;
  made.ff_dl = smallest_ff_dl::any;
  made.small_32_bit_ff_dl = true;
  made.loose_sf_length = true;
  made.escape_in_8_bytes = true;
  made.append_short_cf = true;
  made.invalid_ends_reception = true;
  return made;
}

}  // namespace canstage::isotp
