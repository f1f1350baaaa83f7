// `faults:` of what an ECU answers.
#include "fmt/format.h"
#include "scenarios/load_faults.hpp"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

using namespace std::chrono_literals;

constexpr duration extra_delay = 1ms;
constexpr std::uint64_t most_bytes = 0xFFFF'FFFF;
constexpr std::size_t first_answer_kind = 16;  ///< behind those of ISO-TP and of frames

/// Reads the value of a key, if it is there. False after a refusal.
template <class Value, class Read>
bool read_optional(reader& in, const fault_draft& draft, std::string_view key, Value& into, Read read) {
  const node* value = draft.find(key);
  if (value == nullptr) return true;
  const reader::scope inside{in, key};
  auto found = read(*value);
  if (found) into = *std::move(found);
  return found.has_value();
}

bool read_details(reader& in, const fault_draft& draft, uds::answer_fault& made) {
  const auto delay = read_delay(in, draft, extra_delay);
  if (!delay) return false;
  made.by = *delay;
  return read_optional(in, draft, "nrc", made.nrc_code, [&](const node& at) { return read_nrc(in, at); }) &&
         read_optional(in, draft, "length", made.length,
                       [&](const node& at) { return in.count(at, 1, most_bytes); }) &&
         read_optional(in, draft, "delta", made.delta, [&](const node& at) { return read_delta(in, at); }) &&
         read_optional(in, draft, "did", made.did, [&](const node& at) { return read_did_value(in, at); }) &&
         read_optional(in, draft, "bytes", made.extra, [&](const node& at) { return in.hex_bytes(at); });
}

}  // namespace

void read_answer_fault(reader& in, const fault_draft& draft) {
  const auto who = read_ecu_at(in, draft);
  if (!who) return;
  fault made = begin_fault(in, draft);
  uds::answer_fault answer;
  answer.number = static_cast<std::uint32_t>(in.names().play.faults.size());
  answer.action = static_cast<uds::answer_action>(draft.place - first_answer_kind);
  answer.when = read_trigger(in, draft);
  const auto request = read_request_match(in, draft.find("match"), answer.when);
  if (!request || !read_details(in, draft, answer)) return;
  answer.request = *request;
  made.ecu = *who;
  made.bus = in.names().play.ecus[*who].bus;
  made.answer = std::move(answer);
  in.names().play.faults.push_back(std::move(made));
}

}  // namespace canstage::scenarios
