#!/usr/bin/env python3
"""canstage record and canstage replay, on a bus that another canstage serves over TCP."""
import os
import pty
import re
import signal
import subprocess
import time
import unittest

from program import CANSTAGE, InFolder, run
from served import ECUS, PATIENCE, Served, Socketcand, wait_until

# A frame every 20 ms, and nobody who asks.
CYCLIC = """
canstage: 1
buses: { can: { bitrate: 500k } }
cyclic:
  speed: { bus: can, id: "123", period: 20ms, data: "01 02 03 04 05 06 07 08" }
"""

# Requests at distances that are no accident.
REQUESTS = """(100.000000) can0 7E0#0322F190CCCCCCCC
(100.050000) can0 7E0#300000CCCCCCCCCC
(100.100000) can0 7E1#023E00CCCCCCCCCC
(100.150000) can1 7E0#023E00CCCCCCCCCC
(100.500000) can0 7E0#023E00CCCCCCCCCC
(101.000000) can0 123#FF
"""


def frames_of(log):
    """[(seconds, identifier and data)] of a candump log."""
    lines = [line.split() for line in log.read_text(encoding="ascii").splitlines()]
    return [(float(words[0].strip("()")), words[2]) for words in lines]


class RecordReplay(InFolder):
    def served(self, text, **options):
        return Served(self.write("served.yaml", text), "--expose", "can=socketcand:0/can0", **options)

    def link(self, served):
        return f"socketcand:127.0.0.1:{served.ports['can']}/can0"

    def recording(self, served, out, *words):
        """A `canstage record` that hears the bus already."""
        process = subprocess.Popen([CANSTAGE, "record", *words, self.link(served), out], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def test_record_ends_after_so_many_frames(self):
        for ending in ("log", "asc", "pcapng"):
            with self.subTest(ending=ending), self.served(CYCLIC) as on:
                out = self.folder / f"bus.{ending}"
                before = time.time()
                done = run("record", "-n", 30, self.link(on), out)
                self.assertEqual((done.stdout, done.stderr), (f"30 frames of can0 in {out}\n", ""))
                log = self.folder / "read.log"
                run("convert", out, log)
                frames = frames_of(log)
                self.assertEqual([text for _, text in frames], ["123#0102030405060708"] * 30)
                # What came while the recording began is heard at once.
                self.assertGreater(frames[-1][0] - frames[0][0], 0.2)
                # The time of day, but for ASC, which counts from the begin.
                begin = 1 if ending == "asc" else before
                self.assertGreaterEqual(frames[0][0], begin)
                self.assertLess(frames[-1][0], begin + PATIENCE)

    def test_record_ends_after_a_time(self):
        with self.served(CYCLIC) as on:
            out = self.folder / "bus.log"
            run("record", "--for", "500ms", self.link(on), out)
            frames = frames_of(out)
            self.assertGreater(len(frames), 5)
            self.assertLess(frames[-1][0] - frames[0][0], 0.6)

    def test_a_terminal_sees_how_far_a_recording_is(self):
        with self.served(CYCLIC) as on:
            ours, theirs = pty.openpty()
            self.addCleanup(os.close, ours)
            out = self.folder / "bus.log"
            with subprocess.Popen([CANSTAGE, "record", "--for", "4s", self.link(on), out], stdout=subprocess.DEVNULL,
                                  stderr=theirs) as recording:
                os.close(theirs)
                self.assertRegex(os.read(ours, 4096).decode(), rf"^\r\x1b\[K{re.escape(str(out))}: \d+ frames")
            self.assertEqual(recording.returncode, 0)

    def test_an_interrupted_recording_is_whole(self):
        for ending, end in (("log", ""), ("asc", "End TriggerBlock\n")):
            with self.subTest(ending=ending), self.served(CYCLIC) as on:
                out = self.folder / f"bus.{ending}"
                recording = self.recording(on, out)
                wait_until(lambda: out.exists() and out.stat().st_size > 500, lambda: "nothing is recorded")
                recording.send_signal(signal.SIGINT)
                told, errors = recording.communicate(timeout=PATIENCE)
                self.assertEqual((recording.returncode, errors), (130, ""))
                self.assertRegex(told, r"^\d+ frames of can0 in ")
                text = out.read_text(encoding="ascii")
                self.assertTrue(text.endswith(end) and text.endswith("\n"))
                self.assertEqual(run("convert", out, self.folder / "all.log").stdout,
                                 re.sub(" of can0 in .*", " of 1 bus", told))

    def test_what_kill_leaves_of_a_recording_is_whole_up_to_its_last_frame(self):
        with self.served(CYCLIC) as on:
            for ending in ("log", "asc", "pcapng"):
                with self.subTest(ending=ending):
                    out = self.folder / f"bus.{ending}"
                    recording = self.recording(on, out)
                    wait_until(lambda out=out: out.exists() and out.stat().st_size > 1000,
                               lambda: "nothing is recorded")
                    recording.kill()
                    recording.wait()
                    done = run("convert", out, self.folder / "left.log")
                    self.assertRegex(done.stdout, r"^\d+ frames of 1 bus\n$")
                    self.assertGreater(int(done.stdout.split()[0]), 5)

    def test_replayed_requests_are_answered_and_recorded_at_their_distances(self):
        log = self.write("requests.log", REQUESTS)
        with self.served(ECUS) as on:
            out = self.folder / "bus.log"
            recording = self.recording(on, out, "--for", "60s")
            with Socketcand(on.ports["can"], bus="can0") as probe:
                # Until the recording hears the bus.
                def heard():
                    probe.send("< send 1 1 0 >")
                    return out.exists() and out.stat().st_size > 0
                wait_until(heard, lambda: "nothing is recorded")
            done = run("replay", "--interface", "can0", log, self.link(on))
            self.assertEqual(done.stderr, "")
            self.assertRegex(done.stdout, r"^5 frames of can0 sent on socketcand:\S+, at worst \S+ ?\w+ late\n$")
            wait_until(lambda: out.read_text(encoding="ascii").count("123#FF") == 1, lambda: "not recorded")
            recording.send_signal(signal.SIGINT)
            recording.communicate(timeout=PATIENCE)
            self.assertEqual(recording.returncode, 130)
            frames = [(at, text) for at, text in frames_of(out) if not text.startswith("001#")]
            sent = [(at, text) for at, text in frames if text in REQUESTS]
            self.assertEqual([text for _, text in sent],
                             ["7E0#0322F190CCCCCCCC", "7E0#300000CCCCCCCCCC", "7E1#023E00CCCCCCCCCC",
                              "7E0#023E00CCCCCCCCCC", "123#FF"])
            for (at, _), wanted in zip(sent, (0, 0.05, 0.1, 0.5, 1)):
                self.assertAlmostEqual(at - sent[0][0], wanted, delta=0.4)
            answers = [text for _, text in frames if text.startswith("7E8#") or text.startswith("7E9#02")]
            self.assertEqual(answers, ["7E8#101462F190575657", "7E8#215A5A5A314A5A58", "7E8#2257303030303031",
                                       "7E9#027E00CCCCCCCCCC", "7E8#027E00CCCCCCCCCC"])

    def test_twice_as_fast_and_three_times(self):
        log = self.write("two.log", "(0.000000) can0 100#00\n(2.000000) can0 101#00\n")
        with self.served(ECUS) as on, Socketcand(on.ports["can"], bus="can0") as probe:
            begin = time.monotonic()
            done = run("replay", "--speed", "4", "--loop", "3", log, self.link(on))
            took = time.monotonic() - begin
            self.assertTrue(done.stdout.startswith("6 frames of can0 sent on "), done.stdout)
            heard = [probe.frame()[0] for _ in range(6)]
            # The last one of a pass and the first one of the next are due at once, and compete for the bus.
            self.assertEqual((heard[0], heard[-1], sorted(heard)), ("100", "101", ["100"] * 3 + ["101"] * 3))
            self.assertGreater(took, 1.5)
            self.assertLess(took, 5.5)  # 6 s at the original speed

    def test_a_replay_is_interrupted(self):
        log = self.write("two.log", "(0.000000) can0 100#00\n(3600.000000) can0 101#00\n")
        with self.served(ECUS) as on, Socketcand(on.ports["can"], bus="can0") as probe:
            with subprocess.Popen([CANSTAGE, "replay", log, self.link(on)], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True) as replay:
                self.assertEqual(probe.frame()[0], "100")
                replay.send_signal(signal.SIGINT)
                told, errors = replay.communicate(timeout=PATIENCE)
            self.assertEqual((replay.returncode, errors), (130, ""))
            self.assertTrue(told.startswith("1 frame of can0 sent on "), told)

    def test_what_a_link_does_not_carry_is_counted_and_named(self):
        log = self.write("mixed.log", "(0.000000) can0 100#00\n(0.010000) can0 18DA10F1##10203\n"
                                      "(0.020000) can0 102##1\n(0.030000) can0 103#R\n(0.040000) can0 104#00\n")
        with self.served(ECUS) as on, Socketcand(on.ports["can"], bus="can0") as probe:
            done = run("replay", log, self.link(on))
            self.assertEqual([probe.frame()[0] for _ in range(2)], ["100", "104"])
            self.assertTrue(done.stdout.startswith("2 frames of can0 sent on "), done.stdout)
            lines = done.stderr.splitlines()
            self.assertEqual(len(lines), 2, done.stderr)
            self.assertRegex(lines[0], r"^canstage: 2 CAN FD frames left out, which socketcand:\S+ does not carry; "
                                       "the first one has the identifier 18DA10F1$")
            self.assertIn("1 remote frame left out", lines[1])

    def test_what_a_recording_has_can_be_replayed_and_is_the_same(self):
        with self.served(CYCLIC) as on:
            first = self.folder / "first.pcapng"
            run("record", "-n", 20, self.link(on), first)
        with self.served(ECUS) as on:
            second = self.folder / "second.log"
            recording = self.recording(on, second, "-n", "21")
            with Socketcand(on.ports["can"], bus="can0") as probe:
                def heard():
                    probe.send("< send 1 1 0 >")
                    return second.exists() and second.stat().st_size > 0
                # One frame is enough, but which one is heard first depends on who is faster.
                wait_until(heard, lambda: "nothing is recorded")
            run("replay", "--speed", "2", first, self.link(on))
            recording.communicate(timeout=PATIENCE)
            self.assertEqual(recording.returncode, 0)
            log = self.folder / "first.log"
            run("convert", first, log)
            here = [text for _, text in frames_of(second) if not text.startswith("001#")]
            self.assertEqual(here, [text for _, text in frames_of(log)][:len(here)])
            self.assertGreater(len(here), 0)


class Wrong(InFolder):
    NOBODY = "socketcand:127.0.0.1:1/can0"

    def refused(self, *words, status=2):
        done = run(*words, status=status, cwd=self.folder)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr.strip()

    def test_recordings_that_do_not_go(self):
        self.assertIn("record takes a link and a file", self.refused("record"))
        self.assertIn("record takes a link and a file", self.refused("record", self.NOBODY))
        self.assertIn("a virtual bus is inside a process", self.refused("record", "virtual", "a.log"))
        self.assertIn("carries messages", self.refused("record", "isotp:vcan0", "a.log"))
        self.assertIn("was expected", self.refused("record", "vcan0", "a.log"))
        self.assertEqual(self.refused("record", self.NOBODY, "a.txt"),
                         "canstage: a.txt: a name that ends with .log (candump), .asc or .pcapng was expected")
        self.assertIn("--frames 0", self.refused("record", "-n", "0", self.NOBODY, "a.log"))
        self.assertIn("--for 5", self.refused("record", "--for", "5", self.NOBODY, "a.log"))
        self.assertIn("refuses connections", self.refused("record", self.NOBODY, "a.log", status=3))
        self.assertIn("nowhere0", self.refused("record", "socketcan:nowhere0", "a.log", status=3))
        self.assertFalse((self.folder / "a.log").exists())

    def test_a_file_that_cannot_be_written(self):
        with Served(self.write("served.yaml", ECUS), "--expose", "can=socketcand:0/can0") as on:
            link = f"socketcand:127.0.0.1:{on.ports['can']}/can0"
            self.assertEqual(self.refused("record", link, "no/such/a.log", status=3),
                             "canstage: cannot write no/such/a.log: No such file or directory")

    def test_a_disk_that_is_full(self):
        full = self.folder / "full.log"
        full.symlink_to("/dev/full")
        served = self.write("served.yaml", CYCLIC)
        with Served(served, "--expose", "can=socketcand:0/can0") as on:
            self.assertEqual(self.refused("record", f"socketcand:127.0.0.1:{on.ports['can']}/can0", full, status=3),
                             f"canstage: cannot write {full}: No space left on device")

    def test_replays_that_do_not_go(self):
        good = self.write("good.log", "(1.000000) can0 123#11\n")
        two = self.write("two.log", "(1.000000) can0 123#11\n(1.000000) can1 123#11\n")
        self.assertIn("replay takes a log and a link", self.refused("replay", good))
        self.assertIn("a virtual bus is inside a process", self.refused("replay", good, "virtual"))
        self.assertIn("--speed 0: a factor from", self.refused("replay", "--speed", "0", good, self.NOBODY))
        self.assertIn("--speed fast: a factor from", self.refused("replay", "--speed", "fast", good, self.NOBODY))
        self.assertIn("--loop 0", self.refused("replay", "--loop", "0", good, self.NOBODY))
        self.assertEqual(self.refused("replay", "nowhere.log", self.NOBODY),
                         "canstage: nowhere.log: cannot be read: No such file or directory")
        self.assertIn("two.log has frames of can0, can1; --interface NAME says whose are sent",
                      self.refused("replay", two, self.NOBODY))
        self.assertIn("--interface can7: ", self.refused("replay", "--interface", "can7", good, self.NOBODY))
        self.assertIn("has only frames of can0", self.refused("replay", "--interface", "can7", good, self.NOBODY))
        broken = self.write("broken.log", "(1.000000) can0 123#11\n(1.000000) can0 123#1\n")
        self.assertIn("broken.log: line 2, column ", self.refused("replay", broken, self.NOBODY))
        self.assertIn("has no frames", self.refused("replay", self.write("empty.log", ""), self.NOBODY))
        self.assertIn("refuses connections", self.refused("replay", good, self.NOBODY, status=3))
        self.assertIn("nowhere0", self.refused("replay", good, "socketcan:nowhere0", status=3))

    def test_help(self):
        self.assertIn("--frames", run("record", "--help").stdout)
        self.assertIn("--speed", run("replay", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
