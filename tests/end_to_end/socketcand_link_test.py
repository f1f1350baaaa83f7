#!/usr/bin/env python3
"""Buses on a socketcand server: the ECUs in one process, the tester in another, and what happens when the server goes."""
import json
import signal
import subprocess
import unittest

from program import CANSTAGE, InFolder, outcomes, report, run
from served import ECUS, PATIENCE, Served, Socketcand



TWO_BUSES = """
canstage: 1
buses: { one: {}, two: {} }
ecus:
  engine:
    bus: one
    address: { request: "7E0", response: "7E8" }
    uds: { dids: { F190: "WVWZZZ1JZXW000001" } }
  gearbox:
    like: engine
    address: { request: "7E1", response: "7E9" }
  door:
    like: engine
    bus: two
testers: { first: { bus: one }, second: { bus: two } }
steps:
  - functional: { from: first, request: "22 F1 90", window: 3s }
    expect: { engine: "62 F1 90 *", gearbox: "62 F1 90 *", others: silence }
  - functional: { from: second, request: "22 F1 90", window: 3s }
    expect: { door: "62 F1 90 *", others: silence }
  - request: { from: second, to: door, bytes: "22 F1 91" }
    expect: { nrc: "31" }
"""


class SocketcandLink(InFolder):
    def test_everybody_is_here_and_the_buses_are_there(self):
        with Served(self.write("bus.yaml", "canstage: 1\nbuses: { p: {}, b: {} }\n"),
                    "--expose", "p=socketcand:0/can0", "--expose", "b=socketcand:0/can1") as on:
            path = self.write("run.yaml", TWO_BUSES)
            found = report("--bus", f"one=socketcand:127.0.0.1:{on.ports['p']}/can0",
                           "--bus", f"two=socketcand:localhost:{on.ports['b']}/can1", path)
            self.assertEqual(outcomes(found), outcomes(report(path)))
            self.assertEqual(found["time"], "real")
        self.assertEqual(on.stderr(), "")

    def test_frames_between_two_processes(self):
        text = """
canstage: 1
buses: { can: {} }
testers: { tester: {} }
steps:
  - functional: { request: "22 F1 90", window: 2s }
    expect: { others: silence }
"""
        with Served(self.write("served.yaml", ECUS), "--expose", "can=socketcand:0") as on:
            found = report("--bus", f"can=socketcand:127.0.0.1:{on.ports['can']}/can", self.write("run.yaml", text),
                           status=1)
        self.assertEqual({who: outcome for (_, who), outcome in outcomes(found).items()},
                         {"7E8": "unknown_responder", "7E9": "unknown_responder"})

    def test_what_is_sent_is_confirmed_and_traced(self):
        text = """
canstage: 1
buses: { can: {} }
steps:
  - repeat: { times: 100, steps: [ { send_frame: { bus: can, id: "123", data: "01 02" } } ] }
"""
        trace = self.folder / "out.log"
        with Served(self.write("served.yaml", ECUS), "--expose", "can=socketcand:0") as on:
            with Socketcand(on.ports["can"]) as listener:
                run("run", "--trace", trace, "--bus", f"can=socketcand:127.0.0.1:{on.ports['can']}/can",
                    self.write("run.yaml", text))
                for _ in range(100):
                    self.assertEqual(listener.frame(), ("123", "0102"))
        self.assertEqual(len(trace.read_text(encoding="ascii").splitlines()), 100)

    def test_a_server_that_goes_and_comes_back(self):
        text = """
canstage: 1
buses: { can: {} }
steps:
  - { send_frame: { bus: can, id: "123", data: "01" } }
  - { advance: 300ms }
  - repeat: { times: 600, steps: [ { send_frame: { bus: can, id: "123", data: "02" } }, { advance: 50ms } ] }
"""
        path = self.write("served.yaml", ECUS)
        with Served(path, "--expose", "can=socketcand:0") as on, Socketcand(on.ports["can"]) as listener:
            port = on.ports["can"]
            with subprocess.Popen([CANSTAGE, "run", "--json", str(self.folder / "out.json"), "--bus",
                                   f"can=socketcand:127.0.0.1:{port}/can", str(self.write("run.yaml", text))],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as client:
                self.assertEqual(listener.frame(), ("123", "01"))
                on.process.send_signal(signal.SIGTERM)
                on.process.wait(timeout=PATIENCE)
                lost = client.stderr.readline()
                with Served(path, "--expose", f"can=socketcand:{port}") as again, Socketcand(port) as new_listener:
                    self.assertEqual(again.ports["can"], port)
                    back = client.stderr.readline()
                    self.assertEqual(new_listener.frame(), ("123", "02"))
                    client.send_signal(signal.SIGINT)
                    self.assertEqual(client.wait(timeout=PATIENCE), 130)
        self.assertEqual(lost, f"canstage: bus can: 127.0.0.1:{port}: it closed the connection\n")
        self.assertEqual(back, f"canstage: bus can: 127.0.0.1:{port} is back\n")
        events = json.loads((self.folder / "out.json").read_text(encoding="utf-8"))["runs"][0]["bus_events"]
        self.assertEqual([f"canstage: {event['text']}\n" for event in events], [lost, back])

    def test_can_fd_is_refused_before_the_run(self):
        text = "canstage: 1\nbuses: { can: { bitrate: 500k, data_bitrate: 2M } }\n"
        done = run("run", "--bus", "can=socketcand:127.0.0.1:1/can0", self.write("fd.yaml", text), status=2)
        self.assertEqual(done.stderr, "canstage: bus can has CAN FD, which socketcand:127.0.0.1:1/can0 does not carry\n")


if __name__ == "__main__":
    unittest.main()
