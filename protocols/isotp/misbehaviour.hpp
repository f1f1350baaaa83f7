// Deviations on purpose: what a faulty peer does to the transport layer, one option each.
//
// An endpoint misbehaves only in what it sends; its own bookkeeping goes on as if it had behaved, so
// that its confirms and indications are those of a node that does not know about its fault.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/time.hpp"

namespace canstage::isotp {

/// Which frames of its kind an option applies to: from the `nth` on (from 1), `times` of them, counted
/// anew in each message or once over the whole run (since `endpoint::misbehave`). A CF counts when
/// it is sent or dropped, an FC when it is sent or withheld.
struct trigger {
  enum class scope : std::uint8_t { per_message, per_run };
  static constexpr std::uint32_t always = std::numeric_limits<std::uint32_t>::max();

  std::uint32_t nth = 1;
  std::uint32_t times = 1;
  scope counted = scope::per_message;
  std::uint32_t per_million = 1'000'000;  ///< how probable it is, for each of them

  friend bool operator==(const trigger&, const trigger&) = default;
};

inline constexpr std::size_t fault_count = 10;

/// The kinds of N_PDU.
enum class n_pdu_kind : std::uint8_t { single, first, consecutive, flow_control };

struct misbehaviour {
  struct late {
    trigger when = {};
    duration delay{};  ///< beside STmin and N_Cs
    friend bool operator==(const late&, const late&) = default;
  };

  struct value {
    trigger when = {};
    std::uint8_t code = 0;
    friend bool operator==(const value&, const value&) = default;
  };

  struct ff_dl {
    trigger when = {};
    std::optional<std::uint32_t> value = {};  ///< what is announced; none: the true length + `delta`
    std::int64_t delta = 0;
    friend bool operator==(const ff_dl&, const ff_dl&) = default;
  };

  struct cut {
    trigger when = {};
    n_pdu_kind kind = n_pdu_kind::consecutive;
    std::uint8_t length = 1;  ///< data bytes that are left, the next lower FD length above 8
    friend bool operator==(const cut&, const cut&) = default;
  };

  // As sender.

  std::optional<trigger> wrong_sn = {};     ///< the CF has an SN one too high (ISOTP-042)
  std::optional<trigger> repeated_sn = {};  ///< the CF is sent once more before the next (ISOTP-043)
  std::optional<trigger> drop_cf = {};      ///< the CF is not sent; the next one has the next SN
  std::optional<trigger> early_cf = {};     ///< the CF does not wait for STmin and N_Cs (ISOTP-064)
  std::optional<late> late_cf = {};         ///< the CF comes late (ISOTP-051)
  std::optional<ff_dl> wrong_ff_dl = {};    ///< the FF announces another length (ISOTP-024, 025, 027)

  // As receiver.

  std::optional<trigger> withhold_fc = {};   ///< the FC is not sent (ISOTP-060)
  std::optional<value> reserved_fs = {};     ///< the FC has FS `code`, 3-F (ISOTP-070)
  std::optional<value> reserved_stmin = {};  ///< the FC has STmin `code`, 80-F0 or FA-FF (ISOTP-065)

  // Both.

  std::optional<cut> short_frames = {};  ///< frames without their end (ISOTP-026, 046, 047, 071)

  std::array<std::uint32_t, fault_count> labels{};  ///< what its user calls each option, by `fault`
  std::uint64_t chance = 0;                         ///< seed of what is probable

  friend bool operator==(const misbehaviour&, const misbehaviour&) = default;
};

/// The options by name.
enum class fault : std::uint8_t {
  wrong_sn,
  repeated_sn,
  drop_cf,
  early_cf,
  late_cf,
  wrong_ff_dl,
  withhold_fc,
  reserved_fs,
  reserved_stmin,
  short_frames,
};

/// "wrong_sn" ...
std::string_view to_string(fault what);

/// Whether it is asked for.
bool has(const misbehaviour& of, fault what);

/// As if it had never been asked for.
void leave_out(misbehaviour& of, fault what);

/// How often each option was applied, by `fault`.
using fault_counts = std::array<std::uint64_t, fault_count>;

/// What is no misbehaviour (an FS of 0-2, an nth of 0 ...), a sentence each; nothing if all is well.
std::vector<std::string> validate(const misbehaviour& options);

}  // namespace canstage::isotp
