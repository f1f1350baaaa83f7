// The tester's side of one request: who began to answer when, and with what.
//
// Rules, whatever hosts these machines:
//  - All times count from the end of the request (`on_request_sent`).
//  - A responder has to begin to react by its deadline. A 0x78 gives that responder, and no other,
//    P2* more from its end; an answer that began is awaited to its end.
//  - A functional exchange listens for the whole window, so that "nobody else" means something, and
//    ends when no responder's deadline is left. A physical one ends with the final answer.
//  - Any complete message that is not a 0x78 is a final answer; one that broke off is not, and leaves
//    the deadline as it was. What begins exactly at a deadline is in time.
//  - What comes late, or from nobody known, is recorded while the exchange listens and prolongs nothing.
//  - What is found goes into a report; whether that is right is not judged here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/isotp/result.hpp"
#include "protocols/time.hpp"

namespace canstage::uds {

/// One message of a responder, or one that broke off.
struct reaction {
  instant started;   ///< begin of its reception: the first frame's end
  instant finished;  ///< its last frame's end
  bytes message;     ///< empty when it broke off
  isotp::n_result result = isotp::n_result::n_ok;
  bool response_pending = false;  ///< 7F xx 78 for this request
};

/// Who may answer.
struct responder_spec {
  std::uint32_t key = 0;  ///< chosen by the host, unique
  duration deadline{0};   ///< from the end of the request to the begin of the first reaction
  duration p2_star{0};    ///< from the end of a 0x78 to the begin of the next reaction
};

struct responder_report {
  std::uint32_t key = 0;
  std::vector<reaction> reactions;          ///< in the order in which they finished
  std::optional<instant> unfinished_since;  ///< an answer that began and had not ended at the end
};

/// An answer from an identifier that nobody owns.
struct unknown_responder {
  can::identifier id;
  reaction what;
};

struct exchange_report {
  isotp::n_result request_result = isotp::n_result::n_ok;
  instant request_sent;  ///< end of the request's last frame; when that was known if it failed
  instant finished;
  std::vector<responder_report> responders;  ///< one per spec, in the order of the specs
  std::vector<unknown_responder> unknown;    ///< in the order in which they finished
};

enum class exchange_kind : std::uint8_t { functional, physical };

struct exchange_spec {
  exchange_kind kind = exchange_kind::functional;
  bytes request;
  duration window{0};  ///< how long to listen for answers to begin, at least
  std::vector<responder_spec> responders;
  /// Physical only: listen for the whole window even after a final answer (silence is expected).
  bool whole_window = false;
};

class exchange {
 public:
  explicit exchange(exchange_spec spec);

  // Observers.
  const exchange_spec& spec() const;
  bool finished() const;
  instant deadline() const;

  // Inputs. Unknown keys and inputs after the end are ignored.

  /// N_USData.confirm of the request. Reactions that a link reports before it count as well.
  void on_request_sent(instant now, isotp::n_result result);

  /// N_USData_FF.indication.
  void on_reaction_started(instant now, std::uint32_t key);

  /// N_USData.indication. Without a start before it, it is a single frame: begin and end are now.
  void on_reaction(instant now, std::uint32_t key, byte_view message, isotp::n_result result);
  /// What had begun turned out to answer another exchange with the same responder.
  void on_reaction_elsewhere(instant now, std::uint32_t key);
  void on_unknown_reaction(instant now, can::identifier id, byte_view message, isotp::n_result result);
  void on_time(instant now);

  /// The run ends here, whatever is still awaited.
  void on_abort(instant now);

  /// What was found. Final once `finished`.
  const exchange_report& report() const;

 private:
  enum class phase : std::uint8_t { sending, listening, finished };

  struct responder {
    instant deadline = never;        ///< for the begin of the next reaction
    std::optional<instant> started;  ///< a reaction is being received
    bool in_time = false;            ///< ... and began by the deadline
    bool answered = false;           ///< finally
  };

  std::optional<std::size_t> find(std::uint32_t key) const;
  reaction make_reaction(instant started, instant now, byte_view message, isotp::n_result result) const;
  bool open(const responder& who) const;
  void close(const responder& who);
  void reopen(const responder& who);
  void recount();
  void end_if_over(instant now);
  void finish(instant now);

  exchange_spec spec_;
  exchange_report report_;
  phase phase_ = phase::sending;
  instant listen_until_ = instant::min();  ///< whoever has answered by then

  std::vector<responder> responders_;  ///< in the order of the specs
  struct key_place {
    std::uint32_t key = 0;
    std::uint32_t place = 0;
  };
  std::vector<key_place> places_;  ///< ascending by key

  // The end is the latest deadline of those who are `open`: kept with the number of those who have it,
  // so that 10,000 answers need not look at 10,000 responders each.
  std::size_t unfinished_ = 0;  ///< reactions that began in time and are being received
  instant latest_ = instant::min();
  std::size_t latest_count_ = 0;
};

}  // namespace canstage::uds
