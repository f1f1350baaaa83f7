#include "protocols/learn/overheard.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/names.hpp"

namespace canstage::learn {

namespace {

/// A flow control comes within N_Bs.
constexpr duration flow_control_patience = std::chrono::seconds{1};

/// Where the N_PDU of an SF or FC ends; nothing for what is always full.
std::optional<std::size_t> content_end(const can::frame& f, std::size_t address_bytes, isotp::pci_type type,
                                       const std::optional<bytes>& message) {
  const std::size_t pci = type == isotp::pci_type::single && f.length > can::max_classic_length ? 2 : 1;
  if (type == isotp::pci_type::flow_control) return address_bytes + isotp::fc_length;
  if (type == isotp::pci_type::single && message) return address_bytes + pci + message->size();
  return std::nullopt;
}

/// Whether two bytes behind the SID come back in the answer.
bool has_identifier(std::uint8_t sid) {
  switch (static_cast<uds::sid>(sid)) {
    case uds::sid::read_data_by_identifier:
    case uds::sid::read_scaling_data_by_identifier:
    case uds::sid::write_data_by_identifier:
    case uds::sid::input_output_control_by_identifier:
      return true;
    default:
      return false;
  }
}

/// Three bytes, and nothing or the same filler behind them.
bool looks_like_flow_control(const can::frame& f) {
  const byte_view data = f.payload();
  if (data.size() < isotp::fc_length) return false;
  const byte_view rest = data.subspan(isotp::fc_length);
  const bool even =
      std::all_of(rest.begin(), rest.end(), [rest](std::uint8_t one) { return one == rest[0]; });
  return even && (data[0] & 0xF) <= static_cast<std::uint8_t>(isotp::flow_status::ovflw);
}

}  // namespace

bool answers(byte_view answer, byte_view request) {
  if (answer.empty() || request.empty()) return false;
  if (answer[0] == uds::negative_response) return answer.size() >= 3 && answer[1] == request[0];
  return answer[0] == (request[0] | uds::positive_offset) && is_request(request);
}

bool echoes(byte_view answer, byte_view request) {
  if (answer[0] == uds::negative_response || answer.size() < 2 || request.size() < 2) return true;
  constexpr std::uint8_t subfunction = 0x7F;
  return (answer[1] & subfunction) == (request[1] & subfunction) &&
         (answer.size() < 3 || request.size() < 3 || !has_identifier(request[0]) || answer[2] == request[2]);
}

bool is_pending(byte_view answer) {
  return answer.size() == 3 && answer[0] == uds::negative_response &&
         answer[2] == static_cast<std::uint8_t>(uds::nrc::response_pending);
}

ear::ear(listening how) : how_(std::move(how)), dissector_(how_.known) {}

void ear::hear(const trace::record& one) {
  if (!how_.bus.empty() && one.bus != how_.bus) return;
  if (one.error_classes != 0) {
    ++found_.error_messages;
    return;
  }
  auto what = dissector_.look(one.bus, one.content);
  stream& who = stream_of(one, what);
  if (what.text.empty()) {
    ++found_.other_frames;
    // Somebody who says nothing else may be the tester of an ECU that answers functional requests.
    if (what.kind == "FC" && looks_like_flow_control(one.content))
      note_flow_control(what.stream, one, what.address_bytes);
    return;
  }
  const std::size_t number = what.stream;
  note_frame(who, one, what);
  progress& under_way = progress_[number];
  if (what.broke_off) {
    ++found_.broken_off;
    if (!found_.first_broken_off) found_.first_broken_off = one.time;
    under_way.unfinished = under_way.awaits = false;
  }
  if (what.begins) {
    under_way.begun = one.time;
    under_way.first_frame = how_.rates ? can::wire_time(one.content, *how_.rates) : duration{0};
    under_way.unfinished = under_way.awaits = !what.message;
  }
  if (what.kind == "FC") note_flow_control(number, one, what.address_bytes);
  if (what.message)
    note_message({number, under_way.begun, one.time, under_way.first_frame, *std::move(what.message)});
}

stream& ear::stream_of(const trace::record& one, const dissect::finding& what) {
  if (what.stream >= found_.streams.size()) {
    const auto count = what.stream + 1;
    found_.streams.resize(count);
    progress_.resize(count);
    stream& added = found_.streams.back();
    added.bus = one.bus;
    added.id = one.content.id;
    if (what.address_bytes > 0 && one.content.length > 0) added.address_byte = one.content.data[0];
    if (what.known != nullptr) {
      added.from = what.known->from;
      added.to = what.known->to;
    }
  }
  return found_.streams[what.stream];
}

void ear::note_frame(stream& who, const trace::record& one, const dissect::finding& what) {
  const can::frame& f = one.content;
  ++who.frames;
  if (who.comment.empty()) who.comment = one.comment;
  habits& sends = who.sends;
  sends.fd = sends.fd || f.flags.fd;
  sends.bit_rate_switch = sends.bit_rate_switch || f.flags.bit_rate_switch;
  if (f.length <= what.address_bytes) return;
  const auto type = isotp::received_frame{f.payload(), what.address_bytes}.type();
  if (type == isotp::pci_type::first) sends.first_frame = f.length;
  // The last CF, too, tells whether there is padding, but only its length does.
  if (f.length < can::max_classic_length) sends.no_padding = true;
  const auto end = content_end(f, what.address_bytes, type, what.message);
  if (end && *end < f.length && f.length <= can::max_classic_length) sends.filler = f.data[*end];
}

void ear::note_flow_control(std::size_t from, const trace::record& one, std::size_t address_bytes) {
  const auto fc = isotp::read_flow_control({one.content.payload(), address_bytes}, {});
  if (!fc) return;
  habits& sends = found_.streams[from].sends;
  progress& who = progress_[from];
  if (fc->fs == isotp::flow_status::wait) sends.waits = std::max(sends.waits, ++who.waits);
  if (fc->fs == isotp::flow_status::ovflw) ++sends.overflows;
  if (fc->fs != isotp::flow_status::wait) who.waits = 0;
  if (fc->fs == isotp::flow_status::cts && !sends.asks) sends.asks = fc;
  // One in front of a further block.
  if (who.serves && progress_[*who.serves].unfinished && !progress_[*who.serves].awaits) return;
  // Receivers answer first frames in the order in which they came.
  std::optional<std::size_t> oldest;
  for (std::size_t other = 0; other < progress_.size(); ++other) {
    const bool fits = other != from && progress_[other].awaits && found_.streams[other].bus == one.bus &&
                      one.time - progress_[other].begun <= flow_control_patience;
    if (fits && (!oldest || progress_[other].begun < progress_[*oldest].begun)) oldest = other;
  }
  if (!oldest) return;
  ++found_.flow_controls[{from, *oldest}];
  progress_[*oldest].awaits = false;
  who.serves = oldest;
}

/// Every request that fits may be meant, the latest one most of all; one whose bytes are repeated before all
/// others.
void ear::note_answer(const message& what) {
  std::optional<std::size_t> likely;
  bool likely_echoes = false;
  for (std::size_t other = 0; other < progress_.size(); ++other) {
    const auto& open = progress_[other].asked;
    if (!open || other == what.stream || found_.streams[other].bus != found_.streams[what.stream].bus)
      continue;
    const message& asked = found_.messages[open->message];
    if (what.begin - asked.end > answer_patience || !answers(what.content, asked.content)) continue;
    ++found_.answers[{other, what.stream}];
    const bool repeats = echoes(what.content, asked.content);
    const bool later = likely && found_.messages[progress_[*likely].asked->message].end < asked.end;
    if (!likely || repeats > likely_echoes || (repeats == likely_echoes && later)) {
      likely = other;
      likely_echoes = repeats;
    }
  }
  if (!likely) return;
  ++found_.answers[{*likely, what.stream}];
  auto& answered = progress_[*likely].asked->answered;
  if (std::find(answered.begin(), answered.end(), what.stream) != answered.end()) return;
  answered.push_back(what.stream);
  if (answered.size() == 1) ++found_.streams[*likely].answered;
  if (answered.size() == 2) ++found_.streams[*likely].answered_by_several;
}

void ear::note_message(message what) {
  const std::size_t number = what.stream;
  stream& who = found_.streams[number];
  progress_[number].unfinished = progress_[number].awaits = false;
  who.sends.longest_message = std::max(who.sends.longest_message, what.content.size());
  if (is_request(what.content)) {
    ++who.requests;
    progress_[number].asked = open_request{found_.messages.size()};
  } else {
    ++who.responses;
    note_answer(what);
  }
  found_.messages.push_back(std::move(what));
}

}  // namespace canstage::learn
