#!/usr/bin/env python3
"""The scenarios that ship, played by the program."""
import unittest

from program import SCENARIOS, outcomes, report, run

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
    def test_every_misbehaviour_is_found_by_the_verdict_in_the_name_of_its_step(self):
        found = 0
        for step in report(SCENARIOS / "bad_ecus.yaml", status=1)["steps"]:
            if ": " not in step["name"]:
                continue
            wanted = step["name"].split(":")[0]
            with self.subTest(step=step["name"]):
                outcomes_there = {verdict["outcome"] for verdict in step["verdicts"]} - {"as_expected"}
                self.assertEqual(outcomes_there, {wanted} - {"as_expected"})
            found += 1
        self.assertGreater(found, 20)


class Flash(unittest.TestCase):
    def test_256_kib_are_programmed(self):
        found = report(SCENARIOS / "flash.yaml")
        self.assertTrue(found["passed"])
        (download,) = [step for step in found["steps"] if step["name"].startswith("the new software")]
        self.assertEqual(download["verdicts"][0]["detail"], "262144 bytes in 65 blocks of up to 4093 bytes")


class Others(unittest.TestCase):
    def test_diagnostic_session(self):
        self.assertTrue(report(SCENARIOS / "diagnostic_session.yaml")["passed"])

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
