#!/usr/bin/env python3
"""Interrupted, stuck and stopped runs: everything up to that moment is there, and the status says what it was."""
import json
import signal
import subprocess
import time
import unittest

from program import CANSTAGE, InFolder, run

ENDLESS = """
canstage: 1
buses: { can: { bitrate: 500k } }
ecus: { engine: { address: { request: "7E0", response: "7E8" } } }
testers: { tester: { bus: can, functional: "7DF" } }
steps:
  - request: { to: engine, bytes: "3E 00" }
    expect: "7E 00"
  - advance: 900h
  - request: { to: engine, bytes: "3E 00" }
    expect: "7E 00"
"""

# Two echoes that answer each other on a bus where nothing takes time.
LOOP = """
canstage: 1
buses: { can: {} }
endpoints:
  a: { bus: can, rx: "123", tx: "456", do: echo }
  b: { bus: can, rx: "456", tx: "123", do: echo }
steps:
  - send_frame: { bus: can, id: "123", data: "02 AA BB" }
  - advance: 1s
"""

BUSY = """
canstage: 1
buses: { can: { bitrate: 500k } }
ecus: { engine: { address: { request: "7E0", response: "7E8" } } }
testers: { tester: { bus: can, functional: "7DF" } }
steps:
  - repeat: { times: 1000000, steps: [ { request: { to: engine, bytes: "3E 00" }, expect: "7E 00" } ] }
"""

STOPPED = """
canstage: 1
buses: { can: { bitrate: 500k } }
ecus: { engine: { address: { request: "7E0", response: "7E8" } } }
testers: { tester: { bus: can, functional: "7DF" } }
steps:
  - request: { to: engine, bytes: "10 03" }
    expect: "50 03 *"
  - request: { to: engine, bytes: "10 7F" }
    expect: "50 7F *"
    stop: true
  - repeat: { times: 5, steps: [ { request: { to: engine, bytes: "3E 00" }, expect: "7E 00" } ] }
"""


class BadWeather(InFolder):
    def interrupted(self, text, *options):
        """Starts a run, waits until it is under way, and interrupts it. Returns (stdout, report, trace)."""
        trace, found = self.folder / "out.log", self.folder / "out.json"
        with subprocess.Popen([CANSTAGE, "run", *options, "--trace", str(trace), "--json", str(found),
                               str(self.write("endless.yaml", text))],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            # Wherever it is by then, the result has to be whole; usually it is in the middle.
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, err), (130, ""))
        return out, json.loads(found.read_text(encoding="utf-8"))["runs"][0], trace.read_text(encoding="ascii")

    def test_interrupted_in_real_time(self):
        out, found, trace = self.interrupted(ENDLESS, "--time", "real")
        self.assertTrue(found["interrupted"])
        self.assertIn("interrupted", out.lower())
        self.assertEqual([step["status"] for step in found["steps"]], ["passed", "interrupted", "not_run"])
        self.assertEqual(len(trace.splitlines()), 2)

    def test_interrupted_in_virtual_time(self):
        _, found, trace = self.interrupted(BUSY)
        self.assertTrue(found["interrupted"])
        self.assertTrue(trace.endswith("\n"))
        passed = [step for step in found["steps"] if step["status"] == "passed"]
        self.assertGreaterEqual(len(trace.splitlines()), 2 * len(passed))

    def test_a_loop_without_end_at_one_instant_is_cut_off_and_named(self):
        done = run("run", self.write("loop.yaml", LOOP), status=4)
        self.assertIn("bus can: a loop without end at one virtual instant", done.stdout + done.stderr)

    def test_stop_leaves_the_rest_out(self):
        found = json.loads(run("run", "--json", "-", self.write("stop.yaml", STOPPED), status=1).stdout)["runs"][0]
        self.assertEqual([(step["path"], step["status"]) for step in found["steps"]],
                         [("1", "passed"), ("2", "failed"), ("3.1", "not_run")])

    def test_a_periodic_timer_does_not_keep_a_run_alive(self):
        # S3 and every other timer of the ECU may be running: the run ends with its last step.
        found = json.loads(run("run", "--json", "-", self.write("s3.yaml", ENDLESS.replace("900h", "1ms"))).stdout)
        self.assertLess(found["runs"][0]["ended_ns"], 1_000_000_000)


if __name__ == "__main__":
    unittest.main()
