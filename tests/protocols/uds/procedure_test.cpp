// What a tester asks in sequences, and what it makes of the answers.
#include "protocols/uds/procedure.hpp"

#include <numeric>

#include "catch2/catch.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

namespace {

using state = procedure::state;

unlock_spec with_inverted_key(std::uint8_t level) {
  return {level, {}, [](byte_view seed, std::string&) -> std::optional<bytes> {
            bytes key;
            for (const std::uint8_t byte : seed) key.push_back(static_cast<std::uint8_t>(~byte));
            return key;
          }};
}

transfer_spec download_of(std::size_t size) {
  auto data = std::make_shared<bytes>(size);
  std::iota(data->begin(), data->end(), std::uint8_t{0});
  return {.address = from_hex("00 10 00 00"), .size = size, .data = std::move(data)};
}

/// One request and its answer.
void expect(procedure& client, std::string_view request, std::string_view answer) {
  CHECK(to_hex(client.request()) == to_hex(from_hex(request)));
  client.on_answer(from_hex(answer));
}

}  // namespace

TEST_CASE("a level is unlocked with the key of its seed (UDS-050)") {
  const procedure_spec spec = with_inverted_key(3);
  const auto client = make_procedure(spec);
  expect(*client, "27 03", "67 03 11 22 33 44");
  CHECK(client->now() == state::running);
  expect(*client, "27 04 EE DD CC BB", "67 04");
  CHECK(client->now() == state::succeeded);
  CHECK(client->text() == "level 3 unlocked");
}

TEST_CASE("a seed of zeros means unlocked already (UDS-054)") {
  const procedure_spec spec = with_inverted_key(1);
  const auto client = make_procedure(spec);
  expect(*client, "27 01", "67 01 00 00");
  CHECK(client->now() == state::succeeded);
  CHECK(client->text() == "level 1 was unlocked already");
}

TEST_CASE("what is wrong with unlocking is one line") {
  const procedure_spec spec = with_inverted_key(1);
  const auto [answers, text] = GENERATE(table<std::vector<const char*>, const char*>({
      {{"7F 27 37"}, "the seed refused: requiredTimeDelayNotExpired (37)"},
      {{"67 03 11"}, "the seed: expected sub-function 01, got 67 03 11"},
      {{"67 01"}, "the answer has no seed"},
      {{"62 F1 90"}, "the seed: the answer belongs to another request: 62 F1 90"},
      {{"67 01 11", "7F 27 35"}, "the key refused: invalidKey (35)"},
      {{"67 01 11", "67 02 00"}, "the key: nothing is expected behind the sub-function, got 00"},
  }));
  const auto client = make_procedure(spec);
  for (const char* answer : answers) client->on_answer(from_hex(answer));
  CHECK(client->now() == state::failed);
  CHECK(client->text() == text);
}

TEST_CASE("no key for a seed is a failure, too") {
  const procedure_spec spec = unlock_spec{1, {}, [](byte_view, std::string& problem) -> std::optional<bytes> {
                                            problem = "line 3: no such table";
                                            return std::nullopt;
                                          }};
  const auto client = make_procedure(spec);
  client->on_answer(from_hex("67 01 11 22"));
  CHECK(client->text() == "no key for the seed 11 22: line 3: no such table");
}

TEST_CASE("busyRepeatRequest is asked again, three times") {
  const procedure_spec spec = with_inverted_key(1);
  const auto client = make_procedure(spec);
  for (unsigned i = 0; i < busy_repetitions; ++i) expect(*client, "27 01", "7F 27 21");
  CHECK(client->now() == state::running);
  expect(*client, "27 01", "7F 27 21");
  CHECK(client->now() == state::failed);
  CHECK(client->refused_with() == 0x21);
}

TEST_CASE("a download goes in blocks of what the ECU takes (UDS-090, 092)") {
  const procedure_spec spec = download_of(10);
  const auto client = make_procedure(spec);
  expect(*client, "34 00 44 00 10 00 00 00 00 00 0A", "74 20 00 06");
  CHECK(client->stage() == "block 1 of 3");
  expect(*client, "36 01 00 01 02 03", "76 01");
  CHECK(client->done() == 4);
  expect(*client, "36 02 04 05 06 07", "76 02");
  expect(*client, "36 03 08 09", "76 03");
  expect(*client, "37", "77");
  CHECK(client->now() == state::succeeded);
  CHECK(client->text() == "10 bytes in 3 blocks of up to 4 bytes");
}

TEST_CASE("the block counter wraps from FF to 00 (UDS-092)") {
  const procedure_spec spec = download_of(300);
  const auto client = make_procedure(spec);
  client->on_answer(from_hex("74 10 03"));
  for (int i = 1; i <= 300; ++i) {
    CHECK(client->request()[1] == (i & 0xFF));
    client->on_answer(bytes{0x76, static_cast<std::uint8_t>(i)});
  }
  CHECK(to_hex(client->request()) == "37");
}

