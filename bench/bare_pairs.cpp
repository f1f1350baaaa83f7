#include "bench/bare_pairs.hpp"

#include <stdexcept>
#include <utility>
#include <variant>

namespace canstage::bench {

namespace {

isotp::addressing address(std::uint32_t rx, std::uint32_t tx) {
  return {can::identifier::extended(rx), can::identifier::extended(tx), std::nullopt, std::nullopt};
}

}  // namespace

bare_pairs::bare_pairs(std::size_t pairs) {
  const auto settings = std::make_shared<const isotp::parameters>();
  pairs_.reserve(pairs);
  for (std::uint32_t i = 0; i < pairs; ++i) {
    const std::uint32_t a = 2 * i;
    const std::uint32_t b = 2 * i + 1;
    pairs_.push_back({{address(b, a), settings, 64}, {address(a, b), settings, 64}});
  }
}

/// Carries over what `from` has to send. Returns whether there was anything.
bool bare_pairs::step(isotp::endpoint& from, isotp::endpoint& to, bool echoes) {
  bool any = false;
  while (auto next = from.poll(now_)) {
    if (const auto* frame = std::get_if<isotp::transmit>(&*next)) {
      any = true;
      ++frames_;
      from.on_confirm(now_, frame->token);
      to.on_frame(now_, frame->content);
    } else if (auto* message = std::get_if<isotp::indication>(&*next)) {
      any = true;
      if (message->result != isotp::n_result::n_ok) throw std::runtime_error{"an echo was lost"};
      if (echoes) {
        from.request(now_, std::move(message->sdu));
      } else {
        ++echoed_;
      }
    }
  }
  return any;
}

void bare_pairs::play(std::size_t length, std::size_t rounds) {
  for (std::size_t round = 0; round < rounds; ++round) {
    for (auto& one : pairs_) one.client.request(now_, bytes(length, 0x55));
    for (bool any = true; any;) {
      any = false;
      for (auto& one : pairs_) {
        any |= step(one.client, one.echo, false);
        any |= step(one.echo, one.client, true);
      }
    }
    if (echoed_ != pairs_.size()) throw std::runtime_error{"not every pair has echoed"};
    echoed_ = 0;
  }
}

}  // namespace canstage::bench
