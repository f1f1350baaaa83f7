#!/usr/bin/env python3
"""The candump log of a run, read back by can-utils' log2asc."""
import re
import subprocess
import unittest

from program import SCENARIOS, InFolder, run

LINE = re.compile(r"\((\d{10}\.\d{6})\) (\w+) ([0-9A-F]{3}|[0-9A-F]{8})#([0-9A-F]*)$")


class Trace(InFolder):
    def record(self, name):
        trace = self.folder / "out.log"
        run("run", "--trace", trace, SCENARIOS / name)
        return trace

    def frames(self, trace):
        """[(microseconds, bus, identifier, data)]"""
        found = []
        for line in trace.read_text(encoding="ascii").splitlines():
            match = LINE.match(line)
            self.assertTrue(match, line)
            time, bus, identifier, data = match.groups()
            found.append((int(time.replace(".", "")), bus, identifier, data))
        return found

    def test_log2asc_reads_it_frame_for_frame(self):
        trace = self.record("functional_vin.yaml")
        asc = self.folder / "out.asc"
        done = subprocess.run(["log2asc", "-I", trace, "-O", asc, "powertrain", "body"], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        self.assertEqual(done.stdout, "")
        read_back = []
        for line in asc.read_text(encoding="ascii").splitlines():
            words = line.split()
            if len(words) < 6 or words[3] not in ("Rx", "Tx"):
                continue
            data = "".join(words[6:6 + int(words[5], 16)])
            bus = ["powertrain", "body"][int(words[1]) - 1]
            identifier = words[2][:-1].rjust(8, "0") if words[2].endswith("x") else words[2].rjust(3, "0")
            read_back.append((int(words[0].replace(".", "")), bus, identifier, data))
        written = self.frames(trace)
        start = written[0][0]
        self.assertGreater(len(written), 50)
        self.assertEqual([(time - start, *rest) for time, *rest in written], read_back)

    def test_frames_are_in_the_order_of_time(self):
        times = [time for time, *_ in self.frames(self.record("obd_poll.yaml"))]
        self.assertEqual(times, sorted(times))

    def test_the_tester_sends_each_ecu_its_own_flow_control(self):
        controls = {identifier for _, bus, identifier, data in self.frames(self.record("functional_vin.yaml"))
                    if data.startswith("3") and bus == "powertrain" and identifier.startswith("7E")
                    and int(identifier, 16) < 0x7E8}
        self.assertLessEqual({"7E0", "7E1", "7E2", "7E3", "7E6", "7E7"}, controls)

    def test_a_folder_for_several_scenarios(self):
        run("run", "-q", "--trace", self.folder / "traces", SCENARIOS / "obd_poll.yaml",
            SCENARIOS / "diagnostic_session.yaml")
        self.assertEqual(sorted(path.name for path in (self.folder / "traces").iterdir()),
                         ["diagnostic_session.log", "obd_poll.log"])


if __name__ == "__main__":
    unittest.main()
