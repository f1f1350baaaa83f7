#!/usr/bin/env python3
"""`canstage serve`, and what is exposed to TCP clients: buses as socketcand does, connections as isotpserver."""
import signal
import socket
import unittest

from program import InFolder, SCENARIOS, run
from served import ECUS, PATIENCE, Client, Served, Socketcand

VIN = b"WVWZZZ1JZXW000001".hex().upper()


class Serve(InFolder):
    def served(self, *options, text=ECUS, **more):
        return Served(self.write("served.yaml", text), *options, **more)

    def test_ready_names_what_is_open(self):
        with self.served("--expose", "can=socketcand:127.0.0.1:0/can0", "--expose", "engine=isotpserver:0") as on:
            self.assertEqual(on.ready, f"ready can=socketcand:127.0.0.1:{on.ports['can']}/can0 "
                                       f"engine=isotpserver:127.0.0.1:{on.ports['engine']}")
        self.assertEqual(on.stderr(), "")

    def test_nothing_has_to_be_exposed(self):
        with self.served() as on:
            self.assertEqual(on.ready, "ready")

    def test_steps_are_ignored(self):
        with Served(SCENARIOS / "functional_vin_wrong.yaml", "--expose", "body=socketcand:0") as on:
            with Client(on.ports["body"]) as client:
                self.assertEqual(client.text(), "< hi >")

    def test_an_error_in_a_script_is_a_line_with_its_place(self):
        text = ECUS + "    script: |\n      function on_request(request)\n        return nothing.there\n      end\n"
        with self.served("--expose", "can=socketcand:0", text=text) as on:
            with Socketcand(on.ports["can"]) as client:
                client.send("< send 7E1 3 2 3e 0 >")
                self.assertEqual(client.frame(), ("7E9", "027E00CCCCCCCCCC"))
            on.wait_for_error("canstage: script of gearbox: ")
            line = text.splitlines().index("        return nothing.there") + 1
            on.wait_for_error(f"served.yaml:{line}: ")

    def test_sigterm_ends_in_order(self):
        trace = self.folder / "out.log"
        with self.served("--expose", "can=socketcand:0", "--trace", trace) as on:
            with Socketcand(on.ports["can"]) as client:
                client.send("< send 7E0 1 0 >")  # a single frame without data, answered by nobody
                client.send("< send 7E0 3 2 3e 0 >")
                self.assertEqual(client.frame(), ("7E8", "027E00CCCCCCCCCC"))
                on.end(signal.SIGTERM)
                self.assertTrue(client.is_closed())
        lines = trace.read_text(encoding="ascii").splitlines()
        self.assertEqual([line.split()[2] for line in lines],
                         ["7E0#00", "7E0#023E00", "7E8#027E00CCCCCCCCCC"])

    def test_the_port_is_free_again_at_once(self):
        with self.served("--expose", "can=socketcand:0") as on:
            port = on.ports["can"]
            with Socketcand(port):
                pass
        with self.served("--expose", f"can=socketcand:{port}") as on, Socketcand(port):
            self.assertEqual(on.ports["can"], port)

    # Socketcand.

    def test_each_client_is_a_node_of_the_bus(self):
        with self.served("--expose", "can=socketcand:0") as on:
            port = on.ports["can"]
            with Socketcand(port) as one, Socketcand(port) as other, Client(port) as third:
                one.send("< send 7E1 3 02 3E 00 >")
                self.assertEqual(one.frame(), ("7E9", "027E00CCCCCCCCCC"))
                self.assertEqual(other.frame(), ("7E1", "023E00"))
                self.assertEqual(other.frame(), ("7E9", "027E00CCCCCCCCCC"))
                other.send("< send 18DA10F1 0 >")
                self.assertEqual(one.frame(), ("18DA10F1", ""))
                self.assertTrue(other.silent(0.2))  # nobody hears itself
                self.assertEqual(third.text(), "< hi >")
                self.assertTrue(third.silent(0.2))

    def test_a_frame_that_is_sent_before_the_client_leaves_is_sent(self):
        with self.served("--expose", "can=socketcand:0") as on:
            with Socketcand(on.ports["can"]) as listener:
                for number in range(20):
                    with Socketcand(on.ports["can"]) as client:
                        client.send(f"< send 100 1 {number:X} >")
                    self.assertEqual(listener.frame(), ("100", f"{number:02X}"))

    def test_many_frames_at_once_all_arrive_in_order(self):
        with self.served("--expose", "can=socketcand:0", text="canstage: 1\nbuses: { can: {} }\n") as on:
            with Socketcand(on.ports["can"]) as one, Socketcand(on.ports["can"]) as other:
                one.send("".join(f"< send 123 2 {i >> 8:x} {i & 255:x} >" for i in range(5000)))
                for i in range(5000):
                    self.assertEqual(other.frame(), ("123", f"{i:04X}"))

    def test_ipv6(self):
        with self.served("--expose", "gearbox=isotpserver:[::1]:0") as on, Client(on.ports["gearbox"], "::1") as tester:
            tester.send("<3E00>")
            self.assertEqual(tester.text(), "<7E00>")

    def test_two_buses_at_one_port(self):
        text = "canstage: 1\nbuses: { a: {}, b: {} }\n"
        where = "socketcand:127.0.0.1:{}/{}"
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        with self.served("--expose", "a=" + where.format(port, "can0"), "--expose", "b=" + where.format(port, "can1"),
                         text=text) as on:
            with Socketcand(port, "can0") as a, Socketcand(port, "can1") as b, Socketcand(port, "can0") as other_a:
                b.send("< send 1 0 >")
                a.send("< send 2 0 >")
                self.assertEqual(other_a.frame(), ("002", ""))
                self.assertTrue(b.silent(0.1) and a.silent(0.1))
        self.assertEqual(on.stderr(), "")

    def test_can_fd_is_counted_and_named(self):
        text = """
canstage: 1
buses: { can: { bitrate: 500k, data_bitrate: 2M } }
ecus:
  engine: { address: { request: "7E0", response: "7E8" }, isotp: { tx_dl: 64 } }
"""
        with self.served("--expose", "can=socketcand:0", text=text) as on:
            with Socketcand(on.ports["can"]) as client:
                client.send("< send 7E0 3 02 3E 00 >")
                on.wait_for_error("carries no CAN FD frames; clients do not see those of this bus")
                client.send("< send 7E0 C 0 0 0 0 0 0 0 0 0 0 0 0 >")
                on.wait_for_error("CAN FD frames are not carried")
                self.assertTrue(client.silent(0.1))
        self.assertIn(": 1 CAN FD frames and 0 remote frames were not carried", on.stderr())

    # Isotpserver.

    def test_clients_are_a_tester_of_an_ecu(self):
        with self.served("--expose", "engine=isotpserver:0") as on:
            with Client(on.ports["engine"]) as one, Client(on.ports["engine"]) as other:
                one.send("<22f190>")
                self.assertEqual(one.text(), f"<62F190{VIN}>")
                self.assertEqual(other.text(), f"<62F190{VIN}>")  # as of isotpserver: each has its socket
                other.send("<3E00> <22F1")
                self.assertEqual(other.text(), "<7E00>")
                other.send("90>\n")
                self.assertEqual(other.text(), f"<62F190{VIN}>")

    def test_the_first_message_is_not_lost(self):
        with self.served("--expose", "engine=isotpserver:0") as on:
            for _ in range(20):
                with socket.create_connection(("127.0.0.1", on.ports["engine"]), timeout=PATIENCE) as client:
                    client.sendall(b"<3E00>")
                    client.shutdown(socket.SHUT_WR)
                    self.assertEqual(client.recv(100), b"<7E00>\n")
                    self.assertEqual(client.recv(100), b"")

    def test_a_tcp_program_is_an_ecu(self):
        text = """
canstage: 1
buses: { can: { bitrate: 500k } }
endpoints:
  mine: { rx: "123", tx: "456" }
"""
        with self.served("--expose", "mine=isotpserver:0", "--expose", "can=socketcand:0", text=text) as on:
            with Socketcand(on.ports["can"]) as tester:
                tester.send("< send 123 8 10 0A 0 1 2 3 4 5 >")
                self.assertTrue(tester.silent(0.2))  # nobody is there, and so is no flow control
                with Client(on.ports["mine"]) as program:
                    program.send("<AA>")
                    self.assertEqual(tester.frame(), ("456", "01AACCCCCCCCCCCC"))
                    tester.send("< send 123 8 10 0A 0 1 2 3 4 5 >")
                    self.assertEqual(tester.frame(), ("456", "300000CCCCCCCCCC"))
                    tester.send("< send 123 5 21 6 7 8 9 >")
                    self.assertEqual(program.text(), "<00010203040506070809>")
                    program.send("<" + "11" * 8 + ">")
                    self.assertEqual(tester.frame(), ("456", "1008111111111111"))
                    # No flow control comes: N_Bs, and the program learns it in the only way there is.
                    self.assertTrue(program.is_closed())
                    on.wait_for_error("its message was not sent: N_TIMEOUT_Bs")

    # What cannot be.

    def test_wrong_command_lines(self):
        echo = self.write("echo.yaml", ECUS + 'endpoints: { raw: { rx: "123", tx: "456", do: echo } }\n')
        for words, message in [
                (("serve", echo, "--expose", "raw=isotpserver:0"), "'do: none' only"),
                (("serve", echo, "--expose", "x=isotpserver:0"), "has no ECU or endpoint x"),
                (("serve", echo, "--expose", "engine=socketcand:0"), "has no bus engine"),
                (("serve", echo, "--expose", "can=socketcand"), "BUS=socketcand:HOST:PORT"),
                (("serve", echo, "--expose", "can=socketcand:nowhere"), "where to listen was expected"),
                (("serve", echo, "--expose", "can=socketcand:1:2:3"), "where to listen was expected"),
                (("serve", echo, "--expose", "can=socketcand:0/12345678901234567"), "names of 1 to 15 characters"),
                (("serve", echo, "--expose", "can=socketcand:7001", "--expose", "engine=isotpserver:7001"),
                 "127.0.0.1:7001 is where can listens"),
                (("serve", echo, echo), "serve takes one scenario file"),
                (("serve", self.write("virtual.yaml", ECUS + "time: virtual\n")), "live in real time")]:
            with self.subTest(words=words[2:]):
                done = run(*words, status=2)
                self.assertIn(message, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)
                self.assertEqual(done.stdout, "")

    def test_where_nobody_can_listen(self):
        path = self.write("served.yaml", ECUS)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            for where, message in [(f"127.0.0.1:{taken.getsockname()[1]}", "is in use by another program"),
                                   ("192.0.2.1:7000", "192.0.2.1:7000 is no address of this machine"),
                                   ("no-such-host.invalid:7000", "no-such-host.invalid")]:
                with self.subTest(where=where):
                    done = run("serve", path, "--expose", f"can=socketcand:{where}", status=3)
                    self.assertIn(message, done.stderr)
                    self.assertEqual((done.stderr.count("\n"), done.stdout), (1, ""))


if __name__ == "__main__":
    unittest.main()
