// `compatibility:` of `isotp:`.
#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

namespace {

using isotp::compatibility;

template <class Choice>
void read_choice(reader& in, const node& value, std::initializer_list<std::string_view> words, Choice& out) {
  if (const auto index = in.word(value, words)) out = static_cast<Choice>(*index);
}

template <bool compatibility::*Switch>
void read_switch(reader& in, const node& value, compatibility& out) {
  out.*Switch = in.truth(value).value_or(out.*Switch);
}

std::optional<compatibility> read_preset(reader& in, const node& value) {
  const auto index = in.word(value, {"iso", "linux", "python-can-isotp"});
  if (!index) return std::nullopt;
  return *index == 0   ? compatibility::iso()
         : *index == 1 ? compatibility::linux_6_1()
                       : compatibility::python_can_isotp();
}

// The defaults that are told are those of the preset iso.
constexpr std::array compatibility_fields = std::to_array<field<compatibility>>({
    {{"preset", "iso | linux | python-can-isotp", "What holds where no other key of this map says otherwise.",
      "iso"},
     [](reader& /*in*/, const node& /*value*/, compatibility& /*out*/) {}},  // was read before
    {{"values", "of_each_fc | of_first_fc", "Sender: the flow control whose BS and STmin count.",
      "of_each_fc"},
     [](reader& in, const node& value, compatibility& out) {
       read_choice(in, value, {"of_each_fc", "of_first_fc"}, out.values);
     }},
    {{"reserved_stmin", "standard | invalid",
      "Sender: a reserved STmin is 127 ms, or makes the flow control invalid.", "standard"},
     [](reader& in, const node& value, compatibility& out) {
       read_choice(in, value, {"standard", "invalid"}, out.reserved_stmin);
     }},
    {{"reserved_fs", "standard | invalid",
      "Sender: a reserved FS ends the message with N_INVALID_FS, or makes the flow control invalid.",
      "standard"},
     [](reader& in, const node& value, compatibility& out) {
       read_choice(in, value, {"standard", "invalid"}, out.reserved_fs);
     }},
    {{"late_overflow", "overflow | invalid_fs",
      "Sender: FC.OVFLW behind the first block is N_BUFFER_OVFLW or N_INVALID_FS.", "overflow"},
     [](reader& in, const node& value, compatibility& out) {
       read_choice(in, value, {"overflow", "invalid_fs"}, out.late_overflow);
     }},
    {{"short_fc_aborts", "true | false",
      "Sender: a flow control below 3 bytes ends the message with N_ERROR; else it is ignored.", "false"},
     &read_switch<&compatibility::short_fc_aborts>},
    {{"ff_dl", "above_single | fills_first | any",
      "Receiver: the smallest FF_DL that is accepted: too long for a single frame, filling its first frame, "
      "1.",
      "above_single"},
     [](reader& in, const node& value, compatibility& out) {
       read_choice(in, value, {"above_single", "fills_first", "any"}, out.ff_dl);
     }},
    {{"small_32_bit_ff_dl", "true | false", "Receiver: an FF_DL up to 4095 may have 32 bits.", "false"},
     &read_switch<&compatibility::small_32_bit_ff_dl>},
    {{"silent_interruption", "true | false", "Receiver: a new message ends the old one unreported.", "false"},
     &read_switch<&compatibility::silent_interruption>},
    {{"loose_sf_length", "true | false", "Receiver: a single frame may be longer than its SF_DL needs.",
      "false"},
     &read_switch<&compatibility::loose_sf_length>},
    {{"escape_in_8_bytes", "true | false",
      "Receiver: a single frame of up to 8 bytes may have the form of the longer ones.", "false"},
     &read_switch<&compatibility::escape_in_8_bytes>},
    {{"missing_escape", "true | false",
      "Receiver: a single frame above 8 bytes may have the form of the shorter ones.", "false"},
     &read_switch<&compatibility::missing_escape>},
    {{"append_short_cf", "true | false", "Receiver: a consecutive frame that is too short adds what it has.",
      "false"},
     &read_switch<&compatibility::append_short_cf>},
    {{"match_frame_kind", "true | false",
      "Both: only frames of the own kind are received, CAN FD with a tx_dl above 8, else classic ones.",
      "false"},
     &read_switch<&compatibility::match_frame_kind>},
    {{"invalid_ends_reception", "true | false",
      "Both: an invalid frame ends what is being received with N_ERROR; else it is ignored.", "false"},
     &read_switch<&compatibility::invalid_ends_reception>},
    {{"malformed_start_ends_reception", "true | false",
      "Both: a single or first frame that is ignored ends what is being received, as a valid one would.",
      "false"},
     &read_switch<&compatibility::malformed_start_ends_reception>},
    {{"ignored_cf_stops_n_cr", "true | false",
      "Both: after a consecutive frame of a wrong length the next one is awaited without end.", "false"},
     &read_switch<&compatibility::ignored_cf_stops_n_cr>},
});

}  // namespace

void read_compatibility(reader& in, const node& value, compatibility& out) {
  if (value.what == node::kind::list) {
    in.refuse_value(value,
                    "iso, linux, python-can-isotp or a map like { preset: linux, short_fc_aborts: false }");
    return;
  }
  if (value.is_scalar()) {
    out = read_preset(in, value).value_or(out);
    return;
  }
  // The preset is what the other keys change, wherever it stands.
  if (const node_ptr* preset = value.find("preset")) {
    const reader::scope inside{in, "preset"};
    out = read_preset(in, **preset).value_or(out);
  }
  read_fields(in, value, value.where, "compatibility", compatibility_fields, out);
}

void describe_compatibility(std::vector<map_doc>& maps) {
  maps.push_back(describe("compatibility", compatibility_fields));
}

}  // namespace canstage::scenarios
