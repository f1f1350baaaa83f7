#!/usr/bin/env python3
"""Buses on a socketcand server: the ECUs in one process, the tester in another, and servers that are none."""
import contextlib
import json
import re
import signal
import socket
import subprocess
import threading
import unittest

from program import CANSTAGE, InFolder, SCENARIOS, outcomes, report, run
from served import ECUS, PATIENCE, Served, Socketcand

NOBODY = "canstage: 1\nbuses: { p: {}, b: {} }\n"

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

ASK_ALL = """
canstage: 1
buses: { can: {} }
testers: { tester: {} }
steps:
  - functional: { request: "22 F1 90", window: 2s }
    expect: { others: silence }
"""


@contextlib.contextmanager
def server_that(acts):
    """A TCP server for one connection; `acts` with it. Yields the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            with contextlib.suppress(OSError):
                with listener.accept()[0] as peer:
                    acts(peer)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            thread.join()


class SocketcandLink(InFolder):
    def served(self, text, *exposed):
        return Served(self.write("served.yaml", text), *(word for one in exposed for word in ("--expose", one)))

    def test_everybody_is_here_and_the_buses_are_there(self):
        with self.served(NOBODY, "p=socketcand:0/can0", "b=socketcand:0/can1") as on:
            path = self.write("run.yaml", TWO_BUSES)
            found = report("--bus", f"one=socketcand:127.0.0.1:{on.ports['p']}/can0",
                           "--bus", f"two=socketcand:localhost:{on.ports['b']}/can1", path)
            self.assertEqual(outcomes(found), outcomes(report(path)))
            self.assertEqual(found["time"], "real")
            self.assertEqual(found["bus_events"], [])
        self.assertEqual(on.stderr(), "")

    def test_the_link_is_in_the_file(self):
        with self.served(ECUS, "can=socketcand:0/can0") as on:
            link = f'link: "socketcand:127.0.0.1:{on.ports["can"]}/can0"'
            found = report(self.write("run.yaml", ASK_ALL.replace("can: {}", f"can: {{ {link} }}")), status=1)
        self.assertEqual({who: outcome for (_, who), outcome in outcomes(found).items()},
                         {"7E8": "unknown_responder", "7E9": "unknown_responder"})

    def test_the_shipped_scenario_with_its_ecus_in_another_process(self):
        vin = SCENARIOS / "functional_vin.yaml"
        with Served(vin, "--expose", "powertrain=socketcand:0/can0", "--expose", "body=socketcand:0/can1") as on:
            where = [word for bus, name in (("powertrain", "can0"), ("body", "can1"))
                     for word in ("--bus", f"{bus}=socketcand:127.0.0.1:{on.ports[bus]}/{name}")]
            # A loaded machine answers late: what is compared is who answers what.
            text = re.sub(r"within: (50|200)ms", "within: 5s", vin.read_text(encoding="utf-8")).replace("window: 200ms", "window: 2s")
            found = report(*where, "--real", "*", self.write("vin.yaml", text))
            self.assertEqual(outcomes(found), outcomes(report(vin)))

    def test_one_connection_has_the_link(self):
        # The engine is here, its tester in the other process: it is not on the bus that is here.
        text = ECUS + 'steps:\n  - advance: 600s\n'
        with self.served(NOBODY, "p=socketcand:0/can0") as on, Socketcand(on.ports["p"], "can0") as tester:
            link = f"engine=socketcand:127.0.0.1:{on.ports['p']}/can0"
            with subprocess.Popen([CANSTAGE, "serve", "--link", link, str(self.write("link.yaml", text))],
                                  stdout=subprocess.PIPE, text=True) as ecu:
                self.assertEqual(ecu.stdout.readline(), "ready\n")
                tester.send("< send 7E1 3 02 3E 00 >< send 7E0 3 02 3E 00 >")
                self.assertEqual(tester.frame(), ("7E8", "027E00CCCCCCCCCC"))
                self.assertTrue(tester.silent(0.2))
                ecu.send_signal(signal.SIGINT)
                self.assertEqual(ecu.wait(timeout=PATIENCE), 130)

    def test_request(self):
        with self.served(ECUS, "can=socketcand:0/can0") as on:
            link = f"socketcand:127.0.0.1:{on.ports['can']}/can0"
            done = run("request", "--bus", link, "--tx", "7E0", "--rx", "7E8", "22", "F1", "90")
            self.assertRegex(done.stdout, r"^7E8 +[\d.]+ \.\. +[\d.]+ ms  62 F1 90 57 56")
            done = run("request", "--bus", link, "--functional", "7DF", "-q", "3E", "00")
            self.assertEqual(sorted(done.stdout.splitlines()), ["7E8 7E 00", "7E9 7E 00"])

    def test_monitor_prints_what_is_there(self):
        with self.served(ECUS, "can=socketcand:0/can0") as on, Socketcand(on.ports["can"], "can0") as tester:
            with subprocess.Popen([CANSTAGE, "monitor", "-n", "2", f"socketcand:127.0.0.1:{on.ports['can']}/can0"],
                                  stdout=subprocess.PIPE, text=True) as monitor:
                lines = []
                while len(lines) < 2:  # it may not be there yet
                    tester.send("< send 7E0 3 02 3E 00 >")
                    tester.frame()
                    lines = monitor.communicate(timeout=PATIENCE)[0].splitlines() if monitor.poll() is not None else []
                self.assertEqual(monitor.returncode, 0)
        # It came in the middle: which of the two is first is chance.
        self.assertEqual({line.split("  ", 1)[1] for line in lines},
                         {"can0       7E0   [3]  02 3E 00", "can0       7E8   [8]  02 7E 00 CC CC CC CC CC"})

    def test_statements_of_isotp(self):
        text = 'canstage: 1\nbuses: { can: {} }\nendpoints: { stack: { rx: "123", tx: "456", do: echo } }\n'
        with self.served(text, "can=socketcand:0/can0") as on:
            done = run("conformance", f"socketcand:127.0.0.1:{on.ports['can']}/can0", "--rx", "456", "--tx", "123",
                       "--only", "ISOTP-001")
            self.assertIn("passed", done.stdout)

    def test_links_tries_it(self):
        with self.served(ECUS, "can=socketcand:0/can0") as on:
            where = f"socketcand:127.0.0.1:{on.ports['can']}"
            self.assertEqual(run("links", f"{where}/can0").stdout.split(maxsplit=1)[1], "can be opened\n")
            self.assertIn("it has no bus can7", run("links", f"{where}/can7", status=3).stdout)

    def test_what_is_sent_is_confirmed_and_traced(self):
        text = """
