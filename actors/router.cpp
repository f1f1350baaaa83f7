#include "actors/router.hpp"

#include <algorithm>

namespace canstage::actors {

namespace {

can::identifier identifier_of(const can::filter& exact) {
  return (exact.id & can::identifier::extended_flag) != 0 ? can::identifier::extended(exact.id)
                                                          : can::identifier::standard(exact.id);
}

}  // namespace

void router::attach(port_id port, std::span<const can::filter> filters, bool only_unclaimed) {
  detach(port);
  for (const auto& filter : filters) {
    if (!filter.is_exact() || only_unclaimed) {
      masks_.push_back({filter, port, only_unclaimed});
      continue;
    }
    const auto id = identifier_of(filter);
    auto& ports = exact_[id];
    const auto place = std::lower_bound(ports.begin(), ports.end(), port);
    if (place != ports.end() && *place == port) continue;
    ports.insert(place, port);
    claimed_[port].push_back(id);
  }
}

void router::detach(port_id port) {
  std::erase_if(masks_, [port](const masked& entry) { return entry.port == port; });
  const auto claimed = claimed_.find(port);
  if (claimed == claimed_.end()) return;
  for (const auto id : claimed->second) {
    const auto ports = exact_.find(id);
    std::erase(ports->second, port);
    if (ports->second.empty()) exact_.erase(ports);
  }
  claimed_.erase(claimed);
}

void router::route(const can::frame& f, std::vector<port_id>& hearers) const {
  hearers.clear();
  // Exact filters are those of data frames.
  const auto exact = f.flags.remote ? exact_.end() : exact_.find(f.id);
  const bool claimed = exact != exact_.end();
  if (claimed) hearers = exact->second;
  if (masks_.empty()) return;
  const auto exact_count = hearers.size();
  for (const auto& mask : masks_)
    if ((!claimed || !mask.only_unclaimed) && mask.accepts.accepts(f)) hearers.push_back(mask.port);
  if (hearers.size() == exact_count) return;
  std::sort(hearers.begin(), hearers.end());
  hearers.erase(std::unique(hearers.begin(), hearers.end()), hearers.end());
}

}  // namespace canstage::actors
