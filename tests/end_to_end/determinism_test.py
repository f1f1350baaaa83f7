#!/usr/bin/env python3
"""Same seed, same bytes; and the same bytes however the cast is hosted."""
import json
import unittest

from program import SHIPPED, InFolder, run

RANDOM = """
canstage: 1
buses: { can: { bitrate: 500k } }
ecus:
  node[1..20]:
    address: { format: normal_fixed, ecu: "{n:02X}" }
    uds: { response_time: 1ms..40ms, dids: { F190: "WVWZZZ1JZXW000001" } }
testers: { tester: { bus: can, address: { format: normal_fixed } } }
steps:
  - repeat:
      times: 20
      steps: [ { functional: { request: "22 F1 90" }, expect: { others: "62 F1 90 *" } } ]
"""

IDEAL = """
canstage: 1
buses: { can: {} }
ecus:
  node[1..50]:
    address: { format: normal_fixed, ecu: "{n:02X}" }
    isotp: { bs: 3 }
    uds: { dids: { F190: "WVWZZZ1JZXW000001" } }
  slow:
    like: node[1]
    address: { format: normal_fixed, ecu: "F0" }
    rules: [ { request: "22 F1 90", reply: "62 {1..2} 00", takes: 6s } ]
testers: { tester: { bus: can, address: { format: normal_fixed } } }
endpoints:
  a: { bus: can, rx: "123", tx: "456", isotp: { stmin: 1ms, bs: 2 }, do: echo }
  b: { bus: can, rx: "456", tx: "123" }
steps:
  - functional: { from: tester, request: "22 F1 90 F1 90" }
    expect: { slow: any, others: "62 F1 90 *" }
  - parallel:
      - - functional: { from: tester, request: "22 F1 90" }
          expect: { slow: "62 F1 90 00", others: "62 F1 90 *" }
      - - advance: 3s
        - reset: "node[7]"
        - request: { from: b, to: a, bytes: "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13 14 15 16 17" }
          expect: "00 01 *"
"""


class Determinism(InFolder):
    def play(self, scenario, *options):
        """(trace, JSON) of one run."""
        trace, found = self.folder / "out.log", self.folder / "out.json"
        done = run("run", "--trace", trace, "--json", found, *options, scenario,
                   status=1 if "wrong" in scenario.name or scenario.name == "bad_ecus.yaml" else 0)
        self.assertEqual(done.stderr, "")
        return trace.read_bytes(), found.read_bytes()

    def all_scenarios(self):
        return [*SHIPPED, self.write("random.yaml", RANDOM), self.write("ideal.yaml", IDEAL)]

    def test_same_seed_same_bytes(self):
        for scenario in self.all_scenarios():
            with self.subTest(scenario=scenario.name):
                trace, found = self.play(scenario)
                self.assertGreater(len(trace), 0)
                self.assertEqual(self.play(scenario), (trace, found))

    def test_another_seed_other_times(self):
        scenario = self.write("random.yaml", RANDOM)
        one, other = self.play(scenario, "--seed", "1"), self.play(scenario, "--seed", "2")
        self.assertNotEqual(one[0], other[0])
        self.assertEqual(json.loads(other[1])["runs"][0]["seed"], 2)
        self.assertEqual(self.play(scenario, "--seed", "1"), one)

    def test_where_nothing_is_random_the_seed_changes_no_frame(self):
        scenario = next(path for path in SHIPPED if path.name == "diagnostic_session.yaml")
        self.assertEqual(self.play(scenario, "--seed", "1")[0], self.play(scenario, "--seed", "2")[0])

    def test_both_casts_play_the_same_to_the_byte(self):
        for scenario in self.all_scenarios():
            with self.subTest(scenario=scenario.name):
                normal = self.play(scenario, "--cast", "normal")
                self.assertEqual(self.play(scenario, "--cast", "ensemble"), normal)


if __name__ == "__main__":
    unittest.main()
