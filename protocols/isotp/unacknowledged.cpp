#include "protocols/isotp/unacknowledged.hpp"

namespace canstage::isotp {

can::frame unacknowledged(const parameters& settings, can::identifier id, byte_view data) {
  bytes content(data.begin(), data.end());
  if (settings.padding) content.resize(can::max_classic_length, *settings.padding);
  return settings.tx_dl > can::max_classic_length ? can::fd_frame(id, content, settings.bit_rate_switch)
                                                  : can::data_frame(id, content);
}

}  // namespace canstage::isotp
