#include "protocols/isotp/pairs.hpp"

#include <cstdint>

#include "protocols/isotp/parameters.hpp"

namespace canstage::isotp {

std::optional<can::identifier> request_identifier_for(can::identifier response) {
  const std::uint32_t value = response.value();
  if (!response.is_extended()) {
    if (value < 0x7E8 || value > 0x7EF) return std::nullopt;
    return can::identifier::standard(value - 8);
  }
  const auto target = static_cast<std::uint8_t>(value >> 8);
  const auto source = static_cast<std::uint8_t>(value);
  if (response != normal_fixed_physical(target, source)) return std::nullopt;
  return normal_fixed_physical(source, target);
}

}  // namespace canstage::isotp
