#include "protocols/uds/dtc_memory.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace canstage::uds {

namespace {

using namespace dtc_status;

constexpr std::uint8_t stored_bits = test_failed | pending | confirmed | test_failed_since_last_clear;
constexpr std::int8_t counter_failed = 127;
constexpr std::int8_t counter_passed = -128;

bool is_stored(std::uint8_t status) { return (status & stored_bits) != 0; }

void set(std::uint8_t& status, std::uint8_t bits) { status = static_cast<std::uint8_t>(status | bits); }
void reset(std::uint8_t& status, std::uint8_t bits) { status = static_cast<std::uint8_t>(status & ~bits); }

void increment(std::uint8_t& counter) {
  if (counter != std::numeric_limits<std::uint8_t>::max()) ++counter;
}

bool is_captured(const snapshot_item& item) { return item.captured; }

bool captures_anything(const snapshot_record& record) {
  return std::any_of(record.items.begin(), record.items.end(), is_captured);
}

/// Where the entry of a DTC is, or would be.
template <class Entries>
auto place_of(Entries& entries, std::uint16_t index) {
  return std::lower_bound(entries.begin(), entries.end(), index,
                          [](const auto& one, std::uint16_t wanted) { return one.index < wanted; });
}

/// The counter after a prefailed or prepassed result: on the other side of 0 it begins at 0.
std::int8_t stepped(std::int8_t counter, test_result result, const dtc_config& config) {
  if (result == test_result::prefailed)
    return static_cast<std::int8_t>(
        std::min<int>(std::max<int>(counter, 0) + config.prefailed_step, counter_failed));
  return static_cast<std::int8_t>(
      std::max<int>(std::min<int>(counter, 0) - config.prepassed_step, counter_passed));
}

}  // namespace

std::optional<std::uint16_t> dtc_table::find(dtc_number number) const {
  const auto found =
      std::find_if(dtcs.begin(), dtcs.end(), [&](const dtc_config& one) { return one.number == number; });
  if (found == dtcs.end()) return std::nullopt;
  return static_cast<std::uint16_t>(found - dtcs.begin());
}

bool dtc_table::knows_group(dtc_number group) const {
  if (group == all_dtcs) return true;
  const bool configured =
      std::any_of(groups.begin(), groups.end(), [&](const dtc_group& one) { return one.number == group; });
  if (configured) return true;
  for (std::size_t i = 0; i < dtcs.size(); ++i)
    if (in_group(static_cast<std::uint16_t>(i), group)) return true;
  return false;
}

bool dtc_table::in_group(std::uint16_t index, dtc_number group) const {
  if (group == all_dtcs) return true;
  const auto& who = dtcs[index];
  if (who.number == group) return true;
  if (who.functional_group != 0 && (functional_groups | who.functional_group) == group) return true;
  return std::any_of(groups.begin(), groups.end(), [&](const dtc_group& one) {
    return one.number == group && std::binary_search(one.members.begin(), one.members.end(), index);
  });
}

dtc_memory::dtc_memory(const dtc_table& table)
    : table_(&table), moments_(static_cast<std::uint32_t>(table.dtcs.size())) {}

const dtc_memory::entry* dtc_memory::find(std::uint16_t index) const {
  const auto found = place_of(entries_, index);
  return found != entries_.end() && found->index == index ? &*found : nullptr;
}

/// As configured. What is stored at first happened in the order of the table.
dtc_memory::entry dtc_memory::initial(std::uint16_t index) const {
  const dtc_config& config = table_->dtcs[index];
  entry made{.index = index, .status = config.status, .permanent = config.permanent};
  const auto moment = static_cast<std::uint32_t>(index) + 1;
  if ((config.status & (test_failed | test_failed_since_last_clear)) != 0) {
    made.occurrences = made.failed_cycles = made.failures_in_a_row = 1;
    made.first_failed = made.last_failed = moment;
  }
  if ((config.status & confirmed) != 0) {
    made.failures_in_a_row = config.confirm_after;
    made.first_confirmed = made.last_confirmed = moment;
  }
  if (!is_stored(config.status)) return made;
  for (const auto& record : config.snapshots) {
    if (!captures_anything(record)) continue;
    auto& kept = made.captured.emplace_back(captured_record{record.number, {}});
    for (const auto& item : record.items)
      if (item.captured) kept.values.push_back(item.value);
  }
  return made;
}

dtc_memory::entry& dtc_memory::touch(std::uint16_t index) {
  const auto place = place_of(entries_, index);
  if (place != entries_.end() && place->index == index) return *place;
  return *entries_.insert(place, initial(index));
}

std::uint8_t dtc_memory::status(std::uint16_t index) const {
  const entry* changed = find(index);
  return changed != nullptr ? changed->status : table_->dtcs[index].status;
}

