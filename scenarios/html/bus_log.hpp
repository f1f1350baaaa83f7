// What was heard on the buses of a run, as the page shows it: frames, the messages they carry, who sent
// them to whom, and what was remarked.
//
// Memory is bounded by `log_limits`: what comes when they are reached is counted and not kept. A frame
// takes 48 bytes and its data, a message 64 bytes and what its text is worth.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "protocols/dissect/dissector.hpp"
#include "protocols/trace/writer.hpp"
#include "scenarios/html/text_table.hpp"
#include "scenarios/model.hpp"

namespace canstage::scenarios::html {

inline constexpr std::uint32_t none = 0xFFFF'FFFF;

/// Somebody who sends or receives. Numbers of texts are those of the log's table.
struct participant {
  enum class kind : std::uint8_t { tester, ecu, endpoint, all, unknown };

  kind what = kind::unknown;
  std::uint32_t name = 0;
  bus_index bus = 0;
  duration p2{0};       ///< of an ECU
  duration p2_star{0};  ///< likewise
};

struct logged_frame {
  instant end;
  duration on_wire{0};  ///< 0 on a bus without bit rates
  can::identifier id;
  std::uint32_t message = none;  ///< index
  std::uint32_t text = 0;
  std::uint32_t from = none;  ///< participants
  std::uint32_t to = none;
  std::uint16_t bus = 0;
  std::uint8_t length = 0;
  std::uint8_t flags =
      0;  ///< bits: 1 FD, 2 bit rate switch, 4 error state indicator, 8 remote, 16 error message
};

/// A message of ISO-TP, from its first frame on.
struct logged_message {
  enum class kind : std::uint8_t { request, positive, negative, pending, other };

  kind what = kind::other;
  bool whole = false;
  std::uint32_t first = 0;  ///< frames
  std::uint32_t last = 0;
  std::uint32_t from = none;
  std::uint32_t to = none;
  std::uint32_t text = 0;
  std::uint32_t data = 0;        ///< as hex, its begin
  std::uint32_t length = 0;      ///< in bytes
  std::uint32_t request = none;  ///< the message that it answers
  std::uint32_t since = none;    ///< whose end its response time counts from: the request, or the 0x78 before
};

/// Something that is no frame: a fault, an event of a bus.
struct logged_remark {
  instant at;
  std::uint32_t text = 0;
};

struct log_limits {
  std::size_t frames = 120'000;
  std::size_t data = 4'000'000;   ///< bytes of all frames
  std::size_t texts = 4'000'000;  ///< bytes of all texts that are said
};

class bus_log final : public trace::writer {
 public:
  /// `play` outlives the log.
  explicit bus_log(const scenario& play, log_limits most = {});

  /// What this log has left of `most`.
  log_limits rest_of(log_limits most) const;

  // As a writer of traces: keeps everything and appends nothing.
  void begin(std::string&) override {}
  void add_bus(std::string&, std::string_view) override {}
  void add(std::string&, const trace::entry& what) override;
  void remark(std::string&, instant time, std::string_view text) override;
  void end(std::string&) override {}

  // Observers.
  const scenario& play() const { return play_; }
  const std::vector<participant>& participants() const { return participants_; }
  const std::vector<logged_frame>& frames() const { return frames_; }
  const bytes& data() const { return data_; }  ///< of all frames, one after the other
  const std::vector<logged_message>& messages() const { return messages_; }
  const std::vector<logged_remark>& remarks() const { return remarks_; }
  std::uint64_t heard() const { return heard_; }  ///< frames, also those that were not kept
  text_table& texts() const { return *texts_; }

 private:
  /// The latest answer of somebody to requests of one service.
  struct answered {
    std::uint32_t request = none;
    std::uint32_t since = none;
    bool finally = false;
  };

  using service_of = std::tuple<bus_index, std::uint8_t, std::uint32_t>;  ///< bus, SID, participant

  bool full() const;
  std::uint32_t participant_of(participant::kind what, std::string_view name, bus_index bus);
  void name_ends(const dissect::finding& found, std::string_view sender, logged_frame& frame);
  void follow(const dissect::finding& found, logged_frame& frame);
  void complete(logged_message& message, const dissect::finding& found, bus_index bus);
  void pair(logged_message& message, std::uint8_t service, bus_index bus);

  const scenario& play_;
  log_limits most_;
  dissect::dissector dissector_;
  std::unique_ptr<text_table> texts_;
  std::vector<participant> participants_;
  std::map<std::string, std::uint32_t, std::less<>> by_name_;
  std::vector<logged_frame> frames_;
  bytes data_;
  std::vector<logged_message> messages_;
  std::vector<logged_remark> remarks_;
  std::vector<std::uint32_t> open_;               ///< by stream: the message that is under way, or none
  std::map<service_of, std::uint32_t> requests_;  ///< the latest
  std::map<service_of, answered> answers_;
  std::uint64_t heard_ = 0;
};

}  // namespace canstage::scenarios::html
