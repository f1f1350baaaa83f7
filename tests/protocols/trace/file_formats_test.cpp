#include <rapidcheck.h>

#include <chrono>
#include <string>
#include <vector>

#include "catch2/catch.hpp"
#include "protocols/trace/reader.hpp"
#include "protocols/trace/writer.hpp"
#include "tests/protocols/can/frames.hpp"

using namespace canstage;
using namespace canstage::can;
using namespace canstage::trace;
using namespace std::chrono_literals;
using canstage::can::test::any_frame;
using canstage::can::test::hex;
using canstage::can::test::remote_frame;

namespace {

constexpr file_format all_formats[] = {file_format::candump_log, file_format::asc, file_format::pcapng};
const std::vector<std::string> buses{"powertrain", "body"};

/// A whole file of these records, which are on `buses`.
std::string file_of(file_format format, const std::vector<record>& records) {
  const auto to = make_writer(format);
  std::string out;
  to->begin(out);
  for (const auto& bus : buses) to->add_bus(out, bus);
  for (const auto& one : records) {
    to->add(out, {.time = one.time,
                  .bus = one.bus == buses[0] ? 0U : 1U,
                  .content = one.content,
                  .error_classes = one.error_classes,
                  .comment = one.comment});
  }
  to->end(out);
  return out;
}

struct read_file {
  std::vector<record> records;
  std::string problem;
  std::size_t passed_over = 0;
};

read_file read(file_format format, std::string_view content) {
  const auto from = make_reader(format, content);
  read_file found;
  while (auto one = from->next()) found.records.push_back(std::move(*one));
  found.problem = from->problem();
  found.passed_over = from->passed_over();
  return found;
}

/// What a format keeps of a record.
record kept_by(file_format format, record what) {
  if (format == file_format::pcapng) return what;
  what.time = instant{std::chrono::floor<std::chrono::microseconds>(what.time.time_since_epoch())};
  what.comment.clear();
  return what;
}

std::vector<record> any_records() {
  std::vector<record> records;
  std::int64_t time = 0;
  const auto count = *rc::gen::inRange(0, 8);
  for (int i = 0; i < count; ++i) {
    time += *rc::gen::inRange<std::int64_t>(0, 5'000'000'000);
    records.push_back({instant{duration{time}}, *rc::gen::elementOf(buses), any_frame()});
    if (*rc::gen::arbitrary<bool>()) records.back().comment = "ecu engine";
  }
  return records;
}

const identifier base = identifier::standard(0x7E8);

record classic(instant time, std::string_view data) { return {time, buses[0], data_frame(base, hex(data))}; }

/// The lines of an ASC file behind its header and the names of the channels.
std::string asc_body(const std::vector<record>& records) {
  const auto text = file_of(file_format::asc, records);
  const std::string last = "is body\n";
  return text.substr(text.find(last) + last.size());
}

}  // namespace

TEST_CASE("trace: the ending of a name says the format") {
  CHECK(format_of("run.log") == file_format::candump_log);
  CHECK(format_of("a.b/run.ASC") == file_format::asc);
  CHECK(format_of("run.pcapng") == file_format::pcapng);
  CHECK_FALSE(format_of("run.pcap"));
  CHECK_FALSE(format_of("log"));
}

TEST_CASE("trace: what was written is read back, in every format") {
  for (const auto format : all_formats) {
    const bool holds = rc::check([format] {
      const auto records = any_records();
      std::vector<record> kept;
      for (const auto& one : records) kept.push_back(kept_by(format, one));
      const auto found = read(format, file_of(format, records));
      RC_ASSERT(found.problem == "");
      RC_ASSERT(found.passed_over == 0U);
      RC_ASSERT(found.records == kept);
    });
    CHECK(holds);
  }
}

TEST_CASE("trace: a file that a crash has cut short ends with its last whole entry") {
  const std::vector<record> records{classic(instant{1s}, "0210030000000000"),
                                    {instant{2s}, buses[1], fd_frame(base, hex("112233"), true)},
                                    classic(instant{3s}, "0650030032 01F4AA")};
  for (const auto format : all_formats) {
    const auto whole = file_of(format, records);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      INFO("format " << static_cast<int>(format) << ", " << length << " of " << whole.size() << " bytes");
      const auto found = read(format, std::string_view{whole}.substr(0, length));
      CHECK((found.problem.empty() || length < 44));  // no pcapng before its first block
      REQUIRE(found.records.size() <= records.size());
    }
    CHECK(read(format, whole).records.size() == 3);
  }
}

