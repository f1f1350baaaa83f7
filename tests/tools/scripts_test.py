#!/usr/bin/env python3
"""tools/setup, tools/canstage and tools/test, with stand-ins for apt-get and Bazel."""
import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.realpath("WORKSPACE"))
SCRIPTS = ["setup", "fetch_caf_source", "canstage", "test"]

# Claims that $INSTALLED is installed; apt-get notes how it was called.
DPKG_QUERY = """shift 3
for package; do
  case " $INSTALLED " in *" $package "*) printf 'installed=%s ' "$package" ;; esac
done"""
APT_GET = 'echo "apt-get $*" >> "$CALLS"; exit "${APT_STATUS:-0}"'

# Notes its arguments, writes events and a program, and ends with $BAZEL_STATUS.
BAZEL = """echo "$PWD: bazel $*" >> "$CALLS"
for word; do
  case $word in
    --build_event_text_file=*) echo "    uri: \\"file://$ROOT/out/tools/canstage_cli\\"" > "${word#*=}" ;;
    --build_event_json_file=*) cp "$EVENTS" "${word#*=}" ;;
  esac
done
exit "${BAZEL_STATUS:-0}\""""
FETCH_KERNEL = 'if [ "$1" = --check ]; then exit "$NO_KERNEL"; fi; echo fetch_kernel >> "$CALLS"; exit "$FETCH_STATUS"'
PROGRAM = 'echo "verdict in $PWD:"; for word; do echo "[$word]"; done; exit 7'


class Scripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = os.path.join(os.path.realpath(folder.name), "clone")
        self.elsewhere = os.path.join(folder.name, "else where")
        self.calls_path = os.path.join(folder.name, "calls")
        os.makedirs(os.path.join(self.root, "tools/ci"))
        os.mkdir(self.elsewhere)
        for name in SCRIPTS + ["ci/summary.py"]:
            shutil.copy(f"{ROOT}/tools/{name}", f"{self.root}/tools/{name}")
        for name, text in (("dpkg-query", DPKG_QUERY), ("apt-get", APT_GET), ("bazel", BAZEL), ("sudo", '"$@"')):
            self.script(f"bin/{name}", text)
        self.script("out/tools/canstage_cli", PROGRAM)
        self.script("tools/vcan/fetch_kernel", FETCH_KERNEL)
        self.environment = {"PATH": f"{self.root}/bin:/usr/bin:/bin", "HOME": folder.name, "CALLS": self.calls_path,
                            "ROOT": self.root, "EVENTS": os.path.join(folder.name, "events"),
                            "INSTALLED": self.all_packages(), "NO_KERNEL": "0", "FETCH_STATUS": "0"}

    def script(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + text + "\n")
        os.chmod(path, 0o755)

    def all_packages(self):
        with open(f"{ROOT}/tools/setup", encoding="utf-8") as file:
            return " ".join(file.read().split("packages='", 1)[1].split("'", 1)[0].split())

    def run_script(self, *words, cwd=None, **environment):
        return subprocess.run([*words], cwd=cwd or self.elsewhere, env={**self.environment, **environment},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False)

    def calls(self):
        if not os.path.exists(self.calls_path):
            return []
        with open(self.calls_path, encoding="utf-8") as file:
            return file.read().splitlines()

    def without(self, package):
        return " ".join(name for name in self.environment["INSTALLED"].split() if name != package)

    def test_syntax(self):
        for name in SCRIPTS:
            shell = "bash" if name == "test" else "sh"
            self.assertEqual(self.run_script(shell, "-n", f"{self.root}/tools/{name}").stderr, "")

    def test_setup_does_nothing_twice(self):
        done = self.run_script(f"{self.root}/tools/setup")
        self.assertEqual((done.returncode, done.stdout), (0, "setup: nothing to do\n"))
        self.assertEqual(self.calls(), [])

    def test_setup_installs_only_what_is_missing(self):
        done = self.run_script(f"{self.root}/tools/setup", INSTALLED=self.without("libcaf-dev"))
        self.assertEqual(done.returncode, 0, done.stderr)
        update, install, *rest = self.calls()
        self.assertRegex(update, "update$")
        self.assertRegex(install, "install --no-install-recommends libcaf-dev $|libcaf-dev$")
        self.assertRegex(rest[0], "bazel shutdown$")

    def test_setup_fetches_a_kernel_and_goes_on_without(self):
        self.assertEqual(self.run_script(f"{self.root}/tools/setup", "--check", NO_KERNEL="1").returncode, 1)
        self.assertEqual(self.calls(), [])
        done = self.run_script(f"{self.root}/tools/setup", NO_KERNEL="1")
        self.assertEqual((done.returncode, self.calls()), (0, ["fetch_kernel", f"{self.root}: bazel shutdown"]))
        done = self.run_script(f"{self.root}/tools/setup", NO_KERNEL="1", FETCH_STATUS="1")
        self.assertEqual(done.returncode, 0)
        self.assertIn("the tests that need it are skipped", done.stderr)

    def test_setup_check_only_tells(self):
        self.assertEqual(self.run_script(f"{self.root}/tools/setup", "--check").returncode, 0)
        done = self.run_script(f"{self.root}/tools/setup", "--check", INSTALLED=self.without("catch2"))
        self.assertEqual((done.returncode, done.stdout.strip()), (1, "setup: missing: catch2"))
        self.assertEqual(self.calls(), [])

    def test_setup_fails_with_apt(self):
        done = self.run_script(f"{self.root}/tools/setup", INSTALLED="", APT_STATUS="100")
        self.assertEqual(done.returncode, 1)
        self.assertIn("could not be updated", done.stderr)

    def test_usage(self):
        for name in ("setup", "test"):
            done = self.run_script(f"{self.root}/tools/{name}", "--help")
            self.assertEqual(done.returncode, 0)
            self.assertIn(f"tools/{name}", done.stdout)
        self.assertEqual(self.run_script(f"{self.root}/tools/setup", "--nonsense").returncode, 2)
        self.assertEqual(self.run_script(f"{self.root}/tools/test", "nonsense").returncode, 2)
        self.assertEqual(self.calls(), [])

    def test_canstage_becomes_the_program(self):
        link = os.path.join(self.elsewhere, "link")
        os.symlink(f"{self.root}/tools/canstage", link)
        for path in (f"{self.root}/tools/canstage", link):
            done = self.run_script(path, "run", "a b", "*", "")
            where = os.path.realpath(self.elsewhere)
            self.assertEqual(done.stdout, f"verdict in {where}:\n[run]\n[a b]\n[*]\n[]\n")
            self.assertEqual(done.returncode, 7)
        self.assertTrue(self.calls()[0].startswith(f"{self.root}: bazel build "))

    def test_canstage_sets_up_first(self):
        done = self.run_script(f"{self.root}/tools/canstage", INSTALLED=self.without("g++"))
        self.assertEqual(done.returncode, 7)
        self.assertNotIn("setup", done.stdout)
        self.assertIn("installing g++", done.stderr)

    def test_canstage_says_what_went_wrong(self):
        done = self.run_script(f"{self.root}/tools/canstage", INSTALLED="", APT_STATUS="100")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("canstage: this machine could not be made ready", done.stderr)
        done = self.run_script(f"{self.root}/tools/canstage", BAZEL_STATUS="1")
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        self.assertIn("canstage: the build failed", done.stderr)
        self.assertEqual(self.run_script(f"{self.root}/tools/canstage", BAZEL_STATUS="8").returncode, 130)

    def bazel_test(self, *words, status="0", events='{"id":{"testResult":{"label":"//a"}},'
                   '"testResult":{"status":"PASSED"}}\n{"id":{"buildFinished":{}},"finished":{}}\n'):
        """(arguments of Bazel, exit status, last line) of tools/test."""
        with open(self.environment["EVENTS"], "w", encoding="utf-8") as file:
            file.write(events)
        done = self.run_script(f"{self.root}/tools/test", *words, BAZEL_STATUS=status)
        return self.calls()[-1].split()[3:], done.returncode, done.stdout.splitlines()[-1]

    def test_test_runs_all_but_slow(self):
        arguments, status, line = self.bazel_test()
        self.assertEqual((status, line), (0, "1 passed, 0 failed"))
        self.assertEqual(arguments[-1], "//...")
        self.assertIn("--test_tag_filters=-slow", arguments)
        arguments, _, _ = self.bazel_test("--all")
        self.assertNotIn("--test_tag_filters=-slow", arguments)
        self.assertNotIn("--all", arguments)

    def test_test_hands_on_options_and_targets(self):
        arguments, _, _ = self.bazel_test("--config=asan")
        self.assertEqual(arguments[-2:], ["--config=asan", "//..."])
        arguments, _, _ = self.bazel_test("--config=asan", "//tests/protocols/...", "//tests/a:b")
        self.assertEqual(arguments[-3:], ["--config=asan", "//tests/protocols/...", "//tests/a:b"])

    def test_test_fails_with_bazel(self):
        events = '{"id":{"buildFinished":{}},"finished":{"exitCode":{"name":"PARSING_FAILURE","code":1}}}\n'
        self.assertEqual(self.bazel_test(status="1", events=events)[1:], (1, "0 passed, 1 failed"))
        self.assertEqual(self.bazel_test(status="37", events="")[1:], (1, "0 passed, 1 failed"))


unittest.main(verbosity=1)
