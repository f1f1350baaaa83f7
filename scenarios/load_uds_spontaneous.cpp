// `dynamic_dids:`, `periodic:` and `events:`: what a tester sets up and the ECU then does by itself.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::array dynamic_fields = std::to_array<field<uds::dynamic_data_config>>({
    {{"cleared_by_default_session", "true | false",
      "Whether a return to the default diagnostic session clears the definitions.", "false"},
     [](reader& in, const node& value, uds::dynamic_data_config& out) {
       out.ends_with_diagnostic_session = in.truth(value).value_or(false);
     }},
});

template <duration uds::periodic_config::*Which>
void read_period(reader& in, const node& value, uds::periodic_config& out) {
  constexpr duration shortest = std::chrono::milliseconds{1};
  const auto time = in.time_above_zero(value);
  if (!time) return;
  if (*time < shortest) {
    in.refuse_value(value, "at least 1ms");
  } else {
    out.*Which = *time;
  }
}

constexpr std::array periodic_fields = std::to_array<field<uds::periodic_config>>({
    {{"slow", "time", "The period of transmissionMode 01.", "1s"}, &read_period<&uds::periodic_config::slow>},
    {{"medium", "time", "The period of transmissionMode 02.", "300ms"},
     &read_period<&uds::periodic_config::medium>},
    {{"fast", "time", "The period of transmissionMode 03.", "25ms"},
     &read_period<&uds::periodic_config::fast>},
    {{"most", "count", "How many identifiers at once; more are refused with 31.", "16"},
     [](reader& in, const node& value, uds::periodic_config& out) {
       out.most = static_cast<std::uint32_t>(in.count(value, 1, 256).value_or(out.most));
     }},
    {{"frame_id", "hex identifier",
      "Data is sent in frames of its own with this identifier, without N_PCI (UUDT); up to 7 bytes each.",
      "none: as messages 6A on the response identifier"},
     [](reader& in, const node& value, uds::periodic_config& out) { out.frame_id = in.identifier(value); }},
});

constexpr std::array event_fields = std::to_array<field<uds::event_config>>({
    {{"windows", "map by hex byte of (time)", "How long windows are, beside 02, which has no end.", "none"},
     [](reader& in, const node& value, uds::event_config& out) {
       if (refuse_no_map(in, value, "a map like { \"03\": 10s }")) return;
       for (const map_entry& entry : value.entries) {
         const auto code = read_hex_key(in, entry, 2, "an eventWindowTime", "03");
         const auto time = in.time_above_zero(*entry.value);
         if (!code || !time) continue;
         if (*code == uds::infinite_event_window) {
           in.refuse(entry.where, "the eventWindowTime 02 has no end");
         } else {
           out.windows.push_back({static_cast<std::uint8_t>(*code), *time});
         }
       }
     }},
    {{"most", "count", "How many events can be set up at once; more are refused with 22.", "8"},
     [](reader& in, const node& value, uds::event_config& out) {
       out.most = static_cast<std::uint32_t>(in.count(value, 1, 255).value_or(out.most));
     }},
    {{"sample", "time", "How often values are looked at that a script computes.", "100ms"},
     [](reader& in, const node& value, uds::event_config& out) {
       constexpr duration shortest = std::chrono::milliseconds{1};
       if (const auto time = in.time_above_zero(value)) out.sample = std::max(*time, shortest);
     }},
    {{"last_answer", "true | false", "Whether the end of a window is told, with the number of events.",
      "true"},
     [](reader& in, const node& value, uds::event_config& out) {
       out.last_answer = in.truth(value).value_or(true);
     }},
});

}  // namespace

void read_dynamic_dids(reader& in, const node& value, uds::server_config& out) {
  out.dynamic_data.present = true;
  read_fields(in, value, value.where, "dynamic_dids", dynamic_fields, out.dynamic_data);
}

void read_periodic(reader& in, const node& value, uds::server_config& out) {
  out.periodic.present = true;
  read_fields(in, value, value.where, "periodic", periodic_fields, out.periodic);
}

void read_events(reader& in, const node& value, uds::server_config& out) {
  out.events.present = true;
  read_fields(in, value, value.where, "events", event_fields, out.events);
}

void describe_uds_spontaneous(std::vector<map_doc>& maps) {
  maps.push_back(describe("dynamic_dids", dynamic_fields));
  maps.push_back(describe("periodic", periodic_fields));
  maps.push_back(describe("events", event_fields));
}

}  // namespace canstage::scenarios