TEST_CASE("trace: no bytes make a reader fail") {
  for (const auto format : all_formats) {
    const bool holds = rc::check([format] {
      auto content = file_of(format, any_records());
      const auto spoilt = *rc::gen::inRange(0, 6);
      for (int i = 0; i < spoilt && !content.empty(); ++i)
        content[*rc::gen::inRange<std::size_t>(0, content.size())] =
            static_cast<char>(*rc::gen::arbitrary<std::uint8_t>());
      read(format, content);
    });
    CHECK(holds);
  }
}

TEST_CASE("trace: an error message keeps its classes where the format has them") {
  record error{instant{1s}, buses[1], data_frame({}, hex("0008000000007F00"))};
  error.error_classes = 0x204;
  for (const auto format : {file_format::candump_log, file_format::pcapng}) {
    const auto found = read(format, file_of(format, {error}));
    REQUIRE(found.records.size() == 1);
    CHECK(found.records[0].error_classes == 0x204);
    CHECK(found.records[0].content.data == error.content.data);
  }
  const auto found = read(file_format::asc, file_of(file_format::asc, {error}));
  REQUIRE(found.records.size() == 1);
  CHECK(found.records[0].error_classes == 0x80);  // ASC says no more than that there was one
  CHECK(file_of(file_format::candump_log, {error}) == "(0000000001.000000) body 20000204#0008000000007F00\n");
}

TEST_CASE("asc: header, names of the channels, lines and end") {
  CHECK(file_of(file_format::asc, {classic(instant{2367us}, "1014 62F190575657")}) ==
        "date Thu Jan 1 00:00:00.000 1970\n"
        "base hex  timestamps absolute\n"
        "no internal events logged\n"
        "// version 9.0.0\n"
        "Begin Triggerblock Thu Jan 1 00:00:00.000 1970\n"
        "   0.000000 Start of measurement\n"
        "// channel 1 is powertrain\n"
        "// channel 2 is body\n"
        "   0.002367 1  7E8             Rx   d 8 10 14 62 F1 90 57 56 57\n"
        "End TriggerBlock\n");
}

TEST_CASE("asc: extended, remote, raw DLC and FD frames") {
  auto raw = data_frame(base, hex("1122334455667788"));
  raw.raw_dlc = 0xB;
  CHECK(asc_body({{instant{1s}, buses[1], remote_frame(identifier::extended(0x18DAF110), 3)},
                  {instant{12345s}, buses[0], raw},
                  {instant{12346s}, buses[0],
                   fd_frame(identifier::standard(0x11), hex("000102030405060708"), true)}}) ==
        "   1.000000 2  18DAF110x       Rx   r 3\n"
        "12345.000000 1  7E8             Rx   d B 11 22 33 44 55 66 77 88\n"
        "12346.000000 CANFD   1 Rx            11  1 0 9 12 00 01 02 03 04 05 06 07 08 CC CC CC 130000 130 "
        "3000 0 0 0 0 0\n"
        "End TriggerBlock\n");
}