std::int8_t dtc_memory::fault_detection_counter(std::uint16_t index) const {
  const entry* changed = find(index);
  return changed != nullptr ? changed->counter : std::int8_t{0};
}

bool dtc_memory::permanent(std::uint16_t index) const {
  const entry* changed = find(index);
  return changed != nullptr ? changed->permanent : table_->dtcs[index].permanent;
}

bool dtc_memory::stored(std::uint16_t index) const { return is_stored(status(index)); }

std::vector<stored_snapshot> dtc_memory::snapshots(std::uint16_t index) const {
  std::vector<stored_snapshot> result;
  if (!stored(index)) return result;
  const entry* changed = find(index);
  for (const auto& record : table_->dtcs[index].snapshots) {
    const captured_record* kept = nullptr;
    if (changed != nullptr) {
      const auto found = std::find_if(changed->captured.begin(), changed->captured.end(),
                                      [&](const auto& one) { return one.number == record.number; });
      if (found != changed->captured.end()) kept = &*found;
    }
    auto& made = result.emplace_back(stored_snapshot{record.number, {}});
    std::size_t next = 0;
    for (const auto& item : record.items) {
      const bool from_capture = item.captured && kept != nullptr;
      made.values.push_back({item.did, from_capture ? kept->values[next] : item.value});
      if (from_capture) ++next;
    }
  }
  return result;
}

std::optional<bytes> dtc_memory::extended_data(std::uint16_t index,
                                               const extended_data_record& record) const {
  if (!stored(index)) return std::nullopt;
  const entry* changed = find(index);
  const entry now = changed != nullptr ? *changed : initial(index);
  bytes data;
  for (const auto& part : record.parts) {
    using kind = extended_data_part::kind;
    switch (part.what) {
      case kind::literal:
        data.insert(data.end(), part.literal.begin(), part.literal.end());
        break;
      case kind::occurrences:
        data.push_back(now.occurrences);
        break;
      case kind::failed_cycles:
        data.push_back(now.failed_cycles);
        break;
      case kind::aging:
        data.push_back(now.passed_in_a_row);
        break;
      case kind::fault_detection_counter:
        data.push_back(static_cast<std::uint8_t>(now.counter));
        break;
    }
  }
  return data;
}

std::optional<std::uint16_t> dtc_memory::extreme(std::uint32_t entry::*when, bool first) const {
  std::optional<std::uint16_t> best;
  std::uint32_t best_moment = 0;
  for (std::size_t i = 0; i < table_->dtcs.size(); ++i) {
    const auto index = static_cast<std::uint16_t>(i);
    const entry* changed = find(index);
    const std::uint32_t moment = changed != nullptr ? changed->*when : initial(index).*when;
    if (moment == 0) continue;
    if (best && (first ? moment >= best_moment : moment <= best_moment)) continue;
    best = index;
    best_moment = moment;
  }
  return best;
}

std::optional<std::uint16_t> dtc_memory::first_failed() const { return extreme(&entry::first_failed, true); }
std::optional<std::uint16_t> dtc_memory::most_recent_failed() const {
  return extreme(&entry::last_failed, false);
}
std::optional<std::uint16_t> dtc_memory::first_confirmed() const {
  return extreme(&entry::first_confirmed, true);
}
std::optional<std::uint16_t> dtc_memory::most_recent_confirmed() const {
  return extreme(&entry::last_confirmed, false);
}

std::optional<dtc_change> dtc_memory::test(std::uint16_t index, test_result result, const did_reader& read) {
  switch (result) {
    case test_result::failed:
      return count(index, counter_failed, read);
    case test_result::passed:
      return count(index, counter_passed, read);
    default:
      return count(index, stepped(fault_detection_counter(index), result, table_->dtcs[index]), read);
  }
}

std::optional<dtc_change> dtc_memory::count(std::uint16_t index, std::int8_t counter,
                                            const did_reader& read) {
  entry& what = touch(index);
  const std::uint8_t before = what.status;
  what.counter = counter;
  if (counter == counter_failed) {
    fail(what, read);
  } else if (counter == counter_passed) {
    reset(what.status,
          test_failed | test_not_completed_since_last_clear | test_not_completed_this_operation_cycle);
  }
  if (what.status == before) return std::nullopt;
  return dtc_change{index, before, what.status};
}

