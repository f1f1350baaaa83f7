// What the frames of a trace say: N_PDUs of ISO-TP, and the UDS messages they carry.
//
//   7DF  02 3E 80 ..    SF  tester > all     TesterPresent: zeroSubFunction, positive answer suppressed
//   7E8  10 14 62 F1    FF  engine > tester  20 bytes begin
//   7E0  30 08 05 ..    FC  tester > engine  continue, BS 8, STmin 5 ms
//   7E8  21 5A 5A 5A    CF  engine > tester  SN 1, 13 of 20 bytes
//   7E8  22 30 30 30    CF  engine > tester  SN 2, whole: ReadDataByIdentifier answered: F190 VIN ".."
//
// Rules:
//  - A bystander: nothing is timed, and nobody is told what is wrong. A CF that does not follow the one
//    before it ends its message here.
//  - Messages are put together per bus, identifier and address byte.
//  - Identifiers that are not known by a `way` are diagnostics if they are those of ISO 15765-4, of normal
//    fixed or 29-bit mixed addressing, or if they once carried an SF or FF that looks like UDS: a known
//    SID, and fillers that are all the same. An FC or CF alone proves nothing.
//  - An answer to several DIDs is read with the latest request of its service on that bus.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/can/frame.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/isotp/n_pdu.hpp"

namespace canstage::dissect {

/// Who sends on an identifier to whom, as people call them.
struct way {
  std::string bus;  ///< empty: any
  can::identifier id;
  std::optional<std::uint8_t> address_byte;  ///< in front of the N_PCI
  std::string from;
  std::string to;
};

/// What one frame is and does to the message it belongs to.
struct finding {
  std::string kind;                ///< "SF", "FF", "CF", "FC"; empty for what is no N_PDU
  std::string text;                ///< the rest in words, without names; empty: no diagnostics
  const way* known = nullptr;      ///< who sends to whom, while the dissector lives; null: nobody knows
  std::size_t stream = 0;          ///< where messages follow each other: bus, identifier, address byte;
                                   ///< numbered from 0 as they appear
  std::size_t address_bytes = 0;   ///< in front of the N_PCI: 0 or 1
  bool begins = false;             ///< a message begins with this frame
  bool broke_off = false;          ///< a message that had begun before, or this one, is not whole
  std::optional<bytes> message{};  ///< that is whole with this frame
  std::string message_text{};      ///< ... and in words
};

class dissector {
 public:
  explicit dissector(std::vector<way> known = {});

  /// What the next frame of a bus is; `known` also for one that is no diagnostics.
  finding look(std::string_view bus, const can::frame& f);

  /// The same in a line; empty for a frame that is no diagnostics.
  std::string explain(std::string_view bus, const can::frame& f);

 private:
  /// (bus, identifier, address byte or -1)
  using key = std::tuple<std::string, std::uint32_t, int>;

  struct stream {
    std::size_t number = 0;
    const way* known = nullptr;
    bool diagnostics = false;
    std::size_t address_bytes = 0;
    std::uint32_t expected = 0;  ///< FF_DL of the message that is under way; 0: none
    std::uint8_t sn = 0;         ///< of the next CF
    bytes received;
  };

  stream& stream_of(std::string_view bus, const can::frame& f);
  void look_at_single(const std::string& bus, stream& who, const isotp::received_frame& f, finding& found);
  void look_at_first(stream& who, const isotp::received_frame& f, finding& found);
  void look_at_consecutive(const std::string& bus, stream& who, const isotp::received_frame& f,
                           finding& found);
  std::string explain_flow_control(const isotp::received_frame& f) const;
  std::string explain_message(const std::string& bus, byte_view message);

  std::vector<way> known_;
  isotp::parameters settings_;
  std::map<key, stream> streams_;
  std::map<std::pair<std::string, std::uint8_t>, bytes> requests_;  ///< the latest by bus and SID
};

}  // namespace canstage::dissect