TEST_CASE("asc: lines of other programs") {
  const auto found = read(file_format::asc,
                          "date Mon Aug 12 10:15:30.123 am 2024\r\n"
                          "base dec  timestamps relative\r\n"
                          "   0.002367 1  390x            Rx   d 8 17 00 14 00 C0 00 08 00\r\n");
  CHECK(found.problem == "line 3: not a frame of ASC");  // C0 is not decimal
  const auto decimal =
      read(file_format::asc,
           "base dec  timestamps relative\n"
           "   0.500000 1  390x Rx d 2 17 255 Length = 100 BitCount = 70 ID = 390x\n"
           "   0.2500 3  100 Tx r\n"
           "   1.0 1 Statistic: D 0 R 0\n"
           "   1.0 CANFD 1 Rx 16 Name 0 1 8 8 00 01 02 03 04 05 06 07 100000 214 5000 0 0 0 0 0\n"
           "   1.0 CANFD 1 Rx 16 0 0 8 8 00 01 02 03 04 05 06 07 100000 214 0 0 0 0 0 0\n"
           "   1.0 1 TxRq\n");
  CHECK(decimal.problem == "");
  REQUIRE(decimal.records.size() == 4);
  CHECK(decimal.records[0].content == data_frame(identifier::extended(390), hex("11FF")));
  CHECK(decimal.records[0].bus == "can0");
  CHECK(decimal.records[1].content == remote_frame(identifier::standard(100), 0));
  CHECK(decimal.records[1].bus == "can2");
  CHECK(decimal.records[1].time == instant{750ms});
  auto fd = fd_frame(identifier::standard(16), hex("0001020304050607"), false);
  fd.flags.error_state_indicator = true;
  CHECK(decimal.records[2].content == fd);
  CHECK(decimal.records[3].content == data_frame(identifier::standard(16), hex("0001020304050607")));
  CHECK(decimal.passed_over == 2);
}

TEST_CASE("pcapng: a file, byte for byte") {
  auto one = classic(instant{0x1'2345'6789ns}, "3E80");
  one.comment = "ecu engine";
  const auto to = make_writer(file_format::pcapng);
  std::string out;
  to->begin(out);
  to->add_bus(out, "can0");
  to->add(out, {.time = one.time, .content = one.content, .comment = one.comment});
  const std::vector<std::uint8_t> written{out.begin(), out.end()};
  CHECK(to_hex(written) == to_hex(hex("0A0D0D0A 2C000000 4D3C2B1A 0100 0000 FFFFFFFF FFFFFFFF"
                                      "0400 0800 63616E7374616765 0000 0000 2C000000"
                                      "01000000 28000000 E300 0000 00000000 0200 0400 63616E30"
                                      "0900 0100 09000000 0000 0000 28000000"
                                      "06000000 40000000 00000000 01000000 89674523 0A000000 0A000000"
                                      "000007E8 02 00 00 00 3E80 0000"
                                      "0100 0A00 65637520656E67696E65 0000 0000 0000 40000000")));
}

TEST_CASE("pcapng: big endian, microseconds, and interfaces without a name") {
  const auto content =
      hex("0A0D0D0A 0000001C 1A2B3C4D 0001 0000 FFFFFFFFFFFFFFFF 0000001C"
          "00000001 00000014 00E3 0000 00000000 00000014"
          "00000006 0000002C 00000000 00000000 000F4241 0000000A 0000000A"
          "800007E8 02 00 00 00 3E80 0000 0000002C");
  const auto found =
      read(file_format::pcapng, {reinterpret_cast<const char*>(content.data()), content.size()});
  CHECK(found.problem == "");
  REQUIRE(found.records.size() == 1);
  CHECK(found.records[0] ==
        record{instant{1s + 1us}, "can0", data_frame(identifier::extended(0x7E8), hex("3E80"))});
}

TEST_CASE("pcapng: what is none of ours is named") {
  const auto ethernet =
      hex("0A0D0D0A 1C000000 4D3C2B1A 0100 0000 FFFFFFFFFFFFFFFF 1C000000"
          "01000000 14000000 0100 0000 00000000 14000000");
  CHECK(
      read(file_format::pcapng, {reinterpret_cast<const char*>(ethernet.data()), ethernet.size()}).problem ==
      "byte 28: an interface of link type 1, only SocketCAN (227) can be read");
  CHECK(read(file_format::pcapng, "(1.000000) can0 123#").problem == "no pcapng file");
  CHECK(read(file_format::pcapng, "").problem == "no pcapng file");
}

TEST_CASE("candump_log: lines between the frames are passed over, wrong ones are named") {
  const auto found =
      read(file_format::candump_log,
           "(1.000000) can0 123#11\nDROPCOUNT: dropped 3 CAN frames\n\n(2.000000) can1 7FF#R\n");
  CHECK(found.records.size() == 2);
  CHECK(found.passed_over == 1);
  CHECK(read(file_format::candump_log, "(1.000000) can0 123#11\n(1.000000) can0 12#\n").problem ==
        "line 2, column 19: an identifier has 3 or 8 hex digits");
}
