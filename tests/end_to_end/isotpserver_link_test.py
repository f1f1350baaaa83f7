#!/usr/bin/env python3
"""Connections behind an isotpserver: that of another process of ours, and servers that misbehave."""
import contextlib
import json
import re
import signal
import socket
import subprocess
import threading
import unittest

from program import CANSTAGE, InFolder, outcomes, report, run
from served import ECUS, PATIENCE, Client, Served, Socketcand

# One end of a connection behind a server; the other one asks it there.
ENDPOINT = """
canstage: 1
buses: { can: { bitrate: 500k } }
endpoints:
  tool: { rx: "456", tx: "123" }
"""

ASK = """
canstage: 1
buses: { can: {} }
ecus:
  engine:
    address: { request: "7E0", response: "7E8", functional: none }
    real: true
testers: { tester: {} }
steps:
"""


class IsotpserverLink(InFolder):
    def asks(self, port, steps, status=0):
        """Asks the ECU behind a server."""
        return report("--link", f"engine=isotpserver:127.0.0.1:{port}", self.write("ask.yaml", ASK + steps), status=status)

    def test_a_real_ecu_is_behind_it(self):
        with Served(self.write("served.yaml", ECUS), "--expose", "engine=isotpserver:0") as on:
            found = self.asks(on.ports["engine"], """
  - request: { to: engine, bytes: "22 F1 90" }
    expect: { reply: "62 F1 90 57 56 57 *", within: 10s }
  - request: { to: engine, bytes: "22 F1 91" }
    expect: { nrc: "31" }
""")
            self.assertTrue(found["passed"])
            self.assertEqual((found["time"], found["bus_events"]), ("real", []))

    def test_an_ecu_of_ours_is_behind_it(self):
        # The server's bus is in the other process; the tester is a TCP client of the other end there.
        other_end = 'endpoints:\n  tool: { rx: "7E8", tx: "7E0" }\n  ecu: { rx: "7E0", tx: "7E8" }\n'
        with Served(self.write("served.yaml", "canstage: 1\nbuses: { can: {} }\n" + other_end),
                    "--expose", "tool=isotpserver:0", "--expose", "ecu=isotpserver:0") as on:
            with Served(self.write("link.yaml", ECUS), "--link", f"engine=isotpserver:127.0.0.1:{on.ports['ecu']}"):
                with Client(on.ports["tool"]) as tester:
                    tester.send("<22F190>")
                    self.assertEqual(tester.text(), "<62F190" + b"WVWZZZ1JZXW000001".hex().upper() + ">")

    def test_the_link_is_in_the_file(self):
        with Served(self.write("served.yaml", ECUS), "--expose", "engine=isotpserver:0") as on:
            text = ASK.replace("real: true", f'real: true\n    link: "isotpserver:127.0.0.1:{on.ports["engine"]}"')
            self.assertTrue(report(self.write("ask.yaml", text + "  - request: { to: engine, bytes: 3E 00 }\n"
                                              '    expect: "7E 00"\n'))["passed"])

    def test_request(self):
        with Served(self.write("served.yaml", ECUS), "--expose", "engine=isotpserver:0") as on:
            link = f"isotpserver:127.0.0.1:{on.ports['engine']}"
            done = run("request", "--bus", link, "22", "F1", "90")
            self.assertRegex(done.stdout, rf"^{link}  [\d.]+ ms  62 F1 90 57 56 57")
            self.assertEqual(run("request", "--bus", link, "-q", "3E00").stdout, "7E 00\n")
            self.assertIn("requestOutOfRange", run("request", "--bus", link, "22 F1 91", status=1).stdout)
            for words, message in [(["--tx", "7E0"], "--tx 7E0: that is up to the isotpserver"),
                                   (["--fd"], "--fd: that is up to the isotpserver"),
                                   (["--functional", "7DF"], "that is up to the isotpserver")]:
                done = run("request", "--bus", link, *words, "3E00", status=2)
                self.assertIn(message, done.stderr)
                self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1))

    def test_a_message_waits_for_the_connection(self):
        path = self.write("served.yaml", ECUS)
        text = ASK.replace("tester: {}", "tester: { isotp: { n_as: 60s } }") + """
  - wait_for: { frame: { id: "100" }, within: 60s }
  - request: { to: engine, bytes: "22 F1 90", window: 10s }
    expect: "62 F1 90 *"
"""
        with Served(path, "--expose", "engine=isotpserver:0") as on:
            port = on.ports["engine"]
            words = ["run", "--expose", "can=socketcand:0", "--link", f"engine=isotpserver:127.0.0.1:{port}"]
            with subprocess.Popen([CANSTAGE, *words, str(self.write("ask.yaml", text))], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True) as client:
                bus = int(re.search(r":(\d+)/can is open", client.stderr.readline()).group(1))
                with Socketcand(bus) as node:
                    on.end(signal.SIGTERM)
                    self.assertIn("it closed the connection", client.stderr.readline())
                    node.send("< send 100 0 >")
                    with Served(path, "--expose", f"engine=isotpserver:{port}"):
                        self.assertEqual(client.wait(timeout=2 * PATIENCE), 0)

    def test_a_server_that_goes_and_comes_back(self):
        path = self.write("served.yaml", ECUS)
        steps = """
  - request: { to: engine, bytes: "22 F1 90" }
    expect: "62 F1 90 *"
  - wait_for: { request: { to: engine, bytes: "3E 80", window: 100ms }, answer: "7F 3E 22", every: 100ms, within: 60s }
"""
        with Served(path, "--expose", "engine=isotpserver:0", "--expose", "can=socketcand:0") as on, \
                Socketcand(on.ports["can"]) as listener:
            port = on.ports["engine"]
            with subprocess.Popen([CANSTAGE, "run", "--json", str(self.folder / "out.json"), "--link",
                                   f"engine=isotpserver:127.0.0.1:{port}", str(self.write("ask.yaml", ASK + steps))],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as client:
                while listener.frame()[0] != "7E8":
                    pass
                on.end(signal.SIGTERM)
                on.process.wait(timeout=PATIENCE)
                lost = client.stderr.readline()
                with Served(path, "--expose", f"engine=isotpserver:{port}"):
                    back = client.stderr.readline()
                    client.send_signal(signal.SIGINT)
                    self.assertEqual(client.wait(timeout=PATIENCE), 130)
        title = "canstage: connection of tester tester to engine: 127.0.0.1"
        self.assertEqual((lost, back), (f"{title}:{port}: it closed the connection\n", f"{title}:{port} is back\n"))
        events = json.loads((self.folder / "out.json").read_text(encoding="utf-8"))["runs"][0]["bus_events"]
        self.assertEqual([f"canstage: {event['text']}\n" for event in events], [lost, back])

    def test_garbage_is_given_up(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def serve():
                listener.accept()[0].close()
                with listener.accept()[0] as peer, contextlib.suppress(OSError):
                    peer.sendall(b"x" * 70_000)
                    peer.settimeout(PATIENCE)
                    while peer.recv(100):
                        pass
            thread = threading.Thread(target=serve)
            thread.start()
            found = self.asks(listener.getsockname()[1], "  - advance: 1s\n")
            thread.join()
        self.assertRegex(found["bus_events"][0]["text"], "it sends no messages between '<' and '>'$")

    # What cannot be.

    def test_nobody_is_there(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        message = f"canstage: 127.0.0.1:{port} refuses connections: nobody listens there\n"
        done = run("run", "--link", f"engine=isotpserver:127.0.0.1:{port}", self.write("ask.yaml", ASK + "  - advance: 1s\n"),
                   status=3)
        self.assertEqual((done.stdout, done.stderr), ("", message))
        done = run("request", "--bus", f"isotpserver:127.0.0.1:{port}", "3E00", status=3)
        self.assertEqual((done.stdout, done.stderr), ("", message))

    def test_what_it_cannot_carry(self):
        link = "isotpserver:127.0.0.1:1"
        pair = ENDPOINT + '  peer: { rx: "123", tx: "456", do: echo }\n'
        for text, name, message in [
                (pair + f'steps: [ {{ request: {{ from: tool, to: peer, bytes: "{"00" * 6001}" }} }} ]\n', "tool",
                 "carries messages up to 6000 bytes, this one has 6001"),
                (pair + 'steps: [ { request: { from: tool, to: peer, bytes: "01" }, expect: { breaks_off: N_TIMEOUT_Bs } } ]\n',
                 "tool", "does not tell how a message ends"),
                (ECUS + 'testers: { tester: {} }\nsteps: [ { functional: { request: "3E 00" } } ]\n', "engine",
                 "brings no functional requests")]:
            with self.subTest(message=message):
                text = text.replace("can: { bitrate: 500k }", 'can: { link: "socketcand:127.0.0.1:1/can0" }')
                done = run("run", "--link", f"{name}={link}", self.write("run.yaml", text), status=2)
                self.assertIn(message, done.stderr)
                self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1))
        done = run("run", "--bus", f"can={link}", self.write("run.yaml", ECUS), status=2)
        self.assertIn("that carries a single connection", done.stderr)

    def test_outcomes_are_those_of_a_virtual_bus(self):
        steps = """steps:
  - request: { from: tool, to: peer, bytes: "01 02" }
    expect: "01 02"
  - request: { from: tool, to: peer, bytes: "%s" }
    expect: "00 *"
""" % ("00" * 4095)
        peer = '  peer: { rx: "123", tx: "456", isotp: { max_sdu: 6000 }, do: echo }\n'
        path = self.write("run.yaml", ENDPOINT + peer + steps)
        with Served(self.write("served.yaml", ENDPOINT + peer), "--expose", "tool=isotpserver:0", "--expose",
                    "can=socketcand:0") as on:
            # The peer is on the bus over there: for this process the bus is what the link leads to.
            moved = self.write("moved.yaml", (ENDPOINT + peer + steps).replace("do: echo", "real: true").replace(
                "can: { bitrate: 500k }", f'can: {{ link: "socketcand:127.0.0.1:{on.ports["can"]}/can" }}'))
            found = report("--link", f"tool=isotpserver:127.0.0.1:{on.ports['tool']}", moved)
        self.assertEqual(outcomes(found), outcomes(report(path)))


if __name__ == "__main__":
    unittest.main()
