"""Runs the real program as a user would. The test targets hand its path over as CANSTAGE."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

CANSTAGE = os.path.abspath(os.environ["CANSTAGE"])
SCENARIOS = pathlib.Path("scenarios").resolve()
SHIPPED = sorted(SCENARIOS.glob("*.yaml"))


def run(*words, status=0, **options):
    """Runs the program; its exit status has to be `status`."""
    done = subprocess.run([CANSTAGE, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=100, check=False, **options)
    if done.returncode != status:
        raise AssertionError(f"{words}: exit status {done.returncode} instead of {status}\n{done.stdout}{done.stderr}")
    return done


def report(*words, status=0):
    """The one run of the JSON report."""
    found = json.loads(run("run", "--json", "-", *words, status=status).stdout)
    assert found["canstage_report"] == 1
    assert len(found["runs"]) == 1
    return found["runs"][0]


def outcomes(one_run):
    """{(path of the step, who): outcome}"""
    return {(step["path"], verdict["who"]): verdict["outcome"]
            for step in one_run["steps"] for verdict in step["verdicts"]}


class InFolder(unittest.TestCase):
    """A test with a folder of its own, `self.folder`."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path
