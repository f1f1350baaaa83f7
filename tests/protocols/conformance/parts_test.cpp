// The small parts: what is kept of a statement's frames, how times are written, how statements are found.
#include <catch2/catch.hpp>

#include "protocols/conformance/layout.hpp"
#include "protocols/conformance/result.hpp"
#include "protocols/conformance/statement.hpp"

using namespace canstage;
using namespace canstage::conformance;
using namespace std::chrono_literals;

namespace {

std::vector<unsigned> ends(const std::vector<logged_frame>& frames) {
  std::vector<unsigned> at;
  for (const auto& f : frames) at.push_back(static_cast<unsigned>(f.at.time_since_epoch().count()));
  return at;
}

std::vector<unsigned> from_to(unsigned first, unsigned last) {
  std::vector<unsigned> numbers;
  for (unsigned i = first; i <= last; ++i) numbers.push_back(i);
  return numbers;
}

frame_log log_of(unsigned count) {
  frame_log log;
  for (unsigned i = 1; i <= count; ++i) log.add({instant{duration{i}}, i % 3 == 0, {}});
  return log;
}

}  // namespace

TEST_CASE("a log keeps the first and the last frames") {
  for (const unsigned count : {0U, 1U, 40U, 41U, 79U, 80U}) {
    const auto log = log_of(count);
    auto kept = ends(log.head());
    for (const auto at : ends(log.tail())) kept.push_back(at);
    CHECK(kept == from_to(1, count));
    CHECK(log.left_out() == 0);
  }
  for (const unsigned count : {81U, 119U, 120U, 121U, 1000U}) {
    const auto log = log_of(count);
    CHECK(ends(log.head()) == from_to(1, 40));
    CHECK(ends(log.tail()) == from_to(count - 39, count));
    CHECK(log.left_out() == count - 80);
    CHECK(log.received() == count / 3);
    CHECK(log.sent() + log.received() == count);
  }
}

TEST_CASE("times are written in the unit that suits them") {
  CHECK(time_text(0ns) == "0 ns");
  CHECK(time_text(999ns) == "999 ns");
  CHECK(time_text(1us) == "1 us");
  CHECK(time_text(1500ns) == "1.5 us");
  CHECK(time_text(900ms) == "900 ms");
  CHECK(time_text(1200300us) == "1200.3 ms");
  CHECK(time_text(12s) == "12 s");
  CHECK(time_text(-5ms) == "-5 ms");
}

TEST_CASE("statements are found by number, and each is well made") {
  CHECK(find_statement("ISOTP-042")->number == 42);
  CHECK(find_statement("42") == find_statement("042"));
  CHECK(name_of(*find_statement("107")) == "ISOTP-107");
  for (const char* name : {"", "ISOTP-", "ISOTP-019", "0", "4x", "-1", "1042", "isotp-42"})
    CHECK(find_statement(name) == nullptr);
  CHECK(statements().size() == 87);
  unsigned last = 0;
  for (const auto& one : statements()) {
    INFO(name_of(one));
    CHECK(one.number > last);
    last = one.number;
    CHECK(!one.title.empty());
    CHECK((one.play == nullptr) != one.hidden.empty());
  }
}

TEST_CASE("messages lie in N_PDUs as the standard says") {
  const auto pdus = [](std::size_t length, std::size_t a, std::size_t dl) {
    return layout(bytes(length, 0x11), a, dl);
  };
  CHECK(to_hex(pdus(7, 0, 8).front()) == "07 11 11 11 11 11 11 11");
  CHECK(to_hex(pdus(8, 0, 8).front()) == "10 08 11 11 11 11 11 11");
  CHECK(to_hex(pdus(8, 0, 8).back()) == "21 11 11");
  CHECK(to_hex(pdus(7, 1, 8).front()) == "10 07 11 11 11 11 11");
  CHECK(to_hex(pdus(8, 0, 64).front()) == "00 08 11 11 11 11 11 11 11 11");
  CHECK(pdus(62, 0, 64).size() == 1);
  CHECK(pdus(63, 0, 64).size() == 2);
  CHECK(to_hex(byte_view{pdus(4095, 0, 8).front()}.first(2)) == "1F FF");
  CHECK(to_hex(pdus(4096, 0, 8).front()) == "10 00 00 00 10 00 11 11");
  CHECK(pdus(6 + 16 * 7, 0, 8).back()[0] == 0x20);
}
