// For describe.cpp and its parts: reads a message from front to back and collects what it says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/bytes.hpp"

namespace canstage::uds {

class message_text {
 public:
  /// `data`: what stands behind the SID.
  explicit message_text(byte_view data) : rest_(data) {}

  std::size_t left() const { return rest_.size(); }
  bool cut_off() const { return cut_off_; }

  /// Without SPRMIB; 0 for services that have none.
  std::uint8_t subfunction() const { return subfunction_; }
  void set_subfunction(std::uint8_t value) { subfunction_ = value; }

  /// The next `count` (up to 4) bytes as a number; 0 if they are not there, which is noted.
  std::uint32_t number(std::size_t count);

  /// The next `count` bytes, or as many as there are, which is noted.
  byte_view take(std::size_t count);
  byte_view rest() { return take(left()); }

  /// One more part of the line; an empty one is none. Nothing once the message was cut off.
  void add(std::string part);

  /// `label` and data, if there is any: "options 01 02".
  void add_data(std::string_view label, byte_view data);

  /// The parts, and that the message is too short if it is.
  std::string text() const;

 private:
  byte_view rest_;
  std::string parts_;
  bool cut_off_ = false;
  std::uint8_t subfunction_ = 0;
};

/// Upper-case hex, two digits for each of `count` bytes: "F190".
std::string hex_text(std::uint32_t value, std::size_t count);

/// `"WVWZZZ1JZXW000001"` for printable characters (at least 4), else hex, cut after 16 bytes.
std::string data_text(byte_view data);

/// "F190 VIN"
std::string did_text(std::uint16_t did);

/// What a service's bytes behind the SID say.
using describe_function = void (*)(message_text& in);

struct description {
  std::uint8_t sid = 0;
  describe_function request = nullptr;
  describe_function answer = nullptr;
};

/// Null: nothing is known of that service.
const description* find_transfer_description(std::uint8_t sid);
const description* find_dtc_description(std::uint8_t sid);

}  // namespace canstage::uds
