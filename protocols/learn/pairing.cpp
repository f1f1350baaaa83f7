#include "protocols/learn/pairing.hpp"

#include <algorithm>
#include <tuple>

#include "protocols/isotp/pairs.hpp"
#include "protocols/isotp/parameters.hpp"

namespace canstage::learn {

namespace {

constexpr std::uint8_t obd_distance = 8;
/// A flow control is no accident; an answer may be one to somebody else's request of the same kind.
constexpr unsigned flow_control_weight = 10;

bool is_mixed_29(can::identifier id, std::uint32_t kind) {
  return id.is_extended() && (id.value() >> 16 & 0x3FF) == kind;
}

bool is_usual_functional(can::identifier id) {
  if (!id.is_extended()) return id.value() == 0x7DF;
  return is_mixed_29(id, 0xDB) || is_mixed_29(id, 0xCD);
}

/// The other direction, where the identifier says it.
std::optional<n_ai> usual_partner(const n_ai& one) {
  const auto swapped = [](can::identifier id) {
    const std::uint32_t value = id.value();
    return can::identifier::extended((value & 0x1FFF'0000) | (value & 0xFF) << 8 | (value >> 8 & 0xFF));
  };
  if (is_mixed_29(one.id, 0xCE) || is_mixed_29(one.id, 0xDA)) return n_ai{swapped(one.id), one.byte};
  if (const auto request = isotp::request_identifier_for(one.id)) return n_ai{*request, one.byte};
  if (!one.id.is_extended() && one.id.value() >= 0x7E0 && one.id.value() < 0x7E8)
    return n_ai{can::identifier::standard(one.id.value() + obd_distance), one.byte};
  return std::nullopt;
}

class matchmaker {
 public:
  explicit matchmaker(const overheard& all) : all_(all), taken_(all.streams.size(), false) {}

  pairing run() {
    find_functional();
    for (std::size_t i = 0; i < taken_.size(); ++i)
      if (is_free(i)) pair_by_name(i);
    for (std::size_t i = 0; i < taken_.size(); ++i)
      if (is_free(i)) pair_by_identifier(i);
    pair_by_evidence();
    make_up_requests();
    for (std::size_t i = 0; i < taken_.size(); ++i)
      if (is_free(i)) made_.unpaired.push_back(i);
    std::sort(made_.connections.begin(), made_.connections.end(), [](const auto& a, const auto& b) {
      return std::tuple{a.bus, a.response.id, a.response.byte} <
             std::tuple{b.bus, b.response.id, b.response.byte};
    });
    return std::move(made_);
  }

 private:
  const stream& at(std::size_t i) const { return all_.streams[i]; }
  static n_ai address_of(const stream& one) { return {one.id, one.address_byte}; }
  bool is_free(std::size_t i) const { return !taken_[i] && at(i).requests + at(i).responses > 0; }

  /// Now and then the late answer to somebody else fits, too.
  bool asks_several(std::size_t i) const {
    return !usual_partner(address_of(at(i))) && at(i).to.empty() && at(i).answered_by_several > 0 &&
           2 * at(i).answered_by_several >= at(i).answered;
  }

  void find_functional() {
    for (std::size_t i = 0; i < taken_.size(); ++i) {
      const bool asks = is_free(i) && at(i).requests >= at(i).responses;
      if (!asks || !(at(i).to == "all" || is_usual_functional(at(i).id) || asks_several(i))) continue;
      made_.functional.push_back(i);
      taken_[i] = true;
    }
  }

  void add(std::optional<std::size_t> request, std::optional<std::size_t> response, const n_ai& other) {
    connection one;
    one.bus = at(request ? *request : *response).bus;
    one.request = request ? address_of(at(*request)) : other;
    one.response = response ? address_of(at(*response)) : other;
    one.request_stream = request;
    one.response_stream = response;
    if (request) taken_[*request] = true;
    if (response) taken_[*response] = true;
    made_.connections.push_back(std::move(one));
  }

  /// Of two directions the one with more requests is the tester's.
  void add_both(std::size_t a, std::size_t b) {
    const auto surplus = [&](std::size_t i) {
      return static_cast<std::int64_t>(at(i).requests) - static_cast<std::int64_t>(at(i).responses);
    };
    const bool forth = surplus(a) >= surplus(b);
    add(forth ? a : b, forth ? b : a, {});
  }

  void pair_by_name(std::size_t i) {
    if (at(i).from.empty()) return;
    for (std::size_t other = i + 1; other < taken_.size(); ++other) {
      if (taken_[other] || at(other).bus != at(i).bus) continue;
      if (at(other).from == at(i).to && at(other).to == at(i).from) return add_both(i, other);
    }
  }

  void pair_by_identifier(std::size_t i) {
    const auto partner = usual_partner(address_of(at(i)));
    if (!partner) return;
    for (std::size_t other = 0; other < taken_.size(); ++other) {
      const bool is_it = at(other).bus == at(i).bus && address_of(at(other)) == *partner;
      if (!is_it || taken_[other]) continue;
      // One that sent nothing but flow controls is known by them.
      if (at(other).frames > 0) return add_both(i, other);
    }
    // Only one direction was seen: functional requests need no other, unless an answer is long.
    if (at(i).requests > at(i).responses) return add(i, std::nullopt, *partner);
    add(std::nullopt, i, *partner);
  }

  struct candidate {
    unsigned score = 0;
    std::size_t request = 0;
    std::size_t response = 0;
  };

  void pair_by_evidence() {
    std::map<std::pair<std::size_t, std::size_t>, unsigned> scores = all_.answers;
    for (const auto& [way, count] : all_.flow_controls) {
      const auto& [from, to] = way;
      // Who asks shows in what was said; an FC alone goes either way.
      for (const auto& both : {std::pair{from, to}, std::pair{to, from}}) {
        const auto found = scores.find(both);
        if (found != scores.end()) found->second += count * flow_control_weight;
      }
      // Answers to functional requests, and the FC where the ECU would be asked alone.
      if (at(from).requests + at(from).responses == 0) scores[{from, to}] += count * flow_control_weight;
    }
    std::vector<candidate> all;
    for (const auto& [way, score] : scores) all.push_back({score, way.first, way.second});
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
    for (const candidate& one : all) {
      const bool taken = taken_[one.request] || taken_[one.response];
      const bool alike =
          at(one.request).address_byte.has_value() == at(one.response).address_byte.has_value() &&
          at(one.request).id != at(one.response).id;
      if (!taken && alike && at(one.response).responses > 0) add(one.request, one.response, {});
    }
  }

  /// An ECU that only answered functional requests, in single frames: where it is asked alone is not in the
  /// recording, and by custom 8 below.
  void make_up_requests() {
    for (const auto& [way, count] : all_.answers) {
      const auto& [request, response] = way;
      const bool functional =
          std::find(made_.functional.begin(), made_.functional.end(), request) != made_.functional.end();
      if (!functional || taken_[response] || at(response).id.value() < obd_distance) continue;
      const auto id = at(response).id;
      const std::uint32_t below = id.value() - obd_distance;
      const n_ai made_up{
          id.is_extended() ? can::identifier::extended(below) : can::identifier::standard(below),
          at(response).address_byte};
      const bool used = std::any_of(all_.streams.begin(), all_.streams.end(), [&](const stream& one) {
        return one.frames > 0 && one.bus == at(response).bus && address_of(one) == made_up;
      });
      if (used) continue;
      add(std::nullopt, response, made_up);
      made_.connections.back().request_is_made_up = true;
    }
  }

  const overheard& all_;
  std::vector<bool> taken_;
  pairing made_;
};

}  // namespace

pairing pair_up(const overheard& all) { return matchmaker{all}.run(); }

}  // namespace canstage::learn
