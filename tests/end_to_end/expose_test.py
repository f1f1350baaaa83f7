#!/usr/bin/env python3
"""`run --expose` and `expose`: other programs take part in a run, as nodes of a bus, as testers, and as ECUs."""
import re
import subprocess
import unittest

from program import CANSTAGE, InFolder, run
from served import ECUS, PATIENCE, Client, Served, Socketcand

REAL_ENGINE = """
canstage: 1
buses: { can: { bitrate: 500k } }
ecus:
  engine:
    address: { request: "7E0", response: "7E8" }
    real: true
testers: { tester: {} }
"""

ASK = """
steps:
  - wait_for: { request: { to: engine, bytes: "3E 00", window: 200ms }, answer: "7E 00", within: 30s }
  - request: { to: engine, bytes: "22 F1 90", window: 10s }
    expect: "62 F1 90 01 02 03 04 05 06 07 08"
"""


class Run:
    """`canstage run` as a context, with what it says is open; its exit status has to be `status`."""

    def __init__(self, *words, opens=1, status=0):
        self.status = status
        self.process = subprocess.Popen([CANSTAGE, "run", *map(str, words)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.said = [self.process.stderr.readline() for _ in range(opens)]
        self.ports = {name: int(port) for line in self.said
                      for name, port in re.findall(r"^canstage: ([^ =]+)=\w+:[^ ]*?:(\d+)(?:/\w+)? is open$", line)}

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.end()
        else:
            self.process.kill()
            self.process.communicate()

    def end(self):
        """Waits until the run is over."""
        if self.process.returncode is not None:
            return
        self.out, self.err = self.process.communicate(timeout=2 * PATIENCE)
        if self.process.returncode != self.status:
            raise AssertionError(f"exit status {self.process.returncode}\n{self.said}{self.out}{self.err}")


def answer(client):
    """An ECU that is nothing but a TCP client: until the other side goes."""
    try:
        while True:
            client.send({"<3E00>": "<7E00>", "<22F190>": "<62F1900102030405060708>"}.get(client.text(), "<7F0011>"))
    except (EOFError, OSError):
        pass


class Expose(InFolder):
    def test_a_program_is_an_ecu(self):
        text = REAL_ENGINE + 'endpoints: { mine: { rx: "7E0", tx: "7E8" } }\n' + ASK
        with Run("--expose", "mine=isotpserver:0", self.write("run.yaml", text)) as on:
            with Client(on.ports["mine"]) as program:
                answer(program)
        self.assertEqual(on.err, "")
        self.assertIn("2 steps passed", on.out)

    def test_endpoints_ask_the_program(self):
        text = """
canstage: 1
buses: { can: {} }
endpoints:
  mine: { rx: "7E0", tx: "7E8" }
  tool: { rx: "7E8", tx: "7E0" }
expose: [ { endpoint: mine, as: isotpserver, listen: 0 } ]
steps:
  - wait_for: { request: { from: tool, to: mine, bytes: "3E 00", window: 200ms }, answer: "7E 00", within: 30s }
"""
        with Run(self.write("run.yaml", text)) as on:
            with Client(on.ports["mine"]) as program:
                answer(program)

    def test_a_node_that_speaks_isotp_itself(self):
        with Run("--expose", "can=socketcand:0/can0", self.write("run.yaml", REAL_ENGINE + ASK)) as on:
            with Socketcand(on.ports["can"], "can0") as node:
                while node.frame() != ("7E0", "0322F190CCCCCCCC"):
                    node.send("< send 7E8 3 2 7E 0 >")
                node.send("< send 7E8 8 10 0B 62 F1 90 1 2 3 >")
                while node.frame() != ("7E0", "300000CCCCCCCCCC"):
                    pass
                node.send("< send 7E8 6 21 4 5 6 7 8 >")
        self.assertIn("2 steps passed", on.out)

    def test_a_tester_takes_part(self):
        text = ECUS + """
expose:
  - { ecu: engine, as: isotpserver, listen: 0 }
  - { bus: can, as: socketcand, name: can0, listen: "127.0.0.1:0" }
steps: [ { wait_for: { frame: { id: "7E8", data: "02 7E 00 *" }, within: 30s } } ]
"""
        with Run(self.write("run.yaml", text), opens=2) as on:
            self.assertEqual(sorted(on.ports), ["can", "engine"])
            with Client(on.ports["engine"]) as tester:
                tester.send("<3E00>")
                self.assertEqual(tester.text(), "<7E00>")
        self.assertIn("real time", on.out)

    def test_serve_opens_what_the_file_says(self):
        text = ECUS + "expose: [ { ecu: engine, as: isotpserver, listen: 0 } ]\n"
        with Served(self.write("served.yaml", text), "--expose", "can=socketcand:0") as on:
            self.assertEqual(sorted(on.ports), ["can", "engine"])
            with Client(on.ports["engine"]) as tester:
                tester.send("<3E00>")
                self.assertEqual(tester.text(), "<7E00>")

    def test_scenarios_use_one_port_one_after_the_other(self):
        with Served(self.write("any.yaml", ECUS), "--expose", "can=socketcand:0") as on:
            port = on.ports["can"]
        text = ECUS + "steps: [ { advance: 1ms } ]\n"
        done = run("run", "--expose", f"can=socketcand:{port}", self.write("a.yaml", text), self.write("b.yaml", text))
        self.assertEqual(done.stderr.count(f"can=socketcand:127.0.0.1:{port}/can is open"), 2)

    def test_what_cannot_be(self):
        ends = ECUS + 'endpoints: { a: { rx: "1", tx: "2" }, b: { rx: "2", tx: "1", do: echo } }\n'
        for text, words, message in [
                (ECUS, ["--expose", "x=isotpserver:0"], "has no ECU or endpoint x"),
                (ECUS, ["--expose", "can=socketcand:0", "--time", "virtual"], "other programs may join over TCP"),
                (ECUS, ["--expose", "engine=isotpserver:0", "--link", "engine=isotpserver:127.0.0.1:1"],
                 "engine=isotpserver:127.0.0.1:0: engine is on isotpserver:127.0.0.1:1"),
                (ends, ["--expose", "b=isotpserver:0"], "'do: none' only"),
                (ends + 'steps: [ { request: { from: a, to: b, bytes: "01" } } ]\n', ["--expose", "a=isotpserver:0"],
                 "steps send in the name of this endpoint")]:
            with self.subTest(words=words):
                done = run("run", *words, self.write("run.yaml", text), status=2)
                self.assertIn(message, done.stderr)
                self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1))

    def test_where_nobody_can_listen(self):
        with Served(self.write("any.yaml", ECUS), "--expose", "can=socketcand:0") as on:
            done = run("run", "--expose", f"can=socketcand:{on.ports['can']}", self.write("run.yaml", ECUS), status=3)
        self.assertEqual((done.stdout, done.stderr),
                         ("", f"canstage: 127.0.0.1:{on.ports['can']} is in use by another program\n"))


if __name__ == "__main__":
    unittest.main()
