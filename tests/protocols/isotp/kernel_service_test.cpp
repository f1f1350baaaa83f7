// The services of ISO 15765-2 over a socket that says less: what is confirmed and indicated, and when.
#include "protocols/isotp/kernel_service.hpp"

#include "catch2/catch.hpp"
#include "protocols/can/frame.hpp"

namespace canstage::isotp {
namespace {

using namespace std::chrono_literals;

constexpr auto request_id = can::identifier::standard(0x7E0);
constexpr auto response_id = can::identifier::standard(0x7E8);
constexpr auto to_all = can::identifier::standard(0x7DF);

bytes hex(std::string_view text) {
  text_error error;
  return parse_hex(text, error).value();
}

/// An ECU's end, its socket and its bus played by hand. Outputs are text with their times.
class stage {
 public:
  explicit stage(parameters settings = {}, addressing address = {.rx = request_id,
                                                                 .tx = response_id,
                                                                 .functional_rx = to_all,
                                                                 .functional_tx = {}})
      : machine_(address, settings) {}

  kernel_service& machine() { return machine_; }
  void at(duration time) { now_ = instant{time}; }
  instant now() const { return now_; }

  void request(std::string_view sdu, target_type target = target_type::physical) {
    machine_.request(now_, hex(sdu), target);
  }
  void see(can::identifier id, std::string_view data) {
    machine_.on_frame(now_, can::data_frame(id, hex(data)));
  }
  void peer(std::string_view data) { see(request_id, data); }
  void own(std::string_view data) { see(response_id, data); }
  void message(std::string_view sdu) { machine_.on_message(now_, hex(sdu)); }
  void error(error_side side, n_result result, bool idle = false) {
    machine_.on_error(now_, machine_.concerned(side, idle), result);
    if (idle) machine_.on_idle(now_);
  }
  void idle() { machine_.on_idle(now_); }
  void writes_end_as(write_end how) { write_ = how; }

  std::string seen() {
    std::string text;
    service_event next;
    for (instant when; machine_.poll(now_, next, when);) {
      if (!text.empty()) text += " | ";
      if (const auto* output = std::get_if<socket_write>(&next)) {
        text += "write " + to_hex(output->sdu);
        machine_.on_written(now_, write_);
        continue;
      }
      if (const auto* end = std::get_if<confirm>(&next))
        text += "confirm " + std::string{to_string(end->result)};
      if (const auto* begin = std::get_if<first_frame_indication>(&next))
        text += "FF " + std::to_string(begin->length);
      if (const auto* message = std::get_if<indication>(&next)) {
        text += message->result == n_result::n_ok ? to_hex(message->sdu)
                                                  : std::string{to_string(message->result)};
        if (message->target == target_type::functional) text += " to all";
      }
      text += " at " + std::to_string(when.time_since_epoch() / 1ms);
    }
    return text;
  }

