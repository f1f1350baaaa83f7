// Every service and the rules that it keeps, in short: a request and its answer per line. The same statements
// are tested through the whole stack in tests/end_to_end/uds.
#include <algorithm>
#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "catch2/catch.hpp"
#include "tests/protocols/uds/config_with_everything.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool fits(const std::string& answer, const std::string& expected) {
  if (expected == "silence") return answer.empty();
  if (expected.find_first_of("*?") == std::string::npos) return answer == expected;
  return !answer.empty() && pattern_of(expected).matches(from_hex(answer));
}

/// Asks a server and lets it send, also what nobody asked for.
class plain_ecu {
 public:
  explicit plain_ecu(server_config config = config_with_everything())
      : machine_(std::make_shared<const server_config>(std::move(config)), random_stream{1, "ecu"}) {}

  /// What is sent until the server is idle: "62 F1 90 41", several with " | " between, "" for silence.
  std::string ask(const std::string& request, isotp::target_type target = isotp::target_type::physical) {
    machine_.on_request(now_, from_hex(request), target);
    std::string sent = take();
    while (machine_.busy() && machine_.deadline() != never) sent = joined(sent, step());
    return sent;
  }

  /// What is sent in that time, each with its time from the begin of it on: "+300ms 6A 01 06".
  std::string run(duration time) {
    const instant begin = now_;
    std::string sent;
    while (machine_.deadline() <= begin + time) {
      const std::string text = step();
      if (!text.empty()) sent = joined(sent, "+" + std::to_string((now_ - begin) / 1ms) + "ms " + text);
    }
    now_ = begin + time;
    return sent;
  }

  void reset() {
    machine_.reset(now_);
    take();
  }

 private:
  static std::string joined(const std::string& one, const std::string& other) {
    return one + (one.empty() || other.empty() ? "" : " | ") + other;
  }
  std::string step() {
    now_ = std::max(now_, machine_.deadline());
    machine_.on_time(now_);
    return take();
  }
  std::string take() {
    std::string sent;
    while (const auto next = machine_.poll()) {
      const auto* message = std::get_if<respond>(&*next);
      if (message == nullptr) continue;
      sent = joined(sent, to_hex(message->message));
      machine_.on_response_sent(now_);
    }
    return sent;
  }

  server machine_;
  instant now_{};
};

/// "22 F1 90 -> 62 F1 90 *", "all ..." functionally, "wait 500" (ms), "reset"; "#" begins a remark.
void holds(const std::string& text, server_config config = config_with_everything()) {
  plain_ecu ecu{std::move(config)};
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) {
    line = trimmed(line.substr(0, line.find('#')));
    const auto arrow = line.find("->");
    if (line.starts_with("wait ")) ecu.run(std::chrono::milliseconds{std::stoi(line.substr(5))});
    if (line == "reset") ecu.reset();
    if (arrow == std::string::npos) continue;
    std::string request = trimmed(line.substr(0, arrow));
    const bool functional = request.starts_with("all ");
    if (functional) request = request.substr(4);
    const std::string answer =
        ecu.ask(request, functional ? isotp::target_type::functional : isotp::target_type::physical);
    CAPTURE(line, answer);
    CHECK(fits(answer, trimmed(line.substr(arrow + 2))));
  }
}

const std::string unlock = "10 03 -> 50 03 *\n 27 01 -> 67 01 11\n 27 02 EE -> 67 02\n";

}  // namespace

TEST_CASE("UDS-008 UDS-050 UDS-051 UDS-056 UDS-057 UDS-058 security access") {
  holds(R"(
    27 01 -> 7F 27 7F
    all 27 01 -> silence
    10 03 -> 50 03 *
    27 02 EE -> 7F 27 24
    27 03 -> 7F 27 12
    27 00 -> 7F 27 12
    27 01 00 -> 7F 27 13
    2E F1 8C 00 00 -> 7F 2E 33
    27 01 -> 67 01 11
    27 02 EE EE -> 7F 27 13
    27 02 EE -> 67 02
    2E F1 8C 00 00 -> 6E F1 8C
    27 02 EE -> 7F 27 24
    27 01 -> 67 01 00         # unlocked: UDS-054
    10 03 -> 50 03 *          # UDS-055
    2E F1 8C 00 00 -> 7F 2E 33
    27 01 -> 67 01 11
    )");
}

