#!/usr/bin/env python3
"""What `kill -9` leaves of a trace: strangers read all of it, in each format."""
import subprocess
import time
import unittest

import can
from program import CANSTAGE, InFolder

# Frames for an hour of the bus, which takes longer than anybody waits.
ENDLESS = """canstage: 1
buses: { body: { bitrate: 500k } }
cyclic:
  speed: { bus: body, id: "123", period: 1ms, data: "01 02 03 04 05 06 07 08" }
steps: [ { advance: 3600s } ]
"""
ENOUGH = 20_000  # bytes


class Crash(InFolder):
    def killed(self, ending, *words):
        """The trace of a run that was killed while it wrote."""
        trace = self.folder / f"run.{ending}"
        scenario = self.write("endless.yaml", ENDLESS)
        with subprocess.Popen([CANSTAGE, "run", "--trace", trace, *words, scenario], stdout=subprocess.DEVNULL) as run:
            try:
                deadline = time.monotonic() + 60
                while not trace.exists() or trace.stat().st_size < ENOUGH:
                    self.assertIsNone(run.poll(), "it ended by itself")
                    self.assertLess(time.monotonic(), deadline)
            finally:
                run.kill()
        return trace

    def test_candump_log(self):
        trace = self.killed("log")
        lines = trace.read_text(encoding="ascii")
        self.assertTrue(lines.endswith("0102030405060708\n"), lines[-80:])
        read = list(can.CanutilsLogReader(str(trace)))
        self.assertEqual(len(read), lines.count("\n"))
        done = subprocess.run(["log2asc", "-I", trace, "body"], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.count(" 01 02 03 04 05 06 07 08"), len(read))

    def test_asc(self):
        trace = self.killed("asc")
        read = list(can.ASCReader(str(trace)))
        self.assertEqual(len(read), trace.read_text(encoding="ascii").count("01 02 03 04 05 06 07 08"))
        self.assertEqual(bytes(read[-1].data), bytes(range(1, 9)))

    def test_pcapng(self):
        trace = self.killed("pcapng")
        done = subprocess.run(["tshark", "-r", trace, "-T", "fields", "-e", "can.id"], capture_output=True, text=True,
                              check=False)
        # It would say so if the file had been cut short in the middle of a packet.
        self.assertEqual((done.returncode, "cut short" in done.stderr), (0, False), done.stderr)
        self.assertGreater(len(done.stdout.splitlines()), 100)

    def test_real_time(self):
        trace = self.killed("log", "--time", "real")
        self.assertTrue(trace.read_text(encoding="ascii").endswith("0102030405060708\n"))


if __name__ == "__main__":
    unittest.main()
