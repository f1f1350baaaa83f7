// CAN FD: ISOTP-012 to 017, 030, 048, 050, 077, 087.
#include <array>

#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

parameters fd(std::uint8_t tx_dl = 64) {
  parameters settings;
  settings.tx_dl = tx_dl;
  return settings;
}

/// `head`, `data`, and fillers up to `length`.
bytes frame_of(const char* head, const bytes& data, std::size_t length = 0, std::uint8_t filler = 0xCC) {
  bytes frame = from_hex(head);
  frame.insert(frame.end(), data.begin(), data.end());
  if (frame.size() < length) frame.resize(length, filler);
  return frame;
}

}  // namespace

TEST_CASE("ISOTP-012 7 bytes are a short SF, 8 bytes one with escape and fillers up to 12") {
  dialogue d{fd()};
  d.request(counting(7));
  REQUIRE(d.seen() == "07 00 01 02 03 04 05 06 | confirm N_OK");
  d.request(counting(8));
  REQUIRE(d.seen() == "00 08 00 01 02 03 04 05 06 07 CC CC | confirm N_OK");
}

TEST_CASE("ISOTP-012 without padding fillers are CC above 8 bytes and none below") {
  parameters settings = fd();
  settings.padding.reset();
  settings.bit_rate_switch = true;
  dialogue d{settings};
  d.request("3E 00");
  REQUIRE(d.seen() == "02 3E 00 | confirm N_OK");
  d.request(counting(8));
  REQUIRE(d.seen() == "00 08 00 01 02 03 04 05 06 07 CC CC | confirm N_OK");
  settings.padding = 0x55;
  dialogue padded{settings};
  padded.request(counting(8));
  REQUIRE(padded.seen() == "00 08 00 01 02 03 04 05 06 07 55 55 | confirm N_OK");
}

TEST_CASE("ISOTP-013 62 bytes are one SF of 64, 63 bytes are segmented") {
  dialogue d{fd()};
  d.request(counting(62));
  REQUIRE(d.seen() == to_hex(frame_of("00 3E", counting(62))) + " | confirm N_OK");
  d.request(counting(63));
  REQUIRE(d.seen() == to_hex(frame_of("10 3F", counting(62))));
  d.receive("30 00 00");
  REQUIRE(d.seen() == "21 3E CC CC CC CC CC CC | confirm N_OK");
}

TEST_CASE("ISOTP-014 an SF has the shortest FD length that it fits, and is accepted with no other") {
  struct row {
    std::size_t can_dl, shortest, longest;
  };
  const auto [can_dl, shortest, longest] =
      GENERATE(row{12, 8, 10}, row{16, 11, 14}, row{20, 15, 18}, row{24, 19, 22}, row{32, 23, 30},
               row{48, 31, 46}, row{64, 47, 62});
  const bool extended = GENERATE(false, true);
  addressing address = usual_address();
  if (extended) address.rx_address_byte = address.tx_address_byte = 0x9A;
  const std::size_t a = extended ? 1 : 0;
  INFO(can_dl << (extended ? ", extended" : ""));
  for (std::size_t sf_dl = 7; sf_dl <= 62 - a; ++sf_dl) {
    dialogue d{fd(), 1, address};
    const bytes sdu = counting(sf_dl);
    bytes frame;
    if (extended) frame.push_back(0x9A);
    frame.push_back(0);
    frame.push_back(static_cast<std::uint8_t>(sf_dl));
    frame.insert(frame.end(), sdu.begin(), sdu.end());
    if (frame.size() > can_dl) break;
    frame.resize(can_dl, 0xCC);
    const bool fits = sf_dl >= shortest - a && sf_dl <= longest - a;
    d.receive_fd(frame);
    REQUIRE(d.seen() == (fits ? "received " + to_hex(sdu) : ""));  // ISOTP-017
    if (!fits) continue;
    d.request(sdu);
    REQUIRE(d.seen() == to_hex(frame) + " | confirm N_OK");
  }
}

TEST_CASE("ISOTP-015 above 8 bytes the short form of an SF is ignored") {
  dialogue d{fd()};
  d.receive_fd("05 01 02 03 04 05 CC CC CC CC CC CC");
  d.receive_fd("0B 01 02 03 04 05 06 07 08 09 0A 0B");
  REQUIRE(d.seen().empty());
}

