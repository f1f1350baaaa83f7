#!/usr/bin/env python3
"""canstage learn: a scenario runs with a trace, ECUs are learnt from it, and they pass for the original ones."""
import re
import unittest

from program import SCENARIOS, InFolder, outcomes, report, run

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
