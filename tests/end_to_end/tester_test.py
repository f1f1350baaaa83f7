#!/usr/bin/env python3
"""What a tester does in sequences, in the background and in words, through the whole stack."""
import unittest

from program import InFolder, report, run

HEAD = """
canstage: 1
buses: { can: { bitrate: 500k } }
ecus:
  engine:
    address: { request: "7E0", response: "7E8" }
    uds:
      dids: { F190: "WVWZZZ1JZXW000001", "0100": { hex: "00", write: true, diagnostic_session: extended } }
    rules:
      - { request: "19 02 08", nrc: "22" }
      - { request: "19 02 ??", reply: "59 02 FF 01 23 17 2F C1 00 87 08" }
      - { request: "34 00 44 00 10 *", reply: "74 20 00 82" }
      - { request: "34 *", nrc: "31" }
      - { request: "35 *", reply: "75 20 00 06" }
      - { request: "36 01", reply: "76 01 A5 5A A5 5A" }
      - { request: "36 02", reply: "76 02 A5 5A A5 5B" }
      - { request: "36 ?? *", reply: "76 {1}", takes: 60ms }
      - { request: "37", reply: "77" }
  gearbox:
    like: engine
    address: { request: "7E1", response: "7E9" }
    rules:
      - { request: "34 *", reply: "74 20 00 82" }
      - { request: "36 03 *", nrc: "73" }
      - { request: "36 ?? *", reply: "76 {1}" }
      - { request: "3E 00", silence: true }
      - { request: "22 F1 90", reply: "62 F1 90 57 56 57 5A 5A 5A 31 4A 5A 58 57 30 30 30 30 30 32" }
testers:
  tester: { bus: can }
"""


