#!/usr/bin/env python3
"""Colours are for terminals, and only where they are wanted (no-color.org)."""
import os
import pty
import subprocess
import unittest

from program import CANSTAGE, SCENARIOS, run

SCENARIO = SCENARIOS / "functional_vin.yaml"
PAINTED = b"\x1b["


def on_terminal(**environment):
    """What a terminal gets to see."""
    ours, theirs = pty.openpty()
    wanted = {"TERM": "xterm", **environment}
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    with subprocess.Popen([CANSTAGE, "run", SCENARIO], stdout=theirs, stdin=subprocess.DEVNULL,
                          env={**kept, **wanted}) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                some = os.read(ours, 65536)
            except OSError:  # the other end is closed
                some = b""
            if not some:
                break
            seen += some
    os.close(ours)
    assert process.returncode == 0
    return seen


class Colour(unittest.TestCase):
    def test_a_terminal_sees_colours(self):
        self.assertIn(PAINTED, on_terminal())
        self.assertIn(PAINTED, on_terminal(NO_COLOR=""))

    def test_not_with_no_color_and_not_where_there_are_none(self):
        self.assertNotIn(PAINTED, on_terminal(NO_COLOR="1"))
        self.assertNotIn(PAINTED, on_terminal(TERM="dumb"))

    def test_a_file_is_never_painted(self):
        self.assertNotIn("\x1b", run("run", SCENARIO).stdout)


if __name__ == "__main__":
    unittest.main()
