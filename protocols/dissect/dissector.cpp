#include "protocols/dissect/dissector.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "protocols/isotp/st_min.hpp"
#include "protocols/uds/describe.hpp"
#include "protocols/uds/names.hpp"
#include "protocols/uds/service.hpp"

namespace canstage::dissect {

namespace {

/// OBD and enhanced diagnostics on 11 bits (ISO 15765-4), 18DA and 18DB, and with N_AE 18CE and 18CD.
bool is_usual(can::identifier id) {
  if (!id.is_extended()) return id.value() >= 0x7DF && id.value() <= 0x7EF;
  const std::uint32_t kind = id.value() >> 16 & 0x3FF;
  return kind == 0xDA || kind == 0xDB || kind == 0xCE || kind == 0xCD;
}

bool has_extension(can::identifier id) {
  const std::uint32_t kind = id.value() >> 16 & 0x3FF;
  return id.is_extended() && (kind == 0xCE || kind == 0xCD);
}

bool looks_like_uds(byte_view message) {
  if (message.empty()) return false;
  const std::uint8_t first = message[0];
  if (first == uds::negative_response) return message.size() == 3 && uds::is_known_service(message[1]);
  const bool response = (first & uds::positive_offset) != 0;
  return uds::is_known_service(static_cast<std::uint8_t>(response ? first - uds::positive_offset : first));
}

/// Real fillers are one byte again and again; other traffic is not so tidy.
bool filled_evenly(byte_view rest) {
  return std::all_of(rest.begin(), rest.end(), [rest](std::uint8_t byte) { return byte == rest[0]; });
}

std::string counted_bytes(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

std::string stmin_text(std::uint8_t code) {
  const auto us =
      std::chrono::duration_cast<std::chrono::microseconds>(isotp::st_min::from_code(code).time());
  const std::string time =
      us.count() % 1000 == 0 ? std::to_string(us.count() / 1000) + " ms" : std::to_string(us.count()) + " us";
  return time + (isotp::st_min::is_reserved(code) ? " (reserved)" : "");
}

}  // namespace

dissector::dissector(std::vector<way> known) : known_(std::move(known)) {}

dissector::stream& dissector::stream_of(std::string_view bus, const can::frame& f) {
  const int first = f.length > 0 ? f.data[0] : -1;
  const way* best = nullptr;
  bool has_byte = false;
  for (const way& one : known_) {
    if (one.id != f.id || (!one.bus.empty() && one.bus != bus)) continue;
    has_byte = has_byte || one.address_byte.has_value();
    if (one.address_byte && *one.address_byte != first) continue;
    best = &one;
    break;
  }
  const bool extended = best != nullptr ? best->address_byte.has_value() : has_byte || has_extension(f.id);
  const auto [place, added] = streams_.try_emplace({std::string{bus}, f.id.raw(), extended ? first : -1});
  auto& found = place->second;
  if (added) found.number = streams_.size() - 1;
  found.known = best;
  found.address_bytes = extended ? 1 : 0;
  found.diagnostics = found.diagnostics || best != nullptr || (!has_byte && is_usual(f.id));
  return found;
}

finding dissector::look(std::string_view bus, const can::frame& f) {
  finding found;
  stream& who = stream_of(bus, f);
  found.known = who.known;
  found.stream = who.number;
  found.address_bytes = who.address_bytes;
  const byte_view data{f.data.data(), f.length};
  if (f.flags.remote || data.size() <= who.address_bytes) return found;
  const std::string on{bus};
  const isotp::received_frame received{data, who.address_bytes};
  switch (received.type()) {
    case isotp::pci_type::single:
      found.kind = "SF";
      look_at_single(on, who, received, found);
      break;
    case isotp::pci_type::first:
      found.kind = "FF";
      look_at_first(who, received, found);
      break;
    case isotp::pci_type::consecutive:
      found.kind = "CF";
      if (who.diagnostics) look_at_consecutive(on, who, received, found);
      break;
    case isotp::pci_type::flow_control:
      found.kind = "FC";
      if (who.diagnostics) found.text = explain_flow_control(received);
      break;
    default:
      if (who.diagnostics) found.text = "no N_PDU: reserved N_PCI";
  }
  return found;
}

std::string dissector::explain(std::string_view bus, const can::frame& f) {
  const finding found = look(bus, f);
  if (found.text.empty() || found.kind.empty()) return found.text;
  const std::string names = found.known != nullptr ? found.known->from + " > " + found.known->to + "  " : "";
  return found.kind + "  " + names + found.text;
}

void dissector::look_at_single(const std::string& bus, stream& who, const isotp::received_frame& f,
                               finding& found) {
  const auto message = isotp::read_single(f, settings_);
  if (!message) {
    if (who.diagnostics) found.text = "to be ignored: SF_DL does not fit the frame";
    return;
  }
  const std::size_t end = static_cast<std::size_t>(message->data() - f.data().data()) + message->size();
  if (!who.diagnostics && (!looks_like_uds(*message) || !filled_evenly(f.data().subspan(end)))) return;
  who.diagnostics = true;
  found.begins = true;
  found.broke_off = std::exchange(who.expected, 0) != 0;
  found.message.emplace(message->begin(), message->end());
  found.message_text = explain_message(bus, *message);
  found.text = (found.broke_off ? "the message before it is not whole; " : "") + found.message_text;
}

void dissector::look_at_first(stream& who, const isotp::received_frame& f, finding& found) {
  const auto first = isotp::read_first(f, settings_);
  if (!first) {
    if (who.diagnostics) found.text = "to be ignored: FF_DL does not fit the frame";
    return;
  }
  if (!who.diagnostics && !looks_like_uds(first->data)) return;
  who.diagnostics = true;
  found.begins = true;
  found.broke_off = who.expected != 0;
  who.expected = first->ff_dl;
  who.sn = 1;
  who.received.assign(first->data.begin(), first->data.end());
  found.text = (found.broke_off ? "the message before it is not whole; " : "") + counted_bytes(first->ff_dl) +
               " begin";
}

void dissector::look_at_consecutive(const std::string& bus, stream& who, const isotp::received_frame& f,
                                    finding& found) {
  const byte_view pdu = f.pdu();
  const std::uint8_t sn = pdu[0] & 0xF;
  found.text = "SN " + std::to_string(sn);
  if (who.expected == 0) {
    found.text += ", of no message that is known";
    return;
  }
  if (sn != who.sn) {
    who.expected = 0;
    found.broke_off = true;
    found.text += ", expected " + std::to_string(who.sn) + ": the message is not whole";
    return;
  }
  who.sn = (who.sn + 1) & 0xF;
  const std::size_t rest = who.expected - who.received.size();
  const byte_view data = pdu.subspan(1).first(std::min(rest, pdu.size() - 1));
  who.received.insert(who.received.end(), data.begin(), data.end());
  if (who.received.size() < who.expected) {
    found.text += ", " + std::to_string(who.received.size()) + " of " + counted_bytes(who.expected);
    return;
  }
  who.expected = 0;
  found.message = std::exchange(who.received, {});
  found.message_text = explain_message(bus, *found.message);
  found.text += ", whole: " + found.message_text;
}

std::string dissector::explain_flow_control(const isotp::received_frame& f) const {
  const auto fc = isotp::read_flow_control(f, settings_);
  if (!fc) return "to be ignored: too short for flow control";
  switch (fc->fs) {
    case isotp::flow_status::cts:
      return "continue, " + (fc->bs == 0 ? "no more flow control" : "BS " + std::to_string(fc->bs)) +
             ", STmin " + stmin_text(fc->stmin);
    case isotp::flow_status::wait:
      return "wait";
    case isotp::flow_status::ovflw:
      return "overflow: the message is too long";
    default:
      return "reserved flow status";
  }
}

std::string dissector::explain_message(const std::string& bus, byte_view message) {
  if (message.empty()) return "no bytes";
  const bool response = (message[0] & uds::positive_offset) != 0;
  if (!response) {
    requests_[{bus, message[0]}].assign(message.begin(), message.end());
    return uds::describe(message);
  }
  const auto asked = requests_.find({bus, static_cast<std::uint8_t>(message[0] - uds::positive_offset)});
  return uds::describe_answer(message, asked == requests_.end() ? byte_view{} : byte_view{asked->second});
}

}  // namespace canstage::dissect
