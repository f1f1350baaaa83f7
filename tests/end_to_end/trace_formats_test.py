#!/usr/bin/env python3
"""ASC and pcapng traces of a run, read by strangers: asc2log, python-can and tshark."""
import os
import subprocess
import unittest

from program import SCENARIOS, InFolder, report, run

SCENARIO = SCENARIOS / "functional_vin.yaml"


def stranger(*words):
    """What another program prints."""
    environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
    return subprocess.run([*map(str, words)], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          timeout=60, env=environment).stdout


def messages_of(step):
    """The first bytes of a step's messages: of the request, each 0x78 and the answer."""
    if not step.get("request"):
        return []
    first = [int(step["request"][:2], 16)]
    for verdict in step["verdicts"]:
        first += [0x7F] * len(verdict["pendings_ns"])
        if verdict["answer"]:
            first.append(int(verdict["answer"][:2], 16))
    return first


class TraceFormats(InFolder):
    def setUp(self):
        super().setUp()
        self.log, self.asc, self.pcapng = (self.trace(ending) for ending in ("log", "asc", "pcapng"))

    def trace(self, ending):
        path = self.folder / f"run.{ending}"
        run("run", "-q", "--trace", path, SCENARIO)
        return path

    def frames(self, log):
        """[(microseconds since the first frame, identifier and data)] of a candump log"""
        lines = [line.split() for line in log.splitlines()]
        times = [round(float(words[0].strip("()")) * 1e6) for words in lines]
        return [(time - times[0], words[2]) for time, words in zip(times, lines)]

    def test_conversion_gives_what_the_run_would_have_written(self):
        for source in (self.asc, self.pcapng):
            target = self.folder / "converted.log"
            done = run("convert", source, target)
            self.assertEqual(done.stdout, "98 frames of 2 buses\n")
            self.assertEqual(target.read_text(), self.log.read_text())

    def test_there_and_back_again(self):
        back = self.folder / "back.log"
        run("convert", self.log, self.folder / "there.pcapng")
        run("convert", self.folder / "there.pcapng", self.folder / "there.asc")
        run("convert", self.folder / "there.asc", back)
        self.assertEqual(back.read_text(), self.log.read_text())

    def test_a_bus_gets_another_name(self):
        target = self.folder / "renamed.log"
        run("convert", "--name", "body=vcan7", self.log, target)
        self.assertEqual(target.read_text(), self.log.read_text().replace(" body ", " vcan7 "))

    def test_asc2log_reads_asc(self):
        self.assertEqual(self.frames(stranger("asc2log", "-I", self.asc)), self.frames(self.log.read_text()))

    def test_python_can_reads_asc(self):
        program = ("import can, sys\n"
                   "for m in can.ASCReader(sys.argv[1]): print(f'({m.timestamp:.6f}) can{m.channel}',"
                   " f'{m.arbitration_id:08X}' if m.is_extended_id else f'{m.arbitration_id:03X}',"
                   " bytes(m.data).hex().upper())")
        lines = [line.split() for line in stranger("/usr/bin/python3", "-c", program, self.asc).splitlines()]
        read = [(words[0], f"{words[2]}#{words[3]}") for words in lines]
        written = [(f"({float(words[0].strip('()')):.6f})", words[2])
                   for words in map(str.split, self.log.read_text().splitlines())]
        self.assertEqual(read, written)

    def test_tshark_finds_the_same_frames_buses_and_senders(self):
        lines = stranger("tshark", "-r", self.pcapng, "-T", "fields", "-e", "frame.interface_name", "-e", "can.id",
                         "-e", "frame.comment").splitlines()
        found = [line.split("\t") for line in lines]
        written = [line.split()[1:] for line in self.log.read_text().splitlines()]
        self.assertEqual([(bus, int(identifier)) for bus, identifier, _ in found],
                         [(bus, int(frame.split("#")[0], 16)) for bus, frame in written])
        engine = {comment for _, identifier, comment in found if int(identifier) == 0x7E8}
        self.assertEqual(engine, {"ecu engine"})



class Messages(InFolder):
    """tshark puts segmented messages together, as long as no two are under way at once."""

    def test_tshark_finds_the_messages_of_the_report(self):
        pcapng = self.folder / "run.pcapng"
        steps = report("--trace", pcapng, SCENARIOS / "diagnostic_session.yaml")["steps"]
        told = [message for step in steps for message in messages_of(step)]
        lines = stranger("tshark", "-r", pcapng, "-d", "can.subdissector,iso15765", "-d",
                         "iso15765.subdissector,uds", "-Y", "uds", "-T", "fields", "-e", "uds.sid", "-e",
                         "uds.reply").splitlines()
        found = [int(sid, 16) + 0x40 * int(reply, 16) for sid, reply in map(str.split, lines)]
        self.assertGreater(len(told), 10)
        self.assertEqual(found, told)


class WrongFiles(InFolder):
    def failing(self, *words, status=2):
        return run("convert", *words, status=status).stderr

    def test_names(self):
        self.assertEqual(self.failing("a.txt", "b.log"),
                         "canstage: a.txt: a name that ends with .log (candump), .asc or .pcapng was expected\n")
        self.assertIn("convert takes two files", self.failing("a.log"))
        self.assertEqual(self.failing("--name", "x", "a.log", "b.log"),
                         "canstage: --name x: OLD=NEW was expected, as in can0=powertrain\n")

    def test_content(self):
        self.assertEqual(self.failing(self.folder / "no.log", self.folder / "out.asc"),
                         f"canstage: cannot read {self.folder}/no.log: No such file or directory\n")
        wrong = self.write("wrong.log", "(1.000000) can0 123#11\n(2.000000) can0 12#11\n")
        self.assertEqual(self.failing(wrong, self.folder / "out.log"),
                         f"canstage: {wrong}: line 2, column 19: an identifier has 3 or 8 hex digits; "
                         f"{self.folder}/out.log has what came before\n")
        self.assertEqual((self.folder / "out.log").read_text(), "(0000000001.000000) can0 123#11\n")

    def test_output(self):
        good = self.write("good.log", "(1.000000) can0 123#11\n")
        self.assertIn("cannot write /no/where.asc", self.failing(good, "/no/where.asc", status=3))


if __name__ == "__main__":
    unittest.main()