TEST_CASE("UDS-052 UDS-053 UDS-059 wrong keys") {
  holds(R"(
    10 03 -> 50 03 *
    27 01 -> 67 01 11
    27 02 00 -> 7F 27 35
    27 02 EE -> 7F 27 24      # the seed is used up
    10 03 -> 50 03 *
    27 01 -> 67 01 11
    27 02 00 -> 7F 27 36
    27 01 -> 7F 27 37
    27 02 EE -> 7F 27 24
    wait 1000
    27 01 -> 67 01 11
    27 02 00 -> 7F 27 36      # one attempt was left
    wait 1000
    27 01 -> 67 01 11
    27 02 EE -> 67 02
    10 03 -> 50 03 *
    27 01 -> 67 01 11
    27 02 00 -> 7F 27 35      # the right key has cleared the count
    )");
}

TEST_CASE("UDS-056 only one level at a time, and each with its own seed") {
  server_config config = config_with_everything();
  config.security.levels.push_back({.level = 3, .seed = {{0x33}, 1}, .key = config.security.levels[0].key});
  holds(R"(
    10 03 -> 50 03 *
    27 01 -> 67 01 11
    27 04 EE -> 7F 27 24
    27 02 EE -> 67 02
    2E F1 8C 00 00 -> 6E F1 8C
    27 03 -> 67 03 33
    27 04 CC -> 67 04
    2E F1 8C 00 00 -> 7F 2E 33
    27 01 -> 67 01 11
    )",
        config);
}

TEST_CASE("UDS-046 a DID that is locked, also beside one that is not") {
  server_config config = config_with_everything();
  config.data.records[1].read = config.data.records[1].write;
  holds("22 F1 8C -> 7F 22 33\n 22 F1 90 F1 8C -> 7F 22 33\n" + unlock + "22 F1 8C -> 62 F1 8C 01 02\n",
        config);
}

TEST_CASE("UDS-080 UDS-081 UDS-082 routines") {
  holds(R"(
    31 01 00 -> 7F 31 13
    31 01 00 09 -> 7F 31 31
    31 02 00 01 -> 7F 31 24
    31 03 00 01 -> 7F 31 24
    31 04 00 01 -> 7F 31 12
    31 02 00 02 -> 7F 31 12
    31 01 00 01 -> 7F 31 78 | 71 01 00 01 01
    31 03 00 01 -> 71 03 00 01 03
    31 02 00 01 -> 71 02 00 01 02
    31 02 00 01 -> 7F 31 24
    31 03 00 01 -> 71 03 00 01 03
    10 03 -> 50 03 *
    31 03 00 01 -> 71 03 00 01 03
    10 01 -> 50 01 *
    31 03 00 01 -> 7F 31 24   # forgotten
    )");
}

TEST_CASE("UDS-084 UDS-085 memory") {
  holds(R"(
    3D 12 10 00 02 AA BB -> 7D 12 10 00 02
    23 12 10 00 03 -> 63 AA BB FF
    23 12 0F FF 02 -> 7F 23 31
    23 22 11 2B 00 02 -> 7F 23 31
    23 22 11 2B 00 01 -> 63 FF
    23 02 10 00 -> 7F 23 31
    23 10 01 -> 7F 23 31
    23 12 10 00 00 -> 7F 23 31
    23 12 10 00 -> 7F 23 13
    23 12 10 00 40 -> 7F 23 14     # 64 bytes and their SID
    3D 12 10 00 02 AA -> 7F 3D 13
    3D 12 20 00 01 AA -> 7F 3D 31  # read only
    31 01 00 02 12 10 00 01 -> 71 01 00 02 00
    23 12 10 00 02 -> 63 FF BB
    )");
}

