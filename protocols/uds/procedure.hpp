// A sequence of physical exchanges with one ECU that belong together: unlocking, a transfer, reading
// DTCs. It says what to ask next and is told what was answered; how the exchanges are made, and what
// became of one without an answer, is its host's business.
//
// Rules:
//  - One request at a time: `request()` is due until its final answer came. 0x78 is not told.
//  - The first answer that is not as the procedure needs it ends it. An ECU that says busyRepeatRequest
//    (0x21) is asked again, `busy_repetitions` times for one request.
//  - What was reached, or what went wrong, is one line of text.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocols/bytes.hpp"

namespace canstage::uds {

inline constexpr unsigned busy_repetitions = 3;

class procedure {
 public:
  enum class state : std::uint8_t { running, succeeded, failed };

  virtual ~procedure() = default;

  // Observers.
  state now() const { return state_; }
  /// What is to be asked; after the end what was asked last.
  const bytes& request() const { return request_; }
  /// What `request` is for: "block 3 of 65".
  const std::string& stage() const { return stage_; }
  /// After the end.
  const std::string& text() const { return text_; }
  /// The NRC that ended it.
  std::optional<std::uint8_t> refused_with() const { return refused_with_; }
  /// What an upload that keeps its data has brought so far.
  const bytes& received() const { return received_; }
  /// How far it is, in bytes or requests.
  std::uint64_t done() const { return done_; }
  std::uint64_t total() const { return total_; }

  // Inputs.
  void on_answer(byte_view answer);

 protected:
  /// A positive answer to the latest request.
  virtual void take(byte_view answer) = 0;

  void ask(bytes request, std::string stage);
  void succeed(std::string text);
  void fail(std::string text);
  void count(std::uint64_t done, std::uint64_t total);
  void keep(byte_view data) { received_.insert(received_.end(), data.begin(), data.end()); }

 private:
  state state_ = state::running;
  bytes request_;
  std::string stage_;
  std::string text_;
  std::optional<std::uint8_t> refused_with_;
  bytes received_;
  unsigned busy_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
};

/// The key for a seed; nothing and `problem` if there is none.
using key_function = std::function<std::optional<bytes>(byte_view seed, std::string& problem)>;

/// requestSeed and sendKey (ISO 14229-1 10.4).
struct unlock_spec {
  std::uint8_t level = 1;  ///< odd
  bytes record{};          ///< securityAccessDataRecord of requestSeed
  key_function key{};
};

/// RequestDownload or RequestUpload, TransferData, RequestTransferExit (ISO 14229-1 15).
struct transfer_spec {
  bool upload = false;
  std::uint8_t data_format = 0;            ///< dataFormatIdentifier
  bytes address{};                         ///< as it is sent
  std::uint8_t size_bytes = 4;             ///< length of the memorySize parameter
  std::uint64_t size = 0;                  ///< of the data
  std::shared_ptr<const bytes> data{};     ///< download: what is sent; upload: what has to come, or null
  std::optional<std::uint32_t> longest{};  ///< of a block with its two bytes of header; none: the ECU's
  bool keeps = false;                      ///< upload: the data is wanted afterwards
  bytes exit_record{};                     ///< transferRequestParameterRecord of RequestTransferExit
};

/// One DTC that has to be reported, or must not be.
struct expected_dtc {
  std::uint32_t dtc = 0;
  std::uint8_t status = 0;
  std::uint8_t status_mask = 0xFF;  ///< which bits of `status` count
};

/// reportDTCByStatusMask, compared with what is expected (ISO 14229-1 12.3).
struct dtc_reading_spec {
  std::uint8_t status_mask = 0xFF;
  bool judged = false;  ///< otherwise everything is right
  std::vector<expected_dtc> expected{};
  bool others = false;  ///< whether there may be DTCs that are not expected
};

using procedure_spec = std::variant<unlock_spec, transfer_spec, dtc_reading_spec>;

/// Ready with its first request. `what` outlives it.
std::unique_ptr<procedure> make_procedure(const procedure_spec& what);

}  // namespace canstage::uds
