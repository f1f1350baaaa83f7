// Frames of nodes that nobody wants: load, or a babbling node that does not let others send.
#pragma once

#include <cstdint>
#include <optional>

#include "protocols/can/frame.hpp"
#include "protocols/can/wire_time.hpp"
#include "protocols/random.hpp"
#include "protocols/time.hpp"

namespace canstage::can {

struct foreign_settings {
  frame content;    ///< babbling: this one; load: its length and format
  identifier last;  ///< load: identifiers are drawn up to this one, from that of `content`
  std::optional<std::uint32_t> load{};  ///< of the time of the bus, in thousandths; none: babbling
  bit_rates rates;
};

/// The machine of such a node. It is off until it is switched on. Load is what it would be on an empty bus: a
/// frame that is due while the one before still waits is left out.
class foreign_traffic {
 public:
  foreign_traffic(const foreign_settings& settings, random_stream randomness);

  // Inputs.
  void on_switch(instant now, bool on);
  void on_time(instant now);
  /// Its frame was sent.
  void on_confirm();

  /// The frame to send now; nothing when there is none.
  std::optional<frame> poll();
  instant deadline() const { return next_; }

 private:
  frame draw();

  foreign_settings settings_;
  random_stream randomness_;
  bool on_ = false;
  bool due_ = false;
  bool waiting_ = false;  ///< a frame is not confirmed
  instant scheduled_{};   ///< when the present frame was due
  instant next_ = never;
};

}  // namespace canstage::can
