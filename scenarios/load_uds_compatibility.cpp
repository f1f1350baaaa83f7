// `compatibility:` of `uds:`: where editions of the standard, or ECUs, do not agree.
#include "fmt/format.h"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

using uds::compatibility;
using uds::nrc;

/// One of two NRCs.
void read_nrc(reader& in, const node& value, nrc first, nrc second, nrc& out) {
  const auto code = in.hex_byte(value);
  if (!code) return;
  if (*code != static_cast<std::uint8_t>(first) && *code != static_cast<std::uint8_t>(second)) {
    in.refuse_value(
        value, fmt::format("{:02X} or {:02X}", static_cast<unsigned>(first), static_cast<unsigned>(second)));
    return;
  }
  out = static_cast<nrc>(*code);
}

constexpr std::array compatibility_fields = std::to_array<field<compatibility>>({
    {{"unreachable_diagnostic_session", "7E | 22",
      "10: the diagnostic session cannot be entered from the active one.", "7E"},
     [](reader& in, const node& value, compatibility& out) {
       read_nrc(in, value, nrc::subfunction_not_supported_in_active_diagnostic_session,
                nrc::conditions_not_correct, out.unreachable_diagnostic_session);
     }},
    {{"key_during_delay", "24 | 37", "27: a key during the delay.", "24"},
     [](reader& in, const node& value, compatibility& out) {
       read_nrc(in, value, nrc::request_sequence_error, nrc::required_time_delay_not_expired,
                out.key_during_delay);
     }},
    {{"attempts_after_delay", "one | all", "27: how many wrong keys there may be after the delay.", "one"},
     [](reader& in, const node& value, compatibility& out) {
       if (const auto index = in.word(value, {"one", "all"}))
         out.attempts = uds::attempts_after_delay{static_cast<std::uint8_t>(*index)};
     }},
    {{"second_transfer", "22 | 70", "34, 35, 38: while a transfer is under way.", "22"},
     [](reader& in, const node& value, compatibility& out) {
       read_nrc(in, value, nrc::conditions_not_correct, nrc::upload_download_not_accepted,
                out.second_transfer);
     }},
    {{"too_much_data", "71 | 31", "36: more data than was announced.", "71"},
     [](reader& in, const node& value, compatibility& out) {
       read_nrc(in, value, nrc::transfer_data_suspended, nrc::request_out_of_range, out.too_much_data);
     }},
    {{"secured_unknown", "wrapped | plain",
      "84: 11 for an unknown service inside is wrapped, or the answer itself.", "wrapped"},
     [](reader& in, const node& value, compatibility& out) {
       if (const auto index = in.word(value, {"wrapped", "plain"}))
         out.unknown_in_secured = uds::secured_unknown{static_cast<std::uint8_t>(*index)};
     }},
});

}  // namespace

void read_uds_compatibility(reader& in, const node& value, uds::server_config& out) {
  read_fields(in, value, value.where, "compatibility", compatibility_fields, out.compat);
}

void describe_uds_compatibility(std::vector<map_doc>& maps) {
  maps.push_back(describe("uds_compatibility", compatibility_fields));
}

}  // namespace canstage::scenarios
