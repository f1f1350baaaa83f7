// `communication:`, `link:`, `access_timing:` and `secured:`.
#include <algorithm>

#include "fmt/format.h"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

using namespace std::chrono_literals;

/// A value or each of a list, as hexadecimal bytes.
template <class Take>
void read_bytes(reader& in, const node& value, Take&& take) {
  const auto one = [&](const node& item) {
    if (const auto byte = in.hex_byte(item)) take(item, *byte);
  };
  if (value.what != node::kind::list) return one(value);
  for (const node_ptr& item : value.items) one(*item);
}

constexpr std::array communication_fields = std::to_array<field<uds::communication_config>>({
    {{"subfunctions", "list of hex byte", "Those of 00 to 03 that there are.", "00 to 03"},
     [](reader& in, const node& value, uds::communication_config& out) {
       out.subfunctions.reset();
       read_bytes(in, value, [&](const node& item, std::uint8_t byte) {
         if (byte > 3) return in.refuse_value(item, "00 to 03", "04 and 05 come with 'nodes'");
         out.subfunctions.set(byte);
       });
     }},
    {{"types", "list of hex byte", "The types of messages: 01 normal, 02 network management, 03 both.",
      "01 to 03"},
     [](reader& in, const node& value, uds::communication_config& out) {
       out.types.reset();
       read_bytes(in, value, [&](const node& item, std::uint8_t byte) {
         if (byte < 1 || byte > 3) return in.refuse_value(item, "01 to 03");
         out.types.set(byte);
       });
     }},
    {{"subnets", "list of hex byte", "The subnets, bits 4 to 7 of the type.", "00 and 0F"},
     [](reader& in, const node& value, uds::communication_config& out) {
       out.subnets.reset();
       read_bytes(in, value, [&](const node& item, std::uint8_t byte) {
         if (byte > 0xF) return in.refuse_value(item, "00 to 0F");
         out.subnets.set(byte);
       });
     }},
    {{"nodes", "list of hex bytes", "The nodeIdentificationNumbers of 04 and 05, two bytes each.", "[]"},
     [](reader& in, const node& value, uds::communication_config& out) {
       if (!in.want_list(value, "a list like [\"00 0A\"]")) return;
       for (const node_ptr& item : value.items) {
         const auto bytes = in.hex_bytes(*item);
         if (bytes && bytes->size() != 2) in.refuse_value(*item, "two bytes");
         if (bytes && bytes->size() == 2)
           out.nodes.push_back(static_cast<std::uint16_t>((*bytes)[0] << 8U | (*bytes)[1]));
       }
     }},
});

constexpr std::array link_fields = std::to_array<field<uds::link_config>>({
    {{"fixed", "list of hex byte", "The linkControlModeIdentifiers of 87 01.", "[]"},
     [](reader& in, const node& value, uds::link_config& out) {
       read_bytes(in, value, [&](const node&, std::uint8_t byte) { out.fixed.set(byte); });
     }},
    {{"up_to", "rate", "The highest bit rate that 87 02 may ask for.", "none, and no 87 02"},
     [](reader& in, const node& value, uds::link_config& out) {
       constexpr std::uint32_t most = 0xFF'FFFF;
       const auto rate = in.rate(value);
       if (!rate) return;
       out.most_rate = *rate;
       if (*rate == 0 || *rate > most)
         in.refuse_value(value, "1 to 16777215", "87 02 has three bytes for it");
     }},
});

constexpr std::array access_timing_fields = std::to_array<field<uds::access_timing_config>>({
    {{"p2", "time", "The shortest P2 that 83 may set.", "0ms"},
     [](reader& in, const node& value, uds::access_timing_config& out) {
       out.p2 = read_reported_time(in, value, 65'535ms).value_or(duration{0});
     }},
    {{"p2_star", "time", "The shortest P2* that 83 may set.", "0ms"},
     [](reader& in, const node& value, uds::access_timing_config& out) {
       out.p2_star = read_reported_time(in, value, 655'350ms).value_or(duration{0});
     }},
});

constexpr std::array pair_fields = std::to_array<field<uds::secured_pair>>({
    {{"request", "pattern", "The whole request, with its SID 84.", required},
     [](reader& in, const node& value, uds::secured_pair& out) {
       if (auto pattern = in.pattern(value)) out.request = std::move(*pattern);
     }},
    {{"reply", "bytes with {1..2} and {name}", "The whole answer, with its C4.", required},
     [](reader& in, const node& value, uds::secured_pair& out) {
       if (auto reply = in.reply_template(value)) out.reply = std::move(*reply);
     }},
});

constexpr std::array secured_fields = std::to_array<field<uds::secured_config>>({
    {{"pairs", "<secured_pair> list", "Requests and their answers, both as they are.", "[]"},
     [](reader& in, const node& value, uds::secured_config& out) {
       if (!in.want_list(value, "a list of pairs")) return;
       for (const node_ptr& item : value.items) {
         auto& pair = out.pairs.emplace_back();
         if (!read_fields(in, *item, item->where, "a pair", pair_fields, pair)) continue;
         if (!pair.request.text().starts_with("84"))
           in.refuse(item->where, "the request of a pair is that of the service 84, and begins so");
       }
     }},
    {{"unwrap", "true | false", "Whether what is no pair is taken out of its wrapper and carried out.",
      "true"},
     [](reader& in, const node& value, uds::secured_config& out) {
       out.unwrap = in.truth(value).value_or(true);
     }},
    {{"signature", "text", "How the signature follows from what is signed, like a key.",
      "none is checked or sent"},
     [](reader& in, const node& value, uds::secured_config& out) {
       read_key_rule(in, value, out.signature.emplace());
     }},
});

}  // namespace

void read_communication(reader& in, const node& value, uds::server_config& out) {
  out.communication.present = true;
  read_fields(in, value, value.where, "communication", communication_fields, out.communication);
}

void read_link_control(reader& in, const node& value, uds::server_config& out) {
  out.link.present = true;
  read_fields(in, value, value.where, "link", link_fields, out.link);
}

void read_access_timing(reader& in, const node& value, uds::server_config& out) {
  out.access_timing.present = true;
  read_fields(in, value, value.where, "access_timing", access_timing_fields, out.access_timing);
}

void read_secured(reader& in, const node& value, uds::server_config& out) {
  out.secured.present = true;
  read_fields(in, value, value.where, "secured", secured_fields, out.secured);
}

void describe_uds_link(std::vector<map_doc>& maps) {
  maps.push_back(describe("communication", communication_fields));
  maps.push_back(describe("link_control", link_fields));
  maps.push_back(describe("access_timing", access_timing_fields));
  maps.push_back(describe("secured", secured_fields));
  maps.push_back(describe("secured_pair", pair_fields));
}

}  // namespace canstage::scenarios
