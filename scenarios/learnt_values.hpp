// Values of scenario files as they are written, the other way round than `quantity.hpp` reads them.
#pragma once

#include <yaml-cpp/emitter.h>

#include <optional>
#include <string>
#include <string_view>

#include "protocols/can/identifier.hpp"
#include "protocols/learn/overheard.hpp"
#include "protocols/uds/varying_time.hpp"

namespace canstage::scenarios {

/// "2.5ms", "6s": exact.
std::string written_time(duration time);

std::string written_identifier(can::identifier id);
std::string written_byte(std::uint8_t byte);

/// A key and its value in the map that is open.
void put(YAML::Emitter& out, std::string_view key, const std::string& plain);
/// Likewise in quotes: hexadecimal.
void put_hex(YAML::Emitter& out, std::string_view key, const std::string& hex);

void put(YAML::Emitter& out, std::string_view key, const uds::varying_time& time);

/// The key `isotp`, if there is anything to say. `receives`: the longest message that comes.
void put_isotp(YAML::Emitter& out, const learn::habits& sends);

}  // namespace canstage::scenarios
