#include "tests/protocols/conformance/rehearsal.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <variant>

namespace canstage::conformance::test {

namespace {

constexpr can::node_id node_of_stack = 0;
constexpr can::node_id node_of_driver = 1;

class loop {
 public:
  loop(const stack_under_test& stack, const setting& known, std::vector<const statement*> selection)
      : bus_(can::bit_rates{.nominal = 500'000, .data = 2'000'000}),
        endpoint_(stack.address, std::make_shared<const isotp::parameters>(stack.parameters)),
        run_(known, std::move(selection)),
        echoes_(stack.echoes) {
    if (stack.faults) endpoint_.misbehave(*stack.faults);
  }

  std::vector<statement_result> play() {
    run_.start(now_);
    for (std::size_t rounds = 0; !run_.finished(); ++rounds) {
      if (rounds == 10'000'000) throw std::logic_error("the run does not end");
      settle();
      bus_.on_arbitrate(now_);
      const instant next = std::min({run_.deadline(), endpoint_.deadline(), bus_.deadline()});
      if (next == never && !run_.finished()) throw std::logic_error("nobody waits for anything");
      now_ = std::max(now_, next);
      bus_.on_time(now_);
      deliver();
      if (endpoint_.deadline() <= now_) endpoint_.on_time(now_);
      settle();
      if (run_.deadline() <= now_) run_.on_time(now_);
    }
    return run_.results();
  }

 private:
  void settle() {
    while (auto output = run_.poll()) {
      if (const auto* frame = std::get_if<isotp::transmit>(&*output)) {
        bus_.on_transmit(node_of_driver, frame->token, frame->content);
      } else {
        bus_.on_withdraw(node_of_driver, std::get<isotp::withdraw>(*output).token);
      }
    }
    while (auto output = endpoint_.poll(now_)) {
      if (const auto* frame = output->get_if<isotp::transmit>()) {
        bus_.on_transmit(node_of_stack, frame->token, frame->content);
      } else if (const auto* taken_back = output->get_if<isotp::withdraw>()) {
        bus_.on_withdraw(node_of_stack, taken_back->token);
      } else if (auto* message = output->get_if<isotp::indication>()) {
        if (echoes_ && message->result == isotp::n_result::n_ok)
          endpoint_.request(now_, std::move(message->sdu));
      }
    }
  }

  void deliver() {
    while (const auto sent = bus_.poll()) {
      if (sent->node == node_of_stack) {
        endpoint_.on_confirm(now_, sent->token);
        run_.on_frame(now_, {sent->content, sent->start, sent->end});
      } else {
        run_.on_confirm(now_, sent->token);
        endpoint_.on_frame(now_, sent->content);
      }
      settle();
    }
  }

  can::arbiter bus_;
  isotp::endpoint endpoint_;
  conformance_run run_;
  bool echoes_;
  instant now_{};
};

}  // namespace

setting setting_of(const stack_under_test& stack) {
  setting known;
  known.address = {.rx = stack.address.tx,
                   .tx = stack.address.rx,
                   .functional_rx = std::nullopt,
                   .functional_tx = stack.address.functional_rx,
                   .rx_address_byte = stack.address.tx_address_byte,
                   .tx_address_byte = stack.address.rx_address_byte,
                   .functional_rx_address_byte = std::nullopt,
                   .functional_tx_address_byte = stack.address.functional_rx_address_byte};
  known.tx_dl = stack.parameters.tx_dl;
  known.half_duplex = stack.parameters.duplex == isotp::duplex_mode::half;
  known.max_sdu = stack.parameters.max_sdu;
  known.n_bs = stack.parameters.n_bs;
  known.n_cr = stack.parameters.n_cr;
  return known;
}

std::map<unsigned, statement_result> rehearse(const stack_under_test& stack, const setting& known,
                                              std::vector<unsigned> only) {
  std::vector<const statement*> selection;
  for (const auto& one : statements())
    if (only.empty() || std::ranges::count(only, one.number) > 0) selection.push_back(&one);
  std::map<unsigned, statement_result> results;
  for (auto& one : loop{stack, known, std::move(selection)}.play())
    results[one.what->number] = std::move(one);
  return results;
}

std::map<unsigned, statement_result> rehearse(const stack_under_test& stack) {
  return rehearse(stack, setting_of(stack));
}

std::vector<unsigned> with(verdict what, const std::map<unsigned, statement_result>& results) {
  std::vector<unsigned> found;
  for (const auto& [number, result] : results)
    if (result.is == what) found.push_back(number);
  return found;
}

std::string explain(const std::map<unsigned, statement_result>& results) {
  std::string text;
  for (const auto& [number, result] : results) {
    if (result.is != verdict::failed && result.is != verdict::deviation) continue;
    text += name_of(*result.what) + " expected " + result.found.expected + ", got " + result.found.got + "\n";
    for (const auto& f : result.found.frames.head())
      text += std::string(f.of_stack ? "    < " : "    > ") + time_text(f.at - result.found.began) + "  " +
              to_hex(f.content.payload()) + "\n";
  }
  return text;
}

}  // namespace canstage::conformance::test
