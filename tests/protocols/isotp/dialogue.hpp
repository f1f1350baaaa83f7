// An endpoint under test, a peer that is written out as text, and a clock that is moved by hand.
//
//   dialogue d;
//   d.request("01 02 03 04 05 06 07 08");
//   REQUIRE(d.seen() == "10 08 01 02 03 04 05 06");
//   d.receive("30 00 00");
//   REQUIRE(d.seen() == "21 07 08 CC CC CC CC CC | confirm N_OK");
//
// What was seen, in order, joined by " | ":
//   21 07 08            a frame on the physical identifier; on another one "7DF: 02 3E 00"
//   withdraw            a frame taken back
//   confirm N_OK        N_USData.confirm; "confirm N_OK functional" for a functional request
//   begun 20            N_USData_FF.indication and its length
//   received 62 F1 90   N_USData.indication; "received 3E 00 functional"; "received N_WRONG_SN"
//
// Frames are confirmed at once, as on a bus without wire time, until `hold_confirmations`.
// After every step the rules of an endpoint's contract are checked; a broken one throws. What an
// endpoint may break that misbehaves or is set to, is not checked for that one.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/isotp/endpoint.hpp"

namespace canstage::isotp::test {

using namespace std::chrono_literals;

inline constexpr can::identifier rx_id = can::identifier::standard(0x7E0);
inline constexpr can::identifier tx_id = can::identifier::standard(0x7E8);
inline constexpr can::identifier functional_id = can::identifier::standard(0x7DF);

/// A diagnostic pair of 11 bit identifiers with one functional identifier both ways.
addressing usual_address();

/// `text` as hex pairs; throws for anything else.
bytes from_hex(std::string_view text);

/// `length` bytes that differ from their neighbours, from `first` on.
bytes counting(std::size_t length, std::uint8_t first = 0);

class dialogue {
 public:
  explicit dialogue(const parameters& settings = {}, unsigned burst = 1,
                    const addressing& address = usual_address());

  // Observers.

  /// What came out since the last call.
  std::string seen();

  const endpoint& machine() const { return machine_; }
  instant now() const { return now_; }
  std::size_t unconfirmed() const { return unconfirmed_.size(); }
  std::size_t requests() const { return requests_; }
  std::size_t confirms() const { return confirms_; }
  std::size_t begun() const { return begun_; }
  std::size_t ended() const { return ended_; }

  /// The token of the oldest frame that is unconfirmed. There is one.
  can::transmit_token oldest_token() const { return unconfirmed_.front().token; }

  // Inputs.

  void receive(std::string_view text) { receive(rx_id, text); }
  void receive(can::identifier id, std::string_view text);
  void receive(const can::frame& f);

  /// A CAN FD frame of exactly these bytes, as many as an FD frame can have.
  void receive_fd(std::string_view text) { receive(can::fd_frame(rx_id, from_hex(text), false)); }
  void receive_fd(const bytes& data) { receive(can::fd_frame(rx_id, data, false)); }

  /// From now on frames stay unconfirmed until `confirm`.
  void hold_confirmations() { holding_ = true; }

  /// The oldest frame that is unconfirmed is on the bus. Does nothing if there is none.
  void confirm();
  void confirm_all();
  void confirm_token(can::transmit_token token);

  /// Lets time pass, and every deadline on the way.
  void advance(duration by);

  /// Lets time pass without waking the machine: a host that is late.
  void advance_unpunctually(duration by) { now_ += by; }

  /// Calls `on_time` now, whether the deadline is reached or not.
  void wake();

  // The application's calls.

  void request(std::string_view text, target_type target = target_type::physical);
  void request(bytes sdu, target_type target = target_type::physical);
  void reset();
  change_result change(changeable_parameter which, std::uint32_t value);
  void misbehave(const misbehaviour& options);

 private:
  struct sent {
    can::transmit_token token;
    bool is_flow_control;
  };

  void before_input() { overdue_ = machine_.deadline() <= now_; }
  void drain();
  void handle(const event& e);
  void on_transmit(const transmit& t);
  void on_indication(const indication& i);
  void check_frame(const can::frame& f) const;
  void note(const std::string& text);
  void check(bool rule, const char* broken) const;

  parameters settings_;
  unsigned burst_;
  endpoint machine_;
  instant now_{};
  bool holding_ = false;
  bool behaves_ = true;
  bool segment_came_ = false;  ///< the current input is a CF
  bool overdue_ = false;       ///< the deadline was over before the current input
  std::deque<sent> unconfirmed_;
  std::string seen_;
  std::size_t requests_ = 0;
  std::size_t confirms_ = 0;
  std::size_t begun_ = 0;  ///< messages that were indicated to have begun
  std::size_t ended_ = 0;  ///< and to have ended
};

}  // namespace canstage::isotp::test