canstage: 1
buses: { can: {} }
steps:
  - repeat: { times: 100, steps: [ { send_frame: { bus: can, id: "123", data: "01 02" } } ] }
"""
        trace = self.folder / "out.log"
        with self.served(ECUS, "can=socketcand:0") as on, Socketcand(on.ports["can"]) as listener:
            run("run", "--trace", trace, "--bus", f"can=socketcand:127.0.0.1:{on.ports['can']}/can",
                self.write("run.yaml", text))
            for _ in range(100):
                self.assertEqual(listener.frame(), ("123", "0102"))
        self.assertEqual(len(trace.read_text(encoding="ascii").splitlines()), 100)

    def test_long_messages_both_ways(self):
        text = """
canstage: 1
buses: { can: {} }
endpoints:
  echo: { rx: "123", tx: "456", isotp: { max_sdu: 70000 }, do: echo }
"""
        sdu = bytes(i % 251 for i in range(20_000)).hex()
        with self.served(text, "can=socketcand:0") as on:
            done = run("request", "--bus", f"socketcand:127.0.0.1:{on.ports['can']}/can", "--tx", "123", "--rx", "456",
                       "-q", "--window", "30s", sdu)
        self.assertEqual(done.stdout.replace(" ", "").strip().lower(), sdu)

    # What goes wrong.

    def refused(self, link, status=3):
        """The one line about a link that cannot be."""
        done = run("run", "--bus", f"can={link}", self.write("ask.yaml", ASK_ALL), status=status)
        self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1))
        return done.stderr

    def test_nobody_is_there(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        self.assertEqual(self.refused(f"socketcand:127.0.0.1:{port}/can0"),
                         f"canstage: 127.0.0.1:{port} refuses connections: nobody listens there\n")
        self.assertIn("no-such-host.invalid", self.refused("socketcand:no-such-host.invalid:29536/can0"))
        for command in (["monitor"], ["request", "--tx", "7E0", "--rx", "7E8", "3E00", "--bus"],
                        ["conformance", "--tx", "7E0", "--rx", "7E8"]):
            done = run(*command, f"socketcand:127.0.0.1:{port}/can0", status=3)
            self.assertEqual((done.stdout, done.stderr),
                             ("", f"canstage: 127.0.0.1:{port} refuses connections: nobody listens there\n"))

    def test_a_server_that_is_none(self):
        def is_silent(peer):
            peer.settimeout(PATIENCE)
            peer.recv(1)

        def is_another(peer):
            peer.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
            is_silent(peer)

        def ends(peer):
            peer.sendall(b"< hi >")
            peer.recv(100)

        for acts, reason in [(is_silent, "it does not answer as socketcand does"),
                             (is_another, "what it says is not socketcand"), (ends, "it closes the connection")]:
            with self.subTest(reason=reason), server_that(acts) as port:
                self.assertEqual(self.refused(f"socketcand:127.0.0.1:{port}/can0"), f"canstage: 127.0.0.1:{port}: {reason}\n")

    def test_a_bus_that_is_not_there(self):
        with self.served(ECUS, "can=socketcand:0/can0") as on:
            self.assertEqual(self.refused(f"socketcand:127.0.0.1:{on.ports['can']}/can1"),
                             f"canstage: 127.0.0.1:{on.ports['can']}: it has no bus can1\n")

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
                on.end(signal.SIGTERM)
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

    def test_a_server_that_turns_to_garbage_does_not_end_the_run(self):
        def handshake(peer):
            peer.sendall(b"< hi >")
            peer.recv(100)
            peer.sendall(b"< ok >")
            peer.recv(100)
            peer.sendall(b"< ok >")

        def turns(listener):
            for _ in range(2):  # the first one is the look before the run
                with listener.accept()[0] as peer, contextlib.suppress(OSError):
                    handshake(peer)
                    peer.settimeout(PATIENCE)
                    if peer.recv(100):
                        peer.sendall(b"\n< frame 123 1.000000 01 >garbage")

        text = """
