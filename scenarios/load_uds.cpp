// `uds:` and `rules:`: what a simulated server is made of.
#include "scenarios/load_uds.hpp"
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/expand.hpp"
#include "scenarios/load_varying_time.hpp"

namespace canstage::scenarios {

namespace {

using namespace std::chrono_literals;

constexpr std::array timing_fields = std::to_array<field<uds::server_timing>>({
    {{"p2", "time", "From the end of a request to the begin of the first reaction.", "50ms"},
     [](reader& in, const node& value, uds::server_timing& out) {
       out.p2 = read_reported_time(in, value, 65'535ms).value_or(out.p2);
     }},
    {{"p2_star", "time", "From the end of a 0x78 to the begin of the next reaction.", "5s"},
     [](reader& in, const node& value, uds::server_timing& out) {
       out.p2_star = read_reported_time(in, value, 655'350ms).value_or(out.p2_star);
     }},
    {{"s3", "time", "Without requests for so long, the default diagnostic session returns.", "5s"},
     [](reader& in, const node& value, uds::server_timing& out) {
       out.s3 = in.time_above_zero(value).value_or(out.s3);
     }},
});

constexpr std::array pending_fields = std::to_array<field<uds::response_pending_config>>({
    {{"first", "time", "From the end of the request to the first 0x78.", "80 % of P2"},
     [](reader& in, const node& value, uds::response_pending_config& out) { out.first = in.time(value); }},
    {{"every", "time", "From the end of a 0x78 to the next.", "80 % of P2*"},
     [](reader& in, const node& value, uds::response_pending_config& out) {
       out.every = in.time_above_zero(value);
     }},
    {{"count", "count", "Exactly so many for each request that outlasts P2; the answer waits for them.",
      "as many as needed"},
     [](reader& in, const node& value, uds::response_pending_config& out) {
       constexpr std::uint32_t most = 1'000'000;
       if (const auto count = in.count(value, 0, most)) out.count = static_cast<std::uint32_t>(*count);
     }},
});

/// A 0x50 response fits in any case.
constexpr std::uint32_t shortest_max_response = 7;
constexpr std::uint32_t longest_max_response = 16 * 1024 * 1024;

/// For keys that need what others say: `read_keys_in_order` reads them, whatever their order in the file.
void read_in_order(reader& /*in*/, const node& /*value*/, uds::server_config& /*out*/) {}

void read_keys_in_order(reader& in, const node& uds, uds::server_config& out) {
  const auto part = [&](std::string_view key) {
    const node_ptr* value = uds.find(key);
    return value != nullptr ? value->get() : nullptr;
  };
  const node* memory = part("dtc_memory");
  if (const node* value = part("obd")) read_obd(in, *value, out);
  if (const node* value = part("dtcs")) read_dtcs(in, *value, memory, out);
  if (memory != nullptr) read_dtc_memory(in, *memory, out);
  if (const node* value = part("io")) read_io(in, *value, out);
}

constexpr std::array uds_fields = std::to_array<field<uds::server_config>>({
    {{"response_time", varying_time_shape, "How long every answer takes that no rule says otherwise for.",
      "0ms"},
     [](reader& in, const node& value, uds::server_config& out) {
       out.response_time = read_varying_time(in, value).value_or(uds::varying_time{});
     }},
    {{"timing", "<timing>", "Timing of the server (ISO 14229-2).", "{}"},
     [](reader& in, const node& value, uds::server_config& out) {
       read_fields(in, value, value.where, "timing", timing_fields, out.timing);
     }},
    {{"response_pending", "<response_pending>", "When 0x78 goes out while a request is worked on.", "{}"},
     [](reader& in, const node& value, uds::server_config& out) {
       read_fields(in, value, value.where, "response_pending", pending_fields, out.response_pending);
     }},
    {{"busy", "refuse | ignore", "A second request meanwhile is answered with NRC 21, or not at all.",
      "refuse"},
     [](reader& in, const node& value, uds::server_config& out) {
       if (const auto index = in.word(value, {"refuse", "ignore"}))
         out.busy = uds::when_busy{static_cast<std::uint8_t>(*index)};
     }},
    {{"several_testers", "one_at_a_time | owner_of_session | independent",
      "Testers with addresses of their own: a request of one makes the ECU busy for all; likewise, and only "
      "who started a non-default diagnostic session is served in it; or each is served for itself.",
      "one_at_a_time"},
     [](reader& in, const node& value, uds::server_config& out) {
       if (const auto index = in.word(value, {"one_at_a_time", "owner_of_session", "independent"}))
         out.testers = uds::several_testers{static_cast<std::uint8_t>(*index)};
     }},
    {{"functional_requests", "answer | ignore | answer_always",
      "Functional requests are answered as the standard says, not heard, or answered also with NRCs that "
      "must not be sent.",
      "answer"},
     [](reader& in, const node& value, uds::server_config& out) {
       if (const auto index = in.word(value, {"answer", "ignore", "answer_always"}))
         out.functional = uds::functional_requests{static_cast<std::uint8_t>(*index)};
     }},
    {{"services", "<services>", "Services beside those that the tables bring, and what they need.", "{}"},
     &read_services},
    {{"diagnostic_sessions", "<diagnostic_session> by diagnostic session", "The sub-functions of 10.",
      "default, programming and extended"},
     &read_own_diagnostic_sessions},
    {{"reset", "<uds_reset>", "Sub-functions of 11, and how long a restart takes.", "{}"}, &read_reset},
    {{"dids", "map by DID of (text | <did>)",
      "Data records by their four hexadecimal digits; a text stands for { text: ... }.",
      "none, and no services 22 and 2E"},
     &read_dids},
    {{"max_response", "count", "The longest answer in bytes; a longer one becomes NRC 14.",
      "max_sdu of 'isotp'"},
     [](reader& in, const node& value, uds::server_config& out) {
       if (const auto count = in.count(value, shortest_max_response, longest_max_response))
         out.max_response = static_cast<std::uint32_t>(*count);
     }},
    {{"security", "<security_level> by security level", "Security levels; with them comes 27.",
      "none, and no service 27"},
     &read_security},
    {{"authentication", "<authentication>", "Challenge and response; with it comes 29.",
      "none, and no service 29"},
     &read_authentication},
    {{"memory", "<memory_area> by name",
      "Memory areas by a name; with them come 23, 3D, 34 to 37, as far as one of them may be used so.",
      "none, and none of these services"},
     &read_memory_areas},
    {{"alfid", "hex byte | list of hex byte", "The addressAndLengthFormatIdentifiers that are accepted.",
      "all"},
     &read_alfid},
    {{"transfer", "<transfer>", "How 36 transfers.", "{}"}, &read_transfer},
    {{"files", "map by file name of (text | <file>)", "Files by their paths; with them come 36, 37 and 38.",
      "none, and no service 38"},
     &read_files},
    {{"routines", "<routine> by RID", "Routines by their four hexadecimal digits; with them comes 31.",
      "none, and no service 31"},
     &read_routines},
    {{"communication", "<communication>", "What 28 can switch; with it comes 28.", "none, and no service 28"},
     &read_communication},
    {{"link", "<link_control>", "Bit rates that 87 can ask for; with it comes 87.",
      "none, and no service 87"},
     &read_link_control},
    {{"access_timing", "<access_timing>", "What 83 can set; with it comes 83.", "none, and no service 83"},
     &read_access_timing},
    {{"secured", "<secured>", "What 84 answers; with it comes 84.", "none, and no service 84"},
     &read_secured},
    {{"dtcs", "map by DTC of (hex byte | <dtc>)",
      "DTCs by their names like P0123-17; a byte stands for { status: ... }.",
      "none, and no services 14, 19 and 85"},
     &read_in_order},
    {{"dtc_memory", "<dtc_memory>", "What DTCs have in common.", "{}"}, &read_in_order},
    {{"io", "<io> by DID", "DIDs that the tester can control.", "none, and no service 2F"}, &read_in_order},
    {{"dynamic_dids", "<dynamic_dids>", "DIDs that the tester defines.", "none, and no service 2C"},
     &read_dynamic_dids},
    {{"periodic", "<periodic>", "Data that the ECU sends periodically.", "none, and no service 2A"},
     &read_periodic},
    {{"events", "<events>", "What the ECU answers by itself when something happens.",
      "none, and no service 86"},
     &read_events},
    {{"obd", "<obd>", "Legislated OBD (SAE J1979).", "none, and no services 01 to 0A"}, &read_in_order},
    {{"compatibility", "<uds_compatibility>", "Where editions of ISO 14229-1 do not agree.", "{}"},
     &read_uds_compatibility},
});

}  // namespace

std::shared_ptr<const uds::server_config> read_server(reader& in, const node_ptr& uds, const node_ptr& rules,
                                                      const node_ptr& isotp, std::uint32_t max_sdu) {
  constexpr std::uint64_t most_work = 20'000'000;
  load_context& names = in.names();
  auto& cache = names.uds;
  const auto [known, first] = cache.by_node.try_emplace({uds.get(), rules.get(), isotp.get()});
  if (!first) return known->second.config;
  known->second.keep_alive = {uds, rules, isotp};
  const std::string text = (uds ? canonical_text(*uds) : "") + "/" + (rules ? canonical_text(*rules) : "") +
                           fmt::format("/{}", max_sdu);
  auto& config = cache.by_text[text];
  if (!config) {
    uds::server_config made;
    made.max_response = std::clamp(max_sdu, shortest_max_response, longest_max_response);
    names.config_work += (uds ? uds->weight : 0) + (rules ? rules->weight : 0) + text.size() / 16;
    const node_ptr& some = uds ? uds : rules;
    if (some && names.config_work > most_work) {
      in.refuse(some->where, "too many different 'uds' and 'rules'; fewer ECUs, or less in each");
    } else {
      names.diagnostic_sessions.clear();
      names.security_levels.clear();
      names.memory_areas.clear();
      names.authentications.clear();
      const bool complete = uds && read_fields(in, *uds, uds->where, "uds", uds_fields, made);
      if (uds) read_keys_in_order(in, *uds, made);
      if (complete) check_mentions(in, made);
      if (rules) read_rules(in, *rules, made.rules);
    }
    config = std::make_shared<const uds::server_config>(std::move(made));
  }
  return known->second.config = config;
}

void describe_uds(std::vector<map_doc>& maps) {
  maps.push_back(describe("uds", uds_fields));
  describe_varying_time(maps);
  maps.push_back(describe("timing", timing_fields));
  maps.push_back(describe("response_pending", pending_fields));
  describe_uds_access(maps);
  describe_uds_services(maps);
  describe_uds_diagnostic_sessions(maps);
  describe_uds_data(maps);
  describe_uds_security(maps);
  describe_uds_memory(maps);
  describe_uds_routines(maps);
  describe_uds_link(maps);
  describe_uds_compatibility(maps);
  describe_uds_dtcs(maps);
  describe_uds_dtc_memory(maps);
  describe_uds_io(maps);
  describe_uds_spontaneous(maps);
  describe_uds_obd(maps);
}

}  // namespace canstage::scenarios
