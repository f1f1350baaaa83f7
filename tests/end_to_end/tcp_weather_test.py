#!/usr/bin/env python3
"""TCP clients that misbehave: who does wrong is dropped with a reason, nobody else suffers."""
import resource
import socket
import unittest

from program import InFolder
from served import ECUS, PATIENCE, Client, Served, Socketcand, wait_until

# What a hundred megabytes that nobody reads must not become.
MOST_MEGABYTES = 100


class Weather(InFolder):
    def served(self, text=ECUS):
        return Served(self.write("served.yaml", text), "--expose", "can=socketcand:0", "--expose", "engine=isotpserver:0")

    def assert_all_is_well(self, on):
        """A client of each kind gets its answer."""
        with Client(on.ports["engine"]) as tester, Socketcand(on.ports["can"]) as bus:
            tester.send("<3E00>")
            self.assertEqual(tester.text(), "<7E00>")
            self.assertEqual([bus.frame()[0], bus.frame()[0]], ["7E0", "7E8"])

    def test_garbage(self):
        with self.served() as on, Socketcand(on.ports["can"]) as bystander:
            for name, garbage in [("can", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), ("can", bytes(range(256))),
                                  ("can", b"< open can >" + b"\0" * 1000), ("engine", bytes(range(256)) * 300)]:
                with Client(on.ports[name]) as client:
                    client.send(garbage)
                    self.assertTrue(client.is_closed())
            on.wait_for_error("is dropped: what it sends is not socketcand")
            on.wait_for_error("is dropped: it sends no messages between '<' and '>'")
            self.assertTrue(bystander.silent(0.1))
            self.assert_all_is_well(on)
            bystander.frame()

    def test_half_a_frame(self):
        with self.served() as on:
            with Client(on.ports["engine"]) as tester, Client(on.ports["can"]) as bus:
                tester.send("<3E")
                bus.send("< open ca")
                self.assert_all_is_well(on)
                on.wait_for_error("is dropped: half a message, and then nothing for 10 s")
                on.wait_for_error("is dropped: half a command, and then nothing for 10 s")
                self.assertTrue(tester.is_closed() and bus.is_closed())
            with Client(on.ports["engine"]) as tester, Client(on.ports["can"]) as bus:
                tester.send("<3E")
                bus.send("< open ca")
            self.assert_all_is_well(on)

    def test_a_line_of_100_megabytes(self):
        with self.served() as on:
            for name in ["can", "engine"]:
                with Client(on.ports[name]) as client:
                    try:
                        for _ in range(1000):
                            client.send(b"<" + b"1" * 100_000)
                    except OSError:
                        pass  # it is dropped long before the end
                    else:
                        self.assertTrue(client.is_closed())
            on.wait_for_error("is dropped: what it sends is not socketcand")
            on.wait_for_error("is dropped: it sends no messages")
            self.assertLess(on.resident_megabytes(), MOST_MEGABYTES)
            self.assert_all_is_well(on)

    def test_1000_connections(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        with self.served() as on, Socketcand(on.ports["can"]) as early:
            before = on.open_files()
            crowd = [socket.create_connection(("127.0.0.1", on.ports["can"]), timeout=PATIENCE) for _ in range(1000)]
            on.wait_for_error("there are 256 clients; more are turned away")
            early.send("< send 7E0 3 2 3E 0 >")
            self.assertEqual(early.frame(), ("7E8", "027E00CCCCCCCCCC"))
            with Client(on.ports["engine"]) as tester:
                tester.send("<3E00>")
                self.assertEqual(tester.text(), "<7E00>")
            for one in crowd:
                one.close()
            wait_until(lambda: on.open_files() == before, lambda: f"{on.open_files()} files, {before} before")
            self.assert_all_is_well(on)
            self.assertLess(on.resident_megabytes(), MOST_MEGABYTES)
            self.assertLess(on.stderr().count("\n"), 10)

    def test_more_connections_than_files(self):
        # Both ends of a connection count for this process: only the server is short of files.
        path = self.write("served.yaml", ECUS)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
        try:
            on = Served(path, "--expose", "can=socketcand:0", "--expose", "engine=isotpserver:0")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        with on:
            crowd = [socket.create_connection(("127.0.0.1", on.ports["can"]), timeout=PATIENCE) for _ in range(200)]
            on.wait_for_error("this process may open no more files; new clients are turned away")
            for one in crowd:
                one.close()
            wait_until(lambda: on.open_files() < 40, lambda: f"{on.open_files()} files")
            self.assert_all_is_well(on)

    def test_a_client_that_never_reads(self):
        text = "canstage: 1\nbuses: { can: {} }\necus: { engine: { address: { request: 7E0, response: 7E8 } } }\n"
        with self.served(text) as on:
            with Socketcand(on.ports["can"]) as deaf, Socketcand(on.ports["can"]) as busy:
                # TCP slows this client down; the other one hears more than 20 MB if it has to.
                text = "< send 18DA10F1 8 1 2 3 4 5 6 7 8 >" * 1000
                for _ in range(500):
                    busy.send(text)
                    if "is dropped" in on.stderr():
                        break
                on.wait_for_error("is dropped: it does not read")
                self.assertIn(f"client 127.0.0.1:{deaf.socket.getsockname()[1]} is dropped", on.stderr())
                self.assertLess(on.resident_megabytes(), MOST_MEGABYTES)
                # Who has sent all that has not suffered.
                busy.send("< echo >")
                self.assertEqual(busy.text(), "< echo >")
            self.assert_all_is_well(on)

    def test_a_client_that_sends_faster_than_the_bus(self):
        with self.served() as on, Socketcand(on.ports["can"]) as fast, Socketcand(on.ports["can"]) as other:
            fast.socket.settimeout(0.5)
            try:
                for _ in range(2000):
                    fast.send("< send 7FF 8 1 2 3 4 5 6 7 8 >" * 1000)
            except socket.timeout:
                pass  # it has to wait
            else:
                self.fail("60 MB went into a bus of 500 kbit/s")
            self.assertEqual(other.frame(), ("7FF", "0102030405060708"))
            with Client(on.ports["engine"]) as tester:
                tester.send("<3E00>")
                self.assertEqual(tester.text(), "<7E00>")
            self.assertLess(on.resident_megabytes(), MOST_MEGABYTES)

    def test_reports_about_clients_are_bounded(self):
        with self.served() as on:
            for _ in range(100):
                with Client(on.ports["can"]) as client:
                    client.send("garbage")
                    self.assertTrue(client.is_closed())
            self.assert_all_is_well(on)
            self.assertGreaterEqual(on.stderr().count("\n"), 20)
            self.assertLess(on.stderr().count("\n"), 90)


if __name__ == "__main__":
    unittest.main()
