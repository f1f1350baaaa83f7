#include "protocols/uds/describe.hpp"

#include <algorithm>
#include <iterator>

#include "protocols/uds/message_text.hpp"
#include "protocols/uds/names.hpp"
#include "protocols/uds/service.hpp"

namespace canstage::uds {

namespace {

void add_subfunction(message_text& in, std::uint8_t sid, bool is_request) {
  const auto value = static_cast<std::uint8_t>(in.number(1));
  const auto plain = static_cast<std::uint8_t>(value & ~suppress_positive);
  in.set_subfunction(plain);
  const std::string name = subfunction_name(sid, plain);
  in.add(name.empty() ? "sub-function " + hex_text(plain, 1) : name);
  if (value != plain) in.add(is_request ? "positive answer suppressed" : "bit 7 of the sub-function is set");
}

void timing_answer(message_text& in) {
  if (in.left() == 0) return;
  const std::uint32_t p2 = in.number(2);
  in.add("P2 " + std::to_string(p2) + " ms");
  const std::uint32_t p2_star = in.number(2);
  in.add("P2* " + std::to_string(p2_star * 10) + " ms");
  in.add_data("and", in.rest());
}

void reset_answer(message_text& in) {
  if (in.left() == 0) return;
  const std::uint32_t seconds = in.number(1);
  in.add(seconds == 0xFF ? "powerDownTime not available" : "powerDownTime " + std::to_string(seconds) + " s");
  in.add_data("and", in.rest());
}

void dids(message_text& in) {
  do in.add(did_text(static_cast<std::uint16_t>(in.number(2))));
  while (in.left() > 0 && !in.cut_off());
}

void did_with_data(message_text& in) {
  std::string text = did_text(static_cast<std::uint16_t>(in.number(2)));
  const byte_view data = in.rest();
  in.add(text + (data.empty() ? "" : " ") + data_text(data));
}

void communication(message_text& in) {
  const std::uint32_t type = in.number(1);
  static constexpr const char* kinds[] = {"no messages", "normal messages", "network management messages",
                                          "normal and network management messages"};
  in.add(kinds[type & 3]);
  if (const std::uint32_t subnet = type >> 4; subnet != 0)
    in.add(subnet == 0xF ? "of the subnet it came from" : "of subnet " + std::to_string(subnet));
  in.add_data("node", in.rest());
}

void periodic(message_text& in) {
  const auto mode = static_cast<std::uint8_t>(in.number(1));
  const std::string name = subfunction_name(0x2A, mode);
  in.add(name.empty() ? "transmissionMode " + hex_text(mode, 1) : name);
  while (in.left() > 0) in.add("F2" + hex_text(in.number(1), 1));
}

/// Its sources can be of either kind; they are left as bytes.
void dynamic_did(message_text& in) {
  if (in.left() == 0) return;
  in.add(did_text(static_cast<std::uint16_t>(in.number(2))));
  in.add_data("from", in.rest());
}

void io_control(message_text& in) {
  in.add(did_text(static_cast<std::uint16_t>(in.number(2))));
  const auto control = static_cast<std::uint8_t>(in.number(1));
  const std::string name = subfunction_name(0x2F, control);
  in.add(name.empty() ? "control " + hex_text(control, 1) : name);
  in.add_data("state", in.rest());
}

void routine(message_text& in) {
  const auto rid = static_cast<std::uint16_t>(in.number(2));
  const std::string_view name = rid_name(rid);
  in.add(hex_text(rid, 2) + (name.empty() ? "" : " ") + std::string{name});
  in.add_data("with", in.rest());
}

void link_mode(message_text& in) { in.add_data("mode", in.rest()); }
void seed_or_key(message_text& in) { in.add_data("", in.rest()); }

// What stands behind the SID, or behind the sub-function where there is one.
constexpr description descriptions[] = {
    {0x10, nullptr, timing_answer}, {0x11, nullptr, reset_answer},    {0x22, dids, did_with_data},
    {0x24, dids, did_with_data},    {0x27, seed_or_key, seed_or_key}, {0x28, communication, nullptr},
    {0x2A, periodic, nullptr},      {0x2C, dynamic_did, dynamic_did}, {0x2E, did_with_data, did_with_data},
    {0x2F, io_control, io_control}, {0x31, routine, routine},         {0x87, link_mode, nullptr},
};

const description* find_description(std::uint8_t sid) {
  const auto* found = std::find_if(std::begin(descriptions), std::end(descriptions),
                                   [sid](const description& entry) { return entry.sid == sid; });
  if (found != std::end(descriptions)) return found;
  if (const description* other = find_transfer_description(sid)) return other;
  return find_dtc_description(sid);
}

std::string describe_negative(byte_view message) {
  if (message.size() != 3)
    return "negative response of " + std::to_string(message.size()) +
           (message.size() == 1 ? " byte" : " bytes") + ", it has 3";
  const std::uint8_t code = message[2];
  const bool pending = code == static_cast<std::uint8_t>(nrc::response_pending);
  return service_name(message[1]) + (pending ? " pending: " : " refused: ") + nrc_name(code) + " (" +
         hex_text(code, 1) + ')';
}

struct found_did {
  std::size_t at;
  std::uint16_t did;
};

/// Where the answer to a request for several DIDs has which; data that looks like the next DID is taken
/// for it only if nothing before did.
std::vector<found_did> find_dids(byte_view answer, byte_view request) {
  std::vector<found_did> found;
  std::size_t from = 1;
  for (std::size_t i = 1; i + 1 < request.size(); i += 2) {
    for (std::size_t at = from; at + 1 < answer.size(); ++at) {
      if (answer[at] != request[i] || answer[at + 1] != request[i + 1]) continue;
      found.push_back({at, static_cast<std::uint16_t>(request[i] << 8 | request[i + 1])});
      from = at + 2;
      break;
    }
  }
  return found;
}

}  // namespace

std::string describe(byte_view message) {
  if (message.empty()) return "no bytes";
  if (message[0] == negative_response) return describe_negative(message);
  const bool is_request = (message[0] & positive_offset) == 0;
  const auto sid = static_cast<std::uint8_t>(is_request ? message[0] : message[0] - positive_offset);
  std::string head = service_name(sid) + (is_request ? "" : " answered");
  message_text in{message.subspan(1)};
  if (has_subfunction(sid)) add_subfunction(in, sid, is_request);
  const description* known = find_description(sid);
  const describe_function body = known == nullptr ? nullptr : is_request ? known->request : known->answer;
  if (body != nullptr && !in.cut_off()) body(in);
  in.add_data("with", in.rest());
  const std::string text = in.text();
  return text.empty() ? head : head + ": " + text;
}

std::string describe_answer(byte_view answer, byte_view request) {
  constexpr std::uint8_t read = 0x22;
  const bool several =
      request.size() > 3 && request[0] == read && !answer.empty() && answer[0] == read + positive_offset;
  const auto found = several ? find_dids(answer, request) : std::vector<found_did>{};
  if (found.empty() || found.front().at != 1) return describe(answer);
  std::string text = service_name(read) + " answered:";
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t begin = found[i].at + 2;
    const std::size_t end = i + 1 < found.size() ? found[i + 1].at : answer.size();
    text += (i == 0 ? " " : ", ") + did_text(found[i].did);
    if (end > begin) text += ' ' + data_text(answer.subspan(begin, end - begin));
  }
  return text;
}

}  // namespace canstage::uds
