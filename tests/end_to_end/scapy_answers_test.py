#!/usr/bin/python3
"""Every answer of the scenarios that ship, taken apart by Debian's python3-scapy, which knows nothing of us."""
import logging
import os
import unittest
import warnings

from program import SHIPPED, report

# Scapy looks for the routes of a machine that may have none, and remembers what it has done in a home folder.
os.environ.setdefault("HOME", "/tmp")
logging.getLogger("scapy").setLevel(logging.ERROR)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scapy.config import conf
    conf.contribs["UDS"] = conf.contribs["OBD"] = {"treat-response-pending-as-answer": False}
    from scapy.contrib.automotive.obd.obd import OBD
    from scapy.contrib.automotive.uds import UDS, UDS_NR
    from scapy.packet import Raw

# Of 19 scapy knows the sub-functions of the edition of 2006.
LAST_REPORT = 0x15


def exchanges():
    """What passed in the scenarios: (file, request, answer, our words), each pair of messages once."""
    seen = set()
    for path in SHIPPED:
        if path.name == "bad_ecus.yaml":
            continue  # what is wrong on purpose
        status = 1 if path.name == "functional_vin_wrong.yaml" else 0
        for step in report(path, status=status)["steps"]:
            for verdict in step["verdicts"]:
                pair = (step["request"], verdict["answer"])
                if None in pair or not verdict["passed"] or pair in seen:
                    continue
                seen.add(pair)
                yield path.name, bytes.fromhex(pair[0]), bytes.fromhex(pair[1]), verdict["answer_text"]


def has_no_field(answer):
    """Whether scapy leaves the end of such an answer to whoever asks: data of DIDs, status of routines."""
    if answer[0] == 0x59:
        return answer[1] > LAST_REPORT
    return answer[0] in (0x62, 0x71) or answer[:2] == b"\xC3\x01"


def remainder(packet):
    return bytes(packet[Raw]) if packet.haslayer(Raw) else b""


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.all = list(exchanges())

    def each(self, check, obd=False):
        """Calls `check(packet of scapy, request, answer, our words)` for each answer of UDS, or of OBD."""
        for file, request, answer, words in self.all:
            if (request[0] <= 0x0F) != obd:
                continue
            packet = (OBD if obd else UDS)(answer)
            with self.subTest(file=file, request=request.hex(" "), answer=answer.hex(" "), scapy=repr(packet)):
                check(packet, request, answer, words)

    def test_there_is_something_of_each_service(self):
        services = {request[0] for _, request, _, _ in self.all}
        # 28 is asked for silence, 35 by a step of several exchanges.
        self.assertEqual(services, {
            0x01, 0x02, 0x03, 0x04, 0x07, 0x09, 0x0A, 0x10, 0x11, 0x14, 0x19, 0x22, 0x23, 0x24, 0x27, 0x29, 0x2A, 0x2C,
            0x2E, 0x2F, 0x31, 0x34, 0x36, 0x37, 0x38, 0x3D, 0x3E, 0x83, 0x84, 0x85, 0x86, 0x87})

    def test_nothing_is_left_over_and_nothing_is_lost(self):
        def check(packet, _, answer, __):
            self.assertEqual(bytes(packet), answer)
            if not has_no_field(answer):
                self.assertEqual(remainder(packet), b"")
        self.each(check)

    def test_scapy_takes_it_for_an_answer_to_that_request(self):
        self.each(lambda packet, request, _, __: self.assertTrue(packet.answers(UDS(request))))

    def test_services_and_negative_responses_have_the_same_names(self):
        def check(packet, request, answer, words):
            service = UDS.services[request[0]]
            if request[0] == 0x2A:
                service = "ReadDataByPeriodicIdentifier"  # the standard's name; scapy leaves out the By
            if answer[0] != 0x7F:
                self.assertTrue(words.startswith(service + " answered"), words)
            elif answer[2] in UDS_NR.negativeResponseCodes:
                name = packet.sprintf("%UDS_NR.negativeResponseCode%")
                self.assertEqual(words, f"{service} refused: {name} ({answer[2]:02X})")
        self.each(check)

    def test_fields_are_where_scapy_looks_for_them(self):
        def check(packet, request, answer, words):
            if answer[0] == 0x50:
                record = packet.sessionParameterRecord
                p2, p2_star = int.from_bytes(record[:2], "big"), 10 * int.from_bytes(record[2:], "big")
                self.assertEqual(len(record), 4)
                self.assertTrue(words.endswith(f"P2 {p2} ms, P2* {p2_star} ms"), words)
                self.assertIn(packet.sprintf("%UDS_DSCPR.diagnosticSessionType%"), words)
            elif answer[0] == 0x59 and packet.reportType in (0x01, 0x07):
                self.assertIn(f" {packet.DTCCount} DTC", words)
            elif answer[0] == 0x59 and packet.reportType <= LAST_REPORT and packet.DTCAndStatusRecord is not None:
                self.assertEqual(len(packet.DTCAndStatusRecord) % 4, 0)
            elif answer[0] == 0x62:
                self.assertEqual(packet.dataIdentifier, int.from_bytes(request[1:3], "big"))
            elif answer[0] == 0x78 and packet.modeOfOperation != 2:
                self.assertEqual(packet.lengthFormatIdentifier, len(packet.maxNumberOfBlockLength))
            elif answer[0] == 0x7F:
                self.assertEqual(len(answer), 3)
                self.assertEqual(packet.requestServiceId, request[0])
        self.each(check)

    def test_obd_is_taken_apart_to_the_last_byte(self):
        def check(packet, request, answer, _):
            self.assertEqual(bytes(packet), answer)
            self.assertEqual(remainder(packet), b"")
            self.assertTrue(packet.answers(OBD(request)))
        self.each(check, obd=True)

    def test_obd_values_are_what_the_scenario_says(self):
        (data,) = [OBD(answer) for file, request, answer, _ in self.all
                   if file == "vehicle.yaml" and request == b"\x01\x0D\x0C\x05\x42" and len(answer) > 10]
        # Speed in km/h, engine speed in 1/min, coolant temperature in degrees, voltage in V.
        self.assertEqual([record.payload.data for record in data.data_records], [50, 1726, 83, 14.0])


if __name__ == "__main__":
    unittest.main()
