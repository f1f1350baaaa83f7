#include "protocols/can/frame_fault.hpp"

#include <algorithm>

namespace canstage::can {

namespace {

bool accepted(const std::vector<filter>& by, const frame& f) {
  return std::any_of(by.begin(), by.end(), [&](const filter& one) { return one.accepts(f); });
}

constexpr unsigned first_frame = 1;

}  // namespace

bool frame_pattern::matches(const frame& f) const {
  if (!ids.empty() && !accepted(ids, f)) return false;
  const auto payload = f.payload();
  if (pci && (payload.size() <= address_bytes || payload[address_bytes] >> 4 != *pci)) return false;
  if (data.size() > payload.size()) return false;
  return std::equal(data.begin(), data.end(), payload.begin(),
                    [](const byte_bits& wanted, std::uint8_t byte) {
                      return (byte & wanted.mask) == (wanted.value & wanted.mask);
                    });
}

bool frame_pattern::is_begin_of_message(const frame& f) const {
  const auto payload = f.payload();
  return payload.size() > address_bytes && payload[address_bytes] >> 4 == first_frame &&
         accepted(begins_message, f);
}

}  // namespace canstage::can
