#include "protocols/uds/transfer_client.hpp"

#include <algorithm>

#include "protocols/uds/message_text.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint8_t request_download = 0x34;
constexpr std::uint8_t request_upload = 0x35;
constexpr std::uint8_t transfer_data = 0x36;
constexpr std::uint8_t transfer_exit = 0x37;
constexpr std::uint64_t block_header = 2;  ///< SID and counter

std::string bytes_text(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

}  // namespace

transfer_client::transfer_client(const transfer_spec& spec) : spec_(spec) {
  bytes request{spec.upload ? request_upload : request_download, spec.data_format,
                static_cast<std::uint8_t>(spec.size_bytes << 4 | spec.address.size())};
  request.insert(request.end(), spec.address.begin(), spec.address.end());
  for (int i = spec.size_bytes - 1; i >= 0; --i)
    request.push_back(static_cast<std::uint8_t>(spec.size >> (8 * i)));
  ask(std::move(request), spec.upload ? "RequestUpload" : "RequestDownload");
  count(0, spec.size);
}

void transfer_client::take(byte_view answer) {
  switch (step_) {
    case step::opening:
      return take_opening(answer);
    case step::moving:
      return take_block(answer);
    case step::closing:
      succeed(bytes_text(moved_) + " in " + std::to_string(blocks_) + (blocks_ == 1 ? " block" : " blocks") +
              " of up to " + bytes_text(data_per_block_));
  }
}

void transfer_client::take_opening(byte_view answer) {
  const std::size_t digits = answer.size() < 2 ? 0 : answer[1] >> 4;
  if (digits == 0 || digits > 8 || answer.size() != 2 + digits)
    return fail(stage() +
                ": lengthFormatIdentifier and maxNumberOfBlockLength do not fit: " + data_text(answer));
  std::uint64_t longest = 0;
  for (const std::uint8_t byte : answer.subspan(2)) longest = longest << 8 | byte;
  if (longest <= block_header)
    return fail(stage() + ": maxNumberOfBlockLength " + std::to_string(longest) + " leaves no room for data");
  if (spec_.longest && !spec_.upload) longest = std::min<std::uint64_t>(longest, *spec_.longest);
  data_per_block_ = longest - block_header;
  step_ = step::moving;
  ask_block();
}

std::string transfer_client::block_text() const {
  const std::uint64_t all = (spec_.size + data_per_block_ - 1) / data_per_block_;
  return "block " + std::to_string(blocks_) + " of " + std::to_string(std::max(all, blocks_));
}

void transfer_client::ask_block() {
  if (moved_ >= spec_.size) return close();
  ++blocks_;
  bytes request{transfer_data, static_cast<std::uint8_t>(blocks_)};
  if (!spec_.upload) {
    in_flight_ = std::min(data_per_block_, spec_.size - moved_);
    const auto first = spec_.data->begin() + static_cast<std::ptrdiff_t>(moved_);
    request.insert(request.end(), first, first + static_cast<std::ptrdiff_t>(in_flight_));
  }
  ask(std::move(request), block_text());
}

void transfer_client::take_block(byte_view answer) {
  const std::uint8_t counter = request()[1];
  if (answer.size() < block_header || answer[1] != counter)
    return fail(stage() + ": expected block counter " + hex_text(counter, 1) + ", got " + data_text(answer));
  if (spec_.upload) {
    take_upload(answer.subspan(block_header));
    if (now() != state::running) return;
  } else {
    moved_ += in_flight_;
  }
  count(moved_, spec_.size);
  ask_block();
}

void transfer_client::take_upload(byte_view data) {
  if (data.empty()) return fail(stage() + ": there is no data in it");
  if (data.size() > data_per_block_ || data.size() > spec_.size - moved_)
    return fail(stage() + ": " + bytes_text(data.size()) + " are too many, " +
                bytes_text(std::min(data_per_block_, spec_.size - moved_)) + " were expected at most");
  for (std::size_t i = 0; spec_.data != nullptr && i < data.size(); ++i) {
    const std::uint8_t wanted = (*spec_.data)[moved_ + i];
    if (data[i] == wanted) continue;
    return fail(stage() + ": byte " + std::to_string(moved_ + i) + " is " + hex_text(data[i], 1) +
                ", expected " + hex_text(wanted, 1));
  }
  moved_ += data.size();
  if (spec_.keeps) keep(data);
}

void transfer_client::close() {
  bytes request{transfer_exit};
  request.insert(request.end(), spec_.exit_record.begin(), spec_.exit_record.end());
  step_ = step::closing;
  ask(std::move(request), "RequestTransferExit");
}

}  // namespace canstage::uds
