#!/usr/bin/env python3
"""Counts the test cases of one `bazel test`; the last line is 'N passed, N failed'.

    summary.py EVENTS

EVENTS is what --build_event_json_file left. The folder bazel-testlogs is of no use:
it keeps the results of earlier runs. A target that was not built, or a test that ended
badly without a failed case (a crash, a leak, a timeout), counts as one failure. Exits 1
if anything failed or nothing ran.
"""
import json
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

# Bazel's exit codes that say nothing beyond the results of the targets.
SUCCESS, BUILD_FAILED, TESTS_FAILED, NO_TESTS = 0, 1, 3, 4


class Counts:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def cases_in(result):
    """Counts of one test result's XML; nothing if there is none that can be read."""
    for output in result.get("testActionOutput", []):
        if output["name"] != "test.xml":
            continue
        path = urllib.parse.unquote(urllib.parse.urlparse(output["uri"]).path)
        try:
            cases = list(ElementTree.parse(path).getroot().iter("testcase"))
        except (ElementTree.ParseError, OSError):
            return None
        failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
        skipped = sum(case.find("skipped") is not None for case in cases)
        return Counts(len(cases) - failed - skipped, failed, skipped)
    return None


def counts_of(result):
    """Counts of one test result, which agree with its status in any case."""
    good = result.get("status") == "PASSED"
    counts = cases_in(result)
    if counts is None:
        return Counts(passed=1) if good else Counts(failed=1)
    if not good and counts.failed == 0:
        counts.failed = 1
    return counts


class Run:
    """What the events of one `bazel test` say."""

    def __init__(self):
        self.tests = set()  # labels of tests that were asked for
        self.results = {}  # (label, run, shard) -> result of the last attempt
        self.not_built = {}  # label -> reason
        self.skipped = set()  # labels that do not fit this machine
        self.exit_code = None
        self.exit_name = "INTERRUPTED"

    def read(self, lines):
        for line in lines:
            if line.strip():
                event = json.loads(line)
                self.note(event["id"], event)

    def note(self, ident, event):
        aborted = event.get("aborted")
        label = next((ident[kind].get("label") for kind in
                      ("targetCompleted", "unconfiguredLabel", "configuredLabel") if kind in ident), None)
        if "targetConfigured" in ident:
            if event.get("configured", {}).get("testSize"):
                self.tests.add(ident["targetConfigured"]["label"])
        elif "testResult" in ident:
            key = ident["testResult"]
            self.results[key["label"], key.get("run", 1), key.get("shard", 1)] = event.get("testResult", {})
        elif "pattern" in ident and aborted:
            for pattern in ident["pattern"].get("pattern", []):
                self.not_built[pattern] = aborted.get("reason", "UNKNOWN")
        elif label and aborted and aborted.get("reason") == "SKIPPED":
            self.skipped.add(label)
        elif label and (aborted or not event.get("completed", {"success": True}).get("success")):
            self.not_built[label] = (aborted or {}).get("reason", "not built")
        elif "buildFinished" in ident:
            code = event.get("finished", {}).get("exitCode", {})
            self.exit_code, self.exit_name = code.get("code", 0), code.get("name", "UNKNOWN")

    def failures(self):
        """Label -> what happened, for all that did not go well."""
        bad = dict(self.not_built)
        for (label, _, shard), result in sorted(self.results.items()):
            if result.get("status") != "PASSED":
                bad[f"{label} (shard {shard})" if shard > 1 else label] = result.get("status", "NO STATUS")
        ran = {label for label, _, _ in self.results}
        for label in self.tests - ran - self.skipped - set(bad):
            bad[label] = "not run"
        if not bad and self.exit_code not in (SUCCESS, TESTS_FAILED, NO_TESTS):
            bad["bazel"] = self.exit_name
        return bad

    def total(self):
        total = Counts(skipped=len(self.skipped))
        for result in self.results.values():
            total.add(counts_of(result))
        ran = {label for label, _, _ in self.results}
        total.failed += sum(label.split(" (shard ")[0] not in ran for label in self.failures())
        return total


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    run = Run()
    with open(sys.argv[1], encoding="utf-8") as lines:
        run.read(lines)
    for label, what in sorted(run.failures().items()):
        print(f"FAILED {label}: {what}")
    total = run.total()
    if not total.passed and not total.failed:
        print("No test ran. Tests tagged slow need --all.")
    print(f"{total.passed} passed, {total.failed} failed" + (f", {total.skipped} skipped" if total.skipped else ""))
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
