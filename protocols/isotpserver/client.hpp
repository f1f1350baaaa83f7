// The other end: one ISO-TP connection behind an isotpserver.
//
// isotpserver acknowledges nothing: a message is sent, as far as anybody here can know, when it was written.
// What waits for a connection waits for a time, so that a message that is requested before there is one, or
// while it is made anew, is not lost.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocols/bytes.hpp"
#include "protocols/isotp/result.hpp"
#include "protocols/isotpserver/pdu_text.hpp"
#include "protocols/time.hpp"

namespace canstage::isotpserver {

/// Goes to the server; `on_written` says when it is there.
struct say {
  std::string text;
};
/// N_USData.confirm of the oldest request: N_OK, N_TIMEOUT_A if it was not written in time or the connection
/// was lost before, or N_ERROR if isotpserver takes no message of that length.
struct confirm {
  isotp::n_result result = isotp::n_result::n_ok;
};
/// N_USData.indication.
struct indication {
  bytes sdu;
};
/// The connection is of no use.
struct give_up {
  std::string reason;  ///< without a full stop
};

using client_event = std::variant<say, confirm, indication, give_up>;

/// A machine: give it one input, then poll until nothing comes.
class client {
 public:
  /// `patience`: how long a request waits until it is written; N_As.
  explicit client(duration patience) : patience_(patience) {}

  // Observers.
  instant deadline() const;

  // Inputs.
  void request(instant now, bytes sdu);
  void on_connected();
  void on_bytes(instant now, std::string_view input);
  void on_written();
  void on_lost();
  void on_time(instant now);
  /// The node lost its power: nothing is confirmed any more.
  void reset();

  std::optional<client_event> poll();

 private:
  /// A request that is not confirmed yet.
  struct waiting_request {
    bytes sdu;
    instant until;  ///< then it is given up
  };

  void write_next();
  void end(isotp::n_result result);

  duration patience_;
  reader input_;
  std::deque<waiting_request> waiting_;
  bool connected_ = false;
  bool writing_ = false;  ///< the first of them
  std::deque<client_event> events_;
};

}  // namespace canstage::isotpserver
