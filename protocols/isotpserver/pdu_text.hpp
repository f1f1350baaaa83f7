// How can-utils' isotpserver and its clients write messages to each other over TCP: hex digits between
// '<' and '>', one message each.
//
//   client   <22F190>       digits of either case; what is outside of the brackets is ignored
//   server   <62F190574156>\n   upper case, and a line end
//
// There is no greeting, no acknowledgement and no text for errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/bracket_splitter.hpp"
#include "protocols/bytes.hpp"
#include "protocols/time.hpp"

namespace canstage::isotpserver {

/// Longer messages isotpserver does not take.
inline constexpr std::size_t longest_message = 6000;

/// Appends the message as a server writes it; clients take no harm from the line end.
void append_message(std::string& out, byte_view message);

/// Reads what a peer writes. A message without digits, with an odd number of them, with other characters,
/// or too long is read over, as isotpserver does; so is everything outside of the brackets.
class reader {
 public:
  /// How long half a message may wait for its other half.
  static constexpr duration patience = std::chrono::seconds{10};

  /// Who sends that many bytes without one good message among them does not talk to an isotpserver.
  static constexpr std::size_t most_ignored = 1 << 16;

  // Inputs.
  void on_bytes(std::string_view input) { input_ += input; }
  void on_time(instant now);

  /// The next message; nothing if more has to come.
  std::optional<bytes> next(instant now);

  instant deadline() const { return unfinished_until_; }

  /// Messages that were read over.
  std::size_t ignored() const { return ignored_; }

  /// Why the peer is to be given up; empty: it is not.
  const std::string& problem() const { return problem_; }

 private:
  bracket_splitter splitter_{2 * longest_message};
  std::string input_;
  std::size_t read_ = 0;           ///< of `input_`
  std::size_t bad_bytes_ = 0;      ///< of messages that were read over, since the last good one
  std::size_t astray_before_ = 0;  ///< that message
  std::size_t ignored_ = 0;
  std::string problem_;
  instant unfinished_until_ = never;
};

}  // namespace canstage::isotpserver
