// Requests and their answers, as a recording has them, ECU by ECU.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "protocols/learn/pairing.hpp"

namespace canstage::learn {

/// One request that an ECU heard, and what it did. Messages are indices of `overheard::messages`.
struct exchange {
  std::size_t request = 0;
  bool functional = false;
  std::vector<std::size_t> pendings{};  ///< 7F xx 78
  std::optional<std::size_t> answer{};  ///< none: silence
};

struct ecu_exchanges {
  std::vector<exchange> list;                  ///< in the order of the requests
  std::optional<std::size_t> functional{};     ///< the stream of the functional requests that it answers
  std::vector<std::size_t> without_request{};  ///< messages of the ECU that answer nothing
};

/// `with`: one of the connections of `who`. Functional requests count if the ECU answers any of their stream.
ecu_exchanges exchanges_of(const overheard& all, const pairing& who, const connection& with);

}  // namespace canstage::learn