 private:
  kernel_service machine_;
  instant now_{};
  write_end write_ = write_end::taken;
};

TEST_CASE("a request is confirmed at the end of its last frame, however late the socket says so",
          "[kernel]") {
  stage s;
  s.request("62 F1 90 01");
  CHECK(s.seen() == "write 62 F1 90 01");
  CHECK(s.machine().waits_for_idle());
  s.at(3ms);
  s.own("04 62 F1 90 01 CC CC CC");
  s.at(9ms);
  CHECK(s.seen().empty());
  s.idle();
  CHECK(s.seen() == "confirm N_OK at 3");
  CHECK_FALSE(s.machine().waits_for_idle());
}

TEST_CASE("requests go into the socket one after the other", "[kernel]") {
  stage s;
  s.request("01");
  s.request("02");
  CHECK(s.seen() == "write 01");
  s.idle();
  CHECK(s.seen() == "confirm N_OK at 0 | write 02");
}

TEST_CASE("a socket that is busy is tried again when it is idle", "[kernel]") {
  stage s;
  s.writes_end_as(write_end::busy);
  s.request("01");
  CHECK(s.seen() == "write 01");
  CHECK(s.machine().waits_for_idle());
  CHECK(s.seen().empty());
  s.writes_end_as(write_end::taken);
  s.idle();
  CHECK(s.seen() == "write 01");
}

TEST_CASE("without room for the first frame it is tried each millisecond, for N_As", "[kernel]") {
  stage s;
  s.writes_end_as(write_end::full);
  s.request("01");
  CHECK(s.seen() == "write 01");
  CHECK(s.machine().deadline() == instant{1ms});
  CHECK(s.seen().empty());
  s.at(1ms);
  CHECK(s.seen() == "write 01");
  s.at(1000ms);
  CHECK(s.seen() == "write 01 | confirm N_TIMEOUT_A at 1000");
  CHECK(s.machine().deadline() == never);
}

TEST_CASE("what the socket will never take ends with N_ERROR", "[kernel]") {
  stage s;
  s.writes_end_as(write_end::failed);
  s.request("01");
  s.request("02", target_type::functional);
  CHECK(s.seen() == "confirm N_ERROR at 0 | write 01 | confirm N_ERROR at 0");
}

TEST_CASE("a first frame is indicated with its own time when the socket has answered it", "[kernel]") {
  stage s;
  s.at(10ms);
  s.peer("10 14 01 02 03 04 05 06");
  CHECK(s.seen().empty());
  s.at(11ms);
  s.own("30 00 00");
  CHECK(s.seen() == "FF 20 at 10");
  s.at(15ms);
  s.message("01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13 14");
  CHECK(s.seen() == "01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13 14 at 15");
  CHECK(s.machine().deadline() == never);
}

TEST_CASE("a first frame that the socket ignores or refuses is not indicated", "[kernel]") {
  stage s;
  s.peer("10 14 01 02 03 04 05 06");
  s.own("32 00 00");
  s.own("30 00 00");
  CHECK(s.seen().empty());
  CHECK(s.machine().deadline() == never);
}

TEST_CASE("ISOTP-031 a new message ends the one before, of which the socket says nothing", "[kernel]") {
  stage s;
  s.peer("10 14 01 02 03 04 05 06");
  s.own("30 00 00");
  CHECK(s.seen() == "FF 20 at 0");
  SECTION("a first frame") {
    s.at(5ms);
    s.peer("10 0A 01 02 03 04 05 06");
    s.own("30 00 00");
    CHECK(s.seen() == "N_UNEXP_PDU at 5 | FF 10 at 5");
  }
  SECTION("a single frame") {
    s.at(5ms);
    s.message("3E 00");
    CHECK(s.seen() == "N_UNEXP_PDU at 5 | 3E 00 at 5");
  }
}

TEST_CASE("errors of the socket are ends of receptions and transmissions", "[kernel]") {
  stage s;
  SECTION("while receiving") {
    s.peer("10 14 01 02 03 04 05 06");
    s.own("30 00 00");
    s.seen();
    s.at(1s);
    const auto [side, result, told] = GENERATE(table<error_side, n_result, std::string>({
        {error_side::receiving, n_result::n_timeout_cr, "N_TIMEOUT_Cr at 1000"},
        {error_side::receiving, n_result::n_wrong_sn, "N_WRONG_SN at 1000"},
        {error_side::either, n_result::n_invalid_fs, "N_ERROR at 1000"},
    }));
    s.error(side, result);
    CHECK(s.seen() == told);
  }
  SECTION("while sending") {
    s.request("01 02 03 04 05 06 07 08");
    s.seen();
    s.own("10 08 01 02 03 04 05 06");
    s.at(1s);
    const auto [side, result, told] = GENERATE(table<error_side, n_result, std::string>({
        {error_side::sending, n_result::n_timeout_bs, "confirm N_TIMEOUT_Bs at 1000"},
        {error_side::sending, n_result::n_buffer_ovflw, "confirm N_BUFFER_OVFLW at 1000"},
        {error_side::either, n_result::n_invalid_fs, "confirm N_INVALID_FS at 1000"},
    }));
    s.error(side, result, true);
    CHECK(s.seen() == told);
  }
  SECTION("of nothing that is known here") {
    s.error(error_side::receiving, n_result::n_timeout_cr);
    s.error(error_side::sending, n_result::n_timeout_bs, true);
    CHECK(s.seen().empty());
  }
}

TEST_CASE("a frame that never got onto the bus is N_TIMEOUT_A, not N_TIMEOUT_Bs", "[kernel]") {
  stage s;
  s.request("01 02 03 04 05 06 07 08");
  s.seen();
  SECTION("the first one") {}
  SECTION("a later one") { s.own("10 08 01 02 03 04 05 06"); }
  s.at(2s);
  s.error(error_side::sending, n_result::n_timeout_bs, true);
  CHECK(s.seen() == "confirm N_TIMEOUT_A at 2000");
}

TEST_CASE("a reception that the socket gave up silently ends after its N_Cr all the same", "[kernel]") {
  stage s;
  s.peer("10 14 01 02 03 04 05 06");
  s.own("30 00 00");
  s.at(700ms);
  s.peer("21 07 08 09 0A 0B 0C 0D");
  CHECK(s.seen() == "FF 20 at 0");
  CHECK(s.machine().deadline() == instant{2200ms});
  s.at(2199ms);
  s.machine().on_time(s.now());
  CHECK(s.seen().empty());
  s.at(2200ms);
  s.machine().on_time(s.now());
  CHECK(s.seen() == "N_TIMEOUT_Cr at 2200");
}

TEST_CASE("functional single frames are read from the bus, everything else there is not", "[kernel]") {
  stage s;
  s.see(to_all, "02 3E 00 CC CC CC CC CC");
  CHECK(s.seen() == "3E 00 to all at 0");
  s.see(to_all, "10 08 01 02 03 04 05 06");
  s.peer("02 3E 00 CC CC CC CC CC");  // the socket's
  s.see(can::identifier::standard(0x123), "02 3E 00");
  CHECK(s.seen().empty());
}

TEST_CASE("functional requests are sent where they have an identifier", "[kernel]") {
  stage s{{}, {.rx = to_all, .tx = to_all, .functional_rx = {}, .functional_tx = to_all}};
  s.request("3E 00", target_type::functional);
  CHECK(s.seen() == "write 3E 00");
  s.at(2ms);
  s.see(to_all, "02 3E 00 CC CC CC CC CC");
  s.idle();
  CHECK(s.seen() == "confirm N_OK at 2");
}

TEST_CASE("address bytes tell who is meant", "[kernel]") {
  const auto both = can::identifier::standard(0x6F1);
  stage s{{},
          {.rx = both,
           .tx = response_id,
           .functional_rx = both,
           .functional_tx = {},
           .rx_address_byte = 0x10,
           .tx_address_byte = 0xF1,
           .functional_rx_address_byte = 0xDF}};
  s.see(both, "DF 02 3E 00");
  CHECK(s.seen() == "3E 00 to all at 0");
  s.see(both, "11 10 14 01 02 03 04 05");
  s.own("F1 30 00 00");
  CHECK(s.seen().empty());
  s.see(both, "10 10 14 01 02 03 04 05");
  s.own("F1 30 00 00");
  CHECK(s.seen() == "FF 20 at 0");
}

TEST_CASE("half duplex: a request waits for the end of a reception", "[kernel]") {
  parameters half;
  half.duplex = duplex_mode::half;
  stage s{half};
  s.peer("10 08 01 02 03 04 05 06");
  s.own("30 00 00");
  s.request("01");
  CHECK(s.seen() == "FF 8 at 0");
  s.message("01 02 03 04 05 06 07 08");
  CHECK(s.seen() == "01 02 03 04 05 06 07 08 at 0 | write 01");
}

TEST_CASE("an interface that goes down ends everything, a lost power forgets it", "[kernel]") {
  stage s;
  s.peer("10 14 01 02 03 04 05 06");
  s.own("30 00 00");
  s.request("01");
  s.request("02");
  CHECK(s.seen() == "FF 20 at 0 | write 01");
  s.at(5ms);
  SECTION("down") {
    s.machine().on_down(s.now());
    CHECK(s.seen() == "N_TIMEOUT_Cr at 5 | confirm N_TIMEOUT_A at 5 | confirm N_TIMEOUT_A at 5");
  }
  SECTION("reset") {
    s.machine().reset();
    s.idle();
    CHECK(s.seen().empty());
  }
  CHECK(s.machine().deadline() == never);
}

}  // namespace
}  // namespace canstage::isotp
