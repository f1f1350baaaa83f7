#!/usr/bin/env python3
"""Faults of a scenario: what they do, and where it is told."""
import json
import re
import unittest

from program import SCENARIOS, InFolder, run

HEAD = """canstage: 1
seed: 5
buses: { can: { bitrate: 500k } }
ecus:
  engine:
    address: { request: "7E0", response: "7E8", functional: "7DF" }
    uds: { dids: { F190: "WVWZZZ1JZXW000001" } }
testers: { tester: { functional: "7DF" } }
"""
READ = """steps:
  - { name: read, request: { to: engine, bytes: "22 F1 90" }, expect: "62 F1 90 57 *" }
"""


class Faults(InFolder):
    def faulty(self, faults, steps=READ, name="faulty.yaml"):
        return self.write(name, HEAD + "faults:\n" + "".join(f"  - {one}\n" for one in faults) + steps)

    def test_each_is_in_the_report_with_its_frame_and_those_that_never_happened_too(self):
        file = self.faulty(['{ at: can, match: { from: engine, pci: CF, nth: 2 }, do: drop }',
                            '{ at: can, match: { id: "123" }, do: drop }'])
        text = run("run", file, status=1).stdout
        self.assertRegex(text, r"fault  drop at can  at 0\.\d+ s: 7E8 22 .* of ecu engine\n")
        self.assertRegex(text, r"fault  drop at can  never happened  .*faulty.yaml:11\n")

    def test_both_casts_and_any_two_runs_are_the_same_to_the_byte(self):
        file = self.faulty(['{ at: can, do: corrupt, probability: 30% }',
                            '{ at: can, do: duplicate, probability: 10% }',
                            '{ at: can, do: load, load: 20% }',
                            '{ at: engine, do: late, delay: 3ms, probability: 50% }'],
                           'steps: [ { repeat: { times: 30, steps: [ { request: { to: engine, bytes: "22 F1 90" } '
                           '} ] } } ]\n')
        traces = []
        for i, cast in enumerate(("normal", "normal", "ensemble")):
            trace = self.folder / f"{i}.pcapng"
            run("run", "-q", "--cast", cast, "--trace", trace, file)
            traces.append(trace.read_bytes())
        self.assertEqual(traces[0], traces[1])
        self.assertEqual(traces[0], traces[2])

    def test_another_seed_has_other_faults(self):
        file = self.faulty(['{ at: can, do: corrupt, probability: 30% }'],
                           'steps: [ { repeat: { times: 30, steps: [ { request: { to: engine, bytes: "22 F1 90" } '
                           '} ] } } ]\n')

        def times(seed):
            run("run", "-q", "--seed", seed, "--json", self.folder / "run.json", file)
            report = json.loads((self.folder / "run.json").read_text())["runs"][0]
            return [one["at_ns"] for one in report["faults"]]
        self.assertEqual(times("1"), times("1"))
        self.assertNotEqual(times("1"), times("2"))

    def test_traces_have_them_as_comments_and_error_frames(self):
        file = self.faulty(['{ at: can, match: { from: engine, pci: FF }, do: corrupt }',
                            '{ at: can, match: { from: engine, pci: CF }, do: duplicate }',
                            '{ at: engine, do: late_boot, off: 1ms }'],
                           'steps: [ { advance: 5ms }, { request: { to: engine, bytes: "22 F1 90" } } ]\n')
        for ending in ("log", "asc", "pcapng"):
            run("run", "-q", "--trace", self.folder / f"run.{ending}", file)
        log = (self.folder / "run.log").read_text()
        # A protocol error on the bus at the CRC delimiter, TEC 8: as Linux tells it.
        self.assertIn(" can 20000288#0000021800000800\n", log)
        self.assertIn("ErrorFrame", (self.folder / "run.asc").read_text())
        asc = (self.folder / "run.asc").read_text()
        self.assertRegex(asc, r"fault: corrupt at can, 7E8 10 14 .* of ecu engine")
        self.assertIn("fault: late_boot at engine", asc)
        self.assertIn(b"fault: duplicate at can", (self.folder / "run.pcapng").read_bytes())

    def test_a_node_that_is_bus_off_is_told_and_comes_back(self):
        file = self.faulty(['{ at: can, match: { from: engine }, do: corrupt, times: 40 }'],
                           'steps: [ { request: { to: engine, bytes: "22 F1 90", window: 200ms } } ]\n')
        done = run("run", "-q", file)
        states = re.findall(r"bus can: ecu engine is ([a-z ]+) \(TEC (\d+)", done.stderr)
        self.assertEqual(states, [("error passive", "128"), ("bus off", "256"), ("error active", "0")])

    def test_a_step_arms_its_faults(self):
        file = self.faulty(['{ at: engine, do: silence, times: always, during: mute }',
                            '{ at: can, match: { to: engine }, do: drop, times: always, during: deaf }'],
                           'steps:\n'
                           '  - { request: { to: engine, bytes: "3E 00" }, expect: "7E 00" }\n'
                           '  - { name: mute, request: { to: engine, bytes: "3E 00" }, expect: silence }\n'
                           '  - { request: { to: engine, bytes: "3E 00" }, expect: "7E 00" }\n'
                           '  - { name: deaf, request: { to: engine, bytes: "3E 00" }, expect: silence }\n'
                           '  - { request: { to: engine, bytes: "3E 00" }, expect: "7E 00" }\n')
        run("run", file)

    def test_isotp_is_wrong_by_time_by_step_and_by_chance(self):
        file = self.faulty(['{ at: engine, do: wrong_sn, during: by step }',
                            '{ at: engine, do: drop_cf, after: 1s, until: 2s }',
                            '{ at: engine, do: repeated_sn, probability: 50%, after: 3s }'],
                           'steps:\n'
                           '  - { request: { to: engine, bytes: "22 F1 90", window: 100ms }, expect: "62 *" }\n'
                           '  - { name: by step, request: { to: engine, bytes: "22 F1 90", window: 100ms }, expect: { breaks_off: N_WRONG_SN } }\n'
                           '  - { request: { to: engine, bytes: "22 F1 90", window: 100ms }, expect: "62 *" }\n'
                           '  - advance: 1s\n'
                           '  - { request: { to: engine, bytes: "22 F1 90", window: 100ms }, expect: { breaks_off: N_WRONG_SN } }\n'
                           '  - advance: 1s\n'
                           '  - { request: { to: engine, bytes: "22 F1 90", window: 100ms }, expect: "62 *" }\n'
                           '  - advance: 1s\n'
                           '  - repeat: { times: 40, steps: [ { request: { to: engine, bytes: "22 F1 90", window: 100ms } } ] }\n')
        text = run("run", file).stdout
        times = int(re.search(r"repeated_sn at engine +(\d+) times", text)[1])
        # Two CFs in each of 40 answers, and each of them once more with a half of the chance of the one before.
        self.assertTrue(30 <= times <= 130, text)

    def test_power_is_lost_in_the_middle_of_a_transfer(self):
        file = self.faulty(['{ at: engine, match: { from: engine, pci: CF, nth: 1 }, do: power_loss, off: 100ms }'],
                           'steps:\n'
                           '  - { request: { to: engine, bytes: "22 F1 90" }, expect: { breaks_off: N_TIMEOUT_Cr } }\n'
                           '  - { request: { to: engine, bytes: "22 F1 90" }, expect: "62 *" }\n')
        self.assertIn("power_loss at engine", run("run", file).stdout)

    def test_isotp_and_answers_are_told_too(self):
        file = self.faulty(['{ at: engine, do: wrong_sn }', '{ at: engine, match: { request: "3E 00" }, do: nrc, nrc: "22" }'],
                           'steps:\n'
                           '  - { request: { to: engine, bytes: "22 F1 90" }, expect: { breaks_off: N_WRONG_SN } }\n'
                           '  - { request: { to: engine, bytes: "3E 00" }, expect: { nrc: "22" } }\n')
        text = run("run", file).stdout
        self.assertRegex(text, r"fault  wrong_sn at engine  at 0\.")
        self.assertRegex(text, r"fault  nrc at engine +at 1\.")

    def test_faults_of_a_bus_that_is_not_ours_are_found_before_the_run(self):
        file = self.faulty(['{ at: can, do: drop }'])
        done = run("run", "--bus", "can=socketcan:vcan9", file, status=2)
        self.assertIn("'drop at can' is a fault of a virtual bus", done.stderr)

    def test_buses_are_measured(self):
        file = self.faulty(['{ at: can, do: load, load: 50% }'], 'steps: [ { advance: 1s } ]\n')
        text = run("run", "-v", file).stdout
        found = re.search(r"bus can: \d+ frames, load ([0-9.]+) %, ([0-9.]+) % in its busiest 100 ms", text)
        self.assertTrue(found, text)
        self.assertTrue(45 < float(found[1]) < 55, found[0])
        run("run", "-q", "--json", self.folder / "run.json", file)
        bus = json.loads((self.folder / "run.json").read_text())["runs"][0]["buses"][0]
        self.assertEqual(len(bus["busy_ns"]), 10)
        self.assertTrue(all(one["longest_wait_ns"] >= one["mean_wait_ns"] for one in bus["identifiers"]))


