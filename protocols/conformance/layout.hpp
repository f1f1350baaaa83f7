// How a message lies in N_PDUs, written down a second time: what judges a stack shares no code with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protocols/bytes.hpp"

namespace canstage::conformance {

/// The N_PDUs of `sdu`, each from its N_PCI on and without fillers: an SF, or an FF and its CFs.
/// `address_bytes`: A, 0 or 1. `dl`: TX_DL.
std::vector<bytes> layout(const bytes& sdu, std::size_t address_bytes, std::size_t dl);

/// The same, but never an SF: the FF of a message that is as long as `sdu` or longer.
std::vector<bytes> segmented_layout(const bytes& sdu, std::size_t address_bytes, std::size_t dl);

}  // namespace canstage::conformance
