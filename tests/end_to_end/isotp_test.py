#!/usr/bin/env python3
"""Address formats, CAN FD, flow control and faults of ISO-TP: what is on the bus, frame by frame, and what is judged."""
import unittest

from program import SCENARIOS, InFolder, outcomes, report, run

HEAD = """
canstage: 1
buses: { can: { bitrate: 500k, data_bitrate: 2M } }
"""
VIN = "62 F1 90 57 56 57 5A 5A 5A 31 4A 5A 58 57 30 30 30 30 30 31"
WRITE = "2E F1 90 00 01 02 03 04 05 06"
UDS = 'uds: { dids: { F190: { text: "WVWZZZ1JZXW000001", write: true } } }'


class IsoTp(InFolder):
    def frames(self, text, status=0):
        """["123#0102"]: what is on the bus, the same in both casts."""
        path = self.write("test.yaml", HEAD + text)
        traces = []
        for cast in ("normal", "ensemble"):
            trace = self.folder / f"{cast}.log"
            run("run", "-q", "--cast", cast, "--trace", trace, path, status=status)
            traces.append(trace.read_text(encoding="ascii"))
        self.assertEqual(*traces)
        self.trace = [line.split() for line in traces[0].splitlines()]
        return [words[2] for words in self.trace]

    def times(self, *contents):
        """Milliseconds of the frames with these contents, from the first frame on."""
        start = float(self.trace[0][0].strip("()"))
        return [round((float(time.strip("()")) - start) * 1000) for time, _, content in self.trace
                if content in contents]


class AddressFormats(IsoTp):
    def test_extended(self):
        self.assertEqual(self.frames(f"""
ecus:
  a: {{ address: {{ format: extended, request: "6F1", response: "610", ecu: "10", functional: {{ id: "6F1", address: "DF" }} }}, {UDS} }}
  b: {{ like: a, address: {{ format: extended, request: "6F1", response: "612", ecu: "12" }} }}
testers: {{ t: {{ address: {{ format: extended, functional: {{ id: "6F1", address: "DF" }} }} }} }}
steps:
  - request: {{ to: b, bytes: "22 F1 90" }}
    expect: "{VIN}"
  - functional: {{ request: "3E 00", window: 10ms }}
    expect: {{ a: "7E 00", b: silence }}
"""), ["6F1#120322F190CCCCCC", "612#F1101462F1905756", "6F1#12300000CCCCCCCC", "612#F121575A5A5A314A",
       "612#F1225A5857303030", "612#F123303031CCCCCC", "6F1#DF023E00CCCCCCCC", "610#F1027E00CCCCCCCC"])

    def test_mixed_shares_identifiers(self):
        self.assertEqual(self.frames(f"""
ecus:
  a: {{ address: {{ format: mixed, request: "7E0", response: "7E8", extension: "99" }}, {UDS} }}
  b: {{ like: a, address: {{ format: mixed, request: "7E0", response: "7E8", extension: "9A" }} }}
testers: {{ t: {{ address: {{ format: mixed, extension: "9A" }} }} }}
steps:
  - parallel:
      - [ {{ request: {{ to: a, bytes: "3E 00" }}, expect: "7E 00" }} ]
      - [ {{ request: {{ to: b, bytes: "22 F1 90" }}, expect: "{VIN}" }} ]
  - functional: {{ request: "3E 00", window: 10ms }}
    expect: {{ a: silence, b: "7E 00" }}
""")[-2:], ["7DF#9A023E00CCCCCCCC", "7E8#9A027E00CCCCCCCC"])
        of_b = [content for _, _, content in self.trace[:-2] if content[4:6] == "9A"]
        self.assertEqual(of_b, ["7E0#9A0322F190CCCCCC", "7E8#9A101462F1905756", "7E0#9A300000CCCCCCCC",
                                "7E8#9A21575A5A5A314A", "7E8#9A225A5857303030", "7E8#9A23303031CCCCCC"])

    def test_mixed_29(self):
        self.assertEqual(self.frames("""
ecus: { a: { address: { format: mixed_29, ecu: "50", extension: "77" } } }
testers: { t: { address: { format: mixed_29, extension: "77" } } }
steps:
  - request: { to: a, bytes: "3E 00" }
    expect: "7E 00"
  - functional: { request: "3E 00", window: 10ms }
    expect: { a: "7E 00" }
"""), ["18CE50F1#77023E00CCCCCCCC", "18CEF150#77027E00CCCCCCCC", "18CD33F1#77023E00CCCCCCCC",
       "18CEF150#77027E00CCCCCCCC"])

    def test_endpoints_with_address_bytes(self):
        self.assertEqual(self.frames("""
endpoints:
  raw: { rx: "123", tx: "456", rx_address: "10", tx_address: "F1", do: echo }
  deaf: { rx: "123", tx: "457", rx_address: "11", tx_address: "F1", do: echo }
  peer: { rx: "456", tx: "123", rx_address: "F1", tx_address: "10" }
steps:
  - request: { from: peer, to: raw, bytes: "01 02" }
    expect: "01 02"
"""), ["123#10020102CCCCCCCC", "456#F1020102CCCCCCCC"])