void dtc_memory::fail(entry& what, const did_reader& read) {
  const dtc_config& config = table_->dtcs[what.index];
  if ((what.status & test_failed) == 0) {
    increment(what.occurrences);
    what.last_failed = ++moments_;
    if (what.first_failed == 0) what.first_failed = what.last_failed;
    capture(what, read);
  }
  if ((what.status & test_failed_this_operation_cycle) == 0) {
    increment(what.failed_cycles);
    increment(what.failures_in_a_row);
  }
  what.passed_in_a_row = 0;
  set(what.status, test_failed | test_failed_this_operation_cycle | pending | test_failed_since_last_clear);
  reset(what.status, test_not_completed_since_last_clear | test_not_completed_this_operation_cycle);
  if (what.failures_in_a_row >= config.confirm_after) confirm(what);
}

void dtc_memory::confirm(entry& what) {
  const dtc_config& config = table_->dtcs[what.index];
  if ((what.status & confirmed) == 0) {
    what.last_confirmed = ++moments_;
    if (what.first_confirmed == 0) what.first_confirmed = what.last_confirmed;
  }
  set(what.status, confirmed);
  if (!config.warns) return;
  set(what.status, warning_indicator_requested);
  what.permanent = what.permanent || config.functional_group == emissions_group;
}

void dtc_memory::capture(entry& what, const did_reader& read) const {
  const auto& records = table_->dtcs[what.index].snapshots;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!captures_anything(records[i])) continue;
    auto kept = std::find_if(what.captured.begin(), what.captured.end(),
                             [&](const auto& one) { return one.number == records[i].number; });
    if (kept != what.captured.end() && i == 0) continue;
    if (kept == what.captured.end())
      kept = what.captured.insert(kept, captured_record{records[i].number, {}});
    kept->values.clear();
    for (const auto& item : records[i].items)
      if (item.captured) kept->values.push_back(read(item.did));
  }
}

std::optional<dtc_change> dtc_memory::overwrite(std::uint16_t index, std::uint8_t status) {
  entry& what = touch(index);
  const std::uint8_t before = std::exchange(what.status, status);
  if ((status & (test_failed | test_failed_since_last_clear)) != 0 && what.first_failed == 0)
    what.first_failed = what.last_failed = ++moments_;
  if ((status & confirmed) != 0 && what.first_confirmed == 0)
    what.first_confirmed = what.last_confirmed = ++moments_;
  if (!is_stored(status)) what.captured.clear();
  if (before == status) return std::nullopt;
  return dtc_change{index, before, status};
}

std::vector<dtc_change> dtc_memory::clear(const std::function<bool(std::uint16_t index)>& chosen) {
  std::vector<dtc_change> changes;
  for (std::size_t i = 0; i < table_->dtcs.size(); ++i) {
    const auto index = static_cast<std::uint16_t>(i);
    if (!chosen(index)) continue;
    const std::uint8_t before = status(index);
    const bool kept = permanent(index);
    const dtc_config& config = table_->dtcs[i];
    if (config.status == cleared && config.permanent == kept) {
      std::erase_if(entries_, [&](const entry& one) { return one.index == index; });
    } else {
      touch(index) = entry{.index = index, .status = cleared, .permanent = kept};
    }
    if (before != cleared) changes.push_back({index, before, cleared});
  }
  return changes;
}

/// What the operation cycle that ends now means for bits 2, 3, 5 and 7, and whether it is permanent.
void dtc_memory::end_cycle(entry& what) const {
  const dtc_config& config = table_->dtcs[what.index];
  const bool passed = (what.status & (test_failed | test_failed_this_operation_cycle |
                                      test_not_completed_this_operation_cycle)) == 0;
  if (!passed) return;
  reset(what.status, pending);
  what.failures_in_a_row = 0;
  if (is_stored(what.status)) increment(what.passed_in_a_row);
  if (what.passed_in_a_row >= config.heal_after) reset(what.status, warning_indicator_requested);
  const bool warning = (what.status & warning_indicator_requested) != 0;
  if (!warning) what.permanent = false;
  if (!is_stored(what.status) || warning || what.passed_in_a_row < config.age_after) return;
  what = entry{.index = what.index,
               .status = static_cast<std::uint8_t>(what.status & ~(confirmed | test_failed_since_last_clear)),
               .permanent = what.permanent};
}

std::vector<dtc_change> dtc_memory::begin_operation_cycle(
    const std::function<bool(std::uint16_t index)>& frozen) {
  std::vector<dtc_change> changes;
  for (std::size_t i = 0; i < table_->dtcs.size(); ++i) {
    const auto index = static_cast<std::uint16_t>(i);
    const bool untouched = find(index) == nullptr && table_->dtcs[i].status == cleared;
    if (untouched || frozen(index)) continue;
    entry& what = touch(index);
    const std::uint8_t before = what.status;
    end_cycle(what);
    reset(what.status, test_failed_this_operation_cycle);
    set(what.status, test_not_completed_this_operation_cycle);
    what.counter = 0;
    if (what.status != before) changes.push_back({index, before, what.status});
  }
  return changes;
}

}  // namespace canstage::uds
