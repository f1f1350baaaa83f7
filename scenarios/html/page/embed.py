#!/usr/bin/env python3
"""embed.py OUT.cpp PAGE.html FILE...: the page of the HTML report as C++ source.

Every line `@NAME@` of PAGE.html becomes the content of the file of that name; `@data@` is where the program
puts a run's data. Scripts are put together in the order in which they are named.
"""
import html
import pathlib
import re
import sys

# The library's interface changes from one major version to the next: another one is another decision.
LIBRARY_BEGINS = "// https://d3js.org v5."
MARK = "canstage_page"


def content(files, name):
    """What stands for a mark: all files that end so, in their order."""
    found = [file for file in files if file.name == name or (name == "script" and is_script(file))]
    if not found:
        sys.exit(f"embed.py: nothing was handed over for @{name}@")
    text = "\n".join(file.read_text(encoding="utf-8").rstrip("\n") for file in found)
    if name == "d3.min.js" and not text.startswith(LIBRARY_BEGINS):
        sys.exit(f"embed.py: d3.min.js begins with {text[:40]!r}, expected {LIBRARY_BEGINS!r}")
    if name == "copyright":
        return html.escape(text)
    if "</script" in text.lower() or "</style" in text.lower():
        sys.exit(f"embed.py: @{name}@ would end its own element")
    return text


def is_script(file):
    return file.suffix == ".js" and file.name != "d3.min.js"


def literal(text):
    """A raw string that no text can end early, in pieces that every compiler takes."""
    assert MARK not in text
    size = 60000
    pieces = [text[i:i + size] for i in range(0, len(text), size)]
    return "\n    ".join(f'R"{MARK}({piece}){MARK}"' for piece in pieces)


def main():
    out, page, *files = map(pathlib.Path, sys.argv[1:])
    filled = re.sub(r"^ *@([\w.]+)@$", lambda mark: mark.group(0) if mark.group(1) == "data"
                    else content(files, mark.group(1)), page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    before, after = re.split(r"^ *@data@\n", filled, flags=re.MULTILINE)
    out.write_text(f"""// Made by embed.py.
#include "scenarios/html/page.hpp"

namespace canstage::scenarios::html {{

const std::string_view page_before_data{{
    {literal(before)}}};

const std::string_view page_after_data{{
    {literal(after)}}};

}}  // namespace canstage::scenarios::html
""", encoding="utf-8")


if __name__ == "__main__":
    main()