TEST_CASE("ISOTP-016 an SF that says more than it holds is ignored") {
  dialogue d{fd()};
  d.receive_fd("00 0B 01 02 03 04 05 06 07 08 09 0A");
  d.receive_fd("00 FF 01 02 03 04 05 06 07 08 09 0A");
  d.receive_fd("00 00 01 02 03 04 05 06 07 08 09 0A");
  REQUIRE(d.seen().empty());
  d.receive_fd("00 0A 01 02 03 04 05 06 07 08 09 0A");
  REQUIRE(d.seen() == "received 01 02 03 04 05 06 07 08 09 0A");
}

TEST_CASE("ISOTP-017 an SF that fits a smaller frame is ignored, or taken if told so") {
  const char* loose = "00 0A 01 02 03 04 05 06 07 08 09 0A CC CC CC CC";
  const char* short_enough = "00 07 01 02 03 04 05 06 07 CC CC CC";
  dialogue strict{fd()};
  strict.receive_fd(loose);
  strict.receive_fd(short_enough);
  REQUIRE(strict.seen().empty());
  parameters settings = fd();
  settings.compat.loose_sf_length = true;
  dialogue d{settings};
  d.receive_fd(loose);
  d.receive_fd(short_enough);
  REQUIRE(d.seen() == "received 01 02 03 04 05 06 07 08 09 0A | received 01 02 03 04 05 06 07");
}

TEST_CASE("ISOTP-021 with 64 bytes per frame FF_DL has 12 bits up to 4095 and 32 bits above") {
  dialogue d{fd()};
  SECTION("4095") {
    d.request(counting(4095));
    REQUIRE(d.seen() == to_hex(frame_of("1F FF", counting(62))));
  }
  SECTION("4096") {
    d.request(counting(4096));
    REQUIRE(d.seen() == to_hex(frame_of("10 00 00 00 10 00", counting(58))));
  }
}

TEST_CASE("ISOTP-024 on CAN FD an FF announces at least one byte more than the largest SF") {
  dialogue d{fd()};
  d.receive_fd(frame_of("10 0A", counting(10)));
  d.receive_fd(frame_of("10 3E", counting(62)));
  REQUIRE(d.seen().empty());
  d.receive_fd(frame_of("10 0B", counting(10)));
  REQUIRE(d.seen() == "begun 11 | 30 00 00 CC CC CC CC CC");
  d.receive("21 0A");
  REQUIRE(d.seen() == "received " + to_hex(counting(11)));
  d.receive_fd(frame_of("10 3F", counting(62)));
  REQUIRE(d.seen() == "begun 63 | 30 00 00 CC CC CC CC CC");
}

TEST_CASE("ISOTP-030 RX_DL is the length of the FF, whatever the own TX_DL") {
  const std::size_t rx_dl = GENERATE(8U, 12U, 16U, 20U, 24U, 32U, 48U, 64U);
  const auto tx_dl = GENERATE(as<std::uint8_t>{}, 8, 20, 64);
  dialogue d{fd(tx_dl)};
  const bytes sdu = counting(200);
  const auto part = [&](std::size_t begin, std::size_t end) {
    return bytes(sdu.begin() + static_cast<std::ptrdiff_t>(begin),
                 sdu.begin() + static_cast<std::ptrdiff_t>(std::min(end, sdu.size())));
  };
  d.receive_fd(frame_of("10 C8", part(0, rx_dl - 2)));
  REQUIRE(d.seen() == "begun 200 | 30 00 00 CC CC CC CC CC");
  std::uint8_t pci = 0x21;
  for (std::size_t at = rx_dl - 2; at < sdu.size(); at += rx_dl - 1) {
    REQUIRE(d.seen().empty());
    bytes frame{pci};
    const bytes data = part(at, at + rx_dl - 1);
    frame.insert(frame.end(), data.begin(), data.end());
    d.receive(can::fd_frame(rx_id, frame, true));
    pci = static_cast<std::uint8_t>(0x20 | ((pci + 1) & 0x0F));
  }
  REQUIRE(d.seen() == "received " + to_hex(sdu));
}

TEST_CASE("ISOTP-047, 048 a CF that is longer or shorter than the FF is ignored, the last may be shorter") {
  dialogue d{fd()};
  d.receive_fd(frame_of("10 28", counting(10)));  // 40 bytes, RX_DL 12
  d.seen();
  d.receive_fd(frame_of("21", counting(15)));
  d.receive_fd(frame_of("21", counting(63)));
  d.receive_fd(frame_of("21", counting(7)));
  REQUIRE(d.seen().empty());
  d.receive_fd(frame_of("21", counting(11)));
  d.receive_fd(frame_of("22", counting(11)));
  d.receive_fd(frame_of("23", counting(8), 16));
  REQUIRE(d.seen().empty());
  d.receive_fd(frame_of("23", counting(8), 12));
  REQUIRE(d.ended() == 1);
  REQUIRE(d.seen().starts_with("received 00 01"));
}

