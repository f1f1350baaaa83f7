#!/usr/bin/env python3
"""canstage explain: UDS in words."""
import re
import unittest

from program import SCENARIOS, InFolder, run

VIN = SCENARIOS / "functional_vin.yaml"


class Hex(unittest.TestCase):
    def test_a_line_each(self):
        done = run("explain", "7F 22 31", "1003", "22 F1 86 F1 90", "62 F1 86 01 F1 90 57 56 57 5A")
        self.assertEqual(done.stdout.splitlines(), [
            "ReadDataByIdentifier refused: requestOutOfRange (31)",
            "DiagnosticSessionControl: extendedDiagnosticSession",
            "ReadDataByIdentifier: F186 activeDiagnosticSession, F190 VIN",
            'ReadDataByIdentifier answered: F186 activeDiagnosticSession 01, F190 VIN "WVWZ"',
        ])

    def test_a_frame(self):
        self.assertEqual(run("explain", "7E0#0322F190").stdout, "SF  ReadDataByIdentifier: F190 VIN\n")

    def test_wrong_hex_is_one_line(self):
        for word, says in (("7F 2G", "character 5"), ("7F 2", "character 4"), ("", "there are no bytes"),
                           ("7E0#1", "7E0#1"), ("nothing.log", "is no file and no hex")):
            with self.subTest(word=word):
                done = run("explain", word, status=2)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn(says, done.stderr)
                self.assertEqual(done.stdout, "")

    def test_nothing_to_explain(self):
        self.assertIn("needs hex or a trace", run("explain", status=2).stderr)


class Log(InFolder):
    def test_a_trace_with_the_names_of_its_scenario(self):
        log = self.folder / "run.log"
        run("run", "--trace", log, VIN)
        lines = run("explain", "--scenario", VIN, log).stdout.splitlines()
        self.assertIn("SF  tester > all  ReadDataByIdentifier: F190 VIN", lines[0])
        self.assertTrue(any("engine > tester  SN 2, whole: ReadDataByIdentifier answered: F190 VIN" in line
                            for line in lines))
        self.assertTrue(any("FC  tester > engine  continue" in line for line in lines))
        self.assertTrue(any("hybrid > tester  ReadDataByIdentifier pending: requestCorrectlyReceived" in line
                            for line in lines))

    def test_who_is_behind_a_gateway_has_a_name_on_both_buses(self):
        log = self.folder / "run.log"
        vehicle = SCENARIOS / "vehicle.yaml"
        run("run", "-q", "--trace", log, vehicle)
        lines = run("explain", "--scenario", vehicle, log).stdout.splitlines()
        for bus in ("powertrain", "body"):
            with self.subTest(bus=bus):
                self.assertTrue(any(line.split()[1] == bus and "cluster > workshop  ECUReset answered" in line
                                    for line in lines))

    def test_without_a_scenario_and_with_other_traffic(self):
        log = self.write("short.log", "(0.100000) can0 7E0#023E00CCCCCCCCCC\n(0.200000) can0 123#DEADBEEF\n"
                                      "(0.300000) can0 20000080#0000000000000000\n")
        self.assertEqual(run("explain", log).stdout.splitlines(), [
            "   0.100000  can0       7E0  02 3E 00 CC CC CC CC CC  SF  TesterPresent: zeroSubFunction",
            "1 other frame: no diagnostics",
        ])

    def test_a_trace_of_every_format_says_the_same(self):
        said = set()
        for ending in ("log", "asc", "pcapng"):
            trace = self.folder / f"run.{ending}"
            run("run", "--trace", trace, VIN)
            said.add(re.sub("(?m)^.*?  (powertrain|body|CAN ?[0-9]) ", "", run("explain", "--scenario", VIN, trace).stdout))
        self.assertEqual(len(said), 1)
        self.assertIn("engine > tester", said.pop())

    def test_a_trace_is_explained_up_to_what_is_wrong_in_it(self):
        log = self.write("broken.log", "(0.100000) can0 7E0#021001\n(0.200000) can0 7E0#023E00\n(0.300000) can0 7E0#1\n"
                                       "(0.400000) can0 7E0#023E00\n")
        done = run("explain", log, status=2)
        self.assertEqual(len(done.stdout.splitlines()), 2, done.stdout)
        self.assertIn("broken.log: line 3, column ", done.stderr)

    def test_a_wrong_scenario(self):
        wrong = self.write("wrong.yaml", "canstage: 2\n")
        self.assertIn("wrong.yaml:1:11", run("explain", "--scenario", wrong, "10 03", status=2).stderr)


if __name__ == "__main__":
    unittest.main()