class Explore(InFolder):
    def test_failing_seeds_are_grouped_and_shrunk_and_can_be_played_again(self):
        file = self.write("noise.yaml", HEAD + """faults:
  - { at: can, match: { from: engine }, do: corrupt, probability: 20% }
  - { at: can, match: { from: engine, pci: CF }, do: drop, probability: 5% }
  - { at: engine, match: { request: "3E 00" }, do: silence, probability: 3% }
steps:
  - { name: read, request: { to: engine, bytes: "22 F1 90" }, expect: "62 F1 90 57 *" }
  - { name: present, request: { to: engine, bytes: "3E 00" }, expect: "7E 00" }
""")
        done = run("explore", file, "--seeds", "120", "--json", self.folder / "found.json", status=1)
        found = json.loads((self.folder / "found.json").read_text())
        self.assertEqual(found["seeds"], 120)
        causes = {one["cause"]: one for one in found["groups"]}
        self.assertEqual(set(causes), {"step 1, read: engine incomplete", "step 2, present: engine silent"}, done.stdout)
        for cause, group in causes.items():
            with self.subTest(cause=cause):
                # One lost frame, or one request that was not answered, is enough; destroyed frames are not needed.
                self.assertEqual(len(group["faults"]), 1)
                self.assertIn(group["faults"][0]["text"], ("drop at can", "silence at engine"))
                seed = str(group["seeds"][0])
                words = re.search(rf"again: canstage run \S+ --seed {seed} --faults (\S+)", done.stdout)[1]
                self.assertEqual(words, group["smallest"])
                run("run", file, "--seed", seed, status=1)
                again = run("run", file, "--seed", seed, "--faults", words, status=1).stdout
                self.assertIn("corrupt at can", again)
                self.assertRegex(again, r"corrupt at can +never happened")
                run("run", file, "--seed", seed, "--faults", "none")

    def test_what_is_found_does_not_depend_on_the_number_of_jobs(self):
        noisy = SCENARIOS / "noisy_bus.yaml"
        outputs = [run("explore", noisy, "--seeds", "60", "--jobs", jobs, status=1).stdout for jobs in ("1", "4")]
        self.assertEqual(outputs[0], outputs[1])

    def test_all_is_well(self):
        self.assertIn("20 seeds passed", run("explore", SCENARIOS / "functional_vin.yaml", "--seeds", "20").stdout)

    def test_a_scenario_that_fails_without_faults_says_so(self):
        done = run("explore", SCENARIOS / "functional_vin_wrong.yaml", "--seeds", "3", status=1)
        self.assertIn("it fails without any fault", done.stdout)

    def test_wrong_words(self):
        file = self.write("fine.yaml", HEAD + READ)
        for words, says in (((), "takes one scenario file"), ((file, file), "takes one scenario file"),
                            ((file, "--seeds", "0"), "--seeds 0"), ((file, "--jobs", "x"), "--jobs x")):
            with self.subTest(words=words):
                done = run("explore", *words, status=2)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn(says, done.stderr)
        for words, says in (("1", "FAULT:OCCASION"), ("1:0", "FAULT:OCCASION"), ("1:1", "has 0 faults")):
            with self.subTest(words=words):
                self.assertIn(says, run("run", file, "--faults", words, status=2).stderr)
        real = self.write("real.yaml", HEAD.replace("seed: 5", "time: real") + READ)
        self.assertIn("plays in real time", run("explore", real, status=2).stderr)


if __name__ == "__main__":
    unittest.main()
