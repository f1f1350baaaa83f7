#include "protocols/isotpserver/pdu_text.hpp"

#include <chrono>
#include <string>
#include <vector>

#include "catch2/catch.hpp"

using namespace canstage;
using namespace canstage::isotpserver;
using namespace std::chrono_literals;

namespace {

/// What a reader takes out of a text, as hex.
std::vector<std::string> messages(reader& in, std::string_view text, instant now = {}) {
  std::vector<std::string> all;
  in.on_bytes(text);
  while (const auto message = in.next(now)) all.push_back(to_hex(*message));
  return all;
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("isotpserver: a message is written in upper case with a line end") {
  std::string text;
  append_message(text, bytes{0x22, 0xF1, 0x9A});
  CHECK(text == "<22F19A>\n");
}

TEST_CASE("isotpserver: messages are read in either case, and what is outside of brackets is ignored") {
  reader in;
  CHECK(messages(in, "<22f190>\r\n<3E00> and <3e80>") == list{"22 F1 90", "3E 00", "3E 80"});
  CHECK(messages(in, "<22").empty());
  CHECK(messages(in, "F190>") == list{"22 F1 90"});
  CHECK(in.ignored() == 0);
}

TEST_CASE("isotpserver: what is no message is read over") {
  reader in;
  CHECK(messages(in, "<><1><12G4><1 2><3E00><<10>") == list{"3E 00"});
  CHECK(in.ignored() == 5);
  CHECK(in.problem().empty());
}

TEST_CASE("isotpserver: a message has at most 6000 bytes") {
  reader in;
  CHECK(messages(in, '<' + std::string(12'000, '1') + '>').size() == 1);
  CHECK(messages(in, '<' + std::string(12'002, '1') + "><22>") == list{"22"});
}

TEST_CASE("isotpserver: who sends no messages is given up") {
  reader in;
  SECTION("a line without an end") {
    for (int i = 0; i < 4; ++i) messages(in, (i == 0 ? "<" : "") + std::string(16'384, '1'));
    CHECK(in.problem().empty());
    messages(in, "1");
  }
  SECTION("bytes without brackets") { messages(in, std::string(reader::most_ignored + 1, 'x')); }
  SECTION("bytes with a bracket here and there") {
    for (int i = 0; i < 100; ++i) messages(in, std::string(1000, 'x') + "<x>");
  }
  SECTION("messages that are none") {
    for (int i = 0; i < 20'000; ++i) messages(in, "<xyz>");
  }
  CHECK(in.problem() == "it sends no messages between '<' and '>'");
  CHECK(messages(in, "<22>").empty());
}

TEST_CASE("isotpserver: half a message may not wait for ever") {
  reader in;
  messages(in, "<22", instant{1s});
  CHECK(in.deadline() == instant{11s});
  messages(in, "F1", instant{5s});
  CHECK(in.deadline() == instant{11s});
  in.on_time(instant{11s});
  CHECK(in.problem() == "half a message, and then nothing for 10 s");
  CHECK(in.deadline() == never);
}
