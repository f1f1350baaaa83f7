#include "transports/unix_time.hpp"

#include <chrono>

namespace canstage::transports {

duration since_1970() { return std::chrono::system_clock::now().time_since_epoch(); }

}  // namespace canstage::transports