TEST_CASE("UDS-090 UDS-091 UDS-093 UDS-094 UDS-095 UDS-096 UDS-097 UDS-098 downloads") {
  holds(R"(
    34 00 12 10 00 0A -> 7F 34 7F
    10 02 -> 50 02 *
    36 01 00 -> 7F 36 24
    37 -> 7F 37 24
    34 01 12 10 00 0A -> 7F 34 31
    34 00 12 20 00 0A -> 7F 34 33
    34 00 12 10 00 -> 7F 34 13
    34 00 12 10 00 0A 00 -> 7F 34 13
    34 00 12 10 00 0A -> 74 10 0A
    34 00 12 10 00 0A -> 7F 34 22
    36 02 00 -> 7F 36 73
    36 01 -> 7F 36 13
    36 01 01 02 03 04 05 06 07 08 09 -> 7F 36 13
    36 01 01 02 03 04 05 06 07 08 -> 76 01
    36 01 FF -> 76 01         # again: acknowledged, not stored
    37 -> 7F 37 24            # not complete
    36 02 01 02 03 -> 7F 36 71
    36 02 09 0A -> 76 02
    37 00 -> 7F 37 13
    37 -> 77
    37 -> 7F 37 24
    23 12 10 00 0A -> 63 01 02 03 04 05 06 07 08 09 0A
    31 01 00 03 -> 71 01 00 03 00 25 20 57 7B    # CRC-32
    31 01 00 03 25 20 57 7B -> 71 01 00 03 00
    31 01 00 03 25 20 57 7C -> 71 01 00 03
    34 00 12 10 00 0A -> 74 10 0A
    10 02 -> 50 02 *          # aborts
    36 01 00 -> 7F 36 24
    )");
}

TEST_CASE("UDS-092 UDS-094 uploads") {
  holds(R"(
    3D 12 10 00 0A 01 02 03 04 05 06 07 08 09 0A -> 7D 12 10 00 0A
    10 02 -> 50 02 *
    35 00 12 10 00 0A -> 75 10 0A
    36 01 00 -> 7F 36 13
    36 01 -> 76 01 01 02 03 04 05 06 07 08
    36 01 -> 76 01 01 02 03 04 05 06 07 08
    36 02 -> 76 02 09 0A
    36 03 -> 7F 36 24
    37 -> 77
    )");
}

TEST_CASE("UDS-072 UDS-073 communication control") {
  holds(R"(
    28 03 01 -> 7F 28 7F
    10 03 -> 50 03 *
    28 03 01 -> 68 03
    28 83 01 -> silence
    28 03 04 -> 7F 28 31
    28 03 00 -> 7F 28 31
    28 03 21 -> 7F 28 31
    28 03 F1 -> 68 03
    28 03 -> 7F 28 13
    28 04 01 00 01 -> 7F 28 12    # there are no nodes
    28 06 01 -> 7F 28 12
    )");
}

TEST_CASE("UDS-083 input and output control") {
  holds(R"(
    2F 01 00 03 AB C0 -> 7F 2F 7F
    10 03 -> 50 03 *
    2F 01 00 03 AB 80 -> 6F 01 00 03 A0    # the first parameter alone
    22 01 00 -> 62 01 00 A0
    2E 01 00 55 -> 6E 01 00
    22 01 00 -> 62 01 00 A5
    2F 01 00 01 40 -> 6F 01 00 01 A9
    2F 01 00 00 C0 -> 6F 01 00 00 55
    2F 01 00 02 C0 -> 6F 01 00 02 55
    2E 01 00 66 -> 6E 01 00
    22 01 00 -> 62 01 00 55
    2F 01 00 04 C0 -> 7F 2F 31
    2F 01 00 03 AB -> 7F 2F 13
    2F F1 90 03 00 00 00 -> 7F 2F 31
    2F 01 00 -> 7F 2F 13
    10 01 -> 50 01 *
    22 01 00 -> 62 01 00 66
    )");
}

