#!/usr/bin/env python3
"""The echo benchmark runs and prints its table. How fast it is, is not a test's business."""
import os
import re
import subprocess
import unittest

ECHO = os.path.abspath(os.environ["ECHO"])
ROW = re.compile(r" *(\d+) +(\d+) B  (bare|normal|ensemble) +(\d+) +(\d+) +(\d+) +([\d.]+)$")


class Echo(unittest.TestCase):
    def test_every_size_in_every_hosting(self):
        done = subprocess.run([ECHO, "--quick"], check=True, stdout=subprocess.PIPE, text=True, timeout=50)
        head, *rows = done.stdout.splitlines()
        self.assertIn("echoes/s", head)
        found = [ROW.match(row).groups() for row in rows]
        self.assertEqual([row[:3] for row in found],
                         [(pairs, size, hosting) for pairs in ("1", "100") for size in ("3", "4095")
                          for hosting in ("bare", "normal", "ensemble")])
        for _, size, hosting, echoes, frames, _, ratio in found:
            self.assertGreater(int(echoes), 0)
            # A single frame and its echo; or 1 FF, 1 FC and 585 CF in each direction.
            per_echo = int(frames) / int(echoes)
            self.assertAlmostEqual(per_echo, 2 if size == "3" else 1174, delta=per_echo * 0.02)
            if hosting == "bare":
                self.assertEqual(ratio, "1.00")

    def test_wrong_option(self):
        done = subprocess.run([ECHO, "--fast"], check=False, stderr=subprocess.PIPE, text=True, timeout=50)
        self.assertEqual((done.returncode, done.stderr), (2, "usage: echo [--quick]\n"))


if __name__ == "__main__":
    unittest.main()
