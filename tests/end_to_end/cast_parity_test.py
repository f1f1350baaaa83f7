#!/usr/bin/env python3
"""Random scenarios: the normal cast and the ensemble play the same, to the byte."""
import random
import subprocess
import unittest

from program import CANSTAGE, InFolder

SCENARIOS = 60


def one_of(draw, *choices):
    return draw.choice(choices)


# How the ECUs and their tester are addressed.
FORMATS = {
    "normal_fixed": ('ecu: "{0:02X}"', ""),
    "extended": ('request: "6F1", response: "6{0:02X}", ecu: "{0:02X}", functional: {{ id: "6F1", address: "DF" }}',
                 'functional: { id: "6F1", address: "DF" }'),
    "mixed": ('request: "7E0", response: "7E8", extension: "{0:02X}"', 'extension: "02"'),
    "mixed_29": ('ecu: "{0:02X}", extension: "99"', 'extension: "99"'),
}


def ecu(draw, number, form):
    return f"""
  e{number}:
    bus: can
    address: {{ format: {form}, {FORMATS[form][0].format(number + 1)} }}
    isotp:
      bs: {one_of(draw, 0, 1, 3)}
      stmin: {one_of(draw, "0ms", "200us", "1ms")}
      padding: {one_of(draw, "none", '"AA"')}
      n_br: {one_of(draw, "0ms", "1ms")}
      n_cs: {one_of(draw, "0ms", "1ms")}
      tx_dl: {one_of(draw, 8, 8, 12, 64)}
      flow_control: {one_of(draw, "cts", "cts", "overflow", "{ wait: 2 }", "[cts, wait, cts]")}
      wait_interval: {one_of(draw, "0ms", "2ms", "30ms")}
      duplex: {one_of(draw, "full", "half")}
      compatibility: {one_of(draw, "iso", "iso", "linux", "python-can-isotp")}
    uds:
      response_time: {one_of(draw, "0ms", "1ms", "1ms..5ms", "60ms")}
      timing: {{ p2: 50ms, p2_star: 200ms, s3: 300ms }}
      dids: {{ F190: "WVWZZZ1JZXW000001", F18C: {{ hex: "01 02", write: true }} }}
    rules:
      - {{ request: "22 FD 00", reply: "62 {{1..2}} 01 02 03 04 05 06 07 08", takes: {one_of(draw, "0ms", "10ms", "400ms")} }}"""


def fault(draw, ecus):
    what = one_of(draw, "wrong_sn", "repeated_sn", "drop_cf", "early_cf", "late_cf, delay: 20ms",
                  "wrong_ff_dl, delta: 3", "withhold_fc", 'reserved_fs, value: "5"', 'reserved_stmin, value: "85"',
                  "short_frames, length: 3")
    return f"  - {{ at: e{draw.randrange(ecus)}, do: {what}, nth: {draw.randint(1, 3)}, per: {one_of(draw, 'message', 'run')} }}"


def functional(draw, _):
    request = one_of(draw, "22 F1 90", "22 FD 00", "10 03", "3E 00")
    return f'{{ functional: {{ from: t, request: "{request}", window: {one_of(draw, "10ms", "50ms", "100ms")} }}, expect: {{ others: any }} }}'


def physical(draw, ecus):
    request = one_of(draw, "22 F1 90", "11 01", "22 FD 00", "22 F1 90 F1 90 F1 90 F1 90", "10 03")
    return f'{{ request: {{ from: t, to: e{draw.randrange(ecus)}, bytes: "{request}", window: 100ms }} }}'


def reset(draw, ecus):
    return f"{{ reset: e{draw.randrange(ecus)} }}"


def advance(draw, _):
    return f'{{ advance: {one_of(draw, "1ms", "2ms", "3ms", "400ms")} }}'


def frame(draw, _):
    identifier = one_of(draw, "18DAF177", "18DB33F1", "18DA01F1")
    data = one_of(draw, "02 3E 00", "10 14 62 F1 90 00 00 00", "30 00 00")
    return f'{{ send_frame: {{ bus: can, id: "{identifier}", data: "{data}" }} }}'


def echo(draw, _):
    data = " ".join(f"{i:02X}" for i in range(draw.randint(1, 40)))
    return f'{{ request: {{ from: b, to: a, bytes: "{data}", window: 200ms }} }}'


def scenario(seed):
    draw = random.Random(seed)
    ecus = draw.randint(2, 6)
    form = one_of(draw, "normal_fixed", *FORMATS)
    lines = ["canstage: 1", f"buses: {{ can: {one_of(draw, '{}', '{ bitrate: 500k, data_bitrate: 2M }')} }}",
             "ecus:" + "".join(ecu(draw, number, form) for number in range(ecus)),
             f"testers: {{ t: {{ bus: can, address: {{ format: {form}, {FORMATS[form][1]} }} }} }}",
             'endpoints: { a: { bus: can, rx: "123", tx: "456", isotp: { bs: 2 }, do: echo },'
             ' b: { bus: can, rx: "456", tx: "123" } }',
             *(["faults:", fault(draw, ecus)] if draw.random() < 0.5 else []),
             "steps:"]
    kinds = [functional] * 6 + [physical] * 5 + [reset] * 2 + [advance] * 2 + [frame] * 2 + [echo] * 3
    for _ in range(6):
        lines.append("  - parallel:")
        for _ in range(draw.randint(1, 3)):
            steps = [draw.choice(kinds)(draw, ecus) for _ in range(draw.randint(1, 3))]
            lines += [f"      {'- ' if i == 0 else '  '}- {step}" for i, step in enumerate(steps)]
    return "\n".join(lines) + "\n"


class CastParity(InFolder):
    def play(self, path, cast):
        trace, found = self.folder / f"{cast}.log", self.folder / f"{cast}.json"
        done = subprocess.run([CANSTAGE, "run", "-q", "--cast", cast, "--trace", trace, "--json", found, path],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        # What unknown ECUs do may fail a step; that the run comes to its end may not fail.
        self.assertIn(done.returncode, (0, 1), done.stdout)
        return done.returncode, trace.read_bytes(), found.read_bytes()

    def test_random_scenarios(self):
        for seed in range(SCENARIOS):
            with self.subTest(seed=seed):
                path = self.write("random.yaml", scenario(seed))
                self.assertEqual(self.play(path, "normal"), self.play(path, "ensemble"))


if __name__ == "__main__":
    unittest.main()
