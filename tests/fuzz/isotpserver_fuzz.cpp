// What isotpserver's clients write is read in any pieces: messages are whole and not too long, and the
// pieces make no difference.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/isotpserver/pdu_text.hpp"

namespace canstage::isotpserver {

namespace {

void require(bool rule) {
  if (!rule) std::abort();
}

std::vector<bytes> read(std::string_view text, std::size_t piece) {
  reader in;
  std::vector<bytes> all;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    in.on_bytes(text.substr(0, piece));
    while (auto message = in.next(instant{})) {
      require(!message->empty() && message->size() <= longest_message);
      all.push_back(*std::move(message));
    }
  }
  return all;
}

}  // namespace

}  // namespace canstage::isotpserver

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace canstage::isotpserver;
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto messages = read(text, text.size());
  require(messages == read(text, std::size_t{1} + data[0]));
  for (const auto& message : messages) {
    std::string written;
    append_message(written, message);
    require(read(written, written.size()) == std::vector<canstage::bytes>{message});
  }
  return 0;
}
