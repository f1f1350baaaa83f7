#!/usr/bin/env python3
"""Every statement of statements.txt has a test case that is named after it, and none has another number.

    statement_names_test.py PREFIX LIST SOURCE...

A name begins with its statements: "ISOTP-042 ...", "ISOTP-064, 065 ...".
"""
import re
import sys


def statements(path):
    numbers = set()
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                first, last = line.split("-")
                numbers.update(range(int(first), int(last) + 1))
    return numbers


def tested(prefix, paths):
    numbers = set()
    name = re.compile(r'TEST_CASE\(\s*"' + prefix + r'-(\d{3}(?:, \d{3})*) ')
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for names in name.findall(file.read()):
                numbers.update(int(number) for number in names.split(", "))
    return numbers


def main():
    prefix = sys.argv[1]
    wanted = statements(sys.argv[2])
    found = tested(prefix, sys.argv[3:])
    problems = [f"{prefix}-{number:03}: no test case is named after it" for number in sorted(wanted - found)]
    problems += [f"{prefix}-{number:03}: a test case for what is no statement" for number in sorted(found - wanted)]
    print("\n".join(problems) or f"{len(wanted)} statements, each with a test case")
    return 1 if problems or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
