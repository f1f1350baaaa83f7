#!/usr/bin/python3
"""Debian's python3-can and python3-scapy join a served bus through socketcand: no CAN on this machine is needed."""
import logging
import os
import time
import unittest
import warnings

import can

from program import InFolder
from served import ECUS, PATIENCE, Served

# Scapy looks for the routes of a machine that may have none, and remembers what it has done in a home folder.
os.environ.setdefault("HOME", "/tmp")
logging.getLogger("scapy.runtime").setLevel(logging.ERROR)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scapy.config import conf
    conf.contribs["ISOTP"] = {"use-can-isotp-kernel-module": False}
    conf.contribs["CANSocket"] = {"use-python-can": True}
    from scapy.contrib.automotive.uds import UDS, UDS_NR, UDS_RDBI, UDS_RDBIPR
    from scapy.contrib.isotp import ISOTP, ISOTPSoftSocket
    from scapy.layers.can import CAN
    from scapy.contrib.cansocket_python_can import PythonCANSocket

VIN = b"WVWZZZ1JZXW000001"


class Strangers(InFolder):
    def setUp(self):
        super().setUp()
        self.on = Served(self.write("served.yaml", ECUS), "--expose", "can=socketcand:0/can0")
        self.on.__enter__()
        self.addCleanup(lambda: self.on.__exit__(None, None, None))

    def python_can(self):
        bus = can.interface.Bus(interface="socketcand", host="127.0.0.1", port=self.on.ports["can"], channel="can0")
        self.addCleanup(bus.shutdown)
        return bus

    @staticmethod
    def receive(bus):
        """The next frame: (identifier, data)."""
        message = bus.recv(timeout=PATIENCE)
        assert message is not None, "nothing was received"
        return message.arbitration_id, bytes(message.data)

    @staticmethod
    def send(bus, identifier, data):
        bus.send(can.Message(arbitration_id=identifier, data=bytes.fromhex(data), is_extended_id=identifier > 0x7FF))

    def test_python_can_asks_an_ecu(self):
        bus = self.python_can()
        self.send(bus, 0x7E0, "02 3E 00")
        self.assertEqual(self.receive(bus), (0x7E8, bytes.fromhex("02 7E 00 CC CC CC CC CC")))
        self.assertIsNone(bus.recv(timeout=0.1))

    def test_python_can_reads_a_long_answer(self):
        bus = self.python_can()
        self.send(bus, 0x7E0, "03 22 F1 90")
        self.assertEqual(self.receive(bus), (0x7E8, bytes.fromhex("10 14 62 F1 90") + VIN[:3]))
        self.send(bus, 0x7E0, "30 00 00")
        self.assertEqual(self.receive(bus), (0x7E8, b"\x21" + VIN[3:10]))
        self.assertEqual(self.receive(bus), (0x7E8, b"\x22" + VIN[10:]))

    def test_no_tester_of_the_scenario_speaks(self):
        served = self.write("with_tester.yaml", ECUS + "testers: { tester: { bus: can } }\n")
        with Served(served, "--expose", "can=socketcand:0/can0") as on:
            bus = can.interface.Bus(interface="socketcand", host="127.0.0.1", port=on.ports["can"], channel="can0")
            self.send(bus, 0x7E0, "03 22 F1 90")
            self.assertEqual(self.receive(bus)[1][:2], b"\x10\x14")
            self.assertIsNone(bus.recv(timeout=0.5))  # the flow control is ours to send
            bus.shutdown()

    def test_a_functional_request_is_answered_by_all(self):
        bus = self.python_can()
        self.send(bus, 0x7DF, "02 3E 00")
        self.assertEqual(sorted(self.receive(bus)[0] for _ in range(2)), [0x7E8, 0x7E9])

    def test_the_time_is_the_time_of_day(self):
        bus = self.python_can()
        self.send(bus, 0x7E0, "02 3E 00")
        message = bus.recv(timeout=PATIENCE)
        self.assertLess(abs(message.timestamp - time.time()), PATIENCE)

    def test_buses_of_python_can_hear_each_other_and_lose_nothing(self):
        # More than its client reads at once: that it cuts frames in two must not cost one.
        one, other = self.python_can(), self.python_can()
        for number in range(300):
            self.send(one, 0x18DA0000 + number, "01 02 03 04 05 06 07 08")
        found = [self.receive(other)[0] for _ in range(300)]
        self.assertEqual(found, [0x18DA0000 + number for number in range(300)])
        self.assertIsNone(one.recv(timeout=0.1))

    def test_a_slow_reader_of_python_can_loses_nothing(self):
        one, other = self.python_can(), self.python_can()
        for number in range(200):
            self.send(one, 0x100 + number, "01 02 03 04 05 06 07 08")
        self.send(one, 0x7E0, "02 3E 00")
        self.receive(one)  # all the others are on the bus by now, and nobody has read them
        self.assertEqual([self.receive(other)[0] for _ in range(200)], [0x100 + number for number in range(200)])

    def scapy_socket(self):
        # Scapy keeps one connection for each interface and channel of the process, whatever its port.
        found = PythonCANSocket(bustype="socketcand", host="127.0.0.1", port=self.on.ports["can"], channel="can0")
        self.addCleanup(found.close)
        return found

    def test_scapy_sends_and_receives_frames(self):
        sock = self.scapy_socket()
        answer = sock.sr1(CAN(identifier=0x7E0, data=b"\x02\x3E\x00"), timeout=PATIENCE, verbose=False)
        self.assertEqual((answer.identifier, bytes(answer.data)), (0x7E8, bytes.fromhex("027E00CCCCCCCCCC")))

    def test_scapy_has_isotp(self):
        with ISOTPSoftSocket(self.scapy_socket(), tx_id=0x7E0, rx_id=0x7E8) as sock:
            answer = sock.sr1(ISOTP(b"\x22\xF1\x90"), timeout=PATIENCE, verbose=False)
            self.assertEqual(answer.data, b"\x62\xF1\x90" + VIN)

    def test_scapy_speaks_uds(self):
        with ISOTPSoftSocket(self.scapy_socket(), tx_id=0x7E0, rx_id=0x7E8, basecls=UDS) as sock:
            answer = sock.sr1(UDS() / UDS_RDBI(identifiers=[0xF190]), timeout=PATIENCE, verbose=False)
            self.assertEqual((answer[UDS_RDBIPR].dataIdentifier, answer.load), (0xF190, VIN))
            refusal = sock.sr1(UDS() / UDS_RDBI(identifiers=[0x1234]), timeout=PATIENCE, verbose=False)
            self.assertEqual(refusal[UDS_NR].negativeResponseCode, 0x31)  # requestOutOfRange


if __name__ == "__main__":
    unittest.main()
