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

struct state {
  const char* name;
  void (*enter)(dialogue&);
};

void begin_sending(dialogue& d) {
  d.request(counting(62));
  d.confirm();
}

void begin_receiving(dialogue& d) {
  d.receive("10 3E 00 01 02 03 04 05");
  d.confirm();
}

// Frames stay unconfirmed in all of them.
const state states[] = {
    {"idle", [](dialogue&) {}},
    {"SF unconfirmed", [](dialogue& d) { d.request("3E 00"); }},
    {"functional SF unconfirmed", [](dialogue& d) { d.request("3E 80", target_type::functional); }},
    {"FF unconfirmed", [](dialogue& d) { d.request(counting(62)); }},
    {"FC awaited", begin_sending},
    {"FC awaited, after FC.WAIT",
     [](dialogue& d) {
       begin_sending(d);
       d.receive("31 00 00");
     }},
    {"CF of a block unconfirmed",
     [](dialogue& d) {
       begin_sending(d);
       d.receive("30 02 00");
     }},
    {"STmin runs",
     [](dialogue& d) {
       begin_sending(d);
       d.receive("30 00 7F");
       d.confirm();
     }},
    {"FC awaited, between blocks",
     [](dialogue& d) {
       begin_sending(d);
       d.receive("30 02 00");
       d.confirm_all();
     }},
    {"last CF unconfirmed",
     [](dialogue& d) {
       d.request(counting(8));
       d.confirm();
       d.receive("30 00 00");
     }},
    {"own FC due", [](dialogue& d) { d.receive("10 3E 00 01 02 03 04 05"); }},  // see `settings_of`
    {"own FC unconfirmed", [](dialogue& d) { d.receive("10 3E 00 01 02 03 04 05"); }},
    {"own FC.OVFLW unconfirmed", [](dialogue& d) { d.receive("1F FF 00 01 02 03 04 05"); }},
    {"first CF awaited", begin_receiving},
    {"own FC unconfirmed, CF arrived",
     [](dialogue& d) {
       d.receive("10 3E 00 01 02 03 04 05");
       d.receive("21 06 07 08 09 0A 0B 0C");
     }},
    {"FF and FC unconfirmed",
     [](dialogue& d) {
       d.request(counting(62));
       d.receive("10 3E 00 01 02 03 04 05");
     }},
    {"both directions",
     [](dialogue& d) {
       begin_sending(d);
       begin_receiving(d);
       d.receive("30 00 00");
     }},
    {"requests queue",
     [](dialogue& d) {
       begin_sending(d);
       d.request("3E 00");
       d.request("3E 80", target_type::functional);
       d.request(bytes{});
     }},
};

struct input {
  const char* name;
  void (*give)(dialogue&);
  bool ignored = false;  ///< in every state
};

void remote_frame(dialogue& d) {
  can::frame f = can::data_frame(rx_id, from_hex("02 3E 00"));
  f.flags.remote = true;
  d.receive(f);
}

void time_before_deadline(dialogue& d) {
  if (d.machine().deadline() == never) return d.wake();
  d.advance_unpunctually(d.machine().deadline() - d.now() - 1ns);
  d.wake();
}

void time_at_deadline(dialogue& d) {
  if (d.machine().deadline() == never) return d.advance(1s);
  d.advance(d.machine().deadline() - d.now());
}

