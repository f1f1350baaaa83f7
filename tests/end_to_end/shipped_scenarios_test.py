#!/usr/bin/env python3
"""The scenarios that ship, played by the program."""
import json
import pathlib
import tempfile
import unittest
import zlib

from program import SCENARIOS, SHIPPED, outcomes, report, run

# Every service of UDS and OBD that a simulated ECU can have, as messages in words call it.
SERVICES = [
    "AccessTimingParameter", "Authentication", "ClearDiagnosticInformation", "CommunicationControl", "ControlDTCSetting",
    "DiagnosticSessionControl", "DynamicallyDefineDataIdentifier", "ECUReset", "InputOutputControlByIdentifier",
    "LinkControl", "ReadDTCInformation", "ReadDataByIdentifier", "ReadDataByPeriodicIdentifier", "ReadMemoryByAddress",
    "ReadScalingDataByIdentifier", "RequestDownload", "RequestFileTransfer", "RequestTransferExit", "RequestUpload",
    "ResponseOnEvent", "RoutineControl", "SecuredDataTransmission", "SecurityAccess", "TesterPresent", "TransferData",
    "WriteDataByIdentifier", "WriteMemoryByAddress",
    "OBD current data", "OBD freeze frame data", "OBD emission-related DTCs", "OBD clear diagnostic information",
    "OBD pending DTCs", "OBD vehicle information", "OBD permanent DTCs",
]

VIN = SCENARIOS / "functional_vin.yaml"
WRONG = SCENARIOS / "functional_vin_wrong.yaml"


