#!/usr/bin/env python3
"""Plants each violation in a small tree, to prove that tidy.py can fail, and where."""
import contextlib
import io
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # beside tidy.py is the source folder
sys.path.insert(0, os.path.join(os.getcwd(), "tests/tidy"))
import tidy  # noqa: E402


def problems(files):
    """What tidy says about a tree of these files (path -> text), as 'path:line'."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        checked = tidy.Tidy(root)
        checked.check_tree()
        return [f"{path}:{line}" for path, line, _ in checked.problems]


class Tidy(unittest.TestCase):
    def good(self, path, text):
        self.assertEqual(problems({path: text}), [])

    def bad(self, path, text, line):
        self.assertEqual(problems({path: text}), [f"{path}:{line}"])

    def test_empty_tree(self):
        self.assertEqual(problems({}), [])

    def test_protocols_know_no_actors_and_no_system(self):
        for name in ("<caf/all.hpp>", '"caf/actor.hpp"', "<unistd.h>", "<sys/socket.h>", "<linux/can.h>", "<net/if.h>",
                     "<poll.h>", "<signal.h>", "<csignal>", "<fcntl.h>", "<time.h>", "<fmt/core.h>", '"actors/bus.hpp"',
                     "<thread>", "<mutex>", "<atomic>", "<condition_variable>", "<random>", "<iostream>"):
            with self.subTest(name):
                self.bad("protocols/can/x.cpp", f"\n#include {name}\n", 2)
        for name in ("<vector>", "<chrono>", "<cstdint>", '"protocols/can/frame.hpp"'):
            with self.subTest(name):
                self.good("protocols/can/x.cpp", f"#include {name}\n")

    def test_protocols_read_no_clock(self):
        for code in ("std::chrono::steady_clock::now()", "clock::now ()", "time(nullptr)", "std::time(0)",
                     "clock_gettime(CLOCK_MONOTONIC, &t)", "gettimeofday(&t, nullptr)"):
            with self.subTest(code):
                self.bad("protocols/x.cpp", f"auto t = {code};\n", 1)
        for code in ("wire_time(frame)", "frame.time()", "entry.time(0)", "instant time();", "// steady_clock::now()",
                     '"::now("', 'R"(::now()"', "/* a\n::now(\n*/"):
            with self.subTest(code):
                self.good("protocols/x.cpp", f"{code}\n")

    def test_randomness_comes_from_the_seed(self):
        self.bad("protocols/x.cpp", "std::random_device device;\n", 1)
        self.bad("actors/x.cpp", "int n = rand();\n", 1)
        self.good("actors/x.cpp", "int n = operand(); x.rand();\n")

    def test_actors_ask_their_own_clock(self):
        self.bad("actors/x.cpp", "auto t = std::chrono::system_clock::now();\n", 1)
        self.good("actors/wall_time.cpp", "auto t = std::chrono::system_clock::now();\n")
        self.good("actors/x.cpp", "auto t = self->clock().now();\n")
        self.good("tools/x.cpp", "auto t = std::chrono::system_clock::now();\n")

    def test_caf_begins_in_actors(self):
        include = '#include "caf/actor.hpp"\n'
        self.bad("transports/x.cpp", include, 1)
        self.bad("scenarios/model.hpp", "#pragma once\n" + include, 2)
        self.bad("scenarios/verdict.cpp", include, 1)
        self.good("scenarios/runner.cpp", include)
        self.good("scenarios/builder_links.cpp", include)
        self.good("actors/bus.cpp", include)
        self.good("transports/x.cpp", "#include <linux/can.h>\n")

    def test_includes_from_the_workspace_root(self):
        for name in ("../x.hpp", "./x.hpp", "x.hpp", "protocols/../x.hpp"):
            with self.subTest(name):
                self.bad("actors/x.cpp", f'#include "{name}"\n', 1)
        self.good("actors/x.cpp", '// #include "x.hpp"\n')

    def test_sizes(self):
        self.good("actors/x.hpp", "#pragma once\n" * 150)
        self.bad("actors/x.hpp", "#pragma once\n" * 151, 151)
        self.good("actors/x.cpp", "int x;\n" * 400)
        self.bad("actors/x.cpp", "int x;\n" * 401, 401)

    def test_pragma_once(self):
        self.bad("actors/x.hpp", "int x;\n", 1)
        self.bad("actors/x.hpp", "// #pragma once\n", 1)
        self.good("actors/x.hpp", "// What it is.\n#pragma once\n")

    def test_text(self):
        self.bad("docs/x.md", "no newline", 1)
        self.bad("docs/x.md", "a\n\n", 2)
        self.bad("tools/x.py", "if 1:\n\tpass\n", 2)
        self.bad("tools/script", "#!/bin/sh\n\ttrue\n", 2)
        for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X"):
            self.bad("actors/x.cpp", f"int x;  // {word}: finish\n", 1)
        self.good("tools/script", "#!/bin/sh\nmktemp /tmp/XXXXXX\n")
        self.good("tests/golden/x.log", "anything\tgoes")

    def test_tests_do_not_sleep(self):
        self.bad("tests/parity/x_test.cpp", "std::this_thread::sleep_for(1s);\n", 1)
        self.bad("tests/parity/x_test.cpp", "usleep(1);\n", 1)

    def test_lone_word(self):
        self.bad("protocols/uds/x.hpp", "#pragma once\nint session = 1;\n", 2)
        self.bad("actors/x.cpp", "auto x = ecu.session;\n", 1)
        self.good("protocols/uds/x.cpp", 'diagnostic_session s; // session\nauto t = "session";\n')
        self.good("actors/x.cpp", "int n = 1'000'000; char c = '\"'; // the session's end\n")

    def test_tests_mirror_the_tree(self):
        lib, test = "protocols/can/x.cpp", "int x;\n"
        self.assertEqual(problems({lib: test, "tests/protocols/can/x_test.cpp": test}), [])
        self.assertEqual(problems({lib: test, "tests/protocols/data/x.bin": test}), [])
        self.assertEqual(problems({lib: test, "tests/protocols/usd/x.cpp": test}), ["tests/protocols/usd:1"])
        self.assertEqual(problems({lib: test, "tests/more/x.cpp": test}), ["tests/more:1"])
        self.assertEqual(problems({"tests/parity/x.cpp": test}), [])

    def test_what_is_built_is_not_read(self):
        self.assertEqual(problems({".bazel/bin/x.cpp": "\t", "bazel-out/x.cpp": "\t"}), [])

    def test_exit_status_and_message(self):
        with tempfile.TemporaryDirectory() as root, contextlib.redirect_stdout(io.StringIO()):
            os.mkdir(os.path.join(root, "actors"))
            path = os.path.join(root, "actors/x.cpp")
            for text, status in (("int x;\n", 0), ("int\tx;\n", 1)):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                sys.argv = ["tidy.py", root]
                self.assertEqual(tidy.main(), status)


unittest.main(verbosity=1)
