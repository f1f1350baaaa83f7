#!/usr/bin/env python3
"""What the documentation points at exists: relative links, their headings, and paths in `code`."""
import os
import re
import tempfile
import unittest

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# `folder/file.hpp` or `folder/` from the top; words with a slash that begin otherwise are no paths.
PATH = re.compile(r"(actors|bench|docs|examples|protocols|scenarios|tests|third_party|tools|transports)/[\w./-]*")


def pages(root):
    """README.md, CHANGELOG.md and all below docs/, as paths from the root."""
    found = [name for name in ("README.md", "CHANGELOG.md") if os.path.isfile(os.path.join(root, name))]
    for folder, _, files in os.walk(os.path.join(root, "docs")):
        found += [os.path.relpath(os.path.join(folder, name), root) for name in files if name.endswith(".md")]
    return sorted(found)


def anchors(text):
    """The names that GitHub gives to a page's headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in HEADING.findall(FENCE.sub("", text))}


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def broken(root):
    """One line per link or path that leads nowhere."""
    problems = []
    for page in pages(root):
        text = read(root, page)
        for number, line in enumerate(FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), text).split("\n"), 1):
            for link in LINK.findall(CODE.sub("", line)):
                if re.match(r"[a-z]+:", link):
                    continue
                path, _, anchor = link.partition("#")
                target = os.path.normpath(os.path.join(root, os.path.dirname(page), path)) if path else \
                    os.path.join(root, page)
                if not os.path.exists(target):
                    problems.append(f"{page}:{number}: there is no {link}")
                elif anchor and anchor not in anchors(read(target)):
                    problems.append(f"{page}:{number}: {path or 'this page'} has no heading '{anchor}'")
            for code in CODE.findall(line):
                if PATH.fullmatch(code) and not os.path.exists(os.path.join(root, code)):
                    problems.append(f"{page}:{number}: there is no {code}")
    return problems


class Links(unittest.TestCase):
    def test_this_tree(self):
        root = os.path.dirname(os.path.realpath("WORKSPACE"))
        self.assertIn("docs/architecture.md", pages(root))
        self.assertEqual(broken(root), [])

    def test_it_can_fail(self):
        for text, count in (
                ("[x](more.md) [x](more.md#a-b) [x](https://example.org/x) `a/b` `docs/more.md` `docs/*.md`", 0),
                ("```\n[x](none.md) `docs/none.md`\n```", 0),
                ("[x](none.md)", 1), ("[x](more.md#c)", 1), ("[x](#c)", 1), ("`docs/none.md`", 1), ("`tools/`", 1)):
            with self.subTest(text), tempfile.TemporaryDirectory() as root:
                os.mkdir(os.path.join(root, "docs"))
                for name, content in (("page.md", text), ("more.md", "# A B\n")):
                    with open(os.path.join(root, "docs", name), "w", encoding="utf-8") as file:
                        file.write(content + "\n")
                self.assertEqual(len(broken(root)), count)


unittest.main(verbosity=1)
