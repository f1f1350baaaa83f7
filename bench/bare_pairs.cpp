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
    pairs_.push_back({{address(b, a), settings, burst}, {address(a, b), settings, burst}, {}});
  }
}

/// Takes all that one end has to say, and lets the other end answer each frame. An ideal bus: what is
/// handed over has been sent.
template <bool IsClient>
void bare_pairs::drain(pair& both) {
  isotp::endpoint& from = IsClient ? both.client : both.echo;
  isotp::endpoint& to = IsClient ? both.echo : both.client;
  while (from.poll(now_, next_)) {
    if (const auto* frame = std::get_if<isotp::transmit>(&next_)) {
      ++frames_;
      from.on_confirm(now_, frame->token);
      to.on_frame(now_, frame->content);
      drain<!IsClient>(both);
      while (drain_frames<IsClient>(both)) continue;
    } else if (auto* message = std::get_if<isotp::indication>(&next_)) {
      if (message->result != isotp::n_result::n_ok) throw std::runtime_error{"an echo was lost"};
      if constexpr (IsClient) {
        both.message = std::move(message->sdu);
        ++echoed_;
      } else {
        from.request(now_, std::move(message->sdu));
      }
    }
  }
}

/// The consecutive frames that are due at once, if any.
template <bool IsClient>
bool bare_pairs::drain_frames(pair& both) {
  isotp::endpoint& from = IsClient ? both.client : both.echo;
  isotp::endpoint& to = IsClient ? both.echo : both.client;
  auto& run = runs_[IsClient ? 0 : 1];
  can::transmit_token first = 0;
  const std::size_t count = from.poll_frames(now_, first, run);
  if (count == 0) return false;
  frames_ += count;
  from.on_confirm(now_, first, static_cast<std::uint32_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    to.on_frame(now_, run[i]);
    drain<!IsClient>(both);
  }
  return true;
}

void bare_pairs::play(std::size_t length, std::size_t rounds) {
  for (auto& one : pairs_) one.message.assign(length, 0x55);
  for (std::size_t round = 0; round < rounds; ++round) {
    for (auto& one : pairs_) one.client.request(now_, std::move(one.message));
    for (auto& one : pairs_) drain<true>(one);
    if (echoed_ != pairs_.size()) throw std::runtime_error{"not every pair has echoed"};
    echoed_ = 0;
  }
}

}  // namespace canstage::bench
