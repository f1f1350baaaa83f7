#include "scenarios/diagnostic.hpp"

#include <algorithm>
#include <cstdint>

#include "fmt/format.h"

namespace canstage::scenarios {

namespace {

/// Longest word that is compared: the comparison takes the product of the lengths.
constexpr std::size_t longest_compared = 40;

/// Most words that a message lists.
constexpr std::size_t most_listed = 20;

/// Edits (insert, delete, replace, swap of neighbours) from one word to another.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string to_string(const diagnostic& problem) {
  return fmt::format("{}:{}:{}: {}", problem.file, problem.where.line, problem.where.column, problem.message);
}

std::uint16_t problem_list::add_file(std::string file) {
  files_.push_back(std::move(file));
  return static_cast<std::uint16_t>(files_.size() - 1);
}

void problem_list::add(position where, std::string message) {
  found_.try_emplace({where.file, where.line, where.column}, std::move(message));
  // Only the first ones are reported, so that a file with a million mistakes costs no memory.
  if (found_.size() > most_reported) found_.erase(std::prev(found_.end()));
}

std::vector<diagnostic> problem_list::take() {
  std::vector<diagnostic> result;
  for (auto& [where, message] : found_) {
    const auto [file, line, column] = where;
    result.push_back({files_.at(file), {line, column, file}, std::move(message)});
  }
  found_.clear();
  return result;
}

std::string_view nearest(std::string_view wrong, std::span<const std::string_view> known) {
  if (wrong.size() > longest_compared) return {};
  std::string_view best;
  std::size_t best_distance = wrong.size() < 4 ? 2 : 2 + wrong.size() / 4;  // exclusive
  for (const std::string_view word : known) {
    if (word.size() > longest_compared) continue;
    const std::size_t distance = edit_distance(wrong, word);
    // A word with every letter replaced is no near miss.
    if (distance < best_distance && distance < word.size()) {
      best = word;
      best_distance = distance;
    }
  }
  return best;
}

std::string unknown_word(std::string_view kind, std::string_view wrong,
                         std::span<const std::string_view> known, std::string_view place) {
  const std::string begin = fmt::format("unknown {} {}{}", kind, shown(wrong), place);
  if (const std::string_view near = nearest(wrong, known); !near.empty()) {
    return fmt::format("{}; did you mean '{}'?", begin, near);
  }
  if (known.empty()) return fmt::format("{}; there is none", begin);
  std::string list;
  for (std::size_t i = 0; i < known.size() && i < most_listed; ++i) {
    list += (i == 0 ? "" : ", ");
    list += known[i];
  }
  if (known.size() > most_listed) list += ", ...";
  return fmt::format("{}; known here: {}", begin, list);
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string result = "'";
  for (const char c : text.substr(0, longest)) {
    const auto code = static_cast<unsigned char>(c);
    result += code < 0x20 || code == 0x7F ? ' ' : c;
  }
  if (text.size() > longest) {
    // Not in the middle of a character.
    std::size_t next = longest;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80)
      result += text[next++];
    result += "...";
  }
  return result + "'";
}

}  // namespace canstage::scenarios
