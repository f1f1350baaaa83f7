#!/usr/bin/env python3
"""canstage learn: a scenario runs with a trace, ECUs are learnt from it, and they pass for the original ones."""
import random
import re
import unittest

from program import SCENARIOS, InFolder, outcomes, report, run
from served import Served

VIN = SCENARIOS / "functional_vin.yaml"


def steps_of(path):
    """The section `steps` of a scenario, which is its last one."""
    return re.search(r"(?ms)^steps:.*\Z", path.read_text(encoding="utf-8")).group(0)


class RoundTrip(InFolder):
    def learn(self, scenario, *words, ending="log", status=0):
        trace = self.folder / f"run.{ending}"
        run("run", "-q", "--trace", trace, scenario, status=status)
        learnt = self.folder / "learnt.yaml"
        self.told = run("learn", *words, "-o", learnt, trace).stdout
        self.assertIn("ok", run("check", learnt).stdout)
        return learnt

    def same_verdicts(self, scenario):
        """The original steps against learnt ECUs: the same verdicts about the same ECUs."""
        learnt = self.learn(scenario, "--scenario", scenario)
        again = self.write("again.yaml", learnt.read_text(encoding="utf-8") + "\n" + steps_of(scenario))
        found, original = outcomes(report(again)), outcomes(report(scenario))
        # An ECU that nobody ever heard cannot be learnt.
        missing = {who for path, who in original} - {who for path, who in found}
        self.assertTrue(all(original[key] == "silent_as_expected" or original[key] == "as_expected"
                            for key in original if key[1] in missing), missing)
        self.assertEqual(found, {key: what for key, what in original.items() if key[1] not in missing})
        return missing

    def test_the_original_tester_and_learnt_ecus(self):
        self.assertEqual(self.same_verdicts(SCENARIOS / "diagnostic_session.yaml"), set())
        self.assertEqual(self.same_verdicts(SCENARIOS / "obd_poll.yaml"), set())

    def test_seats_that_nobody_hears_cannot_be_learnt(self):
        learnt = self.learn(VIN, "--scenario", VIN)
        text = learnt.read_text(encoding="utf-8")
        self.assertNotIn("seat", text)
        steps = "\n".join(line for line in steps_of(VIN).splitlines() if "seat: silence" not in line)
        again = self.write("again.yaml", text + "\n" + steps)
        original = {key: what for key, what in outcomes(report(VIN)).items() if key[1] != "seat"}
        self.assertEqual(outcomes(report(again)), original)
        self.assertEqual(set(original.values()), {"as_expected"})

    def test_learnt_steps_pass_against_learnt_ecus(self):
        for name, least in (("functional_vin", 5), ("diagnostic_session", 30), ("vehicle", 200), ("obd", 25),
                            ("bad_ecus", 40)):
            with self.subTest(name=name):
                learnt = self.learn(SCENARIOS / f"{name}.yaml", "--steps", ending="pcapng",
                                    status=1 if name == "bad_ecus" else 0)
                done = report(learnt)
                self.assertGreaterEqual(len(done["steps"]), least)
                self.assertEqual({step["status"] for step in done["steps"]}, {"passed"})
                self.assertEqual(set(outcomes(done).values()), {"as_expected"})

    def test_a_learnt_run_says_what_the_recording_said(self):
        """Learnt twice is learnt once: the second recording has the messages of the first one."""
        first = self.learn(VIN, "--steps", "--bitrate", "500k")
        text = first.read_text(encoding="utf-8")
        second = self.learn(first, "--steps", "--bitrate", "500k").read_text(encoding="utf-8")
        def without_times(yaml):
            lines = re.sub(r"(?m)^(#|name:| *- advance).*\n", "", yaml)
            return re.sub(r"[0-9.]+m?s\b(\.\.[0-9.]+m?s)?", "TIME", re.sub(", window: [0-9.]+m?s", "", lines))
        self.assertEqual(without_times(second), without_times(text))

    def test_the_same_bytes_again(self):
        once = self.learn(VIN, "--steps").read_bytes()
        self.assertEqual(self.learn(VIN, "--steps").read_bytes(), once)

    def test_times_are_kept(self):
        scenario = self.write("times.yaml", """
canstage: 1
seed: 11
buses: { can: { bitrate: 500k } }
ecus:
  engine:
    address: { request: "7E0", response: "7E8" }
    uds: { response_time: { distribution: normal, mean: 20ms, deviation: 4ms } }
    rules: [ { request: "22 01 00", reply: "62 01 00 00", after: 5ms..9ms } ]
testers: { tester: {} }
steps:
  - repeat:
      times: 500
      steps:
        - { request: { to: engine, bytes: "3E 00" }, expect: "7E 00" }
        - { request: { to: engine, bytes: "22 01 00" }, expect: "62 01 00 00" }
""")
        learnt = self.learn(scenario, "--bitrate", "500k").read_text(encoding="utf-8")
        normal = re.search(r'request: "3E 00".*distribution: normal, mean: ([\d.]+)ms, deviation: ([\d.]+)ms', learnt)
        self.assertAlmostEqual(float(normal.group(1)), 20, delta=1)
        self.assertAlmostEqual(float(normal.group(2)), 4, delta=0.5)
        low, high = map(float, re.search(r'request: "22 01 00".*after: ([\d.]+)ms\.\.([\d.]+)ms', learnt).groups())
        self.assertTrue(5 <= low < 5.1 and 8.9 < high <= 9, (low, high))

    def test_habits_of_iso_tp_are_kept(self):
        learnt = self.learn(VIN, "--scenario", VIN).read_text(encoding="utf-8")
        isotp = dict(re.findall(r"(?m)^  ([\w\[\]]+):\n    bus: \w+\n(?:    (?:address|functional): .*\n)+    isotp: (.*)$", learnt))
        self.assertEqual(isotp, {"battery": '{bs: 2, stmin: 5ms, padding: "AA"}', "tester": "{bs: 8, stmin: 1ms}"})

    def test_names_come_from_a_scenario_or_from_comments_of_the_trace(self):
        plain = self.learn(VIN).read_text(encoding="utf-8")
        self.assertRegex(plain, r"(?m)^  ecu_7E8:$")
        self.assertRegex(plain, r"(?m)^  tester_powertrain:$")
        commented = self.learn(VIN, ending="pcapng").read_text(encoding="utf-8")
        self.assertRegex(commented, r"(?m)^  engine:$")
        named = self.learn(VIN, "--scenario", VIN, "--bus", "powertrain").read_text(encoding="utf-8")
        self.assertRegex(named, r"(?m)^  engine:$")
        self.assertRegex(named, r"(?m)^  tester:$")
        self.assertNotIn("body", named)

    def test_address_formats_of_a_scenario(self):
        """Extended and mixed addressing cannot be seen in frames alone."""
        scenario = self.write("formats.yaml", """
canstage: 1
buses: { can: { bitrate: 500k } }
ecus:
  seat:
    address: { format: extended, request: "6F1", response: "612", ecu: "12", functional: { id: "6F1", address: "DF" } }
    uds: { dids: { F190: "WVWZZZ1JZXW000001" } }
  axle:
    like: seat
    address: { format: mixed, request: "7E1", response: "7E9", extension: "9A", functional: none }
  lamp:
    like: seat
    address: { format: mixed_29, ecu: "50", extension: "77" }
testers:
  one: { address: { format: extended, functional: { id: "6F1", address: "DF" } } }
  two: { address: { format: mixed, functional: none } }
  three: { address: { format: mixed_29, extension: "77" } }
steps:
  - { functional: { from: one, request: "22 F1 90" }, expect: { seat: "62 F1 90 57 *" } }
  - { request: { from: one, to: seat, bytes: "22 F1 90" }, expect: "62 F1 90 57 *" }
  - { request: { from: two, to: axle, bytes: "22 F1 90" }, expect: "62 F1 90 57 *" }
  - { request: { from: three, to: lamp, bytes: "22 F1 90" }, expect: "62 F1 90 57 *" }
  - { functional: { from: three, request: "22 F1 90" }, expect: { lamp: "62 F1 90 57 *" } }
""")
        learnt = self.learn(scenario, "--scenario", scenario, "--steps")
        done = report(learnt)
        self.assertEqual(set(outcomes(done).values()), {"as_expected"})
        self.assertEqual({who for _, who in outcomes(done)}, {"seat", "axle", "lamp"})

    def test_every_format_of_trace_teaches_the_same(self):
        texts = {ending: self.learn(VIN, "--scenario", VIN, ending=ending).read_text(encoding="utf-8")
                 for ending in ("log", "asc")}
        self.assertEqual(texts["asc"].replace("run.asc", "run.log"), texts["log"])

    def test_learnt_ecus_are_served_and_original_ones_pass_the_learnt_steps(self):
        learnt = self.learn(VIN, "--scenario", VIN, "--bus", "powertrain", "--steps")
        with Served(learnt, "--expose", "powertrain=socketcand:0/can0") as on:
            done = run("request", "-q", "--bus", f"socketcand:127.0.0.1:{on.ports['powertrain']}/can0", "--tx", "7E4", "--rx",
                       "7EC", "22 F1 90")
            self.assertEqual(done.stdout, "62 F1 90 57 56 57 5A 5A 5A 31 4A 5A 58 57 30 30 30 30 30 31\n")
        with Served(VIN, "--expose", "powertrain=socketcand:0/can0") as on:
            # In real time on a loaded machine: what is answered counts, not how fast.
            text = re.sub(r", window: [0-9.]+m?s", ", window: 3s", learnt.read_text(encoding="utf-8"))
            done = report("--bus", f"powertrain=socketcand:127.0.0.1:{on.ports['powertrain']}/can0", "--real", "*",
                          self.write("patient.yaml", text))
            self.assertEqual(set(outcomes(done).values()), {"as_expected"})
            self.assertEqual(len(done["steps"]), 4)

    def test_what_could_not_be_used_is_said(self):
        trace = self.write("odd.log", "(1.000000) can0 7E0#023E00CCCCCCCCCC\n(1.002000) can0 7E8#027E00CCCCCCCCCC\n"
                                      "(1.003000) can0 7E8#0462F19001CCCCCC\n(1.004000) can0 123#0102030405060708\n")
        done = run("learn", "-o", self.folder / "odd.yaml", trace)
        self.assertEqual(done.stdout.splitlines(), [
            "1 ECU, 1 rule of 1 request",
            "1 message of ECUs that no request was found for; the first at 1.003000 s from 7E8 on can0: 62 F1 90 01",
            "1 frame left out: no diagnostics"])
        # ... and in the file.
        self.assertIn("#  - 1 frame left out: no diagnostics\n", (self.folder / "odd.yaml").read_text())

    def test_stdout_is_for_the_scenario(self):
        trace = self.write("one.log", "(1.000000) can0 7E0#023E00CCCCCCCCCC\n(1.002000) can0 7E8#027E00CCCCCCCCCC\n")
        done = run("learn", trace)
        self.assertEqual(done.stderr, "1 ECU, 1 rule of 1 request\n")
        self.assertEqual(done.stdout.split("\n\n", 1)[1], f"""canstage: 1
name: learnt from {trace}

buses:
  can0: {{}}

ecus:
  ecu_7E8:
    bus: can0
    address: {{request: "7E0", response: "7E8", functional: none}}
    uds:
      response_time: 2ms
    rules:
      - {{request: "3E 00", reply: "7E 00", after: 2ms}}

testers:
  tester:
    bus: can0
""")


