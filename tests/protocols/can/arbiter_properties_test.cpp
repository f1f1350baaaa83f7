// What holds on every bus, for any requests.
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "catch2/catch.hpp"
#include "protocols/can/arbiter.hpp"
#include "protocols/can/request_queue.hpp"
#include "tests/protocols/can/frames.hpp"

using namespace canstage;
using namespace canstage::can;
using namespace std::chrono_literals;

namespace {

struct request {
  instant at;
  node_id node = 0;
  transmit_token token = 0;
  frame content;
};

/// Requests of few nodes, with few identifiers and close in time, so that they meet. One request per
/// node and instant: the order of a node's own requests is part of what it asks for.
std::vector<request> any_requests() {
  std::vector<request> all;
  const auto count = *rc::gen::inRange(1, 40);
  for (int i = 0; i < count; ++i) {
    request r;
    r.at = instant{*rc::gen::inRange(0, 20) * 100us};
    r.node = *rc::gen::inRange<node_id>(0, 8);
    r.token = static_cast<transmit_token>(i);
    r.content = data_frame(identifier::standard(*rc::gen::inRange<std::uint32_t>(0x120, 0x124)),
                           *test::any_bytes(*rc::gen::inRange<std::size_t>(0, 9)));
    const bool taken = std::any_of(all.begin(), all.end(),
                                   [&](const request& o) { return o.node == r.node && o.at == r.at; });
    if (!taken) all.push_back(r);
  }
  return all;
}

/// Plays requests the way a host does: all of an instant, then one arbitration.
std::vector<sent_frame> play(std::optional<bit_rates> rates, std::vector<request> requests) {
  std::stable_sort(requests.begin(), requests.end(),
                   [](const request& a, const request& b) { return a.at < b.at; });
  arbiter bus{rates};
  std::vector<sent_frame> all;
  std::size_t next = 0;
  for (;;) {
    const instant asked = next < requests.size() ? requests[next].at : never;
    const instant now = std::min(asked, bus.deadline());
    if (now == never) return all;
    bus.on_time(now);
    for (; next < requests.size() && requests[next].at == now; ++next) {
      bus.on_transmit(requests[next].node, requests[next].token, requests[next].content);
    }
    bus.on_arbitrate(now);
    while (const auto sent = bus.poll()) all.push_back(*sent);
  }
}

std::optional<bit_rates> any_rates() {
  if (*rc::gen::inRange(0, 4) == 0) return std::nullopt;
  return bit_rates{*rc::gen::element<std::uint32_t>(125'000, 300'000, 500'000, 1'000'000), 0};
}

bool same(const sent_frame& a, const sent_frame& b) {
  return a.content == b.content && a.node == b.node && a.token == b.token && a.start == b.start &&
         a.end == b.end;
}

}  // namespace

TEST_CASE("arbiter: what is sent does not depend on the order in which requests came in") {
  CHECK(rc::check([] {
    const auto rates = any_rates();
    const std::vector<request> requests = any_requests();
    std::vector<request> shuffled = requests;
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
    }
    const auto expected = play(rates, requests);
    const auto actual = play(rates, shuffled);
    RC_ASSERT(expected.size() == requests.size());
    RC_ASSERT(std::equal(expected.begin(), expected.end(), actual.begin(), actual.end(), same));
  }));
}

TEST_CASE("arbiter: frames never overlap and keep the intermission") {
  CHECK(rc::check([] {
    const bit_rates rates{*rc::gen::element<std::uint32_t>(125'000, 300'000, 500'000, 1'000'000), 0};
    const auto all = play(rates, any_requests());
    for (std::size_t i = 0; i < all.size(); ++i) {
      RC_ASSERT(all[i].end - all[i].start == wire_time(all[i].content, rates));
      if (i > 0) RC_ASSERT(all[i].start >= all[i - 1].end + intermission_time(rates));
    }
  }));
}

TEST_CASE("arbiter: no frame is sent while a lower one waits, and no bus idles while somebody waits") {
  CHECK(rc::check([] {
    const bit_rates rates{500'000, 0};
    const std::vector<request> requests = any_requests();
    const auto all = play(rates, requests);
    instant free_at{};
    for (std::size_t i = 0; i < all.size(); ++i) {
      instant earliest = never;
      for (std::size_t later = i; later < all.size(); ++later) {
        const auto asked = std::find_if(requests.begin(), requests.end(),
                                        [&](const request& r) { return r.token == all[later].token; });
        earliest = std::min(earliest, asked->at);
        if (asked->at <= all[i].start) RC_ASSERT(all[i].content.id <= all[later].content.id);
      }
      RC_ASSERT(all[i].start == std::max(free_at, earliest));
      free_at = all[i].end + intermission_time(rates);
    }
  }));
}

TEST_CASE("request_queue: agrees with a sorted list, whatever is pushed, popped and erased") {
  CHECK(rc::check([] {
    struct waiting {
      std::uint32_t key;
      node_id node;
      transmit_token token;
    };
    request_queue queue;
    std::vector<waiting> model;  // sorted; equal ones in the order in which they came
    const auto steps = *rc::gen::inRange<transmit_token>(0, 200);
    for (transmit_token step = 0; step < steps; ++step) {
      const auto node = *rc::gen::inRange<node_id>(0, 5);
      const auto action = *rc::gen::inRange(0, 10);
      if (action < 6) {
        const frame f = data_frame(identifier::standard(*rc::gen::inRange<std::uint32_t>(0, 4)), {});
        const waiting added{f.id.arbitration_key(), node, step};
        queue.push(node, step, f);
        model.insert(std::upper_bound(model.begin(), model.end(), added,
                                      [](const waiting& a, const waiting& b) {
                                        return std::pair(a.key, a.node) < std::pair(b.key, b.node);
                                      }),
                     added);
      } else if (action < 8) {
        if (model.empty()) continue;
        const auto popped = queue.pop();
        RC_ASSERT(popped.node == model.front().node);
        RC_ASSERT(popped.token == model.front().token);
        model.erase(model.begin());
      } else if (action == 8) {
        const auto token = *rc::gen::inRange<transmit_token>(0, steps);
        const auto gone =
            std::erase_if(model, [&](const waiting& w) { return w.node == node && w.token == token; });
        RC_ASSERT(queue.erase(node, token) == (gone > 0));
      } else {
        std::erase_if(model, [&](const waiting& w) { return w.node == node; });
        queue.erase_all(node);
      }
      RC_ASSERT(queue.size() == model.size());
    }
  }));
}
