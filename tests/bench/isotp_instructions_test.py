#!/usr/bin/env python3
"""What a frame costs two bare ISO-TP endpoints in a release build, in instructions."""
import os
import re
import subprocess
import unittest

COUNTER = os.path.abspath(os.environ["COUNTER"])
LOOP = os.path.abspath(os.environ["LOOP"])

AT_MOST = {"4095 bytes, classic": 200, "single frames": 250}


class Instructions(unittest.TestCase):
    def test_no_more_than_wanted(self):
        done = subprocess.run([COUNTER, LOOP], check=True, stdout=subprocess.PIPE, text=True, timeout=280)
        found = dict(re.findall(r"^(.*): (\d+) instructions per frame", done.stdout, re.MULTILINE))
        self.assertEqual(found.keys(), AT_MOST.keys(), done.stdout)
        for what, most in AT_MOST.items():
            self.assertGreater(int(found[what]), 0)
            self.assertLessEqual(int(found[what]), most, what)


if __name__ == "__main__":
    unittest.main()
