#!/usr/bin/env python3
"""tools/ci/summary.py with build events as Bazel writes them."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

SUMMARY = os.path.abspath("tools/ci/summary.py")


def is_test(label):
    return {"id": {"targetConfigured": {"label": label}}, "configured": {"testSize": "SMALL"}}


def completed(label, success=True):
    return {"id": {"targetCompleted": {"label": label}}, "completed": {"success": True} if success else {}}


def aborted(kind, label, reason):
    return {"id": {kind: {"label": label}}, "aborted": {"reason": reason}}


def finished(code, name):
    # As all of Bazel's JSON, a field that is 0 is left out.
    return {"id": {"buildFinished": {}}, "finished": {"exitCode": {"name": name, **({"code": code} if code else {})}}}


class Summary(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def result(self, label, status, cases=None, shard=1, attempt=1):
        """A test's result; `cases` is one letter per case: p(assed), f(ailed), e(rror), s(kipped)."""
        outputs = [{"name": "test.log", "uri": "file:///nowhere"}]
        if cases is not None:
            kinds = {"p": "", "f": "<failure/>", "e": "<error/>", "s": "<skipped/>"}
            path = os.path.join(self.folder.name, f"a b {len(os.listdir(self.folder.name))}.xml")
            with open(path, "w", encoding="utf-8") as file:
                body = "".join(f"<testcase>{kinds[kind]}</testcase>" for kind in cases)
                file.write(f"<testsuites><testsuite>{body}</testsuite></testsuites>")
            outputs.append({"name": "test.xml", "uri": "file://" + path.replace(" ", "%20")})
        ident = {"testResult": {"label": label, "run": 1, "shard": shard, "attempt": attempt}}
        return {"id": ident, "testResult": {"status": status, "testActionOutput": outputs}}

    def check(self, events, last_line, status, mentions=()):
        path = os.path.join(self.folder.name, "events.json")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(event) + "\n" for event in events)
        done = subprocess.run([sys.executable, SUMMARY, path], stdout=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.stdout.splitlines()[-1], last_line)
        self.assertEqual(done.returncode, status)
        for text in mentions:
            self.assertIn(text, done.stdout)

    def test_all_passed(self):
        self.check([is_test("//a:t"), completed("//a:t"), self.result("//a:t", "PASSED", "ppp"),
                    finished(0, "SUCCESS")], "3 passed, 0 failed", 0)

    def test_failed_cases(self):
        self.check([is_test("//a:t"), completed("//a:t"), self.result("//a:t", "FAILED", "pfes"),
                    finished(3, "TESTS_FAILED")], "1 passed, 2 failed, 1 skipped", 1, ["FAILED //a:t: FAILED"])

    def test_bad_end_without_a_failed_case(self):
        self.check([self.result("//a:t", "FAILED", "pp"), finished(3, "TESTS_FAILED")], "2 passed, 1 failed", 1)
        self.check([self.result("//a:t", "TIMEOUT"), finished(3, "TESTS_FAILED")], "0 passed, 1 failed", 1)

    def test_shards_add_up(self):
        self.check([is_test("//a:t"), self.result("//a:t", "PASSED", "pp"), self.result("//a:t", "FAILED", "pf", 2),
                    self.result("//a:t", "PASSED", "", 3), finished(3, "TESTS_FAILED")],
                   "3 passed, 1 failed", 1, ["//a:t (shard 2): FAILED"])

    def test_last_attempt_counts(self):
        self.check([self.result("//a:t", "FAILED", "f"), self.result("//a:t", "PASSED", "p", attempt=2),
                    finished(0, "SUCCESS")], "1 passed, 0 failed", 0)

    def test_not_built_is_failed(self):
        self.check([is_test("//a:t"), is_test("//a:u"), completed("//a:t", False), completed("//a:lib", False),
                    completed("//a:u"), self.result("//a:u", "PASSED", "p"), finished(1, "BUILD_FAILURE")],
                   "1 passed, 2 failed", 1, ["FAILED //a:t: not built", "FAILED //a:lib: not built"])

    def test_broken_package_is_failed(self):
        self.check([aborted("unconfiguredLabel", "//a:t", "ANALYSIS_FAILURE"), self.result("//b:t", "PASSED", "p"),
                    finished(1, "BUILD_FAILURE")], "1 passed, 1 failed", 1, ["FAILED //a:t: ANALYSIS_FAILURE"])
        self.check([{"id": {"pattern": {"pattern": ["//no/..."]}}, "aborted": {"reason": "LOADING_FAILURE"}},
                    finished(1, "PARSING_FAILURE")], "0 passed, 1 failed", 1, ["//no/...: LOADING_FAILURE"])

    def test_nothing_but_a_bad_end(self):
        self.check([finished(2, "COMMAND_LINE_ERROR")], "0 passed, 1 failed", 1, ["bazel: COMMAND_LINE_ERROR"])
        self.check([self.result("//a:t", "PASSED", "p"), finished(8, "INTERRUPTED")], "1 passed, 1 failed", 1)
        self.check([self.result("//a:t", "PASSED", "p")], "1 passed, 1 failed", 1, ["bazel: INTERRUPTED"])

    def test_wanted_but_not_run(self):
        self.check([is_test("//a:t"), completed("//a:t"), is_test("//a:u"), self.result("//a:u", "PASSED", "p"),
                    finished(3, "TESTS_FAILED")], "1 passed, 1 failed", 1, ["FAILED //a:t: not run"])

    def test_skipped_targets_do_not_fail(self):
        self.check([is_test("//a:t"), aborted("targetCompleted", "//a:t", "SKIPPED"),
                    self.result("//a:u", "PASSED", "p"), finished(0, "SUCCESS")], "1 passed, 0 failed, 1 skipped", 0)

    def test_nothing_ran(self):
        self.check([finished(4, "NO_TESTS_FOUND")], "0 passed, 0 failed", 1, ["No test ran"])
        self.check([finished(0, "SUCCESS")], "0 passed, 0 failed", 1)


unittest.main(verbosity=1)