def nonsense(seed):
    """A log of frames that look like ISO-TP, and go together by accident only."""
    draw = random.Random(seed)
    identifiers = ["7DF", "7E0", "7E8", "7E1", "7E9", "601", "711", "602", "712", "6F0", "00A", "18DA10F1", "18DAF110",
                   "18DB33F1", "18CE50F1", "18CEF150", "18CD33F1"]
    sids = [0x22, 0x3E, 0x10, 0x27, 0x31, 0x01, 0x2E, 0x62, 0x7E, 0x50, 0x67, 0x71, 0x41, 0x6E, 0x7F]
    at, lines = 0.0, []
    for _ in range(draw.randint(1, 400)):
        at += draw.choice([0, 0.0005, 0.002, 0.05, 0.3, 2])
        identifier, kind = draw.choice(identifiers), draw.random()
        data = [draw.randrange(256) for _ in range(8)]
        if kind < 0.7:
            length = draw.randint(1, 7)
            message = [draw.choice(sids)] + [draw.choice([0, 1, 2, 0x80, 0xF1, 0x22, 0x31, 0x78]) for _ in range(6)]
            data = [length, *message[:length]] + [0xCC] * (7 - length)
        elif kind < 0.8:
            data = [0x10, draw.randint(8, 20), draw.choice(sids), *data[:5]]
        elif kind < 0.9:
            data = [0x20 | draw.choice([1, 1, 2, 3]), *data[:7]]
        elif kind < 0.97:
            data = [0x30 | draw.choice([0, 0, 1, 2, 5]), draw.choice([0, 8]), draw.choice([0, 5, 0xF1, 0xFF])] + [0xCC] * 5
        if identifier.startswith("18C"):
            data = [draw.choice([0x77, 0x78]), *data[:7]]
        flags = "##1" if draw.random() < 0.02 else "#"
        data = data[:draw.choice([8, 8, 8, 8, 3, 4, 5])]
        lines.append(f"({at:.6f}) {draw.choice(['can0', 'can0', 'x:y'])} {identifier}{flags}{bytes(data).hex().upper()}\n")
    return "".join(lines)


