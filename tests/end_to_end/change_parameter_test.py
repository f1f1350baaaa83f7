#!/usr/bin/env python3
"""N_ChangeParameter from a scenario."""
import unittest

from program import InFolder, run

HEAD = """canstage: 1
buses: { can: { bitrate: 500k } }
endpoints:
  user: { rx: "456", tx: "123" }
  echo: { rx: "123", tx: "456", isotp: { bs: 0 }, do: echo }
steps:
"""
LONG = " ".join(f"{i % 256:02X}" for i in range(40))
ASK = f'  - {{ request: {{ from: user, to: echo, bytes: "{LONG}" }}, expect: "{LONG}" }}\n'


class ChangeParameter(InFolder):
    def flow_controls(self, steps, *words):
        file = self.write("change.yaml", HEAD + steps)
        trace = self.folder / "run.log"
        run("run", "-q", *words, "--trace", trace, file)
        return [line.split("#")[1][:6] for line in trace.read_text().splitlines() if " 456#3" in line]

    def test_the_next_message_has_the_new_parameters(self):
        for cast in ("normal", "ensemble"):
            with self.subTest(cast=cast):
                found = self.flow_controls(ASK + "  - change_parameter: { at: echo, bs: 4, stmin: 5ms }\n" + ASK,
                                           "--cast", cast)
                # 40 bytes are a first frame and five CFs: with a BS of 4 there are two blocks.
                self.assertEqual(found, ["300000", "300405", "300405"])

    def test_while_a_message_is_received_nothing_changes(self):
        slow = HEAD.replace("bs: 0", "stmin: 20ms")
        file = self.write("busy.yaml", slow + f"""  - parallel:
      - [ {{ request: {{ from: user, to: echo, bytes: "{LONG}", window: 1s }}, expect: "{LONG}" }} ]
      - [ {{ advance: 30ms }}, {{ change_parameter: {{ at: echo, bs: 2, result: N_RX_ON }} }} ]
""")
        run("run", file)

    def test_another_result_is_a_verdict(self):
        file = self.write("wrong.yaml", HEAD + "  - change_parameter: { at: echo, bs: 4, result: N_RX_ON }\n")
        text = run("run", file, status=1).stdout
        self.assertIn("expected N_RX_ON, the result is N_OK", text)

    def test_wrong_words(self):
        for value, says in (("{ at: echo }", "needs 'bs' or 'stmin'"), ("{ at: ech, bs: 1 }", "did you mean 'echo'"),
                            ("{ at: echo, bs: 256 }", "'bs' wants a decimal number"),
                            ("{ at: echo, stmin: 128ms }", "127ms at most")):
            with self.subTest(value=value):
                file = self.write("bad.yaml", HEAD + f"  - change_parameter: {value}\n")
                self.assertIn(says, run("run", file, status=2).stderr)
        self.assertIn("takes its parameters once",
                      run("run", "--bus", "can=isotp:vcan9",
                          self.write("kernel.yaml", HEAD + "  - change_parameter: { at: echo, bs: 1 }\n"), status=2).stderr)


if __name__ == "__main__":
    unittest.main()