class CanFd(IsoTp):
    def test_each_sends_what_its_own_tx_dl_says(self):
        frames = self.frames(f"""
ecus: {{ a: {{ address: {{ request: "7E0", response: "7E8" }}, isotp: {{ tx_dl: 64 }}, {UDS} }} }}
testers: {{ t: {{}} }}
steps:
  - request: {{ to: a, bytes: "22 F1 90" }}
    expect: "{VIN}"
  - request: {{ to: a, bytes: "{WRITE} 30 30 30 30 30 30 30 30 30 30" }}
    expect: "6E F1 90"
""")
        # Up to 62 bytes are a single frame; the tester's own request takes three classic ones.
        self.assertEqual(frames[:2], ["7E0#0322F190CCCCCCCC", "7E8##50014" + VIN.replace(" ", "") + "CCCC"])
        self.assertEqual([frame[:7] for frame in frames[2:]],
                         ["7E0#101", "7E8##53", "7E0#210", "7E0#223", "7E8##50"])

    def test_long_messages_both_ways(self):
        data = " ".join(f"{i:02X}" for i in range(200))
        frames = self.frames(f"""
endpoints:
  raw: {{ rx: "123", tx: "456", isotp: {{ tx_dl: 64, brs: false, padding: none }}, do: echo }}
  peer: {{ rx: "456", tx: "123", isotp: {{ tx_dl: 16 }} }}
steps:
  - request: {{ from: peer, to: raw, bytes: "{data}" }}
    expect: "{data}"
""")
        # Behind the hashes: 4 is FD, 1 the switch of the bit rate.
        there = [frame[5:] for frame in frames if frame.startswith("123")]
        back = [frame[5:] for frame in frames if frame.startswith("456")]
        self.assertEqual(len(frames), 20)
        self.assertEqual(there[0], "510C8" + "".join(f"{i:02X}" for i in range(14)))
        self.assertTrue(all(len(frame) == 1 + 2 * 16 for frame in there[1:-2]), there)
        self.assertEqual(back[0], "4300000")
        self.assertEqual([len(frame) // 2 for frame in back[1:]], [64, 64, 64, 16])
        self.assertTrue(back[1].startswith("410C8"), back)


class FlowControl(IsoTp):
    def play(self, settings, expect, status=0):
        return self.frames(f"""
ecus: {{ a: {{ address: {{ request: "7E0", response: "7E8" }}, isotp: {{ {settings} }}, {UDS} }} }}
testers: {{ t: {{ isotp: {{ accepted_waits: 3 }} }} }}
steps:
  - request: {{ to: a, bytes: "{WRITE} 07 08 09 0A 0B 0C 0D 0E 0F 10" }}
    expect: {expect}
""", status)

    def test_wait(self):
        frames = self.play("flow_control: { wait: 3 }, wait_interval: 100ms", '"6E F1 90"')
        self.assertEqual(frames[1:5], ["7E8#310000CCCCCCCCCC"] * 3 + ["7E8#300000CCCCCCCCCC"])
        self.assertEqual(self.times("7E8#310000CCCCCCCCCC", "7E8#300000CCCCCCCCCC"), [0, 100, 201, 301])

    def test_more_waits_than_the_tester_accepts(self):
        self.assertEqual(self.play("flow_control: [wait], wait_interval: 1ms", "{ breaks_off: N_WFT_OVRN }")[1:5],
                         ["7E8#310000CCCCCCCCCC"] * 4)

    def test_overflow_after_the_first_block(self):
        frames = self.play("flow_control: [cts, overflow], bs: 1", "{ breaks_off: N_BUFFER_OVFLW }")
        self.assertEqual([frame[:8] for frame in frames], ["7E0#1014", "7E8#3001", "7E0#2103", "7E8#3201"])


class Faults(IsoTp):
    def answer(self, fault, expect, status=0):
        """The frames of a long answer with this fault."""
        return [frame[:6] for frame in self.frames(f"""
ecus: {{ a: {{ address: {{ request: "7E0", response: "7E8" }}, {UDS} }} }}
testers: {{ t: {{}} }}
faults: [ {{ at: a, {fault} }} ]
steps: [ {{ request: {{ to: a, bytes: "22 F1 90" }}, expect: {expect} }} ]
""", status) if frame.startswith("7E8")]

    def request(self, fault, expect):
        """The frames of a long request to an ECU with this fault."""
        return [frame[:10] for frame in self.frames(f"""
ecus: {{ a: {{ address: {{ request: "7E0", response: "7E8" }}, {UDS} }} }}
testers: {{ t: {{}} }}
faults: [ {{ at: a, {fault} }} ]
steps: [ {{ request: {{ to: a, bytes: "{WRITE} 07 08 09 0A 0B 0C 0D 0E 0F 10" }}, expect: {expect} }} ]
""")]

    def test_of_consecutive_frames(self):
        self.assertEqual(self.answer("do: wrong_sn, nth: 2", "{ breaks_off: N_WRONG_SN }"),
                         ["7E8#10", "7E8#21", "7E8#23"])
        self.assertEqual(self.answer("do: repeated_sn", "{ breaks_off: N_WRONG_SN }"),
                         ["7E8#10", "7E8#21", "7E8#21", "7E8#22"])
        self.assertEqual(self.answer("do: drop_cf, times: always", "{ breaks_off: N_TIMEOUT_Cr }"), ["7E8#10"])
        self.assertEqual(self.answer("do: late_cf, delay: 900ms", f'"{VIN}"'), ["7E8#10", "7E8#21", "7E8#22"])
        self.assertIn(self.times(*(words[2] for words in self.trace if words[2].startswith("7E8#21"))), ([900], [901]))

    def test_of_first_frames(self):
        self.answer("do: wrong_ff_dl, length: 100", "{ breaks_off: N_TIMEOUT_Cr }")
        self.assertEqual(self.trace[1][2][:8], "7E8#1064")
        self.answer("do: wrong_ff_dl, delta: -3", f'"{VIN[:-9]}"')
        self.assertEqual(self.trace[1][2][:8], "7E8#1011")

    def test_of_flow_control(self):
        self.assertEqual(self.request("do: withhold_fc", "{ breaks_off: N_TIMEOUT_Bs }"), ["7E0#10142E"])
        self.assertEqual(self.request('do: reserved_fs, value: "F"', "{ breaks_off: N_INVALID_FS }"),
                         ["7E0#10142E", "7E8#3F0000"])
        frames = self.request('do: reserved_stmin, value: "85"', '"6E F1 90"')
        self.assertEqual(frames[1], "7E8#300085")
        first, second = self.times(*(words[2] for words in self.trace if words[2].startswith(("7E0#21", "7E0#22"))))
        self.assertIn(second - first, (127, 128))  # from end to end: with the time of one frame

    def test_short_frames(self):
        self.answer("do: short_frames, pci: FC, length: 2", f'"{VIN}"')
        self.answer("do: short_frames, length: 3", "{ breaks_off: N_WRONG_SN }")
        self.assertIn("7E8#215A5A", [words[2] for words in self.trace])

    def test_counted_per_run_and_kept_after_a_reset(self):
        frames = self.frames(f"""
ecus: {{ a: {{ address: {{ request: "7E0", response: "7E8" }}, {UDS} }} }}
testers: {{ t: {{}} }}
faults: [ {{ at: a, do: drop_cf, nth: 4, per: run }} ]
steps:
  - request: {{ to: a, bytes: "22 F1 90" }}
    expect: "{VIN}"
  - reset: a
  - request: {{ to: a, bytes: "22 F1 90" }}
    expect: {{ breaks_off: N_TIMEOUT_Cr }}
  - request: {{ to: a, bytes: "22 F1 90" }}
    expect: "{VIN}"
""")
        self.assertEqual([frame[4:6] for frame in frames if frame.startswith("7E8")],
                         ["10", "21", "22", "10", "21", "10", "21", "22"])

    def test_of_an_endpoint(self):
        self.frames("""
endpoints:
  raw: { rx: "123", tx: "456", do: swallow }
  peer: { rx: "456", tx: "123" }
faults: [ { at: raw, do: withhold_fc } ]
steps:
  - request: { from: peer, to: raw, bytes: "01 02 03 04 05 06 07 08" }
    expect: { breaks_off: N_TIMEOUT_Bs }
""")

    def test_what_is_not_expected_fails(self):
        self.answer("do: wrong_sn", f'"{VIN}"', status=1)
        found = report(self.folder / "test.yaml", status=1)
        self.assertEqual(outcomes(found), {("1", "a"): "incomplete"})
        self.assertIn("N_WRONG_SN", found["steps"][0]["verdicts"][0]["detail"])


class Shipped(unittest.TestCase):
    def test_formats(self):
        found = report(SCENARIOS / "isotp_formats.yaml")
        self.assertTrue(found["passed"])
        self.assertEqual(set(outcomes(found).values()), {"as_expected"})

    def test_faults_say_what_a_tester_sees(self):
        text = run("run", SCENARIOS / "isotp_faults.yaml").stdout
        for name in ("N_WRONG_SN", "N_TIMEOUT_Cr", "N_TIMEOUT_Bs", "N_INVALID_FS", "N_WFT_OVRN"):
            self.assertIn(name, text)


if __name__ == "__main__":
    unittest.main()