class Nonsense(InFolder):
    def test_whatever_is_in_a_log_what_is_learnt_is_a_scenario(self):
        learnt = 0
        for seed in range(60):
            with self.subTest(seed=seed):
                log = self.write("nonsense.log", nonsense(seed))
                out = self.folder / "nonsense.yaml"
                try:
                    run("learn", "--steps", "-o", out, log)
                except AssertionError as failure:
                    self.assertIn("has no requests with answers", str(failure))
                    continue
                run("check", out)
                learnt += 1
        self.assertGreater(learnt, 40)


class Wrong(InFolder):
    def refused(self, *words, status=2):
        done = run("learn", *words, status=status)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr.strip()

    def test_wrong_words(self):
        good = self.write("good.log", "(1.0000) can0 7E0#023E00\n")
        self.assertIn("learn takes one log", self.refused())
        self.assertIn("learn takes one log", self.refused(good, good))
        self.assertIn("--bitrate fast", self.refused("--bitrate", "fast", good))
        self.assertIn("it goes with --bitrate", self.refused("--data-bitrate", "2M", good))
        self.assertIn("unknown option '--stepz'", self.refused("--stepz", good))

    def test_wrong_files(self):
        self.assertIn("nowhere.log: cannot be read: No such file", self.refused(self.folder / "nowhere.log"))
        out = self.folder / "out.yaml"
        broken = self.write("broken.log", "(1.000000) can0 7E0#023E00\n(1.1) can0 7E8#1\n")
        self.assertIn("broken.log: line 2, column ", self.refused("-o", out, broken))
        self.assertFalse(out.exists())
        others = self.write("others.log", "(1.000000) can0 123#0102030405060708\n")
        self.assertIn("others.log has no requests with answers", self.refused(others))
        good = self.write("good.log", "(1.000000) can0 7E0#023E00\n(1.001000) can0 7E8#027E00\n")
        self.assertIn("on the bus can7", self.refused("--bus", "can7", good))
        self.assertIn("cannot write /no/where.yaml", self.refused("-o", "/no/where.yaml", good, status=3))
        wrong = self.write("wrong.yaml", "canstage: 2\n")
        self.assertIn("wrong.yaml:1:11", self.refused("--scenario", wrong, good))
        fd = self.write("fd.log", "(1.000000) can0 7E0##1023E00\n(1.001000) can0 7E8##1027E00\n")
        self.assertIn("--data-bitrate RATE is needed", self.refused("--bitrate", "500k", fd))

    def test_help(self):
        self.assertIn("--steps", run("learn", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
