// The services of ISO 15765-2 over a CAN_ISOTP socket of Linux, which says less than they do: it takes one
// message at a time, confirms none, indicates no first frame, and has one error for both directions.
//
// What it leaves out is seen on the bus, where the host listens beside the socket: the times of everything,
// that a message has begun (the socket answers its FF with a flow control), and functional requests, which
// a socket with one identifier does not hear. The socket does the ISO-TP; nothing here sends a frame.
//
// Whatever happens, each request is confirmed once, and each first frame indication is followed by an
// indication, as with an endpoint.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <variant>

#include "protocols/isotp/endpoint.hpp"
#include "protocols/isotp/n_pdu.hpp"

namespace canstage::isotp {

/// Write this into the socket; the host says with `on_written` how that went.
struct socket_write {
  byte_view sdu;  ///< valid until `on_written`
};

using service_event = std::variant<socket_write, confirm, first_frame_indication, indication>;

/// What a write said.
enum class write_end : std::uint8_t {
  taken,
  busy,    ///< another message is still being sent
  full,    ///< the interface has no room; the same may be taken a little later
  failed,  ///< the socket will never take it
};

/// Whom an error of the socket concerns.
enum class error_side : std::uint8_t {
  sending,
  receiving,
  either,  ///< an invalid frame: a flow control if that ended a transmission
};

class kernel_service {
 public:
  /// How long after the socket's own N_Cr (1 s) a message that it has silently given up is ended here.
  static constexpr duration n_cr_margin = std::chrono::milliseconds{500};

  kernel_service(const addressing& address, const parameters& settings);

  // Observers.
  /// Whether it has to be told when the socket sends nothing any more.
  bool waits_for_idle() const { return under_way_ || blocked_; }
  /// Whether this is a frame of a message that the socket sends.
  bool is_own_data(const can::frame& f) const;
  /// Sending or receiving. `idle`: the socket sends nothing (any more).
  error_side concerned(error_side side, bool idle) const;
  instant deadline() const;

  // Inputs, in the order of `at` where it is the same batch.

  /// N_USData.request.
  void request(instant now, bytes sdu, target_type target);
  void on_written(instant now, write_end how);
  /// Seen on the bus, of any node. `at`: its end.
  void on_frame(instant at, const can::frame& f);
  /// The socket received a message. `at`: end of its last frame.
  void on_message(instant at, bytes sdu);
  /// The socket's error, before `on_idle` where that is told at the same time. `side`: see `concerned`.
  void on_error(instant now, error_side side, n_result result);
  /// The socket sends nothing (any more).
  void on_idle(instant now);
  /// The interface is down, or gone.
  void on_down(instant now);
  void on_time(instant now);
  /// Forgets everything, as a node does that loses its power.
  void reset();

  /// The next output. `at`: when it happened on the bus.
  bool poll(instant now, service_event& next, instant& at);

 private:
  struct waiting {
    bytes sdu;
    target_type target = target_type::physical;
    instant since;
  };

  /// A message that began.
  struct reception {
    instant began;
    instant latest;  ///< frame of it
    std::uint32_t length = 0;
  };

  struct output {
    std::variant<confirm, first_frame_indication, indication> what;
    instant at;
  };

  void on_own_frame(instant at, const received_frame& f);
  std::optional<received_frame> own_frame(const can::frame& f) const;
  void on_peer_frame(instant at, const received_frame& f);
  void on_functional_frame(instant at, const can::frame& f);
  void end_request(instant at, n_result result);
  void break_off(instant at, n_result result);
  bool may_write(instant now) const;

  addressing address_;
  parameters settings_;
  std::optional<endpoint> functional_;  ///< receives what is for many nodes

  std::deque<waiting> requests_;  ///< the first one may be in the socket
  bool under_way_ = false;        ///< the socket has it
  bool blocked_ = false;          ///< the socket is not idle yet
  instant retry_at_ = instant::min();
  std::optional<instant> latest_own_;  ///< data frame of the request that is under way
  std::optional<n_result> failure_;    ///< of the request that is under way

  std::optional<reception> offered_;  ///< an FF that the socket has not answered yet
  std::optional<reception> receiving_;
  std::deque<output> outputs_;
};

}  // namespace canstage::isotp
