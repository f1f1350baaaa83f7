// Reads a trace from memory, entry by entry.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/trace/record.hpp"
#include "protocols/trace/writer.hpp"

namespace canstage::trace {

class reader {
 public:
  reader() = default;
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;
  virtual ~reader() = default;

  /// The next entry; nothing at the end, and where something is wrong: then `problem` says what and
  /// where.
  virtual std::optional<record> next() = 0;

  /// "line 12: expected a number"; empty if all is well so far.
  const std::string& problem() const { return problem_; }

  /// How many things were passed over because they are no frames, or none that can be held.
  std::size_t passed_over() const { return passed_over_; }

 protected:
  std::string problem_;
  std::size_t passed_over_ = 0;
};

/// `content` outlives the reader. A file that a crash has cut short ends with its last whole entry.
std::unique_ptr<reader> make_reader(file_format format, std::string_view content);

}  // namespace canstage::trace
