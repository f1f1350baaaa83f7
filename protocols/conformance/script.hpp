// What is done for one statement, in the words of the standard:
//
//   script{known}.begin(20).go_on(1).send("00 ...").finish().echoed()
//
// begins a message of 20 bytes (FF; an FC has to come), sends one CF, puts a strange frame between,
// sends the rest, and demands the message back. Texts are N_PDUs from the N_PCI on; the address byte,
// where there is one, is put in front of them.
//
// Every message has other bytes, so that no echo is taken for another's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/conformance/setting.hpp"
#include "protocols/conformance/step.hpp"

namespace canstage::conformance {

/// Where a frame goes that does not go where it should.
enum class astray : std::uint8_t {
  functional,     ///< to the functional identifier
  other_id,       ///< to an identifier beside the right one
  other_address,  ///< with another address byte
  other_format,   ///< the same number as an identifier of the other format
  remote,         ///< as a remote frame
  other_kind,     ///< a classic frame in place of one of CAN FD
};

class script {
 public:
  explicit script(const setting& known) : known_(known) {}

  const std::vector<step>& steps() const { return steps_; }

  // Single frames of the driver.

  /// Filled up to 8 bytes, above 8 to the next FD length.
  script& send(std::string_view n_pdu);

  /// CAN_DL is what is written.
  script& send_as_is(std::string_view n_pdu);

  script& send_astray(std::string_view n_pdu, astray how);

  /// An SF with a message of that many bytes. `fill` is behind them.
  script& single(std::size_t length, std::uint8_t fill = 0xCC);
  script& single_astray(std::size_t length, astray how);

  // A segmented message of the driver.

  /// FF of a message of that many bytes; an FC.CTS has to come. `rx_dl`: CAN_DL of the FF, 0: TX_DL.
  script& begin(std::size_t length, std::size_t rx_dl = 0);

  /// So many further CFs, with every FC that is due. The last one ends the message.
  script& go_on(std::size_t count);

  /// The next CF, of which only that many bytes are sent. It is still to come afterwards.
  script& cut(std::size_t can_dl);

  /// The next CF in a frame that is longer than the FF was. It is still to come afterwards.
  script& stretch(std::size_t can_dl);

  /// The next CF, with another SN. It is still to come afterwards.
  script& misnumber(std::uint8_t sn);

  /// The last CF again.
  script& repeat();

  /// All CFs that are left.
  script& finish();

  /// CFs that are left although nobody should want them: sent without a look at the flow control.
  script& finish_in_vain();

  /// A whole message, SF or segmented.
  script& message(std::size_t length);

  // What the stack has to do.

  script& silent(duration time);
  script& silent() { return silent(known_.allowed.response); }

  /// An FC with that FS, or whatever the text says; "32" is FC.OVFLW.
  script& receive(std::string_view n_pci, std::string_view name);

  // The echo of the oldest message that was sent whole and not yet echoed.

  /// Its SF or FF.
  script& echo_begins();

  /// So many of its CFs, each at least `gap` behind the one before. The FC that asked for them was sent.
  script& echo_goes_on(std::size_t count, duration gap = {});
  script& echo_ends(duration gap = {});

  /// All of it; an FC.CTS without BS and STmin is sent. Of a stack that echoes nothing, nothing.
  script& echoed();

  /// The message was sent, but no echo of it has to come.
  script& forget();

  /// The stack does what it should with the next message: echoes it, or asks for its CFs.
  script& alive();

  script& check(check_step what);

 private:
  bytes new_message(std::size_t length);
  can::frame frame_of(const bytes& n_pdu, bool filled, std::uint8_t fill = 0xCC) const;
  void transmit(const can::frame& f) { steps_.emplace_back(send_step{f, false}); }

  setting known_;
  std::vector<step> steps_;
  std::uint8_t messages_ = 0;
  std::vector<bytes> outgoing_;  ///< N_PDUs of the message that is being sent
  std::size_t sent_ = 0;         ///< how many of them
  bytes outgoing_sdu_;
  std::deque<bytes> echoes_;     ///< messages that have to come back
  std::vector<bytes> incoming_;  ///< N_PDUs of the echo that is coming
  std::size_t received_ = 0;     ///< how many of them
};

}  // namespace canstage::conformance