class Tester(InFolder):
    def play(self, steps, *options, status=0, head=HEAD):
        return report(*options, self.write("play.yaml", head + "steps:\n" + steps), status=status)

    def verdict(self, steps, status=0):
        found = self.play(steps, status=status)["steps"][-1]["verdicts"]
        self.assertEqual(len(found), 1)
        return found[0]

    def test_a_download_is_one_step_with_one_verdict(self):
        judged = self.verdict("  - download: { to: engine, address: \"00100000\", data: \"A5 5A\", size: 1000 }\n")
        self.assertEqual(judged["outcome"], "as_expected")
        self.assertEqual(judged["detail"], "1000 bytes in 8 blocks of up to 128 bytes")

    def test_a_download_from_a_file_beside_the_scenario(self):
        (self.folder / "fw.bin").write_bytes(bytes(range(256)))
        trace = self.folder / "run.log"
        run("run", "--trace", trace, self.write("play.yaml", HEAD + "steps:\n  - download: "
                                                "{ to: engine, address: \"00100000\", file: fw.bin, block: 10 }\n"))
        explained = run("explain", trace).stdout
        self.assertIn("RequestDownload: address 00100000, 256 bytes", explained)
        self.assertIn("TransferData: block 20, 8 bytes", explained)
        self.assertNotIn("block 21", explained)

    def test_the_failing_exchange_is_shown(self):
        steps = "  - download: { to: gearbox, address: \"00100000\", data: \"00\", size: 1000 }\n"
        judged = self.verdict(steps, status=1)
        self.assertEqual(judged["outcome"], "wrong_answer")
        self.assertEqual(judged["detail"], "block 3 of 8 refused: wrongBlockSequenceCounter (73)")
        self.assertEqual(judged["answer"], "7F 36 73")
        text = run("run", self.folder / "play.yaml", status=1).stdout
        self.assertIn("TransferData: block 03, 128 bytes", text)
        self.assertIn("block 3 of 8 refused: wrongBlockSequenceCounter (73)", text)

    def test_a_refusal_can_be_what_is_expected(self):
        steps = "  - download: {{ to: engine, address: \"00\", data: \"00\" }}\n    expect: {{ nrc: \"{}\" }}\n"
        self.assertEqual(self.verdict(steps.format(31))["outcome"], "as_expected")
        self.assertEqual(self.verdict(steps.format(33), status=1)["detail"],
                         "expected NRC 33 (securityAccessDenied): "
                         "RequestDownload refused: requestOutOfRange (31)")

    def test_an_upload_is_saved_beside_the_scenario(self):
        steps = "  - upload: {{ to: engine, address: \"00200000\", size: 8, save: {} }}\n"
        judged = self.verdict(steps.format("saved.bin"))
        self.assertTrue(judged["detail"].endswith("saved.bin"), judged["detail"])
        self.assertEqual((self.folder / "saved.bin").read_bytes(), bytes.fromhex("A55AA55AA55AA55B"))
        self.verdict(steps.format("saved.bin, file: saved.bin"))
        for wrong, says in (("none/saved.bin", "there is no folder"), (".", "wants a file")):
            path = self.write("wrong.yaml", HEAD + "steps:\n" + steps.format(wrong))
            self.assertIn(says, run("check", path, status=2).stderr)

    def test_an_upload_is_compared(self):
        steps = "  - upload: {{ to: engine, address: \"00200000\", data: \"{}\", size: 8 }}\n"
        self.assertEqual(self.verdict(steps.format("A5 5A"), status=1)["detail"],
                         "block 2 of 2: byte 7 is 5B, expected 5A")
        self.assertEqual(self.verdict("  - upload: { to: engine, address: \"00200000\", size: 8 }\n")["detail"],
                         "8 bytes in 2 blocks of up to 4 bytes")

    def test_an_ecu_that_is_silent(self):
        judged = self.verdict("  - reset: gearbox\n  - upload: { to: silent, address: \"00\", size: 8 }\n".replace(
            "silent", "gearbox"), status=1)
        self.assertEqual(judged["outcome"], "wrong_answer")  # 0x35 is none of its services
        self.assertIn("RequestUpload refused: serviceNotSupported (11)", judged["detail"])

    def test_dtcs_are_compared_by_name(self):
        steps = "  - read_dtcs: { to: engine }\n    expect: "
        self.assertEqual(self.verdict(steps + "{ P0123-17: 2F, U0100-87: any }\n")["outcome"], "as_expected")
        self.assertEqual(self.verdict(steps + "{ P0123-17: 2E }\n", status=1)["detail"],
                         "P0123-17 has status 2F (testFailed, testFailedThisOperationCycle, pendingDTC, confirmedDTC, "
                         "testFailedSinceLastClear), expected 2E (testFailedThisOperationCycle, pendingDTC, "
                         "confirmedDTC, testFailedSinceLastClear), U0100-87 08 is not expected")
        self.assertEqual(self.verdict("  - read_dtcs: { to: engine, mask: 08 }\n    expect: { nrc: 22 }\n")["outcome"],
                         "as_expected")
        self.assertEqual(self.verdict("  - read_dtcs: { to: engine }\n")["detail"],
                         "2 DTCs: P0123-17 2F, U0100-87 08")

    def test_side_by_side_again_and_again_and_in_both_casts(self):
        steps = """
  - parallel:
      - - repeat:
            times: 3
            steps: [ { download: { to: engine, address: "00100000", data: "00 01 02", size: 500 } } ]
      - [ { upload: { to: engine, address: "00200000", size: 4 } }, { read_dtcs: { to: gearbox } } ]
"""
        normal = self.play(steps, "--cast", "normal", status=1)
        self.assertEqual(normal, self.play(steps, "--cast", "ensemble", status=1))
        # The upload meets an ECU that is busy with the download.
        self.assertEqual(sum(step["status"] == "passed" for step in normal["steps"]), 3)

    def test_tester_present_keeps_a_diagnostic_session(self):
        steps = """
  - request: { to: engine, bytes: "10 03" }
  - tester_present: { every: 2s }
  - advance: 60s
  - request: { to: engine, bytes: "2E 01 00 01" }
    expect: "6E 01 00"
  - tester_present: stop
  - advance: 6s
  - request: { to: engine, bytes: "2E 01 00 02" }
    expect: { nrc: "31" }
"""
        self.assertTrue(self.play(steps)["passed"])
        without = self.play(steps.replace("tester_present: { every: 2s }", "advance: 1s"), status=1)
        self.assertEqual(without["steps"][3]["status"], "failed")

    def test_who_does_not_answer_tester_present_fails_in_a_step_of_its_own(self):
        found = self.play("  - tester_present: { every: 1s, suppress: false }\n  - advance: 3500ms\n", status=1)
        background = [step for step in found["steps"] if step["path"] == "background"]
        self.assertEqual(len(background), 2)
        self.assertEqual([(v["who"], v["outcome"]) for v in background[0]["verdicts"]], [("gearbox", "silent")])

    def test_tester_present_of_a_tester_and_to_one_ecu(self):
        head = HEAD.replace("tester: { bus: can }",
                            "tester: { tester_present: { every: 1s, functional: false, suppress: false } }")
        found = self.play("  - advance: 2500ms\n", head=head, status=1)
        self.assertEqual([step["path"] for step in found["steps"]], ["background", "1"])
        self.assertTrue(self.play("  - tester_present: { to: engine, every: 1s, suppress: false }\n"
                                  "  - advance: 5s\n")["passed"])

    def test_values_of_dids_are_told_in_words(self):
        steps = "  - request: {{ to: {}, bytes: \"22 F1 90\" }}\n    expect: {{ did: {{ F190: WVWZZZ1JZXW000001 }} }}\n"
        self.assertEqual(self.verdict(steps.format("engine"))["outcome"], "as_expected")
        self.assertEqual(self.verdict(steps.format("gearbox"), status=1)["detail"],
                         'expected F190 VIN "WVWZZZ1JZXW000001", got F190 VIN "WVWZZZ1JZXW000002"')

    def test_p2client_and_p2_star_client(self):
        head = HEAD.replace("uds:\n", "uds:\n      response_time: 30ms\n", 1)
        steps = "  - request: { to: engine, bytes: \"22 F1 90\" }\n    expect: \"62 *\"\n"
        self.assertTrue(self.play(steps, head=head)["passed"])
        impatient = head.replace("tester: { bus: can }", "tester: { timing: { p2: 20ms } }")
        self.assertEqual(self.play(steps, head=impatient, status=1)["steps"][0]["verdicts"][0]["outcome"], "silent")


if __name__ == "__main__":
    unittest.main()
