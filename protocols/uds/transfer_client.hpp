// RequestDownload or RequestUpload, the blocks, RequestTransferExit: a tester that moves data.
//
// Rules:
//  - maxNumberOfBlockLength of the ECU counts the whole request (download) or the whole answer (upload),
//    two bytes of header included; a shorter `longest` makes shorter blocks of a download.
//  - The block counter begins at 1 and wraps from FF to 00.
//  - An upload is over when `size` bytes have come; more, or nothing in a block, is a mistake of the ECU.
#pragma once

#include <cstddef>

#include "protocols/uds/procedure.hpp"

namespace canstage::uds {

class transfer_client final : public procedure {
 public:
  explicit transfer_client(const transfer_spec& spec);

 private:
  enum class step : std::uint8_t { opening, moving, closing };

  void take(byte_view answer) override;
  void take_opening(byte_view answer);
  void take_block(byte_view answer);
  void take_upload(byte_view data);
  void ask_block();
  void close();
  std::string block_text() const;

  const transfer_spec& spec_;
  step step_ = step::opening;
  std::uint64_t data_per_block_ = 0;
  std::uint64_t moved_ = 0;
  std::uint64_t in_flight_ = 0;  ///< bytes of the block that waits for its answer
  std::uint64_t blocks_ = 0;     ///< that were begun
};

}  // namespace canstage::uds
