#!/usr/bin/python3
"""The UDS scanner of Debian's python3-scapy explores a served ECU through socketcand, and has to find what the
scenario declares: all of it, and nothing else."""
import json
import logging
import os
import tempfile
import unittest
import warnings

from served import PATIENCE, Served

# Scapy looks for the routes of a machine that may have none, and remembers what it has done in a home folder.
os.environ.setdefault("HOME", "/tmp")
logging.getLogger("scapy").setLevel(logging.ERROR)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scapy.config import conf
    conf.contribs["ISOTP"] = {"use-can-isotp-kernel-module": False}
    conf.contribs["CANSocket"] = {"use-python-can": True}
    from scapy.contrib.automotive.uds import UDS, UDS_ER
    from scapy.contrib.automotive.uds_scan import (
        UDS_DSCEnumerator, UDS_EREnumerator, UDS_RCEnumerator, UDS_RDBIEnumerator, UDS_SAEnumerator,
        UDS_Scanner, UDS_ServiceEnumerator)
    from scapy.contrib.cansocket_python_can import PythonCANSocket
    from scapy.contrib.isotp import ISOTPSoftSocket
logging.getLogger("scapy.contrib.automotive").setLevel(logging.ERROR)  # which its import has set

DEFAULT, PROGRAMMING, EXTENDED, OWN = 1, 2, 3, 0x40
OUTSIDE_DEFAULT = {PROGRAMMING, EXTENDED, OWN}
EVERYWHERE = {DEFAULT} | OUTSIDE_DEFAULT

SCENARIO = {
    "canstage": 1,
    "buses": {"can": {"bitrate": "500k"}},
    "ecus": {"engine": {
        "address": {"request": "7E0", "response": "7E8"},
        "uds": {
            "timing": {"s3": "60s"},  # a loaded machine is slow between two requests
            "diagnostic_sessions": {"programming": {}, "extended": {}, "40": {"from": "extended"}},
            "reset": {"types": ["hard", "soft"]},
            "dids": {
                "F187": "5QE 906 012 B",
                "F190": "WVWZZZ1JZXW000001",
                "F18C": {"text": "ENG-4711", "read": {"diagnostic_session": "extended"}},
            },
            "security": {"01": {"key": "not"}, "11": {"key": "not", "diagnostic_session": "programming"}},
            "routines": {"0200": {"start": {"reply": "00"}},
                         "FF00": {"start": {}, "diagnostic_session": "programming"}},
            "communication": {},
            "dtcs": {"P0123-17": "2F"},
        },
    }},
}

# The same as the scanner has to find it: in which diagnostic sessions each of them is.
DIAGNOSTIC_SESSIONS = {PROGRAMMING: EVERYWHERE, EXTENDED: EVERYWHERE, OWN: {EXTENDED}}
SERVICES = {sid: EVERYWHERE for sid in (0x10, 0x11, 0x14, 0x19, 0x22, 0x2E, 0x31, 0x3E)}
SERVICES.update({sid: OUTSIDE_DEFAULT for sid in (0x27, 0x28, 0x85)})
DIDS = {0xF186: EVERYWHERE, 0xF187: EVERYWHERE, 0xF190: EVERYWHERE, 0xF18C: {EXTENDED}}
LEVELS = {0x01: OUTSIDE_DEFAULT, 0x11: {PROGRAMMING}}
ROUTINES = {0x0200: EVERYWHERE, 0xFF00: {PROGRAMMING}}
RESETS = {0x01: EVERYWHERE, 0x03: EVERYWHERE}

# Requests are asked for one by one, some milliseconds each: not all of 65536 DIDs.
RANGES = {
    UDS_DSCEnumerator: [*range(2, 8), *range(0x3E, 0x44)],
    UDS_EREnumerator: range(0, 8),
    UDS_RDBIEnumerator: range(0xF180, 0xF1A0),
    UDS_SAEnumerator: range(1, 0x44, 2),
    UDS_RCEnumerator: [*range(0x01FE, 0x0204), *range(0xFEFE, 0xFF04)],
}


def scan(port):
    """Runs scapy's scanner over the ECU: its enumerators with their results."""
    bus = PythonCANSocket(bustype="socketcand", host="127.0.0.1", port=port, channel="can0")
    options = {f"{case.__name__}_kwargs": {"scan_range": numbers} for case, numbers in RANGES.items()}
    options["UDS_RCEnumerator_kwargs"]["type_list"] = [1]
    # This ECU needs no time to get from one state into the next.
    options["UDS_DSCEnumerator_kwargs"].update(timeout=PATIENCE, overwrite_timeout=False, delay_state_change=0)
    with ISOTPSoftSocket(bus, tx_id=0x7E0, rx_id=0x7E8, basecls=UDS) as sock:
        scanner = UDS_Scanner(
            sock, test_cases=[*RANGES, UDS_ServiceEnumerator], unittest=True, timeout=PATIENCE,
            reset_handler=lambda: sock.sr1(UDS() / UDS_ER(resetType=1), timeout=PATIENCE, verbose=False), **options)
        scanner.scan()
    bus.close()
    return {type(case): case.results for case in scanner.configuration.test_cases}


class Scan(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            json.dump(SCENARIO, file)  # JSON is YAML
            file.flush()
            with Served(file.name, "--expose", "can=socketcand:0/can0") as on:
                cls.found = scan(on.ports["can"])

    def sessions_of(self, case, number_of, refusals):
        """{number: diagnostic sessions in which it was not refused by one of these NRCs}"""
        there = {}
        for state, request, answer, _, _ in self.found[case]:
            self.assertIsNotNone(answer, f"no answer to {bytes(request).hex(' ')}")
            if answer.service != 0x7F or answer.negativeResponseCode not in refusals:
                there.setdefault(number_of(request), set()).add(state.session)
        return there

    def test_every_state_was_explored(self):
        self.assertEqual({state.session for state, *_ in self.found[UDS_ServiceEnumerator]}, EVERYWHERE)

    def test_services(self):
        found = self.sessions_of(UDS_ServiceEnumerator, lambda request: request.service, {0x11, 0x7F})
        self.assertEqual(found, SERVICES)

    def test_diagnostic_sessions(self):
        found = self.sessions_of(UDS_DSCEnumerator, lambda request: request.diagnosticSessionType, {0x12, 0x7E})
        self.assertEqual(found, DIAGNOSTIC_SESSIONS)

    def test_dids(self):
        found = self.sessions_of(UDS_RDBIEnumerator, lambda request: request.identifiers[0], {0x31})
        self.assertEqual(found, DIDS)

    def test_security_levels(self):
        found = self.sessions_of(UDS_SAEnumerator, lambda request: request.securityAccessType, {0x12, 0x7E, 0x7F})
        self.assertEqual(found, LEVELS)

    def test_routines(self):
        found = self.sessions_of(UDS_RCEnumerator, lambda request: request.routineIdentifier, {0x31})
        self.assertEqual(found, ROUTINES)

    def test_resets(self):
        found = self.sessions_of(UDS_EREnumerator, lambda request: request.resetType, {0x12})
        self.assertEqual(found, RESETS)


if __name__ == "__main__":
    unittest.main()
