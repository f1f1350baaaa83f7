#!/usr/bin/env python3
"""Enforces the rules of the house that neither compiler nor Bazel's visibility can see.

    tidy.py [FOLDER]     (default: the work tree that the runfile WORKSPACE leads to)

Prints one line per violation, `path:line: what is wrong, and what would be right`, and
exits 1 if there is any. To grant an exception, add the file to one of the lists below,
with the reason.
"""
import os
import re
import sys

LAYERS = ["protocols", "transports", "actors", "scenarios", "tools", "bench", "examples"]

# Folders of tests/ that mirror no folder of the tree: they are about all of it.
TESTS_OF_THE_WHOLE = {"end_to_end", "fuzz", "golden", "parity", "support", "tidy"}
TEST_DATA = {"bad", "corpus", "data", "golden"}

# Model, loader, verdict and reports of scenarios/ are plain data and pure functions;
# these bring actors to the stage.
SCENARIO_FILES_WITH_CAF = re.compile(r"scenarios/(runner|builder)\w*\.[ch]pp")

# Where a clock may be read in actors/: the clocks themselves, and the stage's limit of
# wall time. All other actors ask self->clock().
ACTOR_FILES_WITH_A_CLOCK = {"actors/stage.cpp", "actors/virtual_time.cpp", "actors/wall_time.cpp"}

# Tests that have to wait for real time. A test that sleeps is slow or flaky: the others
# let virtual time pass or wait for a message.
TESTS_THAT_MAY_SLEEP = {"tests/support/slow_can.cpp"}

MAX_HEADER_LINES = 150
MAX_SOURCE_LINES = 400

TEXT_SUFFIXES = (".BUILD", ".bazel", ".bazelrc", ".bzl", ".cpp", ".hpp", ".json", ".md", ".py", ".sh", ".yaml")

# Not in protocols/: a machine is handed the time and its randomness, and does no I/O.
STANDARD_HEADERS_WITH_WORLD = {
    "atomic", "barrier", "condition_variable", "csignal", "ctime", "filesystem", "fstream", "future", "iostream",
    "latch", "mutex", "random", "semaphore", "shared_mutex", "stop_token", "thread",
}
CLOCK_READ = re.compile(r"::now\s*\(|\bclock_gettime\b|\bgettimeofday\b|(?<![\w.>])time\s*\(\s*(nullptr|NULL|0|&)")
REAL_RANDOMNESS = re.compile(r"\brandom_device\b|(?<![\w.>])s?rand\s*\(")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b")
LONE_WORD = re.compile(r"\bsession\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')

# A comment, a raw string, a string or a character, in the order in which they are tried.
# A quote inside a number (1'000) begins no character.
NOT_CODE = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)|R"(?P<mark>[^()\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-zA-Z_])(?:u8|[uUL])?'(?:\\.|[^'\\\n])*'", re.DOTALL)


def without(text, strings):
    """The text with its comments, and if asked its strings, blanked; lines stay lines."""
    def blank(match):
        if match.group("comment") is None and not strings:
            return match.group(0)
        return re.sub(r"[^\n]", " ", match.group(0))
    return NOT_CODE.sub(blank, text)


