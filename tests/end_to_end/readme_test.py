#!/usr/bin/env python3
"""What the README shows is what happens: its commands run, its output is real."""
import pathlib
import re
import shlex
import shutil
import unittest

from program import SCENARIOS, InFolder, run

README = pathlib.Path("README.md").resolve()


def blocks(language):
    """The fenced blocks in that language ("" for none)."""
    found, inside = [], None
    for line in README.read_text(encoding="utf-8").splitlines(keepends=True):
        if not line.startswith("```"):
            if inside is not None:
                found[-1][1].append(line)
        elif inside is None:
            inside = line[3:].strip()
            found.append((inside, []))
        else:
            inside = None
    return ["".join(lines) for name, lines in found if name == language]


class Readme(InFolder):
    def setUp(self):
        super().setUp()
        shutil.copytree(SCENARIOS, self.folder / "scenarios")
        scenario, = blocks("yaml")
        self.write("my_first.yaml", scenario)

    def test_every_command_does_what_it_says(self):
        commands = [shlex.split(line, comments=True) for block in blocks("sh") for line in block.splitlines()]
        ours = [words[1:] for words in commands if words[0] in ("canstage", "tools/canstage")]
        self.assertGreaterEqual(len(ours), 6)
        for words in ours:
            with self.subTest(command=words):
                run(*words, cwd=self.folder)
        # The others are the scripts that brought this test here.
        self.assertLessEqual({words[0] for words in commands}, {"canstage", "tools/canstage", "tools/test"})
        self.assertTrue((self.folder / "run.log").read_text(encoding="ascii"))

    def test_the_output_is_real(self):
        good, bad = (run("run", f"scenarios/{name}.yaml", cwd=self.folder, status=status).stdout.splitlines()
                     for name, status in (("functional_vin", 0), ("functional_vin_wrong", 1)))
        shown_good, shown_bad = [block.splitlines() for block in blocks("") if "as expected" in block or "LATE" in block]
        for shown, real in ((shown_good, good), (shown_bad, bad)):
            for line in shown:
                self.assertIn(line, real)

    def test_mentioned_commands_exist(self):
        text = README.read_text(encoding="utf-8")
        for name in set(re.findall(r"`canstage run (\S+\.yaml)`", text)):
            self.assertTrue((self.folder / name).is_file(), name)


if __name__ == "__main__":
    unittest.main()