TEST_CASE("blocks can be kept shorter than the ECU allows, and the exit can carry a record") {
  auto wanted = download_of(4);
  wanted.longest = 4;
  wanted.exit_record = from_hex("AA BB");
  const procedure_spec spec = wanted;
  const auto client = make_procedure(spec);
  client->on_answer(from_hex("74 20 0F FF"));
  expect(*client, "36 01 00 01", "76 01");
  expect(*client, "36 02 02 03", "76 02");
  expect(*client, "37 AA BB", "77 01");
  CHECK(client->now() == state::succeeded);
}

TEST_CASE("what is wrong with a download is one line") {
  const procedure_spec spec = download_of(8);
  const auto [answers, text] = GENERATE(table<std::vector<const char*>, const char*>({
      {{"7F 34 33"}, "RequestDownload refused: securityAccessDenied (33)"},
      {{"74 20 00"},
       "RequestDownload: lengthFormatIdentifier and maxNumberOfBlockLength do not fit: 74 20 00"},
      {{"74 10 02"}, "RequestDownload: maxNumberOfBlockLength 2 leaves no room for data"},
      {{"74 10 06", "76 02"}, "block 1 of 2: expected block counter 01, got 76 02"},
      {{"74 10 06", "76 01", "7F 36 73"}, "block 2 of 2 refused: wrongBlockSequenceCounter (73)"},
      {{"74 10 06", "76 01", "76 02", "7F 37 24"}, "RequestTransferExit refused: requestSequenceError (24)"},
  }));
  const auto client = make_procedure(spec);
  for (const char* answer : answers) client->on_answer(from_hex(answer));
  CHECK(client->now() == state::failed);
  CHECK(client->text() == text);
}

TEST_CASE("an upload collects what the ECU sends, and compares it") {
  auto wanted = download_of(5);
  wanted.upload = true;
  const procedure_spec spec = wanted;
  const auto opened = [&] {
    auto client = make_procedure(spec);
    expect(*client, "35 00 44 00 10 00 00 00 00 00 05", "75 20 00 05");
    return client;
  };
  SECTION("as it should be") {
    const auto client = opened();
    expect(*client, "36 01", "76 01 00 01 02");
    expect(*client, "36 02", "76 02 03 04");
    expect(*client, "37", "77");
    CHECK(client->text() == "5 bytes in 2 blocks of up to 3 bytes");
  }
  SECTION("another byte") {
    const auto client = opened();
    expect(*client, "36 01", "76 01 00 09 02");
    CHECK(client->text() == "block 1 of 2: byte 1 is 09, expected 01");
  }
  SECTION("too much") {
    const auto client = opened();
    expect(*client, "36 01", "76 01 00 01 02");
    expect(*client, "36 02", "76 02 03 04 05");
    CHECK(client->text() == "block 2 of 2: 3 bytes are too many, 2 bytes were expected at most");
  }
  SECTION("nothing") {
    const auto client = opened();
    expect(*client, "36 01", "76 01");
    CHECK(client->text() == "block 1 of 2: there is no data in it");
  }
}

TEST_CASE("DTCs are compared by number and status") {
  dtc_reading_spec wanted;
  wanted.judged = true;
  wanted.expected = {{0x012317, 0x09, 0xFF}, {0xC10087, 0x08, 0x08}};
  const procedure_spec spec = wanted;
  const auto text_of = [&](std::string_view answer) {
    const auto client = make_procedure(spec);
    expect(*client, "19 02 FF", answer);
    CHECK(client->now() != state::running);
    return (client->now() == state::failed ? "wrong: " : "") + client->text();
  };
  CHECK(text_of("59 02 FF 01 23 17 09 C1 00 87 2C") == "2 DTCs: P0123-17 09, U0100-87 2C");
  CHECK(text_of("59 02 FF 01 23 17 08 C1 00 87 2C") ==
        "wrong: P0123-17 has status 08 (confirmedDTC), expected 09 (testFailed, confirmedDTC)");
  CHECK(text_of("59 02 FF 01 23 17 09 C0 00 87 2C") ==
        "wrong: U0100-87 is missing, U0000-87 2C is not expected");
  CHECK(text_of("59 02 FF 01 23 17") == "wrong: the DTCs: the answer is no list of DTCs: 59 02 FF 01 23 17");
  CHECK(text_of("7F 19 12") == "wrong: the DTCs refused: subFunctionNotSupported (12)");
}

TEST_CASE("any answers end a procedure or ask for more, and after the end nothing changes") {
  const procedure_spec specs[] = {with_inverted_key(1), download_of(20), dtc_reading_spec{}};
  for (const procedure_spec& spec : specs) {
    for (int first = 0; first < 0x100; ++first) {
      const auto client = make_procedure(spec);
      for (int i = 0; i < 8; ++i) {
        bytes answer{static_cast<std::uint8_t>(first)};
        for (int n = 0; n < i; ++n) answer.push_back(static_cast<std::uint8_t>(first * n + i));
        client->on_answer(answer);
      }
      const std::string text = client->text();
      const auto before = client->now();
      client->on_answer(from_hex("7F 27 35"));
      if (before != state::running) {
        CHECK(client->now() == before);
        CHECK(client->text() == text);
      }
    }
  }
}

}  // namespace canstage::uds::testing
