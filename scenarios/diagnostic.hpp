// What is wrong with a scenario file, collected while reading on.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "scenarios/position.hpp"

namespace canstage::scenarios {

struct diagnostic {
  std::string file;
  position where;
  std::string message;  ///< one line: what was found, and what would be right
};

/// "file:line:column: message".
std::string to_string(const diagnostic& problem);

/// Problems in any order, reported in the order of the file. One mistake is often seen from several
/// sides, or by many ECUs that inherit it: the first message of a place is kept, the others are not.
class problem_list {
 public:
  static constexpr std::size_t most_reported = 20;

  explicit problem_list(std::string file) { files_.push_back(std::move(file)); }

  /// The number of a further file, for `position::file`.
  std::uint16_t add_file(std::string file);

  void add(position where, std::string message);
  bool empty() const { return found_.empty(); }

  /// By file and position, at most `most_reported`.
  std::vector<diagnostic> take();

 private:
  std::vector<std::string> files_;
  std::map<std::tuple<std::uint16_t, int, int>, std::string> found_;
};

/// The known word that `wrong` is most likely meant to be; empty if none is near.
std::string_view nearest(std::string_view wrong, std::span<const std::string_view> known);

/// "unknown KIND 'WRONG'; did you mean 'NEAR'?", or what is known if nothing is near. `place` follows
/// the wrong word, as " in uds".
std::string unknown_word(std::string_view kind, std::string_view wrong,
                         std::span<const std::string_view> known, std::string_view place = {});

/// A text from the file within a message: in quotes, one line, of bearable length.
std::string shown(std::string_view text);

}  // namespace canstage::scenarios
