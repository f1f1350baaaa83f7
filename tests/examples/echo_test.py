#!/usr/bin/env python3
"""examples/echo as a user runs it: what it prints, and that it prints the same each time."""
import os
import subprocess
import unittest

ECHO = os.path.abspath(os.environ["ECHO_EXAMPLE"])

# Three frames of 8 bytes each way: first frame, flow control, consecutive frame. At 500 kbit/s a
# 29-bit frame of 8 bytes takes 256 us and 2 us per stuff bit, the pause between two frames 6 us.
EXPECTED = """\
request sent at 810 us
answer has begun at 1084 us
answer received at 1626 us
came back after 1626 us: Hello world!
"""


class Echo(unittest.TestCase):
    def test_hello_world_comes_back(self):
        for _ in range(3):
            done = subprocess.run([ECHO], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60,
                                  check=False)
            self.assertEqual(done.stderr, "")
            self.assertEqual(done.stdout, EXPECTED)
            self.assertEqual(done.returncode, 0)


unittest.main(verbosity=1)
