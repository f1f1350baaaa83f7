#include "protocols/isotp/parameters.hpp"

namespace canstage::isotp {

namespace {

// id = priority << 26 | PF << 16 | TA << 8 | SA, with the default priority 6.
can::identifier normal_fixed(std::uint32_t pdu_format, std::uint8_t target, std::uint8_t source) {
  constexpr std::uint32_t priority = 6;
  return can::identifier::extended((priority << 26) | (pdu_format << 16) |
                                   (static_cast<std::uint32_t>(target) << 8) | source);
}

}  // namespace

can::identifier normal_fixed_physical(std::uint8_t target, std::uint8_t source) {
  return normal_fixed(0xDA, target, source);
}

can::identifier normal_fixed_functional(std::uint8_t target, std::uint8_t source) {
  return normal_fixed(0xDB, target, source);
}

}  // namespace canstage::isotp
