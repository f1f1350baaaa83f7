#!/usr/bin/env python3
"""The language of scenarios as it is played: every example of the documentation, and what spans several files."""
import json
import pathlib
import re
import unittest

from program import InFolder, outcomes, report, run

PAGES = [pathlib.Path("docs/scenario-format.md").resolve(), *sorted(pathlib.Path("docs/scenario").resolve().glob("*.md"))]

HEAD = """canstage: 1
buses: { can: { bitrate: 500k } }
ecus:
  engine: { address: { request: "7E0", response: "7E8" }, uds: { dids: { F190: "WVWZZZ1JZXW000001" } } }
testers: { tester: {} }
"""


def examples():
    """The whole scenarios among the examples."""
    for page in PAGES:
        for text in re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            if text.startswith("canstage:"):
                yield page.name, text


class Language(InFolder):
    def both_casts(self, path, *words, status=0):
        """The one report of both casts, which has to be the same to the byte."""
        normal, ensemble = (run("run", "--cast", cast, "--json", "-", *words, path, status=status).stdout
                            for cast in ("normal", "ensemble"))
        self.assertEqual(normal, ensemble)
        return json.loads(normal)["runs"][0]

    def test_every_example_of_the_documentation_passes(self):
        found = list(examples())
        self.assertGreater(len(found), 15)
        for page, text in found:
            with self.subTest(page=page, example=text):
                path = self.write("example.yaml", text)
                # What programs from outside join needs them, and real time.
                if "\nexpose:" in text:
                    run("check", path)
                else:
                    self.assertTrue(self.both_casts(path)["passed"])

    def test_an_included_file_says_what_the_file_does_not(self):
        (self.folder / "parts").mkdir()
        self.write("parts/ecus.yaml", HEAD + "variables: { did: F190 }\nsteps:\n  - request: { to: engine, bytes: 3E 00 }\n"
                   "    expect: 7E 01\n")
        path = self.write("whole.yaml", "canstage: 1\ninclude: parts/ecus.yaml\necus: { engine: { uds: { response_time: 3ms } } }\n"
                          "steps:\n  - request: { to: engine, bytes: \"22 ${did}\" }\n    expect: { reply: \"62 *\", within: 4ms }\n")
        found = self.both_casts(path, status=1)
        self.assertEqual(found["scenario"], "whole")
        first, second = found["steps"]
        self.assertEqual((first["file"], first["line"]), (str(self.folder / "parts/ecus.yaml"), 8))
        self.assertEqual((second["file"], second["line"], second["status"]), (None, 5, "passed"))
        self.assertGreater(second["verdicts"][0]["reacted_after_ns"], 3_000_000)

    def test_what_is_wrong_in_an_included_file_is_said_of_that_file(self):
        self.write("other.yaml", "canstage: 1\nbuses: { can: { bitrat: 500k } }\n")
        path = self.write("whole.yaml", "canstage: 1\ninclude: [other.yaml, none.yaml, whole.yaml]\n")
        said = run("check", path, status=2).stderr.splitlines()
        self.assertEqual(said, [
            f"{path}:2:23: 'none.yaml' cannot be read: No such file or directory",
            f"{path}:2:34: 'whole.yaml' includes itself",
            f"{self.folder}/other.yaml:2:17: unknown key 'bitrat' in a bus; did you mean 'bitrate'?",
        ])

    def test_the_vehicles_of_a_fleet_answer_each_for_itself(self):
        path = self.write("fleet.yaml", "fleet: { vehicles: 20 }\n" + HEAD.replace("000001", "${vehicle:06}") +
                          "steps:\n  - functional: { request: 22 F1 90 }\n    expect: { engine: \"62 F1 90 {vin:17}\" }\n"
                          "  - request: { to: engine, bytes: \"2E F1 90 {vin}\" }\n    expect: { nrc: 31 }\n")
        found = self.both_casts(path)
        self.assertEqual(len(found["steps"]), 40)
        answers = {step["path"]: step["verdicts"][0] for step in found["steps"]}
        for number in (1, 7, 20):
            self.assertEqual(answers[f"v{number}.1"]["who"], f"v{number}.engine")
            self.assertTrue(bytes.fromhex(answers[f"v{number}.1"]["answer"]).endswith(b"%06d" % number))
        sent = {step["path"]: step["request"] for step in found["steps"]}
        self.assertTrue(bytes.fromhex(sent["v7.2"]).endswith(b"000007"))

    def test_tags_choose_steps(self):
        step = "  - request: {{ to: engine, bytes: 3E 00 }}\n    expect: 7E 00\n    tags: {}\n"
        path = self.write("tags.yaml", HEAD + "steps:\n" + "".join(map(step.format, ("always", "[a, b]", "b", "c"))))
        other = self.write("other.yaml", HEAD + "steps: [ { advance: 1s } ]\n")

        def paths(*words):
            found = report(*words, path)
            return [one["path"] for one in found["steps"]], found["steps_left_out"]

        self.assertEqual(paths(), (["1", "2", "3", "4"], 0))
        self.assertEqual(paths("--only", "a"), (["1", "2"], 2))
        self.assertEqual(paths("--only", "b", "--only", "c", "--skip", "a"), (["1", "3", "4"], 1))
        self.assertEqual(paths("--skip", "always"), (["2", "3", "4"], 1))
        self.assertIn("unknown tag 'd'", run("run", "--only", "d", path, status=2).stderr)
        both = run("run", "--only", "a", path, other)
        self.assertIn("other.yaml: left out", both.stderr)
        self.assertIn("2 steps left out", both.stdout)

    def test_frames_that_are_not_as_expected(self):
        path = self.write("frames.yaml", HEAD + """steps:
  - parallel:
      - - send_frame: { id: "123", data: "01 02" }
      - - expect_frame: { id: "123", data: "01 03" }
      - - expect_frame: { id: "124", within: 20ms }
      - - expect_silence: { for: 20ms }
      - - expect_bus: { for: 20ms, load: 50%.., frames: 2.., gap: 1ms..2ms }
      - - wait_for: { frame: { id: "123", data: "01 03" }, within: 30ms }
""")
        found = outcomes(self.both_casts(path, status=1))
        self.assertEqual(found, {
            ("1.2.1", "123"): "wrong_answer",
            ("1.3.1", "124"): "silent",
            ("1.4.1", "123"): "unexpected",
            ("1.5.1", "can load"): "out_of_limits",
            ("1.5.1", "can frames"): "out_of_limits",
            ("1.5.1", "can gap"): "out_of_limits",
            ("1.6.1", "123"): "silent",
        })
        run("run", "--junit", self.folder / "j.xml", path, status=1)
        self.assertIn("out of limits", (self.folder / "j.xml").read_text(encoding="utf-8"))

    def test_waiting_for_an_answer_ends(self):
        path = self.write("wait.yaml", HEAD + """steps:
  - wait_for: { request: { to: engine, bytes: "22 F1 91" }, answer: "62 *", every: 50ms, within: 220ms }
""")
        step, = self.both_casts(path, status=1)["steps"]
        self.assertIn("asked 5 times within 220 ms", step["verdicts"][0]["detail"])

    def test_variables_calculate_and_complain(self):
        path = self.write("wrong.yaml", "variables: { a: 7E0, b: 3 }\n" + HEAD + "steps: [ { advance: \"${a + 1}ms\" } ]\n")
        self.assertIn("wrong.yaml:7:24: 'a' is '7E0', no number to calculate with", run("check", path, status=2).stderr)


if __name__ == "__main__":
    unittest.main()
