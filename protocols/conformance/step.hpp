// The steps of a script, as they are played.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"

namespace canstage::conformance {

/// The driver sends.
struct send_step {
  can::frame content;
  bool consecutive = false;  ///< waits for the STmin that the stack asked for, and counts for its BS
};

/// The stack has to send an FC.CTS; an FC.WAIT prolongs that.
struct flow_control_step {
  bool if_block_ended = false;  ///< only if BS says so
};

/// The stack has to send this.
struct receive_step {
  bytes values;                ///< from the N_PCI on; fillers may follow
  std::string_view name;       ///< "FF of the echo"
  duration gap{};              ///< at least since the end of its frame before
  bool any_after_pci = false;  ///< only the N_PCI is compared, the others count as any
};

/// The stack has to send nothing.
struct silence_step {
  duration time{};
};

/// What is checked of all frames that the stack sent in this script.
enum class check_step : std::uint8_t {
  values,   ///< no flow control had a reserved STmin
  lengths,  ///< all filled up or none, all with one byte; above 8 bytes to the next FD length
  waited,   ///< an FC.WAIT was among them; if not, there was nothing to be seen
};

using step = std::variant<send_step, flow_control_step, receive_step, silence_step, check_step>;

}  // namespace canstage::conformance