TEST_CASE("UDS-109 UDS-110 periodic data") {
  plain_ecu ecu;
  CHECK(ecu.ask("2A 01 01") == "7F 2A 7F");
  ecu.ask("10 03");
  CHECK(ecu.ask("2A") == "7F 2A 13");
  CHECK(ecu.ask("2A 05 01") == "7F 2A 31");
  CHECK(ecu.ask("2A 00 01") == "7F 2A 31");
  CHECK(ecu.ask("2A 01") == "7F 2A 13");
  CHECK(ecu.ask("2A 01 77") == "7F 2A 31");
  CHECK(ecu.run(2s).empty());
  server_config exact = config_with_everything();
  exact.response_time = {};
  plain_ecu punctual{exact};
  punctual.ask("10 03");
  CHECK(punctual.ask("2A 02 01") == "6A");
  CHECK(punctual.run(950ms) == "+300ms 6A 01 06 07 | +600ms 6A 01 06 07 | +900ms 6A 01 06 07");
  CHECK(punctual.ask("2A 04 01") == "6A");
  CHECK(punctual.run(1s).empty());
  CHECK(punctual.ask("2A 01 01") == "6A");
  CHECK(punctual.run(1500ms) == "+1000ms 6A 01 06 07");
  punctual.ask("10 01");
  CHECK(punctual.run(3s).empty());
}

TEST_CASE("UDS-111 UDS-112 dynamically defined DIDs") {
  holds(R"(
    2C 01 F3 01 F1 90 02 02 -> 6C 01 F3 01
    22 F3 01 -> 62 F3 01 04 05
    2C 01 F3 01 01 00 01 01 -> 6C 01 F3 01
    22 F3 01 -> 62 F3 01 04 05 00
    2C 01 F3 02 F1 90 03 02 -> 7F 2C 31    # behind the end
    2C 01 F3 02 F1 90 00 01 -> 7F 2C 31
    2C 01 F1 90 F1 90 01 01 -> 7F 2C 31
    2C 01 F3 02 12 34 01 01 -> 7F 2C 31
    2C 01 F3 02 F1 90 01 -> 7F 2C 13
    2C 04 F3 02 -> 7F 2C 12
    2C 03 F3 01 -> 6C 03 F3 01
    22 F3 01 -> 7F 22 31
    2C 03 F3 01 -> 7F 2C 31
    )");
}

TEST_CASE("UDS-060 UDS-061 UDS-062 UDS-063 UDS-064 UDS-065 UDS-066 UDS-067 UDS-068 UDS-071 DTCs") {
  holds(R"(
    19 01 08 -> 59 01 FF 01 00 01
    19 02 08 -> 59 02 FF C1 00 00 2F
    19 02 00 -> 59 02 FF
    19 0A -> 59 0A FF 01 23 17 50 C1 00 00 2F 42 00 11 50
    19 04 12 34 56 FF -> 7F 19 31
    19 04 C1 00 00 FF -> 59 04 C1 00 00 2F
    19 43 -> 7F 19 12
    19 02 -> 7F 19 13
    19 08 40 08 -> 59 08 FF 40 00 C1 00 00 2F
    14 12 34 56 -> 7F 14 31
    14 FF FF -> 7F 14 13
    14 FF FF FF -> 54
    19 02 08 -> 59 02 FF
    19 0A -> 59 0A FF 01 23 17 50 C1 00 00 50 42 00 11 50
    85 02 -> 7F 85 7F
    10 03 -> 50 03 *
    85 02 -> C5 02
    85 02 12 34 56 -> 7F 85 31
    85 03 -> 7F 85 12
    85 02 00 -> 7F 85 13
    )");
}

TEST_CASE("UDS-114 UDS-115 UDS-117 link control, scaling, secured data, access timing") {
  holds(R"(
    24 01 00 -> 64 01 00 01
    24 F1 90 -> 7F 24 31
    24 01 -> 7F 24 13
    87 03 -> 7F 87 7F
    10 03 -> 50 03 *
    87 03 -> 7F 87 24
    87 01 02 -> 7F 87 31
    87 01 03 -> C7 01
    87 03 -> C7 03
    87 03 -> 7F 87 24
    87 02 0F 42 40 -> C7 02
    87 02 0F 42 41 -> 7F 87 31
    87 01 -> 7F 87 13
    84 00 01 00 00 00 00 00 22 F1 90 -> C4 00 00 00 00 00 00 00 62 F1 90 03 04 05
    84 00 01 00 00 00 00 00 BA -> C4 00 00 00 00 00 00 00 7F BA 11
    84 00 01 00 00 00 00 00 3E 80 -> silence
    84 00 -> 7F 84 13
    83 03 -> C3 03 00 32 01 F4
    83 04 00 64 03 E8 -> C3 04
    83 03 -> C3 03 00 64 03 E8
    83 02 -> C3 02
    83 03 -> C3 03 00 32 01 F4
    83 04 00 -> 7F 83 13
    83 05 -> 7F 83 12
    )");
}

