// What a recording has of diagnostics: who sends where, in which habits, and the messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/can/wire_time.hpp"
#include "protocols/dissect/dissector.hpp"
#include "protocols/isotp/n_pdu.hpp"
#include "protocols/time.hpp"
#include "protocols/trace/record.hpp"

namespace canstage::learn {

/// How the sender of a stream builds its frames.
struct habits {
  bool no_padding = false;               ///< a frame was shorter than with padding
  std::optional<std::uint8_t> filler{};  ///< of the latest frame that had any
  bool fd = false;
  bool bit_rate_switch = false;
  std::uint8_t first_frame = 0;               ///< data bytes of an FF
  std::optional<isotp::flow_control> asks{};  ///< the first FC.CTS
  unsigned waits = 0;                         ///< most FC.WAIT in front of an FC.CTS
  std::size_t overflows = 0;
  std::size_t longest_message = 0;
};

/// Frames with one identifier, and one address byte, on one bus.
struct stream {
  std::string bus;
  can::identifier id;
  std::optional<std::uint8_t> address_byte{};
  std::string from{};      ///< by the ways that are known; empty: nobody knows
  std::string to{};        ///< likewise
  std::string comment{};   ///< of the trace: "ecu engine"
  std::size_t frames = 0;  ///< that are diagnostics
  std::size_t requests = 0;
  std::size_t answered = 0;             ///< of the requests: on one stream at least
  std::size_t answered_by_several = 0;  ///< ... on several
  std::size_t responses = 0;
  habits sends{};
};

struct message {
  std::size_t stream = 0;
  instant begin;            ///< end of its first frame
  instant end;              ///< of its last frame
  duration first_frame{0};  ///< how long that one was on the wire; 0 without bit rates
  bytes content;
};

/// How often two streams looked like the two directions of one connection, by (request, response) of them.
using affinity = std::map<std::pair<std::size_t, std::size_t>, unsigned>;

struct overheard {
  std::vector<stream> streams;
  std::vector<message> messages;  ///< in the order in which they ended
  affinity answers;               ///< an answer fitted a request
  affinity flow_controls;         ///< the first one's FC followed the second one's FF next
  std::size_t other_frames = 0;
  std::size_t error_messages = 0;
  std::size_t broken_off = 0;
  std::optional<instant> first_broken_off{};
};

struct listening {
  std::vector<dissect::way> known{};
  std::string bus{};                      ///< only this one; empty: all
  std::optional<can::bit_rates> rates{};  ///< none: nothing is known of the time on the wire
};

/// Puts a recording together, entry by entry.
class ear {
 public:
  explicit ear(listening how);

  void hear(const trace::record& one);

  overheard take() { return std::move(found_); }

 private:
  /// A request that may still be answered.
  struct open_request {
    std::size_t message = 0;
    std::vector<std::size_t> answered{};  ///< the streams
  };

  stream& stream_of(const trace::record& one, const dissect::finding& what);
  void note_frame(stream& who, const trace::record& one, const dissect::finding& what);
  void note_flow_control(std::size_t from, const trace::record& one, std::size_t address_bytes);
  void note_message(message what);
  void note_answer(const message& what);

  /// What is under way on a stream.
  struct progress {
    instant begun;                        ///< its FF, or its SF
    duration first_frame{0};              ///< that one on the wire
    bool unfinished = false;              ///< an FF came, and not all of its CFs
    bool awaits = false;                  ///< likewise, and no FC either
    std::optional<std::size_t> serves{};  ///< the stream that its latest FC was for
    unsigned waits = 0;                   ///< FC.WAIT in a row
    std::optional<open_request> asked{};  ///< the latest request
  };

  listening how_;
  dissect::dissector dissector_;
  overheard found_;
  std::vector<progress> progress_;  ///< by stream
};

/// From a request, or from the latest 0x78, to the begin of an answer that can be meant for it: P2* and more.
inline constexpr duration answer_patience = std::chrono::seconds{10};

/// Whether the first byte is that of a request: bit 6 is clear (ISO 14229-1).
constexpr bool is_request(byte_view message) { return !message.empty() && (message[0] & 0x40) == 0; }

/// Whether `answer` can be that of `request`: SID and NRC 7F as they belong together.
bool answers(byte_view answer, byte_view request);

/// Whether the bytes behind the SID of such an answer, too, are those that were asked for. Both have bytes.
bool echoes(byte_view answer, byte_view request);

/// 7F xx 78.
bool is_pending(byte_view answer);

}  // namespace canstage::learn
