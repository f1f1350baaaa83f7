#include "protocols/learn/exchange.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "protocols/isotp/parameters.hpp"

namespace canstage::learn {

namespace {

/// Whether somebody who asks there may mean that ECU as well: both of one address format, and of one tester
/// where the identifiers name it.
bool reaches(const stream& functional, const connection& ecu) {
  const auto& [id, byte] = ecu.request;
  const bool itself = functional.id == id || functional.id == ecu.response.id;
  if (functional.bus != ecu.bus || functional.address_byte.has_value() != byte.has_value()) return false;
  if (itself && !byte) return false;
  const auto made_by = [](can::identifier made, auto make) {
    const std::uint32_t value = made.value();
    return made == make(static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value));
  };
  const bool made = byte ? made_by(id, isotp::mixed_29_physical) : made_by(id, isotp::normal_fixed_physical);
  const bool functional_made = byte ? made_by(functional.id, isotp::mixed_29_functional)
                                    : made_by(functional.id, isotp::normal_fixed_functional);
  if (made != functional_made) return false;
  constexpr std::uint32_t source = 0xFF;
  return !made || (id.value() & source) == (functional.id.value() & source);
}

class ledger {
 public:
  explicit ledger(const overheard& all) : all_(all) {}

  void ask(std::size_t message, bool functional) {
    const auto now = all_.messages[message].begin;
    while (!open_.empty() && now - latest_of(found_.list[open_.front()]) > answer_patience)
      open_.erase(open_.begin());
    open_.push_back(found_.list.size());
    found_.list.push_back({message, functional});
  }

  void answer(std::size_t message) {
    const auto place = find(message);
    if (place == open_.rend()) {
      found_.without_request.push_back(message);
      return;
    }
    exchange& one = found_.list[*place];
    if (one.functional) ++functional_answers_[all_.messages[one.request].stream];
    if (is_pending(all_.messages[message].content)) {
      one.pendings.push_back(message);
      return;
    }
    one.answer = message;
    // What was asked before it and of the same kind is over: an ECU answers in order.
    const bool functional = one.functional;
    const auto end = place.base();
    open_.erase(std::remove_if(open_.begin(), end,
                               [&](std::size_t i) {
                                 return i == *place || (found_.list[i].functional == functional &&
                                                        found_.list[i].pendings.empty());
                               }),
                end);
  }

  ecu_exchanges take() {
    for (const auto& [stream, count] : functional_answers_)
      if (!found_.functional || count > functional_answers_[*found_.functional]) found_.functional = stream;
    std::erase_if(found_.list, [&](const exchange& one) {
      return one.functional && all_.messages[one.request].stream != found_.functional;
    });
    return std::move(found_);
  }

 private:
  using places = std::vector<std::size_t>;

  instant latest_of(const exchange& one) const {
    return all_.messages[one.pendings.empty() ? one.request : one.pendings.back()].end;
  }

  bool fits(std::size_t place, const message& answer) const {
    const exchange& one = found_.list[place];
    return answers(answer.content, all_.messages[one.request].content) &&
           answer.begin - latest_of(one) <= answer_patience;
  }

  /// The latest request that it can answer; rather one whose bytes it repeats.
  places::reverse_iterator find(std::size_t message) {
    const auto& answer = all_.messages[message];
    const auto best = std::find_if(open_.rbegin(), open_.rend(), [&](std::size_t place) {
      return fits(place, answer) && echoes(answer.content, all_.messages[found_.list[place].request].content);
    });
    if (best != open_.rend()) return best;
    return std::find_if(open_.rbegin(), open_.rend(), [&](std::size_t place) { return fits(place, answer); });
  }

  const overheard& all_;
  ecu_exchanges found_;
  places open_;  ///< of the list, ascending
  std::map<std::size_t, std::size_t> functional_answers_;
};

}  // namespace

ecu_exchanges exchanges_of(const overheard& all, const pairing& who, const connection& with) {
  ledger book{all};
  std::vector<bool> asks(all.streams.size(), false);
  for (const auto stream : who.functional) asks[stream] = reaches(all.streams[stream], with);
  for (std::size_t i = 0; i < all.messages.size(); ++i) {
    const message& one = all.messages[i];
    const bool functional = asks[one.stream];
    if (functional || one.stream == with.request_stream) {
      if (is_request(one.content)) book.ask(i, functional);
    } else if (one.stream == with.response_stream) {
      book.answer(i);
    }
  }
  return book.take();
}

}  // namespace canstage::learn
