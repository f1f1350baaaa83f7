// 0x86 ResponseOnEvent: the server answers a stored request by itself when something happens.
//
// Rules:
//  - 01 and 03 set an event up, 05 starts all that are set up, 00 stops them, 06 clears them. 04 reports
//  those
//    that are started.
//  - onDTCStatusChange happens when a status bit that is in the mask changes, onChangeOfDataIdentifier when
//    the value differs from the one that was told last, or there was at the start. What happens while a
//    request is worked on is answered after it; several changes at one instant are one event. Values that a
//    script computes change without anybody saying so: they are looked at every so often.
//  - The answer is that of the service to respond to; where it would be negative, nothing is sent.
//  - A window ends with a last answer to 86 that tells the number of events.
//  - Any change of the diagnostic session but from default to default stops events, and a reset forgets
//    them: those with the storage bit go on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/random.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/dtc_memory.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

inline constexpr std::uint8_t infinite_event_window = 0x02;

/// What an eventWindowTime means.
struct event_window {
  std::uint8_t code = 0;
  duration time{0};
};

struct event_config {
  bool present = false;                              ///< with it comes 86
  std::vector<event_window> windows;                 ///< beside 02, infinite
  std::uint32_t most = 8;                            ///< events at once; more are refused with 22
  bool last_answer = true;                           ///< whether the end of a window is told
  duration sample = std::chrono::milliseconds{100};  ///< how often computed values are looked at; above 0
};

enum class event_type : std::uint8_t { on_dtc_status_change = 0x01, on_change_of_data_identifier = 0x03 };

struct event_set_up {
  event_type type{};
  bool stored = false;  ///< storageState
  std::uint8_t window = infinite_event_window;
  bytes record;             ///< eventTypeRecord: a status mask, or a DID
  bytes service;            ///< serviceToRespondToRecord
  std::uint8_t tester = 0;  ///< who set it up, and is told

  bool started = false;
  bool happened = false;    ///< and was not answered yet
  std::uint8_t events = 0;  ///< answered since the start
  instant ends = never;
  bytes known_value{};  ///< of the DID
};

struct event_state {
  std::vector<event_set_up> set_ups;  ///< in the order of the requests
  instant next_sample = never;
};

void on_dtc_change(server_state& state, const dtc_change& change);

/// The diagnostic session changed.
void stop_events(server_state& state);
/// Power loss.
void forget_events(server_state& state);

instant event_deadline(const server_state& state);
/// Ends windows that are over; the next look at computed values is due later.
void pass_event_time(server_state& state, instant now);
/// Answers what happened. Called while no request is being worked on.
void answer_events(server_state& state, instant now, random_stream& randomness);

std::span<const service> event_services();

}  // namespace canstage::uds