TEST_CASE("UDS-118 UDS-119 authentication") {
  const std::string algorithm = " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ";
  server_config config = config_with_everything();
  config.data.records[0].write.authentication = true;
  holds(
      "2E 01 00 01 -> 7F 2E 34\n"
      "29 00 -> 69 00 10\n"
      "29 08 -> 69 08 04\n"
      "29 01 -> 7F 29 12\n"
      "29 06" +
          algorithm +
          "00 01 DD 00 00 00 00 -> 7F 29 24\n"
          "29 05 00" +
          algorithm + "-> 69 05 00" + algorithm +
          "00 01 22 00 00\n"
          "29 06" +
          algorithm +
          "00 01 DC 00 00 00 00 -> 7F 29 58\n"
          "29 06" +
          algorithm +
          "00 01 DD 00 00 00 00 -> 7F 29 24\n"
          "29 05 00" +
          algorithm +
          "-> 69 05 *\n"
          "29 06" +
          algorithm + "00 01 DD 00 00 00 00 -> 69 06 12" + algorithm +
          "00 00\n"
          "2E 01 00 01 -> 6E 01 00\n"
          "29 00 -> 69 00 10\n"
          "2E 01 00 01 -> 7F 2E 34\n",
      config);
}

TEST_CASE("UDS-116 files") {
  holds(R"(
    38 04 00 02 2F 61 00 -> 7F 38 7F
    10 02 -> 50 02 *
    38 04 00 02 2F 62 00 -> 7F 38 31
    38 04 00 02 2F 61 00 -> 78 04 01 0A 00 00 04 00 00 00 03 00 00 00 03
    36 01 -> 76 01 01 02 03
    37 -> 77
    38 02 00 02 2F 61 -> 78 02
    38 02 00 02 2F 61 -> 7F 38 31
    38 09 00 02 2F 61 -> 7F 38 31
    38 04 00 09 2F -> 7F 38 13
    )");
}

TEST_CASE("UDS-113 response on event") {
  holds(R"(
    86 05 02 -> 7F 86 24
    86 03 02 12 34 22 01 00 -> 7F 86 31
    86 03 09 01 00 22 01 00 -> 7F 86 31
    86 03 02 01 00 11 01 -> 7F 86 31
    86 03 02 01 00 22 01 00 -> C6 03 00 02 01 00 22 01 00
    2E 01 00 01 -> 6E 01 00                  # not started
    86 05 02 -> C6 05 00 02
    2E 01 00 02 -> 6E 01 00 | 62 01 00 02
    2E 01 00 02 -> 6E 01 00                  # no change
    10 03 -> 50 03 *
    2E 01 00 03 -> 6E 01 00                  # stopped by the transition
    86 43 02 01 00 22 01 00 -> C6 43 00 02 01 00 22 01 00
    86 05 02 -> C6 05 00 02
    10 03 -> 50 03 *
    2E 01 00 04 -> 6E 01 00 | 62 01 00 04    # but not one that is stored
    86 00 02 -> C6 00 00 02
    2E 01 00 05 -> 6E 01 00
    )");
}

TEST_CASE("OBD-002 OBD-003 OBD-004 legislated OBD") {
  holds(R"(
    01 0C -> 41 0C 1A F8
    01 0D -> silence
    all 01 0D -> silence
    01 0D 0C -> 41 0C 1A F8
    01 00 -> 41 00 80 10 00 00
    03 -> 43 00
    04 -> 44
    )");
}

TEST_CASE("a reset forgets what is volatile") {
  holds(unlock + R"(
    28 03 01 -> 68 03
    reset
    wait 50
    22 F1 86 -> 62 F1 86 01
    10 03 -> 50 03 *
    2E F1 8C 00 00 -> 7F 2E 33
    )");
}

}  // namespace canstage::uds::testing
