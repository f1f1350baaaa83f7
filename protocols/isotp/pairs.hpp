// The two identifiers of a pair, where one follows from the other.
#pragma once

#include <optional>

#include "protocols/can/identifier.hpp"

namespace canstage::isotp {

/// The physical request identifier of the ECU that answers on `response`: 7E0-7E7 for 7E8-7EF
/// (ISO 15765-4), source and target swapped for normal fixed addressing (18DAttss). None if the
/// pair cannot be derived.
std::optional<can::identifier> request_identifier_for(can::identifier response);

}  // namespace canstage::isotp