class Tidy:
    def __init__(self, root):
        self.root = root
        self.problems = []

    def complain(self, path, line, what):
        self.problems.append((path, line, what))

    def check_tree(self):
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(f for f in folders if not f.startswith((".", "bazel-")) and f != "__pycache__")
            here = os.path.relpath(folder, self.root)
            self.check_mirror(here)
            for name in sorted(files):
                path = os.path.normpath(os.path.join(here, name))
                if os.path.islink(os.path.join(folder, name)):
                    continue
                with open(os.path.join(folder, name), "rb") as file:
                    content = file.read()
                if name.endswith(TEXT_SUFFIXES) or content.startswith(b"#!") or name == "WORKSPACE":
                    self.check_text(path, content.decode("utf-8", "replace"))
        self.problems.sort()

    def check_mirror(self, folder):
        parts = folder.split("/")
        if parts[0] != "tests" or len(parts) == 1 or TEST_DATA & set(parts[2:]):
            return
        if parts[1] in TESTS_OF_THE_WHOLE:
            return
        mirrored = "/".join(parts[1:])
        if parts[1] not in LAYERS or not os.path.isdir(os.path.join(self.root, mirrored)):
            self.complain(folder, 1, f"there is no {mirrored}/; a folder of tests has the place of what it tests")

    def check_text(self, path, text):
        if path.startswith("tests/") and "bad" in path.split("/"):
            return  # wrong on purpose
        lines = text.split("\n")
        if text and not text.endswith("\n"):
            self.complain(path, len(lines), "no newline at the end of the file, add one")
        elif text.endswith("\n\n"):
            self.complain(path, len(lines) - 1, "empty line at the end of the file, remove it")
        for number, line in enumerate(lines, 1):
            if "\t" in line:
                self.complain(path, number, "tab, use blanks")
            if UNFINISHED.search(line):
                self.complain(path, number, "unfinished work, finish it or open an issue")
        if path.endswith((".cpp", ".hpp")):
            self.check_cpp(path, text)

    def check_cpp(self, path, text):
        count = text.count("\n")
        header = path.endswith(".hpp")
        limit = MAX_HEADER_LINES if header else MAX_SOURCE_LINES
        if count > limit:
            self.complain(path, count, f"{count} lines, split what is longer than {limit}")
        if header and not re.search(r"^#pragma once$", without(text, strings=True), re.MULTILINE):
            self.complain(path, 1, "header without #pragma once, add it below the opening comment")
        for number, line in enumerate(without(text, strings=False).split("\n"), 1):
            include = INCLUDE.match(line)
            if include:
                self.check_include(path, number, include.group(1), include.group(2))
        for number, line in enumerate(without(text, strings=True).split("\n"), 1):
            self.check_code(path, number, line)

    def check_include(self, path, number, mark, name):
        layer = path.split("/")[0]
        if mark == '"' and (name.startswith(".") or "/../" in name or "/" not in name):
            self.complain(path, number, f'"{name}", write the path from the workspace root')
        elif layer == "protocols":
            if mark == '"' and not name.startswith("protocols/") or mark == "<" and not re.fullmatch(r"\w+", name):
                self.complain(path, number, f"<{name}> in protocols/, which uses itself and the standard library only")
            elif name in STANDARD_HEADERS_WITH_WORLD:
                self.complain(path, number, f"<{name}> in protocols/, where time, randomness and I/O come from outside")
        elif name.startswith("caf/"):
            if layer == "transports":
                self.complain(path, number, f"<{name}> in transports/, CAF begins in actors/")
            elif layer == "scenarios" and not SCENARIO_FILES_WITH_CAF.fullmatch(path):
                self.complain(path, number, f"<{name}> in scenarios/, CAF belongs into its runner and builder")

    def check_code(self, path, number, line):
        layer = path.split("/")[0]
        if layer == "protocols" and CLOCK_READ.search(line):
            self.complain(path, number, "reads a clock, a machine is told the time by its inputs")
        if layer == "actors" and CLOCK_READ.search(line) and path not in ACTOR_FILES_WITH_A_CLOCK:
            self.complain(path, number, "reads a clock, ask self->clock() so that virtual time works")
        if layer in ("protocols", "actors") and REAL_RANDOMNESS.search(line):
            self.complain(path, number, "not reproducible, draw from a random_stream of the scenario's seed")
        if layer == "tests" and SLEEP.search(line) and path not in TESTS_THAT_MAY_SLEEP:
            self.complain(path, number, "sleeps, let virtual time pass or wait for a message")
        if LONE_WORD.search(line):
            self.complain(path, number, "session alone is ambiguous, write diagnostic_session or what else it is")


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.realpath("WORKSPACE"))
    tidy = Tidy(root)
    tidy.check_tree()
    for path, line, what in tidy.problems:
        print(f"{path}:{line}: {what}")
    print(f"{len(tidy.problems)} problems" if tidy.problems else "tidy")
    return 1 if tidy.problems else 0


if __name__ == "__main__":
    sys.exit(main())
