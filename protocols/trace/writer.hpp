// Writes a trace, piece by piece: what was appended so far is a file that can be read, also if nothing
// more comes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"

namespace canstage::trace {

enum class file_format : std::uint8_t { candump_log, asc, pcapng };

/// By the ending of a file's name, of either case: .log, .asc, .pcapng.
std::optional<file_format> format_of(std::string_view file_name);

/// The endings, for messages.
inline constexpr std::string_view format_wish = ".log (candump), .asc or .pcapng";

/// One entry as it is written. The views are read during the call only.
struct entry {
  instant time;           ///< by the trace's clock, not negative
  std::uint32_t bus = 0;  ///< by the order of `add_bus`
  const can::frame& content;
  std::uint32_t error_classes = 0;  ///< not 0: an error message, see `record`
  std::string_view comment{};
};

/// Appends to `out` what belongs into the file next. In this order: `begin`, then `add_bus` before the
/// first entry of each bus, entries in the order of time, `end`.
class writer {
 public:
  writer() = default;
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  virtual ~writer() = default;

  virtual void begin(std::string& out) = 0;

  /// `name` is one word.
  virtual void add_bus(std::string& out, std::string_view name) = 0;
  virtual void add(std::string& out, const entry& what) = 0;

  /// Something that is no frame: a fault, a step. Left out by formats that have no place for it.
  virtual void remark(std::string& out, instant time, std::string_view text) = 0;
  virtual void end(std::string& out) = 0;
};

std::unique_ptr<writer> make_writer(file_format format);

}  // namespace canstage::trace
