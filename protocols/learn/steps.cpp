#include "protocols/learn/steps.hpp"

#include <algorithm>
#include <map>

#include "protocols/learn/rules.hpp"

namespace canstage::learn {

namespace {

using std::chrono::milliseconds;

/// Beyond the latest reaction that was seen.
constexpr duration margin = milliseconds{10};
/// A shorter pause is none: the step before may have taken a little longer here.
constexpr duration shortest_pause = milliseconds{1};

/// Up to whole milliseconds.
duration rounded_up(duration time) { return std::chrono::ceil<milliseconds>(time); }

class screenwriter {
 public:
  screenwriter(const overheard& all, const pairing& who, const std::vector<ecu_exchanges>& exchanges,
               const casting& cast)
      : all_(all), who_(who), cast_(cast) {
    for (std::size_t ecu = 0; ecu < exchanges.size(); ++ecu)
      for (const auto& one : exchanges[ecu].list) by_request_[one.request].push_back({ecu, &one});
  }

  std::vector<step> run() {
    std::vector<std::size_t> requests;
    for (std::size_t i = 0; i < all_.messages.size(); ++i)
      if (is_request(all_.messages[i].content) && is_asked_here(i)) requests.push_back(i);
    for (std::size_t i = 0; i < requests.size(); ++i)
      add(requests[i],
          i + 1 < requests.size() ? std::optional{all_.messages[requests[i + 1]].begin} : std::nullopt);
    return std::move(steps_);
  }

 private:
  struct heard {
    std::size_t ecu = 0;
    const exchange* what = nullptr;
  };

  /// Whether anybody here asks that.
  bool is_asked_here(std::size_t message) const {
    const auto stream = all_.messages[message].stream;
    for (const auto& one : cast_.functional)
      if (one.stream == stream) return all_.messages[message].content.size() <= longest_functional(stream);
    for (const auto& one : who_.connections)
      if (one.request_stream == stream) return true;
    return false;
  }

  /// A functional request is a single frame. A tester of CAN FD sends longer ones.
  std::size_t longest_functional(std::size_t stream) const {
    const auto& asks = all_.streams[stream];
    const std::size_t tx_dl = !asks.sends.fd               ? can::max_classic_length
                              : asks.sends.first_frame > 0 ? asks.sends.first_frame
                                                           : can::max_fd_length;
    return isotp::single_capacity(tx_dl, asks.address_byte ? 1 : 0);
  }

  void add(std::size_t message, std::optional<instant> next) {
    const auto& asked = all_.messages[message];
    step made;
    made.request = asked.content;
    instant end = asked.end;
    duration latest{0};
    for (const auto& one : cast_.functional)
      if (one.stream == asked.stream) made.tester = one.tester;
    for (std::size_t i = 0; i < who_.connections.size(); ++i) {
      if (who_.connections[i].request_stream != asked.stream) continue;
      made.to = i;
      made.tester = cast_.ecus[i].tester;
    }
    for (const auto& one : by_request_[message]) {
      if (one.what->answer || !one.what->pendings.empty() || made.to)
        made.expected.push_back({one.ecu,
                                 one.what->answer ? all_.messages[*one.what->answer].content : bytes{},
                                 one.what->pendings.size()});
      end = std::max(end, end_of(*one.what));
      latest = std::max(latest, first_reaction_of(asked, *one.what));
    }
    add_window(made, latest, next ? *next - asked.end : duration{0});
    const bool answered = made.to && !made.expected.empty() && !made.expected.front().answer.empty();
    if (!answered)
      end = std::max(
          end, asked.end + made.window.value_or(made.to ? usual_physical_window : usual_functional_window));
    if (!steps_.empty() && asked.begin - end_ >= shortest_pause) made.pause = asked.begin - end_;
    end_ = std::max(end_, end);
    steps_.push_back(std::move(made));
  }

  /// As long as the latest reaction needs; what nobody answered is awaited until the next request at most.
  static void add_window(step& made, duration latest, duration until_next) {
    const bool silent = made.to && (made.expected.empty() || made.expected.front().answer.empty());
    const duration usual = made.to ? usual_physical_window : usual_functional_window;
    duration wanted = usual;
    if ((silent || !made.to) && until_next > duration{0})
      wanted = std::min<duration>(usual, std::chrono::floor<milliseconds>(until_next));
    wanted = std::max(wanted, margin);
    if (latest > duration{0}) wanted = std::max(wanted, rounded_up(latest) + margin);
    if (wanted != usual) made.window = wanted;
  }

  instant end_of(const exchange& one) const {
    instant end = all_.messages[one.request].end;
    if (!one.pendings.empty()) end = all_.messages[one.pendings.back()].end;
    if (one.answer) end = all_.messages[*one.answer].end;
    return end;
  }

  duration first_reaction_of(const message& asked, const exchange& one) const {
    if (!one.pendings.empty()) return all_.messages[one.pendings.front()].begin - asked.end;
    return one.answer ? all_.messages[*one.answer].begin - asked.end : duration{0};
  }

  const overheard& all_;
  const pairing& who_;
  const casting& cast_;
  std::map<std::size_t, std::vector<heard>> by_request_;
  std::vector<step> steps_;
  instant end_;  ///< of the latest step
};

}  // namespace

std::vector<step> steps_of(const overheard& all, const pairing& who,
                           const std::vector<ecu_exchanges>& exchanges, const casting& cast) {
  return screenwriter{all, who, exchanges, cast}.run();
}

}  // namespace canstage::learn
