#!/usr/bin/env python3
"""canstage conformance against endpoints of scenarios, as a user runs it."""
import json
import unittest
import xml.etree.ElementTree as ElementTree

from program import InFolder, run

FAULTS = {
    "wrong_sn": "nth: 2", "repeated_sn": "nth: 1", "drop_cf": "nth: 1", "early_cf": "nth: 2",
    "late_cf": "delay: 1500ms", "wrong_ff_dl": "delta: 1", "withhold_fc": "nth: 1", "reserved_fs": 'value: "5"',
    "reserved_stmin": 'value: "80"', "short_frames": "length: 3, pci: FC",
}

HEAD = """\
canstage: 1
buses: { can: { bitrate: 500k }, ideal: {} }
ecus:
  engine: { bus: can, address: { request: "7E2", response: "7EA" } }
endpoints:
"""

ENDPOINTS = HEAD + """\
  raw: { bus: can, rx: "7E0", tx: "7E8", do: echo }
  blocks: { bus: can, rx: "700", tx: "708", isotp: { bs: 3, stmin: 2ms, padding: "AA" }, do: echo }
  bare: { bus: can, rx: "18DA10F1", tx: "18DAF110", isotp: { padding: none, bs: 1 }, do: echo }
  ideal: { bus: ideal, rx: "123", tx: "456", isotp: { stmin: 300us }, do: echo }
  long: { bus: ideal, rx: "124", tx: "457", isotp: { max_sdu: 70000 }, do: echo }
  hole: { bus: can, rx: "710", tx: "718", isotp: { bs: 4 }, do: swallow }
  slow: { bus: can, rx: "720", tx: "728", isotp: { n_br: 950ms }, do: echo }
  ext: { bus: can, rx: "740", tx: "748", rx_address: "10", tx_address: "F1", do: echo }
  mixed: { bus: can, rx: "750", tx: "758", rx_address: "5A", tx_address: "5A", isotp: { bs: 2 }, do: echo }
  camera: { bus: ideal, rx: "760", tx: "768", isotp: { tx_dl: 64, max_sdu: 5000 }, do: echo }
  half: { bus: can, rx: "770", tx: "778", isotp: { duplex: half }, do: echo }
  linux: { bus: can, rx: "780", tx: "788", isotp: { compatibility: linux }, do: echo }
  mute: { bus: can, rx: "730", tx: "738" }
"""


