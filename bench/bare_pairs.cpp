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
    pairs_.push_back({{{address(b, a), settings, burst}}, {{address(a, b), settings, burst}}, {}});
  }
}

/// Takes what one end has to say, up to a frame that the other end hears. The bus is ideal: what is
/// handed over has been sent. False: there was no frame.
template <bool IsClient>
bool bare_pairs::speak(pair& both) {
  end& from = IsClient ? both.client : both.echo;
  end& to = IsClient ? both.echo : both.client;
  const can::frame* const frame =
      from.heard < from.frames ? &from.run[from.heard++] : take_frames<IsClient>(both);
  if (frame == nullptr) return false;
  ++frames_;
  to.machine.on_frame(now_, *frame);
  return true;
}

/// The next frame of an end, if it has one, and all that it says before. CFs come in runs.
template <bool IsClient>
const can::frame* bare_pairs::take_frames(pair& both) {
  end& from = IsClient ? both.client : both.echo;
  can::transmit_token block = 0;  // behind the token of the frame before
  while (from.machine.poll(now_, next_)) {
    if (const auto* frame = next_.get_if<isotp::transmit>()) {
      from.heard = 0;
      from.frames = from.machine.poll_block(now_, block, from.run);
      from.machine.on_confirm(now_, frame->token, static_cast<std::uint32_t>(1 + from.frames));
      return &frame->content;
    }
    if (auto* message = next_.get_if<isotp::indication>()) {
      if (message->result != isotp::n_result::n_ok) throw std::runtime_error{"an echo was lost"};
      if constexpr (IsClient) {
        both.message.swap(message->sdu);
        ++echoed_;
      } else {
        from.machine.request(now_, std::move(message->sdu));
      }
    }
  }
  return nullptr;
}

/// Until both ends are silent.
void bare_pairs::settle(pair& both) {
  for (bool spoken = true; spoken;) {
    spoken = speak<true>(both);
    if (speak<false>(both)) spoken = true;
  }
}

void bare_pairs::play(std::size_t length, std::size_t rounds) {
  for (auto& one : pairs_) one.message.assign(length, 0x55);
  echoed_ = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (auto& one : pairs_) {
      one.client.machine.request(now_, std::move(one.message));
      settle(one);
    }
  }
  if (echoed_ != rounds * pairs_.size()) throw std::runtime_error{"not every pair has echoed"};
}

}  // namespace canstage::bench
