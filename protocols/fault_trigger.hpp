// When something goes wrong on purpose: which of the occasions that a fault looks at it takes.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocols/random.hpp"
#include "protocols/time.hpp"

namespace canstage {

struct fault_trigger {
  static constexpr std::uint32_t always = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t certain = 1'000'000;

  std::uint32_t nth = 1;                ///< the first occasion that it takes, from 1
  std::uint32_t times = 1;              ///< how many it takes at most
  std::uint32_t per_million = certain;  ///< how probable it is that it takes one
  instant from{};                       ///< occasions before are none
  instant until = never;                ///< nor are those from then on
  bool armed = true;                    ///< false: a step arms it

  friend bool operator==(const fault_trigger&, const fault_trigger&) = default;
};

/// The occasions, numbered from 1 and ascending, to which a fault is confined: a run is played again with
/// some of its faults only.
using fault_schedule = std::vector<std::uint32_t>;

/// What a run knows about all of its faults' randomness.
struct fault_draw {
  random_stream randomness;                      ///< of this fault alone
  std::shared_ptr<const fault_schedule> only{};  ///< null: wherever the trigger says
};

/// The trigger of one fault at work.
class fault_state {
 public:
  fault_state(const fault_trigger& when, fault_draw draw);

  // Inputs.
  void arm(bool on) { armed_ = on; }
  /// The counting of `nth` begins anew.
  void begin_message() { in_message_ = 0; }

  /// One more occasion. Its number if the fault takes it.
  std::optional<std::uint32_t> on_occasion(instant now);

  random_stream& randomness() { return draw_.randomness; }

 private:
  fault_trigger when_;
  fault_draw draw_;
  std::uint32_t in_message_ = 0;
  std::uint32_t occasions_ = 0;  ///< of the whole run
  std::uint32_t taken_ = 0;
  bool armed_;
};

}  // namespace canstage
