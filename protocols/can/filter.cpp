#include "protocols/can/filter.hpp"

namespace canstage::can {

namespace {

constexpr std::uint32_t remote_flag = 0x4000'0000;
constexpr std::uint32_t inverted_flag = 0x2000'0000;  // in a frame's word: an error frame
constexpr std::uint32_t kind_flags = identifier::extended_flag | remote_flag;

std::uint32_t can_id_of(const frame& f) { return f.id.raw() | (f.flags.remote ? remote_flag : 0U); }

/// The bits of a filter that are compared.
std::uint32_t compared_bits(const filter& filter) {
  const bool base_format_only = (filter.mask & ~filter.id & identifier::extended_flag) != 0;
  return filter.mask &
         (kind_flags | (base_format_only ? identifier::standard_mask : identifier::extended_mask));
}

}  // namespace

filter filter::exactly(identifier id) {
  return {id.raw(), kind_flags | (id.is_extended() ? identifier::extended_mask : identifier::standard_mask)};
}

bool filter::is_exact() const {
  if ((id & (inverted_flag | remote_flag)) != 0) return false;
  const bool extended = (id & identifier::extended_flag) != 0;
  return compared_bits(*this) ==
         (kind_flags | (extended ? identifier::extended_mask : identifier::standard_mask));
}

bool filter::accepts(const frame& f) const {
  const bool equal = ((can_id_of(f) ^ id) & compared_bits(*this)) == 0;
  return equal != ((id & inverted_flag) != 0);
}

}  // namespace canstage::can
