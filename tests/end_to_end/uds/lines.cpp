#include "tests/end_to_end/uds/lines.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace canstage::conversation {

namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  return std::string{text.substr(first, text.find_last_not_of(" \t") - first + 1)};
}

/// What follows a word, if the line begins with it.
bool begins_with(const std::string& line, std::string_view word, std::string& rest) {
  if (!line.starts_with(word)) return false;
  rest = trimmed(std::string_view{line}.substr(word.size()));
  return true;
}

turn question(const std::string& line) {
  const auto arrow = line.find("->");
  if (arrow == std::string::npos) throw std::invalid_argument{"no turn: " + line};
  std::string request = trimmed(std::string_view{line}.substr(0, arrow));
  const std::string expected = trimmed(std::string_view{line}.substr(arrow + 2));
  const std::string_view answer = expected == "silence" ? silence : std::string_view{expected};
  std::string rest;
  const turn made = begins_with(request, "all ", rest) ? ask_all(rest, answer) : ask(request, answer);
  return expected == "silence" ? made.window("100ms") : made;
}

turn turn_of(const std::string& line) {
  std::string rest;
  if (line == "reset") return power_cycle();
  if (begins_with(line, "wait ", rest)) return wait(rest);
  if (begins_with(line, "set ", rest)) return step("set: { ecu: ecu, " + rest + " }");
  if (begins_with(line, "frame ", rest))
    return step("send_frame: { id: \"" + rest.substr(0, 3) + "\", data: \"" + rest.substr(4) + "\" }");
  return question(line);
}

}  // namespace

std::vector<turn> lines(std::string_view text) {
  std::vector<turn> turns;
  std::istringstream in{std::string{text}};
  for (std::string line; std::getline(in, line);) {
    const std::string content = trimmed(std::string_view{line}.substr(0, line.find('#')));
    if (!content.empty()) turns.push_back(turn_of(content));
  }
  return turns;
}

std::string of_uds(std::string_view keys) {
  std::string result = "uds:\n";
  std::istringstream in{std::string{keys}};
  for (std::string line; std::getline(in, line);) result += "  " + line + "\n";
  return result;
}

bus_log::bus_log(const std::string& candump) {
  // "(00001.000246) can 7E8#066A0102"
  constexpr double microseconds_per_second = 1e6;
  std::istringstream in{candump};
  std::string time;
  std::string bus;
  std::string frame;
  while (in >> time >> bus >> frame) {
    const auto hash = frame.find('#');
    std::string spelled = frame.substr(0, hash);
    for (std::size_t at = hash + 1; at + 1 < frame.size(); at += 2) spelled += " " + frame.substr(at, 2);
    entries_.push_back(
        {std::llround(std::stod(time.substr(1)) * microseconds_per_second), std::move(spelled)});
  }
}

std::size_t bus_log::count(std::string_view begin) const { return times(begin).size(); }

std::vector<long long> bus_log::times(std::string_view begin) const {
  std::vector<long long> found;
  for (const entry& one : entries_)
    if (one.frame.starts_with(begin)) found.push_back(one.microseconds);
  return found;
}

}  // namespace canstage::conversation