class FunctionalVin(unittest.TestCase):
    def test_everybody_behaves_as_expected(self):
        done = run("run", VIN)
        self.assertIn("as expected", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_two_pendings_at_80_percent_of_p2_and_p2_star(self):
        for step in report(VIN)["steps"]:
            for verdict in step["verdicts"]:
                if verdict["who"] == "hybrid":
                    first, second = verdict["pendings_ns"]
        self.assertTrue(40_000_000 <= first < 50_000_000, first)
        self.assertTrue(4_000_000_000 <= second - first < 5_000_000_000, second - first)

    def test_answers_are_reassembled_from_many_ecus_at_once(self):
        verdicts = [v for step in report(VIN)["steps"][:2] for v in step["verdicts"] if v.get("answer")]
        self.assertGreaterEqual(sum(len(v["answer"].split()) == 20 for v in verdicts), 10)

    def test_real_time_gives_the_same_verdicts(self):
        self.assertEqual(outcomes(report("--time", "real", VIN)), outcomes(report(VIN)))


class FunctionalVinWrong(unittest.TestCase):
    def test_every_kind_of_wrong_is_reported_as_such(self):
        found = set(outcomes(report(WRONG, status=1)).values())
        self.assertLessEqual({"late", "wrong_answer", "silent", "unexpected", "unknown_responder"}, found)

    def test_the_unknown_responder_is_on_body_and_named_by_its_identifier(self):
        unknown = [who for (_, who), what in outcomes(report(WRONG, status=1)).items() if what == "unknown_responder"]
        self.assertEqual(len(unknown), 1, unknown)
        self.assertRegex(unknown[0], "^18DAF1[0-9A-F]{2}$")

    def test_the_terminal_says_so(self):
        text = run("run", WRONG, status=1).stdout
        for word in ("LATE", "ANSWERED OTHERWISE", "SILENT", "NOT EXPECTED", "UNKNOWN RESPONDER", "FAILED"):
            self.assertIn(word, text)


class BadEcus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.steps = report(SCENARIOS / "bad_ecus.yaml", status=1)["steps"]

    def test_every_misbehaviour_is_found_by_the_verdict_in_the_name_of_its_step(self):
        for step in self.steps:
            wanted = {step["name"].split(":")[0]} if ": " in step["name"] else set()
            if step["path"] == "script":
                wanted = {"script_error"}
            with self.subTest(step=step["name"]):
                found = {verdict["outcome"] for verdict in step["verdicts"]}
                self.assertEqual(found - {"as_expected"}, wanted - {"as_expected"})

    def test_there_is_one_for_every_outcome(self):
        found = {verdict["outcome"] for step in self.steps for verdict in step["verdicts"]}
        self.assertEqual(found, {
            "as_expected", "wrong_answer", "late", "silent", "unexpected", "wrong_pending", "incomplete", "out_of_order",
            "out_of_limits", "unknown_responder", "not_sent", "script_error"})

    def test_there_is_one_for_every_fault_of_isotp(self):
        schema = json.loads(run("schema").stdout)
        faults = schema["$defs"]["fault"]["properties"]["do"]["anyOf"][0]["enum"]
        text = (SCENARIOS / "bad_ecus.yaml").read_text(encoding="utf-8")
        of_isotp = faults[:faults.index("drop")]
        self.assertEqual(len(of_isotp), 10)
        self.assertEqual([fault for fault in of_isotp if f"do: {fault}" not in text], [])


class Flash(unittest.TestCase):
    def test_256_kib_are_programmed(self):
        found = report(SCENARIOS / "flash.yaml")
        self.assertTrue(found["passed"])
        (download,) = [step for step in found["steps"] if step["name"].startswith("the new software")]
        self.assertEqual(download["verdicts"][0]["detail"], "262144 bytes in 65 blocks of up to 4093 bytes")

    def test_its_checksum_is_that_of_another_program(self):
        data = bytes.fromhex("C5 A3 96 5A 0F F0 3C C3 69 96 A5 5A 00 FF 55 AA") * (262144 // 16)
        asked = [step["request"] for step in report(SCENARIOS / "flash.yaml")["steps"]]
        self.assertIn(f"31 01 02 02 {zlib.crc32(data).to_bytes(4, 'big').hex(' ').upper()}", asked)


class Vehicle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.found = report(SCENARIOS / "vehicle.yaml")

    def test_14_ecus_on_two_buses_do_as_expected(self):
        self.assertTrue(self.found["passed"])
        ecus = {verdict["who"] for step in self.found["steps"][:2] for verdict in step["verdicts"]}
        self.assertEqual(len(ecus), 14)

    def test_every_service_is_asked_for(self):
        with tempfile.TemporaryDirectory() as folder:
            trace = pathlib.Path(folder) / "vehicle.log"
            run("run", "-q", "--trace", trace, SCENARIOS / "vehicle.yaml")
            words = run("explain", "--scenario", SCENARIOS / "vehicle.yaml", trace).stdout
        for name in SERVICES:
            self.assertRegex(words, rf"(scan_tool|workshop) > .*  (SN \d+, whole: )?{name}\b")

    def test_what_is_expected_of_an_answer_is_its_content(self):
        for step in self.found["steps"]:
            for verdict in step["verdicts"]:
                with self.subTest(step=step["path"], who=verdict["who"]):
                    self.assertNotEqual(verdict["outcome"], "not_judged")
                    self.assertNotEqual(verdict["expected"], "anything")
                    self.assertNotIn("*", verdict["expected"] or "")


class Others(unittest.TestCase):
    def test_all_are_listed_in_the_documentation(self):
        page = pathlib.Path("docs/README.md").read_text(encoding="utf-8")
        self.assertEqual([path.name for path in SHIPPED if f"(../scenarios/{path.name})" not in page], [])

    def test_diagnostic_session(self):
        self.assertTrue(report(SCENARIOS / "diagnostic_session.yaml")["passed"])

    def test_obd(self):
        self.assertTrue(report(SCENARIOS / "obd.yaml")["passed"])

    def test_obd_poll_sends_a_thousand_requests(self):
        found = report(SCENARIOS / "obd_poll.yaml")
        self.assertTrue(found["passed"])
        self.assertEqual(sum(1 for step in found["steps"] if step.get("request")), 1000)

    def test_several_files_in_order(self):
        text = run("run", VIN, WRONG, status=1).stdout
        first, second = text.find(VIN.name), text.find(WRONG.name)
        self.assertTrue(0 <= first < second, text)


if __name__ == "__main__":
    unittest.main()
