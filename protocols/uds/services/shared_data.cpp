#include "protocols/uds/services/shared_data.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/server_state.hpp"

namespace canstage::uds {

namespace {

shared_state::latest& latest_of(shared_state& state, std::uint16_t did) {
  const auto found =
      std::find_if(state.known.begin(), state.known.end(), [did](const auto& one) { return one.did == did; });
  return found != state.known.end() ? *found
                                    : state.known.emplace_back(shared_state::latest{did, instant::min()});
}

/// Whether what another owner wrote is later than what is known.
bool is_later(const shared_change& what, const shared_state::latest& known) {
  if (what.at != known.at) return what.at > known.at;
  return what.rank > (known.own ? what.own_rank : known.rank);
}

/// The first instant at which nothing of `at` can change any more.
constexpr instant after(instant at) { return at + duration{1}; }

}  // namespace

void tell_owners(server_state& state, std::uint16_t did, byte_view value) {
  const data_record* record = find_record(*state.config, did);
  if (record == nullptr || record->shared_as.empty()) return;
  auto& shared = state.seldom.change().shared.change();
  shared.to_tell.push_back({did, bytes{value.begin(), value.end()}});
  latest_of(shared, did) = {did, state.now, true, 0};
}

void on_shared_change(server_state& state, const shared_change& what) {
  state.seldom.change().shared.change().waiting.push_back(what);
}

instant shared_data_deadline(const server_state& state) {
  instant next = never;
  for (const auto& one : state.seldom->shared->waiting) next = std::min(next, after(one.at));
  return next;
}

void settle_shared_data(server_state& state, instant now) {
  if (shared_data_deadline(state) > now) return;
  auto& shared = state.seldom.change().shared.change();
  std::vector<shared_change> later;
  for (shared_change& one : std::exchange(shared.waiting, {})) {
    if (after(one.at) > now) {
      later.push_back(std::move(one));
    } else if (auto& known = latest_of(shared, one.did); is_later(one, known)) {
      known = {one.did, one.at, false, one.rank};
      store_did(state, one.did, one.value);
    }
  }
  shared.waiting = std::move(later);
}

}  // namespace canstage::uds
