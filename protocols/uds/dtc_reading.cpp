#include "protocols/uds/dtc_reading.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "protocols/uds/message_text.hpp"
#include "protocols/uds/names.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint8_t read_dtc_information = 0x19;
constexpr std::uint8_t by_status_mask = 0x02;
constexpr std::size_t header = 3;  ///< SID, sub-function, statusAvailabilityMask
constexpr std::size_t entry = 4;   ///< DTC and status
constexpr std::size_t dtcs_shown = 8;

struct reported {
  std::uint32_t dtc;
  std::uint8_t status;
};

std::vector<reported> read_list(byte_view answer) {
  std::vector<reported> list;
  for (std::size_t at = header; at + entry <= answer.size(); at += entry)
    list.push_back({static_cast<std::uint32_t>(answer[at] << 16 | answer[at + 1] << 8 | answer[at + 2]),
                    answer[at + 3]});
  return list;
}

void add(std::string& text, const std::string& part) { text += (text.empty() ? "" : ", ") + part; }

std::string list_text(const std::vector<reported>& list) {
  if (list.empty()) return "no DTC";
  std::string text;
  for (std::size_t i = 0; i < std::min(list.size(), dtcs_shown); ++i)
    add(text, dtc_name(list[i].dtc) + ' ' + hex_text(list[i].status, 1));
  if (list.size() > dtcs_shown) add(text, std::to_string(list.size() - dtcs_shown) + " more");
  return std::to_string(list.size()) + (list.size() == 1 ? " DTC: " : " DTCs: ") + text;
}

/// What is not as expected; empty if all is.
std::string compare(const dtc_reading_spec& spec, const std::vector<reported>& list) {
  std::string wrong;
  for (const expected_dtc& wanted : spec.expected) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const reported& one) { return one.dtc == wanted.dtc; });
    if (found == list.end()) {
      add(wrong, dtc_name(wanted.dtc) + " is missing");
    } else if ((found->status & wanted.status_mask) != (wanted.status & wanted.status_mask)) {
      add(wrong, dtc_name(wanted.dtc) + " has status " + hex_text(found->status, 1) + " (" +
                     dtc_status_names(found->status) + "), expected " + hex_text(wanted.status, 1) + " (" +
                     dtc_status_names(wanted.status) + ')');
    }
  }
  for (const reported& one : list) {
    const bool known = std::any_of(spec.expected.begin(), spec.expected.end(),
                                   [&](const expected_dtc& wanted) { return wanted.dtc == one.dtc; });
    if (!known && !spec.others)
      add(wrong, dtc_name(one.dtc) + ' ' + hex_text(one.status, 1) + " is not expected");
  }
  return wrong;
}

}  // namespace

dtc_reading::dtc_reading(const dtc_reading_spec& spec) : spec_(spec) {
  ask({read_dtc_information, by_status_mask, spec.status_mask}, "the DTCs");
  count(0, 1);
}

void dtc_reading::take(byte_view answer) {
  if (answer.size() < header || answer[1] != by_status_mask || (answer.size() - header) % entry != 0)
    return fail("the DTCs: the answer is no list of DTCs: " + data_text(answer));
  count(1, 1);
  const auto list = read_list(answer);
  const std::string wrong = spec_.judged ? compare(spec_, list) : std::string{};
  if (wrong.empty()) return succeed(list_text(list));
  fail(wrong);
}

}  // namespace canstage::uds
