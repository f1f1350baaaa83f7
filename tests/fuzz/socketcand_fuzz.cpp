// Both ends of socketcand read anything, in any pieces: what they make of it can be carried, and a peer
// that speaks nonsense is given up once and stays so.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/socketcand/client.hpp"
#include "protocols/socketcand/message.hpp"
#include "protocols/socketcand/server.hpp"

namespace canstage::socketcand {

namespace {

void require(bool rule) {
  if (!rule) std::abort();
}

void require_carried(const can::frame& f) {
  require(can_carry(f) && f.length <= can::max_classic_length);
  std::string text;
  append_send(text, f);
  std::string problem;
  const auto again = parse_send(words_of(std::string_view{text}.substr(1, text.size() - 2)), problem);
  require(again && *again == f);
}

/// Calls `read` with the pieces of a text; the first character of each says how long it is.
template <class Read>
void in_pieces(std::string_view text, const Read& read) {
  while (!text.empty()) {
    const auto size = std::size_t{1} + static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    read(text.substr(0, size));
    text.remove_prefix(std::min(size, text.size()));
  }
}

void serve(std::string_view text) {
  server machine{std::make_shared<std::vector<std::string>>(std::vector<std::string>{"can0"})};
  instant now{};
  bool ended = false;
  in_pieces(text, [&](std::string_view piece) {
    now += std::chrono::milliseconds{20};
    machine.on_bytes(now, piece);
    machine.on_frame(can::data_frame(can::identifier::standard(0x123), {}), now.time_since_epoch());
    machine.on_time(now);
    while (const auto event = machine.poll()) {
      require(!ended);
      if (const auto* f = std::get_if<transmit_frame>(&*event)) require_carried(f->content);
      ended = std::holds_alternative<hang_up>(*event);
    }
    require(!ended || machine.deadline() == never);
  });
}

void ask(std::string_view text) {
  client machine{instant{}, "can0"};
  bool ended = false;
  in_pieces(text, [&](std::string_view piece) {
    machine.on_bytes(piece);
    while (const auto event = machine.poll()) {
      require(!ended);
      if (const auto* f = std::get_if<received_frame>(&*event)) require_carried(f->content);
      ended = std::holds_alternative<give_up>(*event);
    }
  });
}

}  // namespace

}  // namespace canstage::socketcand

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  canstage::socketcand::serve(text);
  canstage::socketcand::ask(text);
  return 0;
}
