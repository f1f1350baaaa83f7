#!/usr/bin/env python3
"""Breaks the rules of a machine one by one, and expects the tests of the statement to notice.

    mutation_test.py FOLDER LIST ARCHIVE...     (in the runfiles; the sources are found through //:WORKSPACE)

LIST has one mutation per paragraph: the statement, the file of FOLDER, the lines that are replaced (-) and
their replacement (+, or none), again for each further place where the rule stands. What is replaced occurs
exactly once. Only the mutated file is compiled; the
rest comes from the archives.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

COMPILE = ["g++", "-std=c++20", "-O1", "-fPIC", "-w", "-D_GLIBCXX_ASSERTIONS", "-I."]
SECONDS_PER_RUN = 30
# "ISOTP-064, 065 ...", "UDS-019 UDS-020 ..."
STATEMENTS = re.compile(r"([A-Z]+-\d{3}(, \d{3})* )+")
# The lines of one place that are replaced, and their replacement.
PLACE = re.compile(r"((?:^-.*\n)+)((?:^\+.*\n)*)", re.MULTILINE)
# A mutant's failures are its own: without this they would land in the XML of the test that runs it.
MUTANT_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "XML_OUTPUT_FILE"}
INSTRUMENTED = ("__asan_", "__ubsan_", "__tsan_", "__sanitizer_")


def mutations(path):
    with open(path, encoding="utf-8") as file:
        text = "".join(line for line in file if not line.startswith("#"))
    for paragraph in text.split("\n\n"):
        lines = paragraph.strip("\n").split("\n")
        if lines == [""]:
            continue
        statement, name = lines[0].split()
        places = PLACE.findall("\n".join(lines[1:]) + "\n")
        yield statement, name, [tuple(text.replace("\n" + mark, "\n")[1:-1] for text, mark in zip(place, "-+"))
                                for place in places]


class Laboratory:
    def __init__(self, tree, sources, archives, folder):
        self.tree = tree
        self.sources = sources
        self.folder = folder
        self.tests = []
        self.archives = ["-Wl,--start-group"]
        for path in archives:
            whole = path.endswith(".lo")
            self.archives += ["-Wl,--whole-archive", path, "-Wl,--no-whole-archive"] if whole else [path]
        self.archives.append("-Wl,--end-group")

    def link(self, objects, program):
        done = subprocess.run(["g++", "-o", program, *objects, *self.archives], capture_output=True, text=True)
        return done.stderr if done.returncode else ""

    def run(self, program, *names):
        try:
            done = subprocess.run([program, *names], capture_output=True, text=True, timeout=SECONDS_PER_RUN,
                                  env=MUTANT_ENVIRONMENT)
        except subprocess.TimeoutExpired:
            return 1, "no end"
        return done.returncode, done.stdout

    def list_tests(self, program):
        output = subprocess.run([program, "--list-test-names-only"], capture_output=True, text=True,
                                env=MUTANT_ENVIRONMENT).stdout
        self.tests = [line.strip() for line in output.split("\n") if STATEMENTS.match(line.strip())]

    def examine(self, number, statement, name, places):
        """What is wrong with the mutation, or nothing if the tests noticed it."""
        with open(f"{self.tree}/{self.sources}/{name}", encoding="utf-8") as file:
            source = file.read()
        for old, new in places:
            if source.count(old) != 1:
                return f"occurs {source.count(old)} times in {name}: {old.strip()}"
            source = source.replace(old, new)
        base = f"{self.folder}/{number}"
        with open(base + ".cpp", "w", encoding="utf-8") as file:
            file.write(source)
        done = subprocess.run([*COMPILE, "-c", base + ".cpp", "-o", base + ".o"], cwd=self.tree,
                              capture_output=True, text=True)
        if done.returncode:
            return "does not compile: " + done.stderr
        failed = self.link([base + ".o"], base)
        if failed:
            return "does not link: " + failed
        tests = [test for test in self.tests if statement[-3:] in STATEMENTS.match(test).group(0)]
        if not tests:
            return "there is no test of that statement"
        code, _ = self.run(base, ",".join(test.replace(",", "\\,") for test in tests))
        os.remove(base)
        return "" if code else f"the tests do not notice it: {places[0][0].strip()}"


def main():
    tree = os.path.dirname(os.path.realpath("WORKSPACE"))
    archives = [os.path.abspath(path) for path in sys.argv[3:]]
    planned = list(mutations(sys.argv[2]))
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        laboratory = Laboratory(tree, sys.argv[1], archives, folder)
        failed = laboratory.link([], folder + "/whole")
        if any(mark in failed for mark in INSTRUMENTED):
            print("not in an instrumented build")
            return 0
        code, output = (1, failed) if failed else laboratory.run(folder + "/whole")
        if code:
            print("The tests fail without any mutation:", output)
            return 1
        laboratory.list_tests(folder + "/whole")
        problems = 0
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = [pool.submit(laboratory.examine, number, *what) for number, what in enumerate(planned)]
            for what, future in zip(planned, found):
                if future.result():
                    problems += 1
                    print(f"{what[0]}: {future.result()}")
    statements = len({what[0] for what in planned})
    print(f"{len(planned)} mutations of {statements} statements, {problems} problems")
    return 1 if problems or statements < 40 else 0


if __name__ == "__main__":
    sys.exit(main())
