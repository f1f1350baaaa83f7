// What came out of one statement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/can/frame.hpp"
#include "protocols/time.hpp"

namespace canstage::conformance {

/// A frame on the bus while a statement was played.
struct logged_frame {
  instant at;  ///< end of the frame
  bool of_stack = false;
  can::frame content;
};

/// The frames of a statement; of very many the first and the last ones.
class frame_log {
 public:
  static constexpr std::size_t kept_at_each_end = 40;

  void add(const logged_frame& f);

  std::size_t sent() const { return sent_; }          ///< by the driver
  std::size_t received() const { return received_; }  ///< from the stack

  const std::vector<logged_frame>& head() const { return head_; }
  std::vector<logged_frame> tail() const;
  std::size_t left_out() const;  ///< between head and tail

 private:
  std::vector<logged_frame> head_;
  std::vector<logged_frame> tail_;  ///< a ring
  std::size_t sent_ = 0;
  std::size_t received_ = 0;
};

enum class verdict : std::uint8_t {
  passed,
  failed,
  deviation,       ///< not as the statement says, which is itself not certain
  not_observable,  ///< `reason` says why
};

/// "passed", "failed", "deviation", "not_observable": the name that programs see.
std::string_view to_string(verdict what);

struct finding {
  bool met = false;
  std::string expected;  ///< what was not met: "FF of the echo (10 14 25 26) within 900 ms"
  std::string got;       ///< "nothing", "32 00 00 after 1.2 ms"
  std::string obstacle;  ///< not empty: it turned out that there is nothing to see
  frame_log frames;
  instant began;
  instant ended;
};

/// "900 ms", "300 us": a time as expectations say it.
std::string time_text(duration time);

}  // namespace canstage::conformance
