// Memory, transfer and file services in words.
#include <algorithm>
#include <iterator>

#include "protocols/uds/message_text.hpp"
#include "protocols/uds/names.hpp"

namespace canstage::uds {

namespace {

/// Address and size as the addressAndLengthFormatIdentifier says.
void add_memory(message_text& in, std::uint32_t alfid) {
  const byte_view address = in.take(alfid & 0xF);
  const byte_view size = in.take(alfid >> 4);
  const auto joined = [](byte_view digits) {
    std::string text = to_hex(digits);
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    return text;
  };
  in.add("address " + joined(address));
  // More than 8 bytes would be no size.
  std::uint64_t count = 0;
  for (const std::uint8_t byte : size) count = count << 8 | byte;
  in.add(std::to_string(count) + (count == 1 ? " byte" : " bytes"));
}

void memory(message_text& in) {
  add_memory(in, in.number(1));
  in.add_data("", in.rest());
}

void read_data(message_text& in) { in.add_data("", in.rest()); }

void transfer_request(message_text& in) {
  const std::uint32_t format = in.number(1);
  if (format >> 4 != 0) in.add("compression " + std::to_string(format >> 4));
  if ((format & 0xF) != 0) in.add("encryption " + std::to_string(format & 0xF));
  add_memory(in, in.number(1));
}

void transfer_answer(message_text& in) {
  const std::size_t bytes = in.number(1) >> 4;
  const byte_view length = in.take(bytes);
  std::uint64_t longest = 0;
  for (const std::uint8_t byte : length) longest = longest << 8 | byte;
  in.add("maxNumberOfBlockLength " + std::to_string(longest));
}

void transfer_data(message_text& in) {
  const std::uint32_t counter = in.number(1);
  in.add("block " + hex_text(counter, 1));
  const byte_view data = in.rest();
  if (!data.empty()) in.add(std::to_string(data.size()) + (data.size() == 1 ? " byte" : " bytes"));
}

void add_mode(message_text& in, std::uint8_t mode) {
  const std::string name = subfunction_name(0x38, mode);
  in.add(name.empty() ? "modeOfOperation " + hex_text(mode, 1) : name);
}

void file_request(message_text& in) {
  const auto mode = static_cast<std::uint8_t>(in.number(1));
  add_mode(in, mode);
  const byte_view path = in.take(in.number(2));
  in.add('"' + std::string(path.begin(), path.end()) + '"');
  in.add_data("with", in.rest());
}

void file_answer(message_text& in) {
  const auto mode = static_cast<std::uint8_t>(in.number(1));
  add_mode(in, mode);
  if (in.left() == 0) return;
  const byte_view length = in.take(in.number(1));
  std::uint64_t longest = 0;
  for (const std::uint8_t byte : length) longest = longest << 8 | byte;
  in.add("maxNumberOfBlockLength " + std::to_string(longest));
  in.add_data("with", in.rest());
}

constexpr description descriptions[] = {
    {0x23, memory, read_data},
    {0x34, transfer_request, transfer_answer},
    {0x35, transfer_request, transfer_answer},
    {0x36, transfer_data, transfer_data},
    {0x38, file_request, file_answer},
    {0x3D, memory, memory},
};

}  // namespace

const description* find_transfer_description(std::uint8_t sid) {
  const auto* found = std::find_if(std::begin(descriptions), std::end(descriptions),
                                   [sid](const description& entry) { return entry.sid == sid; });
  return found != std::end(descriptions) ? found : nullptr;
}

}  // namespace canstage::uds
