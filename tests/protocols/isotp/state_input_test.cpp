// Every input in every state of an endpoint, and every pair of inputs. What must hold is mostly in
// `dialogue`, which checks the endpoint's contract after each step; the rest is here:
//  - each request is confirmed, each message that began is ended, once time has passed (ISOTP-102);
//  - then the endpoint is idle, waits for nothing, and the next message in each direction works
//    (ISOTP-105);
//  - what the standard says to ignore in any state changes nothing at all.
#include <iterator>

#include "catch2/catch.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

/// The same states and inputs, whatever an endpoint is set to.
enum class variant { usual, half_duplex, waits_first, extended_addressing, can_fd };

constexpr std::uint8_t own_address = 0x10;
constexpr std::uint8_t peer_address = 0xF1;
constexpr std::uint8_t functional_address = 0xFE;

/// A dialogue in the words of normal addressing and classic frames, whatever the variant.
class subject : public dialogue {
 public:
  subject(const parameters& settings, unsigned burst, variant v)
      : dialogue(settings, burst, address_of(v)), variant_(v) {}

  using dialogue::receive;
  void receive(std::string_view n_pdu) { receive(rx_id, n_pdu); }

  /// An address byte takes the place of the last byte of a frame that is full, or nearly.
  void receive(can::identifier id, std::string_view n_pdu) {
    bytes data = from_hex(n_pdu);
    if (variant_ == variant::extended_addressing && !data.empty()) {
      if (data.size() >= 7) data.pop_back();
      data.insert(data.begin(), id == functional_id ? functional_address : own_address);
    }
    receive(variant_ == variant::can_fd ? can::fd_frame(id, data, false) : can::data_frame(id, data));
  }

 private:
  static addressing address_of(variant v) {
    addressing address = usual_address();
    if (v != variant::extended_addressing) return address;
    address.rx_address_byte = own_address;
    address.tx_address_byte = peer_address;
    address.functional_rx_address_byte = address.functional_tx_address_byte = functional_address;
    return address;
  }

  variant variant_;
};

struct state {
  const char* name;
  void (*enter)(subject&);
};

void begin_sending(subject& d) {
  d.request(counting(62));
  d.confirm();
}

void begin_receiving(subject& d) {
  d.receive("10 3E 00 01 02 03 04 05");
  d.confirm();
}

// Frames stay unconfirmed in all of them.
const state states[] = {
    {"idle", [](subject&) {}},
    {"SF unconfirmed", [](subject& d) { d.request("3E 00"); }},
    {"functional SF unconfirmed", [](subject& d) { d.request("3E 80", target_type::functional); }},
    {"FF unconfirmed", [](subject& d) { d.request(counting(62)); }},
    {"FC awaited", begin_sending},
    {"FC awaited, after FC.WAIT",
     [](subject& d) {
       begin_sending(d);
       d.receive("31 00 00");
     }},
    {"CF of a block unconfirmed",
     [](subject& d) {
       begin_sending(d);
       d.receive("30 02 00");
     }},
    {"STmin runs",
     [](subject& d) {
       begin_sending(d);
       d.receive("30 00 7F");
       d.confirm();
     }},
    {"FC awaited, between blocks",
     [](subject& d) {
       begin_sending(d);
       d.receive("30 02 00");
       d.confirm_all();
     }},
    {"last CF unconfirmed",
     [](subject& d) {
       d.request(counting(11));
       d.confirm();
       d.receive("30 00 00");
     }},
    {"own FC due", [](subject& d) { d.receive("10 3E 00 01 02 03 04 05"); }},  // see `settings_of`
    {"own FC unconfirmed", [](subject& d) { d.receive("10 3E 00 01 02 03 04 05"); }},
    {"own FC.OVFLW unconfirmed", [](subject& d) { d.receive("1F FF 00 01 02 03 04 05"); }},
    {"first CF awaited", begin_receiving},
    {"own FC unconfirmed, CF arrived",
     [](subject& d) {
       d.receive("10 3E 00 01 02 03 04 05");
       d.receive("21 06 07 08 09 0A 0B 0C");
     }},
    {"FF and FC unconfirmed",
     [](subject& d) {
       d.request(counting(62));
       d.receive("10 3E 00 01 02 03 04 05");
     }},
    {"both directions",
     [](subject& d) {
       begin_sending(d);
       begin_receiving(d);
       d.receive("30 00 00");
     }},
    {"requests queue",
     [](subject& d) {
       begin_sending(d);
       d.request("3E 00");
       d.request("3E 80", target_type::functional);
       d.request(bytes{});
     }},
};

