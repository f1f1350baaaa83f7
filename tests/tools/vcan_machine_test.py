#!/usr/bin/env python3
"""tools/vcan-machine: what it brings back, and how it tells what went wrong."""
import os
import pathlib
import subprocess
import tempfile
import unittest

MACHINE = os.path.abspath("tools/vcan-machine")
KERNEL = os.path.abspath(os.environ["VMLINUX"])


class VcanMachine(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_script(self, text, *options, timeout=50):
        """Exit status and lines of a shell script in the machine."""
        script = self.folder / "script"
        script.write_text("#!/bin/sh\n" + text, encoding="utf-8")
        script.chmod(0o755)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TEST")}
        done = subprocess.run([MACHINE, "--kernel", KERNEL, "--timeout", str(timeout), *options, "--", script, "a b", "*"],
                              cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, timeout=timeout + 20)
        return done.returncode, done.stdout.splitlines()

    def test_output_status_and_files(self):
        (self.folder / "data").mkdir()
        (self.folder / "data/in.txt").write_text("from outside\n", encoding="utf-8")
        status, lines = self.run_script(
            'echo "[$1] [$2]"; cat data/in.txt; mkdir $OUT/sub; echo left > $OUT/sub/out.txt\n'
            "test -t 1 && echo terminal; candump -L fast0 & sleep 0.5; cansend fast0 123##1001122; sleep 0.2; exit 42",
            "--interfaces", "vcan0,fast0", "--tools", "candump,cansend", "--file", "data/in.txt", "--out", self.folder)
        begin = next(i for i, line in enumerate(lines) if line.startswith("vcan-machine: the program begins"))
        self.assertEqual(lines[begin + 1:begin + 3], ["[a b] [*]", "from outside"])
        # 5: the kernel adds the bit FDF (4).
        self.assertRegex(lines[begin + 3], r"^\(\d+\.\d{6}\) fast0 123##5001122$")
        self.assertRegex(lines[begin + 4], r"^vcan-machine: exit status 42; [\d.]+ s in all$")
        self.assertEqual(status, 42)
        self.assertEqual((self.folder / "sub/out.txt").read_text(encoding="utf-8"), "left\n")

    def test_a_panic(self):
        status, lines = self.run_script("echo c > /proc/sysrq-trigger; sleep 100")
        self.assertEqual(status, 125)
        self.assertIn("the kernel panicked while the program ran", lines[-1])

    def test_a_program_that_hangs(self):
        status, lines = self.run_script("echo here; while :; do :; done", timeout=20)
        self.assertEqual(status, 124)
        self.assertIn("here", lines)
        self.assertIn("stopped after 20 s, while the program ran", lines[-1])

    def test_a_machine_that_ends_early(self):
        status, lines = self.run_script("poweroff -f")
        self.assertEqual(status, 125)
        self.assertIn("ended without a result while the program ran", lines[-1])

    def test_a_computer_that_is_not_ready(self):
        status, lines = self.run_script("true", "--tools", "no-such-tool")
        self.assertEqual((status, lines), (3, ["vcan-machine: there is no program no-such-tool; "
                                               "tools/setup makes a computer ready"]))


if __name__ == "__main__":
    unittest.main()