canstage: 1
buses: { can: {} }
steps:
  - parallel:
      - - wait_for: { frame: { id: "123" }, within: 20s }
      - - send_frame: { id: "124" }
  - advance: 500ms
"""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=turns, args=[listener])
            thread.start()
            port = listener.getsockname()[1]
            done = run("run", "--bus", f"can=socketcand:127.0.0.1:{port}/can0", self.write("run.yaml", text))
            thread.join()
        self.assertEqual(done.stderr, f"canstage: bus can: 127.0.0.1:{port}: what it says is not socketcand\n")

    def test_can_fd_is_refused_before_the_run(self):
        link = "socketcand:127.0.0.1:1/can0"
        for text, message in [
                ("buses: { can: { bitrate: 500k, data_bitrate: 2M } }\n", "bus can has CAN FD"),
                ('buses: { can: {} }\nendpoints: { a: { rx: "1", tx: "2", isotp: { tx_dl: 64 } } }\n', "a has a tx_dl of 64"),
                ('buses: { can: {} }\nsteps: [ { send_frame: { bus: can, id: "1", data: "01", fd: true } } ]\n',
                 "this is a frame of CAN FD")]:
            with self.subTest(message=message):
                done = run("run", "--bus", f"can={link}", self.write("fd.yaml", "canstage: 1\n" + text), status=2)
                self.assertIn(f"{message}, and {link} carries classic data frames only\n", done.stderr)
                self.assertEqual((done.stderr.count("\n"), done.stdout), (1, ""))


if __name__ == "__main__":
    unittest.main()
