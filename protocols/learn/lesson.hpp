// What was learnt from a recording: ECUs that answer as in it, and who asked them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/learn/overheard.hpp"
#include "protocols/learn/pairing.hpp"
#include "protocols/uds/varying_time.hpp"

namespace canstage::learn {

/// The formats of ISO 15765-2, as identifiers and address bytes show them.
enum class address_format : std::uint8_t { normal, normal_fixed, extended, mixed, mixed_29 };

/// What an ECU does with one request. Of several with one request the first counts so many `times`, then
/// the next one.
struct rule {
  bytes request;
  bytes answer;          ///< empty: silence
  bool as_nrc = false;   ///< the answer is negative, and left out where the standard says so
  bool pending = false;  ///< 0x78 came before it: `time` is working time
  std::optional<uds::varying_time> time{};  ///< from the end of the request
  std::uint32_t times = 0;                  ///< 0: always
};

/// When 0x78 went out; only what differs from the defaults of a server.
struct pending_times {
  std::optional<duration> first{};
  std::optional<duration> every{};
  std::optional<std::uint32_t> count{};
  std::optional<duration> p2{};
  std::optional<duration> p2_star{};
};

struct ecu {
  std::string name;
  connection addresses;
  address_format format = address_format::normal;
  std::optional<n_ai> functional{};
  habits sends{};
  std::size_t tester = 0;
  std::vector<rule> rules{};                         ///< by request, ascending
  std::optional<uds::varying_time> response_time{};  ///< of all answers that no 0x78 came before
  pending_times pendings{};
};

struct tester {
  std::string name;
  std::string bus;
  address_format format = address_format::normal;
  std::uint8_t address = 0xF1;  ///< normal_fixed, extended, mixed_29
  std::optional<n_ai> functional{};
  habits sends{};
};

/// What one ECU did in a step.
struct reaction {
  std::size_t ecu = 0;
  bytes answer{};  ///< empty: silence
  std::size_t pendings = 0;
};

/// A request of a tester.
struct step {
  duration pause{0};  ///< after the one before
  std::size_t tester = 0;
  std::optional<std::size_t> to{};  ///< none: functional
  bytes request{};
  std::optional<duration> window{};  ///< where the usual one does not do
  std::vector<reaction> expected{};  ///< functional: of those that answered
};

struct lesson {
  std::vector<std::string> buses;  ///< in the order of their names
  bool fd = false;
  std::vector<ecu> ecus;  ///< by bus and identifier of the answers, ascending
  std::vector<tester> testers;
  std::vector<step> steps;
  std::size_t requests = 0;          ///< that an ECU heard, each counted once for each ECU
  std::vector<std::string> remarks;  ///< what could not be used, a sentence each
};

/// Everything of a recording.
lesson learn(const overheard& all);

}  // namespace canstage::learn
