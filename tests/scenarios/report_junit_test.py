#!/usr/bin/env python3
"""Reads the golden JUnit report as a CI server does: report_junit_test.cpp proves that it is ours."""
import unittest
import xml.etree.ElementTree as tree


class JUnit(unittest.TestCase):
    def setUp(self):
        self.root = tree.parse("tests/golden/report_junit.xml").getroot()

    def counts(self, element):
        cases = list(element.iter("testcase"))
        having = lambda kind: sum(1 for case in cases if case.find(kind) is not None)
        return [len(cases), having("failure"), having("skipped"), having("error")]

    def test_counts_are_true(self):
        for element in [self.root, *self.root.findall("testsuite")]:
            said = [int(element.get(key)) for key in ("tests", "failures", "skipped", "errors")]
            self.assertEqual(said, self.counts(element))

    def test_suites_are_scenarios(self):
        names = [suite.get("name") for suite in self.root]
        self.assertEqual(names, ["VIN from every powertrain ECU", '<a> & "b" \ufffd \ufffd \u00e4'])

    def test_times_are_seconds_of_the_stage(self):
        self.assertEqual([suite.get("time") for suite in self.root], ["30.345", "30.345"])
        self.assertEqual(self.root.get("time"), "60.690")

    def test_a_case_for_each_step_and_ecu(self):
        cases = self.root[0].findall("testcase")
        pairs = [(case.get("classname"), case.get("name")) for case in cases]
        self.assertEqual(len(set(pairs)), len(pairs))
        self.assertEqual(pairs[0], ("VIN from every powertrain ECU 1 everybody is asked at once", "engine"))

    def test_a_failure_says_what_and_why(self):
        failure = next(case for case in self.root.iter("testcase") if case.get("name") == "airbag").find("failure")
        self.assertEqual(failure.get("type"), "wrong_answer")
        self.assertTrue(failure.get("message").startswith("answered otherwise: expected 62 F1 90"))
        lines = failure.text.split("\n")
        self.assertEqual(lines[2][lines[3].index("^^"):][:2], "58")

    def test_not_run_is_skipped_and_the_end_of_a_run_is_an_error(self):
        skipped = [case.find("skipped").get("message") for case in self.root.iter("testcase")
                   if case.find("skipped") is not None]
        self.assertEqual(skipped, ["needs {seed}, which step 4 did not capture", "interrupted"])
        errors = [error.get("message") for error in self.root.iter("error")]
        self.assertEqual(errors, ["ecu engine: bad <variant> access", "the run was interrupted"])

    def test_what_xml_cannot_say_is_replaced(self):
        case = self.root[1][0]
        self.assertEqual(case.get("name"), "engine ]]> \ufffd")
        self.assertTrue(case.get("classname").endswith("line\nend\ufffd[31m"))


if __name__ == "__main__":
    unittest.main()
