// Frames for tests: from the text of the standard's tables, and at random.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <ostream>
#include <string_view>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"

namespace canstage::can {

inline std::ostream& operator<<(std::ostream& out, identifier id) {
  return out << std::hex << id.value() << std::dec << (id.is_extended() ? "x" : "");
}

inline std::ostream& operator<<(std::ostream& out, const frame& f) {
  return out << f.id << (f.flags.remote ? " remote" : "") << (f.flags.fd ? " fd" : "")
             << (f.flags.bit_rate_switch ? " brs" : "") << (f.flags.error_state_indicator ? " esi" : "")
             << " dlc " << int{dlc(f)} << " [" << to_hex(f.payload()) << "]";
}

namespace test {

inline bytes hex(std::string_view text) {
  text_error error;
  return parse_hex(text, error).value();
}

inline frame remote_frame(identifier id, std::uint8_t length) {
  frame f;
  f.id = id;
  f.flags.remote = true;
  f.length = length;
  return f;
}

/// Bytes as they provoke stuffing: plain random ones have few long runs.
inline rc::Gen<std::vector<std::uint8_t>> any_bytes(std::size_t count) {
  const auto byte = rc::gen::oneOf(rc::gen::arbitrary<std::uint8_t>(),
                                   rc::gen::element<std::uint8_t>(0x00, 0xFF, 0x0F, 0xF0, 0xF8, 0x1F, 0xC1));
  return rc::gen::container<std::vector<std::uint8_t>>(count, byte);
}

inline rc::Gen<identifier> any_identifier() {
  return rc::gen::map(rc::gen::pair(rc::gen::arbitrary<bool>(),
                                    rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 1U << 29),
                                                   rc::gen::element<std::uint32_t>(0, 0x1FFF'FFFF, 0x7FF))),
                      [](const std::pair<bool, std::uint32_t>& choice) {
                        return choice.first ? identifier::extended(choice.second)
                                            : identifier::standard(choice.second);
                      });
}

/// Any valid frame: data, remote, raw DLC, FD with and without rate switch.
inline frame any_frame() {
  const identifier id = *any_identifier();
  if (*rc::gen::arbitrary<bool>()) {
    const std::uint8_t length = length_for_dlc(*rc::gen::inRange<std::uint8_t>(0, 16), true);
    frame f = fd_frame(id, *any_bytes(length), *rc::gen::arbitrary<bool>());
    f.flags.error_state_indicator = *rc::gen::arbitrary<bool>();
    return f;
  }
  const auto code = *rc::gen::inRange<std::uint8_t>(0, 16);
  const std::uint8_t length = length_for_dlc(code, false);
  frame f = *rc::gen::arbitrary<bool>() ? data_frame(id, *any_bytes(length)) : remote_frame(id, length);
  if (code > max_classic_length) f.raw_dlc = code;
  return f;
}

}  // namespace test
}  // namespace canstage::can
