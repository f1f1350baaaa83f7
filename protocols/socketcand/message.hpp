// What socketcand and its clients say in raw mode, one text between '<' and '>' each:
//
//   client   < send 7DF 3 02 10 03 >              a frame: length 0-8, then its bytes
//   server   < frame 7E8 1345212884.318850 025003 >   a frame: when it was received, its bytes
//
// Identifiers of 8 digits are extended. So are all above 7FF, because python-can writes no leading zeros.
// There are neither remote frames nor CAN FD.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"

namespace canstage::socketcand {

/// Where it listens if nobody says otherwise.
inline constexpr unsigned usual_port = 29536;

/// The longest text that a peer may send, as in socketcand itself.
inline constexpr std::size_t longest_text = 4000;

/// The words of a text; they point into it.
std::vector<std::string_view> words_of(std::string_view text);

/// Whether `send` and `frame` can say it: a classic data frame.
constexpr bool can_carry(const can::frame& f) { return !f.flags.fd && !f.flags.remote; }

/// Appends "< send ... >" of a frame that can be carried.
void append_send(std::string& out, const can::frame& f);

/// Reads the words of a `send`. Nothing: `problem` says what is wrong, without a full stop.
std::optional<can::frame> parse_send(const std::vector<std::string_view>& words, std::string& problem);

/// Appends "< frame ... >" of a frame that can be carried. `since_1970` is not negative. `between` stands
/// between the bytes: nothing in raw mode, a blank in the mode of the broadcast manager.
void append_frame(std::string& out, const can::frame& f, duration since_1970, std::string_view between = "");

struct received_frame {
  can::frame content;
  std::chrono::microseconds since_1970{};  ///< by the server's clock
};

/// Reads the words of a `frame`, with or without blanks between the bytes.
std::optional<received_frame> parse_frame(const std::vector<std::string_view>& words);

}  // namespace canstage::socketcand
