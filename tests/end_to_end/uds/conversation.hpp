// Talks to simulated ECUs through the whole stack, tester to ISO-TP to bus to ECU and back, in virtual
// time, in both casts, which have to agree to the byte:
//
//   converse("uds: { dids: { F190: ABC } }", {
//       ask("22 F1 90", "62 F1 90 41 42 43"),
//       ask_all("22 12 34", silence),
//       wait("5100ms"),
//   });
//
// Answers are patterns of the scenario format, so captures ("67 01 {seed:4}") can be used in later
// requests. Every turn is judged; what fails is printed as `canstage run` prints it.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace canstage::conversation {

/// Instead of an answer.
inline constexpr std::string_view silence = "";

/// One step of the script.
class turn {
 public:
  /// `action` and `expectation` are YAML; the latter is empty, a scalar, or the inner part of a map.
  turn(std::string action, std::string expectation);

  /// The first reaction begins by then, after the end of the request.
  turn within(std::string_view time) const;
  /// The final answer is complete by then.
  turn final_within(std::string_view time) const;
  /// So many 0x78 come before the final answer: a count, or a map as in a scenario.
  turn pending(std::string_view expected) const;
  /// How long an answer may take to begin, or, where silence is expected, how long it is listened.
  turn window(std::string_view time) const;

  std::string yaml(const std::string& indentation) const;

 private:
  turn expect(std::string_view key, std::string_view value) const;

  std::string action_;
  std::string expectation_;
  std::string window_;
};

/// A physical request to `ecu` and its final answer, or `silence`.
turn ask(std::string_view request, std::string_view answer);
/// The same to another ECU.
turn ask_other(std::string_view who, std::string_view request, std::string_view answer);
/// A functional request, answered so by every ECU.
turn ask_all(std::string_view request, std::string_view answer);
turn wait(std::string_view time);
/// A power cycle.
turn power_cycle();
/// Any other step, as YAML: "parallel: ...", indented from column 0.
turn step(std::string_view yaml);

/// Plays the turns in order. `ecu` are keys of the ECU named `ecu` (7E0, 7E8, functional 7DF); `others`
/// are further entries of `ecus:`, indented by two blanks; `buses` are those beside `can`.
/// Returns what was on the bus, as a candump log.
std::string converse(std::string_view ecu, std::span<const turn> turns, std::string_view others = {},
                     std::string_view buses = {});
inline std::string converse(std::string_view ecu, std::initializer_list<turn> turns,
                            std::string_view others = {}, std::string_view buses = {}) {
  return converse(ecu, std::span{turns.begin(), turns.size()}, others, buses);
}

/// Plays a whole scenario in both casts, as above.
std::string play_whole(const std::string& text);

}  // namespace canstage::conversation