TEST_CASE("ISOTP-048 a last CF that is longer than the FF is ignored, whatever fits it") {
  dialogue d{fd()};
  d.receive("10 09 00 01 02 03 04 05");
  d.seen();
  d.receive_fd(frame_of("21 06 07 08", {}, 12));
  REQUIRE(d.seen().empty());
  d.receive("21 06 07 08");
  REQUIRE(d.seen() == "received 00 01 02 03 04 05 06 07 08");
}

TEST_CASE("ISOTP-050 the last CF has the smallest FD length that it fits, and fillers") {
  const std::size_t rest = GENERATE(1U, 7U, 8U, 11U, 12U, 40U, 48U, 63U);
  parameters settings = fd();
  const bool padded = GENERATE(true, false);
  if (!padded) settings.padding.reset();
  dialogue d{settings};
  d.request(counting(62 + rest));
  d.seen();
  d.receive("30 00 00");
  const bytes all = counting(62 + rest);
  bytes frame{0x21};
  frame.insert(frame.end(), all.begin() + 62, all.end());
  frame.resize(frame.size() <= 8 && padded ? 8 : can::fd_length_for(frame.size()), 0xCC);
  REQUIRE(d.seen() == to_hex(frame) + " | confirm N_OK");
}

TEST_CASE("ISOTP-077 an FC on CAN FD has 8 bytes with padding and 3 without") {
  parameters settings = fd();
  dialogue padded{settings};
  padded.receive("10 14 00 01 02 03 04 05");
  REQUIRE(padded.seen() == "begun 20 | 30 00 00 CC CC CC CC CC");
  settings.padding.reset();
  dialogue d{settings};
  d.receive("10 14 00 01 02 03 04 05");
  REQUIRE(d.seen() == "begun 20 | 30 00 00");
}

TEST_CASE("ISOTP-087 classic frames on an FD pair and reverse are taken, or ignored if told so") {
  const bool match = GENERATE(false, true);
  const auto tx_dl = GENERATE(as<std::uint8_t>{}, 8, 64);
  parameters settings = fd(tx_dl);
  settings.compat.match_frame_kind = match;
  dialogue d{settings};
  d.receive("02 3E 00");
  const bool classic_pair = tx_dl == 8;
  REQUIRE(d.seen() == (match && !classic_pair ? "" : "received 3E 00"));
  d.receive_fd("02 3E 00");
  REQUIRE(d.seen() == (match && classic_pair ? "" : "received 3E 00"));
}

TEST_CASE("ISOTP-064 frames of a run that is polled at once are those that are polled one by one") {
  const std::size_t length = GENERATE(100U, 1000U);
  const auto tx_dl = GENERATE(as<std::uint8_t>{}, 8, 64);
  const auto bs = GENERATE(as<std::uint8_t>{}, 0, 5);
  const auto settings = std::make_shared<const parameters>(fd(tx_dl));
  endpoint single{usual_address(), settings, 8};
  endpoint run{usual_address(), settings, 8};
  const instant now{};
  std::vector<can::frame> one_by_one;
  std::vector<can::frame> at_once;
  event out;
  for (endpoint* machine : {&single, &run}) {
    machine->request(now, counting(length));
    REQUIRE(machine->poll(now, out));
    machine->on_confirm(now, out.get_if<transmit>()->token);
    while (machine->sending()) {
      machine->on_frame(now, can::data_frame(rx_id, bytes{0x30, bs, 0}));
      if (machine == &single) {
        while (machine->poll(now, out)) {
          const auto* frame = out.get_if<transmit>();
          if (frame == nullptr) continue;
          one_by_one.push_back(frame->content);
          machine->on_confirm(now, frame->token);
        }
        continue;
      }
      std::array<can::frame, 6> some;
      can::transmit_token first = 0;
      while (const std::size_t count = machine->poll_block(now, first, some)) {
        REQUIRE(count <= some.size());
        at_once.insert(at_once.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
        machine->on_confirm(now, first, static_cast<std::uint32_t>(count));
      }
      while (machine->poll(now, out)) REQUIRE(out.get_if<isotp::confirm>()->result == n_result::n_ok);
    }
  }
  REQUIRE(at_once == one_by_one);
}

}  // namespace canstage::isotp::test
