// What a server does with a request, apart from time: the checks of ISO 14229-1 in their order, and a
// table of services. A new service is a row of its family's table and a function.
//
// Order of the checks, the first that fails gives the NRC:
//   1. SID unknown                                                   0x11
//   2. SID not in the active diagnostic session                      0x7F
//   3. not authenticated, not unlocked for the whole service         0x34, 0x33
//   with sub-function:
//   4. shorter than 2                                                0x13
//   5. sub-function unknown                                          0x12
//   6. sub-function not in this diagnostic session                   0x7E
//   7. not authenticated, not unlocked for the sub-function          0x34, 0x33
//   8. requests in a wrong order                                     0x24
//   9. length other than the one the row gives                       0x13
//   then the service's own, then
//  10. answer longer than `max_response`                             0x14
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "protocols/bytes.hpp"
#include "protocols/random.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/service.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

/// What became of a request.
struct outcome {
  bytes answer;                              ///< as it would be sent if nothing suppressed it
  bool suppress_positive = false;            ///< SPRMIB was set; says nothing about negative answers
  std::optional<std::uint8_t> reset_type{};  ///< the ECU restarts after the answer
  std::optional<varying_time> takes{};       ///< working time

  /// The answer's NRC; none: a positive answer.
  std::optional<std::uint8_t> nrc_code() const {
    if (answer.size() != 3 || answer[0] != negative_response) return std::nullopt;
    return answer[2];
  }
};

/// The services that canstage knows, ascending by SID.
std::span<const service> all_services();

/// Whether this ECU has the service at all.
bool is_present(const service& row, const server_config& config);

/// Checks and executes one request with a SID, received `now`. `table` is `all_services()` but for tests.
outcome execute(server_state& state, byte_view request, instant now, random_stream& randomness,
                std::span<const service> table = all_services());

/// Not sent to a functional request (ISO 14229-1 clause 7.5): 11, 12, 31, 7E and 7F, which every ECU that
/// is not meant would send.
bool is_suppressed_for_functional(std::uint8_t nrc_code);

}  // namespace canstage::uds