class Conformance(InFolder):
    def setUp(self):
        super().setUp()
        self.bench = self.write("bench.yaml", ENDPOINTS)

    def conformance(self, endpoint, *words, status=0):
        return run("conformance", "--scenario", self.bench, "--endpoint", endpoint, *words, status=status)

    def report(self, endpoint, *words, status=0):
        found = json.loads(self.conformance(endpoint, "--json", "-", *words, status=status).stdout)
        self.assertEqual(found["canstage_conformance"], 1)
        return found

    def verdicts(self, *words, status=0):
        return {one["statement"]: one["verdict"] for one in self.report(*words, status=status)["statements"]}

    def test_our_own_endpoint_conforms_whatever_its_settings(self):
        for endpoint, seen in {"raw": 56, "blocks": 56, "bare": 56, "ideal": 56, "long": 57,
                               "ext": 59, "mixed": 59, "camera": 66, "half": 55}.items():
            with self.subTest(endpoint):
                found = list(self.verdicts(endpoint).values())
                self.assertEqual(len(found), 87)
                self.assertEqual(found.count("passed"), seen)
                self.assertEqual(found.count("not_observable"), 87 - seen)

    def test_one_that_swallows_shows_its_flow_control(self):
        found = self.verdicts("hole")
        self.assertEqual({name for name, verdict in found.items() if verdict == "passed"},
                         {f"ISOTP-0{number}" for number in (23, 24, 25, 26, 27, 31, 74, 77)})
        self.assertNotIn("failed", found.values())

    def test_every_fault_is_found(self):
        for fault, how in FAULTS.items():
            with self.subTest(fault):
                self.write("bench.yaml", ENDPOINTS + f"faults:\n  - {{ at: raw, do: {fault}, {how} }}\n")
                self.assertIn("failed", self.verdicts("raw", status=1).values())

    def test_what_is_known_of_linux(self):
        found = self.verdicts("linux", status=1)
        self.assertEqual([name for name, verdict in found.items() if verdict == "failed"],
                         ["ISOTP-006", "ISOTP-024"])
        self.assertEqual([name[-3:] for name, verdict in found.items() if verdict == "deviation"],
                         ["010", "027", "047", "071", "073"])
        # Deviations alone are no failure of the run.
        text = self.conformance("linux", "--only", "27,71,23").stdout
        self.assertIn("ISOTP-027   deviation", text)
        self.assertTrue(text.endswith("\n1 passed, 2 deviations\n"), text)

    def test_two_runs_are_the_same(self):
        self.assertEqual(self.conformance("blocks").stdout, self.conformance("blocks").stdout)

    def test_a_failing_statement_shows_its_frames(self):
        text = self.conformance("slow", "--only", "ISOTP-023,ISOTP-001", status=1).stdout
        self.assertIn("ISOTP-001   pass", text)
        self.assertIn("ISOTP-023   FAIL", text)
        self.assertIn("    expected  FC.CTS (30 *) within 900 ms\n    got       nothing", text)
        self.assertRegex(text, r"\n +0\.\d{3} ms  sent  720  10 18 25 26 27 28 29 2A\n")
        self.assertTrue(text.endswith("1 failed, 1 passed\n"), text)
        # It is a matter of what is allowed.
        self.conformance("slow", "--only", "23", "--response", "960ms")

    def test_the_head_states_the_allowances(self):
        text = self.conformance("raw", "--only", "1", "--tolerance", "7ms", "--resolution", "3us").stdout
        self.assertIn("answers     within 900 ms", text)
        self.assertIn("up to 7 ms early or late", text)
        self.assertIn("less 3 us", text)
        self.assertIn("receives 7E0, sends 7E8", text)
        self.assertNotIn("\x1b", text)

    def test_verbose_and_quiet(self):
        quiet, normal, verbose = (self.conformance("raw", *flag).stdout for flag in (["-q"], [], ["-v"]))
        self.assertEqual(quiet, "56 passed, 31 not observable\n")
        self.assertIn("sent  7E0  01 25", verbose)
        self.assertNotIn("01 25", normal)
        self.assertIn("\nNot observable:\n", normal)

    def test_junit(self):
        path = self.folder / "out.xml"
        self.conformance("slow", "--junit", path, status=1)
        root = ElementTree.parse(path).getroot()
        cases = list(root.iter("testcase"))
        failed = [case for case in cases if case.find("failure") is not None]
        skipped = [case for case in cases if case.find("skipped") is not None]
        self.assertEqual(len(cases), 87)
        self.assertEqual(int(root.get("failures")), len(failed))
        self.assertEqual(int(root.get("skipped")), len(skipped))
        self.assertTrue(any(case.get("name").startswith("ISOTP-023 ") for case in failed))
        self.assertIn("sent  720  07 25 26 27 28 29 2A 2B\n", failed[0].find("failure").text)
        on_stdout = self.conformance("slow", "--junit", "-", status=1).stdout
        self.assertEqual(on_stdout, path.read_text(encoding="utf-8"))

    def test_json(self):
        one = self.report("raw", "--only", "42")["statements"][0]
        self.assertEqual((one["verdict"], one["certain"], one["expected"]), ("passed", True, None))
        self.assertEqual(one["sent"] + one["received"], len(one["frames"]) + one["frames_left_out"])
        self.assertEqual(one["frames"][0]["id"], "7E0")
        self.assertLess(one["began_ns"], one["ended_ns"])

    def test_real_time(self):
        found = self.report("raw", "--time", "real", "--only", "1,23,64")
        self.assertEqual((found["time"], found["passed"], found["tolerance_ns"]), ("real", True, 100_000_000))

    def refused(self, *words, status=2):
        done = run("conformance", *words, status=status, cwd=self.folder)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr.strip()

    def test_wrong_words(self):
        scenario = ("--scenario", self.bench, "--endpoint")
        ids = ("--rx", "7E8", "--tx", "7E0")
        for words, line in {
            (): "needs a link, or --scenario FILE --endpoint NAME",
            ("--scenario", self.bench): "--scenario FILE needs --endpoint NAME",
            ("--endpoint", "raw"): "--endpoint NAME needs --scenario FILE",
            ("vcan0", *scenario, "raw"): "exclude each other",
            ("vcan0", *ids): "link 'vcan0': virtual, socketcan:INTERFACE or isotp:INTERFACE was expected",
            ("socketcan:", *ids): "link 'socketcan:': after 'socketcan:' the name of an interface",
            ("virtual", *ids): "link 'virtual': a virtual bus has nobody on it but those of a scenario",
            ("socketcan:x0", *ids, "--time", "virtual"): "is socketcan:x0, where time is real",
            ("virtual", "vcan0"): "'vcan0' is another",
            ("virtual", "--rx", "7E8"): "--tx ID is needed",
            ("virtual", "--rx", "7E8", "--tx", "7E8"): "the same identifier",
            ("virtual", "--rx", "8FF", "--tx", "7E8"): "--rx 8FF: three digits are 11 bits",
            ("virtual", "--rx", "xyz", "--tx", "7E8"): "--rx xyz: ",
            ("virtual", *ids, "--format", "odd"): "--format odd: normal or extended or mixed was expected",
            ("virtual", *ids, "--format", "extended"): "needs --address-tx",
            ("virtual", *ids, "--format", "extended", "--address-tx", "10"): "needs --address-rx",
            ("virtual", *ids, "--format", "mixed", "--address-tx", "10", "--address-rx", "11"): "one N_AE",
            ("virtual", *ids, "--address-tx", "10"): "no address byte in the normal format",
            ("virtual", *ids, "--tx-dl", "13"): "--tx-dl 13: ",
            ("virtual", *ids, "--n-bs", "0ms"): "--n-bs 0ms: a time above 0",
            (*scenario, "raw", "--rx", "7E8"): "--rx 7E8: the endpoint of the scenario says that",
            (*scenario, "raw", "--fd"): "--fd: the endpoint of the scenario says that",
            (*scenario, "raw", "--only", "ISOTP-019"): "there is no statement 'ISOTP-019'",
            (*scenario, "raw", "--only", "1,,2"): "there is no statement ''",
            (*scenario, "raw", "--tolerance", "5"): "--tolerance 5: ",
            (*scenario, "raw", "-v", "-q"): "-v and -q",
            (*scenario, "raw", "--time", "soon"): "--time soon: ",
            (*scenario, "raw", "--json", "-", "--junit", "-"): "only one of",
            (*scenario, "mute"): "it needs 'do: echo' or 'do: swallow'",
            (*scenario, "engine"): "an ECU neither echoes nor swallows; there are: raw, blocks",
            (*scenario, "nobody"): "there is no such endpoint; there are: raw",
        }.items():
            with self.subTest(words):
                self.assertIn(line, self.refused(*words))

    def test_a_link_that_is_not_there(self):
        # What is on a link that is there, the tests in the machine with SocketCAN tell.
        line = self.refused("socketcan:nowhere", "--rx", "7E8", "--tx", "7E0", status=3)
        self.assertTrue(line.startswith("canstage: "), line)

    def test_files_that_are_not_there(self):
        self.assertIn("nowhere.yaml:1:1: ", self.refused("--scenario", "nowhere.yaml", "--endpoint", "raw"))
        words = ("--scenario", self.bench, "--endpoint", "raw", "--json", "no/such/out.json")
        self.assertIn("cannot write no/such/out.json", self.refused(*words, status=3))

    def test_help(self):
        self.assertIn("\n  conformance ", run("--help").stdout)
        self.assertIn("--tolerance", run("conformance", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