const input inputs[] = {
    {"SF", [](dialogue& d) { d.receive("02 3E 00"); }},
    {"SF, functional", [](dialogue& d) { d.receive(functional_id, "02 3E 80"); }},
    {"FF", [](dialogue& d) { d.receive("10 14 A0 A1 A2 A3 A4 A5"); }},
    {"FF, 32 bits, too long", [](dialogue& d) { d.receive("10 00 FF FF FF FF 00 01"); }},
    {"CF, SN 1", [](dialogue& d) { d.receive("21 06 07 08 09 0A 0B 0C"); }},
    {"CF, SN 2", [](dialogue& d) { d.receive("22 0D 0E 0F 10 11 12 13"); }},
    {"CF, SN 7", [](dialogue& d) { d.receive("27 0D 0E 0F 10 11 12 13"); }},
    {"FC.CTS", [](dialogue& d) { d.receive("30 00 00"); }},
    {"FC.CTS, BS 1, STmin 5 ms", [](dialogue& d) { d.receive("30 01 05"); }},
    {"FC.WAIT", [](dialogue& d) { d.receive("31 00 00"); }},
    {"FC.OVFLW", [](dialogue& d) { d.receive("32 00 00"); }},
    {"FC, FS 3", [](dialogue& d) { d.receive("33 00 00"); }},
    {"confirm", [](dialogue& d) { d.confirm(); }},
    {"time at the deadline", time_at_deadline},
    {"5 s, woken", [](dialogue& d) { d.advance(5s); }},
    {"5 s, not woken", [](dialogue& d) { d.advance_unpunctually(5s); }},
    {"request, short", [](dialogue& d) { d.request("3E 00"); }},
    {"request, long", [](dialogue& d) { d.request(counting(100)); }},
    {"request, functional", [](dialogue& d) { d.request("3E 80", target_type::functional); }},
    {"request, empty", [](dialogue& d) { d.request(bytes{}); }},
    {"reset", [](dialogue& d) { d.reset(); }},

    {"SF, SF_DL 0", [](dialogue& d) { d.receive("00 3E 00 00 00 00 00 00"); }, true},
    {"SF, SF_DL too long", [](dialogue& d) { d.receive("05 3E 00"); }, true},
    {"FF, short", [](dialogue& d) { d.receive("10 14 A0 A1 A2 A3 A4"); }, true},
    {"FF, FF_DL 7", [](dialogue& d) { d.receive("10 07 A0 A1 A2 A3 A4 A5"); }, true},
    {"FF, 32 bits, FF_DL 4095", [](dialogue& d) { d.receive("10 00 00 00 0F FF 00 01"); }, true},
    {"FF, functional", [](dialogue& d) { d.receive(functional_id, "10 14 A0 A1 A2 A3 A4 A5"); }, true},
    {"CF, without data", [](dialogue& d) { d.receive("21"); }, true},
    {"FC, short", [](dialogue& d) { d.receive("32 00"); }, true},
    {"FC, functional", [](dialogue& d) { d.receive(functional_id, "32 00 00"); }, true},
    {"reserved N_PCI 4", [](dialogue& d) { d.receive("40 00 00 00 00 00 00 00"); }, true},
    {"reserved N_PCI F", [](dialogue& d) { d.receive("FF FF FF FF FF FF FF FF"); }, true},
    {"empty frame", [](dialogue& d) { d.receive(""); }, true},
    {"remote frame", remote_frame, true},
    {"SF, extended format", [](dialogue& d) { d.receive(can::identifier::extended(0x7E0), "02 3E 00"); },
     true},
    {"SF, own identifier", [](dialogue& d) { d.receive(tx_id, "02 3E 00"); }, true},
    {"confirm, unknown token", [](dialogue& d) { d.confirm_token(0xFFFF'0000); }, true},
    {"time before the deadline", time_before_deadline, true},
};

/// The same states and inputs, whatever an endpoint is set to.
enum class variant { usual, half_duplex, waits_first };

parameters settings_of(const state& s, variant v) {
  parameters settings;
  if (v == variant::half_duplex) settings.duplex = duplex_mode::half;
  if (v == variant::waits_first) settings.flow_control = flow_control_policy::wait_first(1);
  settings.bs = 3;
  settings.accepted_waits = 1;
  if (std::string_view{s.name} == "own FC due") settings.n_br = 30ms;
  return settings;
}

/// Each message is ended by then, the next ones work.
void require_recovery(dialogue& d, variant v) {
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

  d.request(counting(10));
  d.confirm();
  d.receive("30 00 00");
  d.confirm();
  REQUIRE(d.seen() == "10 0A 00 01 02 03 04 05 | 21 06 07 08 09 CC CC CC | confirm N_OK");
  d.receive("10 0A 00 01 02 03 04 05");
  d.advance(30ms);
  d.confirm();
  const bool waits = v == variant::waits_first;
  if (waits) {
    d.advance(500ms);
    d.confirm();
  }
  d.receive("21 06 07 08 09");
  REQUIRE(d.seen() == std::string{"begun 10 | "} + (waits ? "31 03 00 CC CC CC CC CC | " : "") +
                          "30 03 00 CC CC CC CC CC | received 00 01 02 03 04 05 06 07 08 09");
}

dialogue entered(const state& s, unsigned burst, variant v) {
  dialogue d{settings_of(s, v), burst};
  d.hold_confirmations();
  s.enter(d);
  d.seen();
  return d;
}

void give_checked(dialogue& d, const input& i) {
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
  const variant v = GENERATE(variant::usual, variant::half_duplex, variant::waits_first);
  for (const state& s : states) {
    for (const input& i : inputs) {
      for (const unsigned burst : {1U, 4U}) {
        INFO(s.name << ": " << i.name << ", burst " << burst);
        dialogue d = entered(s, burst, v);
        give_checked(d, i);
        require_recovery(d, v);
      }
    }
  }
}

TEST_CASE("ISOTP-102, 105 every pair of inputs in every state") {
  const variant v = GENERATE(variant::usual, variant::half_duplex, variant::waits_first);
  for (const state& s : states) {
    for (const input& first : inputs) {
      for (const input& second : inputs) {
        INFO(s.name << ": " << first.name << ", then " << second.name);
        dialogue d = entered(s, 1, v);
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
