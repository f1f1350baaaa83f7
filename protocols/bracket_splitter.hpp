// Texts between '<' and '>' in a stream of bytes: how socketcand and isotpserver frame what they say.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace canstage {

/// A '<' within a text is part of it; a '>' outside of one is astray.
class bracket_splitter {
 public:
  /// Longer texts are given up; what is left of them is read over.
  explicit bracket_splitter(std::size_t longest) : longest_(longest) {}

  /// The next complete text, without its brackets, valid until the next call; it is cut off the front
  /// of `input`. Nothing: all of `input` was taken in, and more has to come.
  std::optional<std::string_view> next(std::string_view& input);

  /// A '<' came, but its '>' did not yet.
  bool unfinished() const { return open_; }

  /// Bytes so far that belong to no text: those between texts, except blanks and line ends, and those of
  /// texts that were too long.
  std::size_t astray() const { return astray_; }

 private:
  void take_in(std::string_view part);

  std::size_t longest_;
  std::string text_;
  bool open_ = false;
  bool given_up_ = false;  ///< the text that is open is too long
  bool used_ = false;      ///< `text_` was handed out
  std::size_t astray_ = 0;
};

}  // namespace canstage