struct input {
  const char* name;
  void (*give)(subject&);
  bool ignored = false;  ///< in every state
};

void remote_frame(subject& d) {
  can::frame f = can::data_frame(rx_id, from_hex("02 3E 00"));
  f.flags.remote = true;
  d.receive(f);
}

void time_before_deadline(subject& d) {
  if (d.machine().deadline() == never) return d.wake();
  d.advance_unpunctually(d.machine().deadline() - d.now() - 1ns);
  d.wake();
}

void time_at_deadline(subject& d) {
  if (d.machine().deadline() == never) return d.advance(1s);
  d.advance(d.machine().deadline() - d.now());
}

const input inputs[] = {
    {"SF", [](subject& d) { d.receive("02 3E 00"); }},
    {"SF, functional", [](subject& d) { d.receive(functional_id, "02 3E 80"); }},
    {"FF", [](subject& d) { d.receive("10 14 A0 A1 A2 A3 A4 A5"); }},
    {"FF, 32 bits, too long", [](subject& d) { d.receive("10 00 FF FF FF FF 00 01"); }},
    {"CF, SN 1", [](subject& d) { d.receive("21 06 07 08 09 0A 0B 0C"); }},
    {"CF, SN 2", [](subject& d) { d.receive("22 0D 0E 0F 10 11 12 13"); }},
    {"CF, SN 7", [](subject& d) { d.receive("27 0D 0E 0F 10 11 12 13"); }},
    {"FC.CTS", [](subject& d) { d.receive("30 00 00"); }},
    {"FC.CTS, BS 1, STmin 5 ms", [](subject& d) { d.receive("30 01 05"); }},
    {"FC.WAIT", [](subject& d) { d.receive("31 00 00"); }},
    {"FC.OVFLW", [](subject& d) { d.receive("32 00 00"); }},
    {"FC, FS 3", [](subject& d) { d.receive("33 00 00"); }},
    {"confirm", [](subject& d) { d.confirm(); }},
    {"time at the deadline", time_at_deadline},
    {"5 s, woken", [](subject& d) { d.advance(5s); }},
    {"5 s, not woken", [](subject& d) { d.advance_unpunctually(5s); }},
    {"request, short", [](subject& d) { d.request("3E 00"); }},
    {"request, long", [](subject& d) { d.request(counting(100)); }},
    {"request, functional", [](subject& d) { d.request("3E 80", target_type::functional); }},
    {"request, empty", [](subject& d) { d.request(bytes{}); }},
    {"reset", [](subject& d) { d.reset(); }},

    {"SF, SF_DL 0", [](subject& d) { d.receive("00 3E 00 00 00 00 00 00"); }, true},
    {"SF, SF_DL too long", [](subject& d) { d.receive("05 3E 00"); }, true},
    {"FF, short", [](subject& d) { d.receive("10 14 A0 A1 A2 A3 A4"); }, true},
    {"FF, FF_DL 6", [](subject& d) { d.receive("10 06 A0 A1 A2 A3 A4 A5"); }, true},
    {"FF, 32 bits, FF_DL 4095", [](subject& d) { d.receive("10 00 00 00 0F FF 00 01"); }, true},
    {"FF, functional", [](subject& d) { d.receive(functional_id, "10 14 A0 A1 A2 A3 A4 A5"); }, true},
    {"CF, without data", [](subject& d) { d.receive("21"); }, true},
    {"FC, short", [](subject& d) { d.receive("32 00"); }, true},
    {"FC, functional", [](subject& d) { d.receive(functional_id, "32 00 00"); }, true},
    {"reserved N_PCI 4", [](subject& d) { d.receive("40 00 00 00 00 00 00 00"); }, true},
    {"reserved N_PCI F", [](subject& d) { d.receive("FF FF FF FF FF FF FF FF"); }, true},
    {"empty frame", [](subject& d) { d.receive(""); }, true},
    {"remote frame", remote_frame, true},
    {"SF, extended format", [](subject& d) { d.receive(can::identifier::extended(0x7E0), "02 3E 00"); },
     true},
    {"SF, own identifier", [](subject& d) { d.receive(tx_id, "02 3E 00"); }, true},
    {"confirm, unknown token", [](subject& d) { d.confirm_token(0xFFFF'0000); }, true},
    {"time before the deadline", time_before_deadline, true},
};

parameters settings_of(const state& s, variant v) {
  parameters settings;
  if (v == variant::half_duplex) settings.duplex = duplex_mode::half;
  if (v == variant::waits_first) settings.flow_control = flow_control_policy::wait_first(1);
  if (v == variant::can_fd) settings.tx_dl = 12;
  settings.bs = 3;
  settings.accepted_waits = 1;
  if (std::string_view{s.name} == "own FC due") settings.n_br = 30ms;
  return settings;
}

/// The frames of `counting(11)`.
std::string segments_of(variant v) {
  if (v == variant::extended_addressing) return "F1 10 0B 00 01 02 03 04 | F1 21 05 06 07 08 09 0A";
  if (v == variant::can_fd) return "10 0B 00 01 02 03 04 05 06 07 08 09 | 21 0A CC CC CC CC CC CC";
  return "10 0B 00 01 02 03 04 05 | 21 06 07 08 09 0A CC CC";
}

/// Each message is ended by then, the next ones work.
void require_recovery(subject& d, variant v) {
  d.confirm_all();
  for (int i = 0; i < 100 && (d.machine().sending() || d.machine().deadline() != never); ++i) {
    d.advance(1s);
    d.confirm_all();
  }
  REQUIRE(d.confirms() == d.requests());
  REQUIRE(d.ended() == d.begun());
  REQUIRE_FALSE(d.machine().sending());
  REQUIRE_FALSE(d.machine().receiving());
  REQUIRE(d.machine().deadline() == never);
  d.seen();

  d.request(counting(11));
  d.confirm();
  d.receive("30 00 00");
  d.confirm();
  REQUIRE(d.seen() == segments_of(v) + " | confirm N_OK");
  d.receive("10 0A 00 01 02 03 04 05");
  d.advance(30ms);
  d.confirm();
  const bool waits = v == variant::waits_first;
  if (waits) {
    d.advance(500ms);
    d.confirm();
  }
  const bool extended = v == variant::extended_addressing;
  d.receive(extended ? "21 05 06 07 08 09" : "21 06 07 08 09");
  REQUIRE(d.seen() == std::string{"begun 10 | "} + (waits ? "31 03 00 CC CC CC CC CC | " : "") +
                          (extended ? "F1 30 03 00 CC CC CC CC" : "30 03 00 CC CC CC CC CC") +
                          " | received 00 01 02 03 04 05 06 07 08 09");
}

subject entered(const state& s, unsigned burst, variant v) {
  subject d{settings_of(s, v), burst, v};
  d.hold_confirmations();
  s.enter(d);
  d.seen();
  return d;
}

void give_checked(subject& d, const input& i) {
  const instant deadline = d.machine().deadline();
  const bool sending = d.machine().sending();
  const bool receiving = d.machine().receiving();
  i.give(d);
  if (!i.ignored) return;
  REQUIRE(d.seen().empty());
  REQUIRE(d.machine().deadline() == deadline);
  REQUIRE(d.machine().sending() == sending);
  REQUIRE(d.machine().receiving() == receiving);
}

}  // namespace

TEST_CASE("ISOTP-102, 105 every input in every state") {
  const variant v = GENERATE(variant::usual, variant::half_duplex, variant::waits_first,
                             variant::extended_addressing, variant::can_fd);
  for (const state& s : states) {
    for (const input& i : inputs) {
      for (const unsigned burst : {1U, 4U}) {
        INFO(s.name << ": " << i.name << ", burst " << burst);
        subject d = entered(s, burst, v);
        give_checked(d, i);
        require_recovery(d, v);
      }
    }
  }
}

TEST_CASE("ISOTP-102, 105 every pair of inputs in every state") {
  const variant v = GENERATE(variant::usual, variant::half_duplex, variant::waits_first,
                             variant::extended_addressing, variant::can_fd);
  for (const state& s : states) {
    for (const input& first : inputs) {
      for (const input& second : inputs) {
        INFO(s.name << ": " << first.name << ", then " << second.name);
        subject d = entered(s, 1, v);
        first.give(d);
        d.seen();
        // A host that is late gives the next input to a machine whose timers are over.
        if (d.machine().deadline() > d.now()) {
          give_checked(d, second);
        } else {
          second.give(d);
        }
        require_recovery(d, v);
      }
    }
  }
}

}  // namespace canstage::isotp::test
