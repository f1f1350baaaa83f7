// The statements about ISO 15765-2 (ISOTP-001 to ISOTP-107), and how each is seen from outside.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/conformance/script.hpp"
#include "protocols/conformance/setting.hpp"

namespace canstage::conformance {

/// How sure it is that the standard says so.
enum class certainty : std::uint8_t {
  certain,
  uncertain,  ///< well known, but not found literally, or different between editions and tools
};

/// What has to be there for a statement to show.
enum need : std::uint16_t {
  need_nothing = 0,
  need_echo = 1 << 0,        ///< messages come back
  need_classic = 1 << 1,     ///< TX_DL 8
  need_fd = 1 << 2,          ///< TX_DL above 8
  need_no_address = 1 << 3,  ///< normal addressing
  need_address = 1 << 4,     ///< an address byte
  need_functional = 1 << 5,  ///< a functional identifier
  need_full_duplex = 1 << 6,
  need_half_duplex = 1 << 7,
  need_4096 = 1 << 8,  ///< messages above 4095 bytes
};

constexpr need operator|(need a, need b) {
  return static_cast<need>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

struct statement {
  unsigned number = 0;
  std::string_view title;
  certainty sure = certainty::certain;
  need needs = need_nothing;
  script (*play)(const setting& known) = nullptr;               ///< null: it does not show on a bus
  std::string_view hidden;                                      ///< why not
  std::string_view (*refused)(const setting& known) = nullptr;  ///< a need of its own; empty: it is met
};

/// All of them, by number.
std::span<const statement> statements();

/// Why `what` cannot be seen with this stack; none: it can.
std::optional<std::string> obstacle(const statement& what, const setting& known);

/// "ISOTP-042".
std::string name_of(const statement& what);

/// "ISOTP-042" or "42"; null: there is none of that name.
const statement* find_statement(std::string_view name);

// The parts that `statements` puts together.

std::span<const statement> single_frame_statements();
std::span<const statement> first_frame_statements();
std::span<const statement> consecutive_frame_statements();
std::span<const statement> flow_control_statements();
std::span<const statement> duplex_statements();
std::span<const statement> addressing_and_timing_statements();

}  // namespace canstage::conformance
