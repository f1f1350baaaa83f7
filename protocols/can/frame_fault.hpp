// What goes wrong with frames on a bus, on purpose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "protocols/can/filter.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/fault_trigger.hpp"
#include "protocols/time.hpp"

namespace canstage::can {

/// The bits of one data byte that matter, and what they are.
struct byte_bits {
  std::uint8_t value = 0;
  std::uint8_t mask = 0;
  friend bool operator==(const byte_bits&, const byte_bits&) = default;
};

/// Which frames a fault looks at: those that fit in every respect that is named.
struct frame_pattern {
  std::vector<filter> ids{};             ///< one of them accepts it; empty: any frame
  std::optional<std::uint8_t> pci{};     ///< type of N_PCI: 0 SF, 1 FF, 2 CF, 3 FC
  std::size_t address_bytes = 0;         ///< in front of the N_PCI
  std::vector<byte_bits> data{};         ///< the first bytes; longer than the frame: it does not fit
  std::vector<filter> begins_message{};  ///< where an FF begins the counting of `nth` anew; empty: nowhere

  bool matches(const frame& f) const;
  bool is_begin_of_message(const frame& f) const;
};

enum class frame_action : std::uint8_t {
  drop,       ///< sent and confirmed, but heard by nobody
  corrupt,    ///< an error frame destroys it; it is sent again
  alter,      ///< other bytes arrive, and nobody notices
  duplicate,  ///< it is sent once more
  delay,      ///< confirmed as if it were sent, but sent later
  reorder,    ///< confirmed as if it were sent, but sent behind the next frame of its node
  bus_off,    ///< its node is bus off, and the frame waits until that is over
  tell,       ///< nothing: somebody wants to know
};

struct frame_fault {
  std::uint32_t number = 0;  ///< in incidents, and to switch it
  frame_pattern match{};
  fault_trigger when{};
  frame_action action = frame_action::drop;
  duration by{0};                    ///< delay: how long; reorder, bus_off: how long at most, or at least
  std::vector<byte_bits> altered{};  ///< alter: what the first bytes become; empty: one bit is another
  std::uint32_t copies = 1;          ///< duplicate: further frames
};

}  // namespace canstage::can
