#include "scenarios/html/bus_log.hpp"

#include <algorithm>
#include <utility>

#include "protocols/can/wire_time.hpp"
#include "protocols/trace/record.hpp"
#include "protocols/uds/service.hpp"
#include "scenarios/address_book.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios::html {

namespace {

constexpr std::size_t bytes_shown = 48;  ///< of a message
constexpr std::string_view everybody = "all";
constexpr auto pending = static_cast<std::uint8_t>(uds::nrc::response_pending);

std::uint8_t flags_of(const trace::entry& what) {
  const auto& flags = what.content.flags;
  return static_cast<std::uint8_t>((flags.fd ? 1 : 0) | (flags.bit_rate_switch ? 2 : 0) |
                                   (flags.error_state_indicator ? 4 : 0) | (flags.remote ? 8 : 0) |
                                   (what.error_classes != 0 ? 16 : 0));
}

logged_message::kind kind_of(byte_view message) {
  if (message.empty()) return logged_message::kind::other;
  if ((message[0] & uds::positive_offset) == 0) return logged_message::kind::request;
  if (message[0] != uds::negative_response || message.size() != 3) return logged_message::kind::positive;
  return message[2] == pending ? logged_message::kind::pending : logged_message::kind::negative;
}

/// The service that a message is about, which has one.
std::uint8_t service_of_message(byte_view message) {
  if (message[0] == uds::negative_response && message.size() > 1) return message[1];
  return static_cast<std::uint8_t>(message[0] & ~uds::positive_offset);
}

}  // namespace

bus_log::bus_log(const scenario& play, log_limits most)
    : play_(play), most_(most), dissector_(address_book(play)), texts_(std::make_unique<text_table>()) {
  for (const tester& one : play.testers) participant_of(participant::kind::tester, one.name, one.bus);
  for (const ecu& one : play.ecus) {
    auto& who = participants_[participant_of(participant::kind::ecu, one.name, one.bus)];
    if (one.uds == nullptr) continue;
    who.p2 = one.uds->timing.p2;
    who.p2_star = one.uds->timing.p2_star;
  }
  for (const endpoint& one : play.endpoints) participant_of(participant::kind::endpoint, one.name, one.bus);
}

log_limits bus_log::rest_of(log_limits most) const {
  const auto less = [](std::size_t all, std::size_t used) { return all > used ? all - used : 0; };
  return {less(most.frames, frames_.size()), less(most.data, data_.size()), less(most.texts, texts_->size())};
}

void bus_log::add(std::string&, const trace::entry& what) {
  ++heard_;
  if (full()) return;
  const bus& where = play_.buses[what.bus];
  logged_frame frame;
  frame.end = what.time - trace::clock_at_start;
  frame.id = what.content.id;
  frame.bus = static_cast<std::uint16_t>(what.bus);
  frame.flags = flags_of(what);
  frame.length = what.content.length;
  if (where.rates && what.error_classes == 0) frame.on_wire = can::wire_time(what.content, *where.rates);
  if (what.error_classes == 0) {
    const dissect::finding found = dissector_.look(where.name, what.content);
    name_ends(found, what.comment, frame);
    if (!found.text.empty()) follow(found, frame);
  } else {
    frame.text = texts_->number_of("error on the bus");
  }
  const auto payload = what.content.payload();
  if (what.content.flags.remote) frame.length = 0;
  data_.insert(data_.end(), payload.begin(), payload.end());
  frames_.push_back(frame);
}

void bus_log::remark(std::string&, instant time, std::string_view text) {
  if (full()) return;
  remarks_.push_back({time - trace::clock_at_start, texts_->number_of(text)});
}

bool bus_log::full() const {
  return frames_.size() >= most_.frames || data_.size() + can::max_fd_length > most_.data ||
         texts_->size() >= most_.texts;
}

std::uint32_t bus_log::participant_of(participant::kind what, std::string_view name, bus_index bus) {
  // "all" are others on every bus.
  std::string key{name};
  if (what == participant::kind::all) key += '\n' + std::to_string(bus);
  const auto [place, added] = by_name_.try_emplace(key, static_cast<std::uint32_t>(participants_.size()));
  if (added) participants_.push_back({what, texts_->number_of(name), bus, {}, {}});
  return place->second;
}

void bus_log::name_ends(const dissect::finding& found, std::string_view sender, logged_frame& frame) {
  const auto known = [&](const std::string& name) {
    const auto kind = name == everybody ? participant::kind::all : participant::kind::unknown;
    return participant_of(kind, name, frame.bus);
  };
  if (found.known != nullptr) {
    frame.from = known(found.known->from);
    frame.to = known(found.known->to);
    return;
  }
  // The title of a node: "ecu engine".
  const auto blank = sender.find(' ');
  const auto named =
      blank == std::string_view::npos ? by_name_.end() : by_name_.find(sender.substr(blank + 1));
  if (named != by_name_.end()) {
    frame.from = named->second;
  } else if (!found.text.empty()) {
    frame.from = participant_of(participant::kind::unknown, id_text(frame.id), frame.bus);
  }
}

void bus_log::follow(const dissect::finding& found, logged_frame& frame) {
  frame.text = texts_->number_of(found.kind.empty() ? found.text : found.kind + "  " + found.text);
  if (found.stream >= open_.size()) open_.resize(found.stream + 1, none);
  std::uint32_t& open = open_[found.stream];
  if (found.begins) {
    open = static_cast<std::uint32_t>(messages_.size());
    logged_message& message = messages_.emplace_back();
    message.first = static_cast<std::uint32_t>(frames_.size());
    message.from = frame.from;
    message.to = frame.to;
    message.text = frame.text;
  }
  if (found.kind == "FC" || open == none) return;
  logged_message& message = messages_[open];
  frame.message = open;
  message.last = static_cast<std::uint32_t>(frames_.size());
  if (!found.message) {
    message.text = frame.text;
    if (found.broke_off && !found.begins) open = none;
    return;
  }
  complete(message, found, frame.bus);
  open = none;
}

void bus_log::complete(logged_message& message, const dissect::finding& found, bus_index bus) {
  message.whole = true;
  message.what = kind_of(*found.message);
  message.text = texts_->number_of(found.message_text);
  message.data = texts_->number_of(cut_hex(*found.message, bytes_shown));
  message.length = static_cast<std::uint32_t>(found.message->size());
  if (message.what != logged_message::kind::other) pair(message, service_of_message(*found.message), bus);
}

void bus_log::pair(logged_message& message, std::uint8_t service, bus_index bus) {
  const auto self = static_cast<std::uint32_t>(&message - messages_.data());
  if (message.what == logged_message::kind::request) {
    requests_[{bus, service, message.to}] = self;
    return;
  }
  const auto latest = [&](std::uint32_t to) {
    const auto found = requests_.find({bus, service, to});
    return found == requests_.end() ? none : found->second;
  };
  const std::uint32_t to_it = latest(message.from);
  const std::uint32_t to_all = latest(participant_of(participant::kind::all, everybody, bus));
  const std::uint32_t request = to_it == none || (to_all != none && to_all > to_it) ? to_all : to_it;
  answered& before = answers_[{bus, service, message.from}];
  if (request == none || (before.request == request && before.finally)) return;
  if (before.request != request) before = {request, request, false};
  message.request = request;
  message.since = before.since;
  before.since = self;
  before.finally = message.what != logged_message::kind::pending;
}

}  // namespace canstage::scenarios::html
