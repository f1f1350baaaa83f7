#!/usr/bin/env python3
"""The command line's contract: options, exit status, one clear line for what is wrong."""
import json
import unittest
import xml.etree.ElementTree as ElementTree

from program import SCENARIOS, InFolder, run

VIN = SCENARIOS / "functional_vin.yaml"
WRONG = SCENARIOS / "functional_vin_wrong.yaml"


class CommandLine(InFolder):
    def refused(self, *words, status=2):
        """The one line that a wrong call is answered with."""
        done = run(*words, status=status, cwd=self.folder)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr.strip()

    def test_wrong_words(self):
        self.assertEqual(self.refused("rnu"), "canstage: unknown command 'rnu'; canstage --help lists the commands")
        self.assertEqual(self.refused("run"), "canstage: run needs at least one scenario file; canstage run --help says more")
        self.assertIn("unknown option '--sed'", self.refused("run", "--sed", "1", VIN))
        self.assertIn("--time soon: virtual or real was expected", self.refused("run", "--time", "soon", VIN))
        self.assertIn("--seed x", self.refused("run", "--seed", "x", VIN))
        self.assertIn("--limit 5", self.refused("run", "--limit", "5", VIN))
        self.assertIn("-v and -q", self.refused("run", "-v", "-q", VIN))
        self.assertIn("only one of", self.refused("run", "--json", "-", "--junit", "-", VIN))
        self.assertIn(".log (candump), .asc or .pcapng", self.refused("run", "--trace", "x.blf", VIN))

    def test_links_that_do_not_go(self):
        self.assertIn("--bus x: NAME=LINK was expected", self.refused("run", "--bus", "x", VIN))
        self.assertIn("has no such bus; it has powertrain, body", self.refused("run", "--bus", "x=virtual", VIN))
        self.assertIn("virtual, socketcan:INTERFACE, isotp:INTERFACE or socketcand:HOST:PORT/BUS was expected", self.refused("run", "--bus", "body=can:vcan0", VIN))
        self.assertIn("HOST:PORT/BUS was expected", self.refused("run", "--bus", "body=socketcand:localhost:1", VIN))
        self.assertIn("refuses connections", self.refused("run", "--bus", "body=socketcand:127.0.0.1:1/can0", VIN, status=3))
        self.assertIn("that carries a single connection", self.refused("run", "--bus", "body=isotpserver:localhost:1", VIN))
        self.assertIn("isotpserver:HOST:PORT was expected", self.refused("run", "--link", "engine=can0", VIN))
        self.assertIn("has no such ECU or endpoint", self.refused("run", "--link", "nobody=isotp:vcan0", VIN))
        self.assertIn("a tester has a connection for each ECU", self.refused("run", "--link", "tester=isotp:vcan0", VIN))
        self.assertRegex(self.refused("run", "--link", "engine=isotpserver:localhost:1", VIN),
                         "functional_vin.yaml:[0-9]+:[0-9]+: engine is simulated here, and isotpserver:localhost:1 takes")
        self.assertIn("the name of an interface was expected", self.refused("run", "--bus", "body=socketcan:", VIN))
        self.assertEqual(self.refused("run", "--time", "virtual", "--bus", "body=socketcan:vcan0", VIN),
                         "canstage: --time virtual, but bus body is socketcan:vcan0, where time is real")
        told = self.write("told.yaml", "canstage: 1\ntime: virtual\nbuses: { can: {} }\n")
        self.assertIn("told.yaml says 'time: virtual', but bus can is socketcan:vcan0",
                      self.refused("run", "--bus", "can=socketcan:vcan0", told))

    def test_real_ecus_that_do_not_go(self):
        self.assertIn("--real x: ", self.refused("run", "--real", "x", VIN))
        self.assertIn("has no such ECU or endpoint", self.refused("run", "--real", "x", VIN))
        self.assertIn("a tester is who asks", self.refused("run", "--real", "tester", VIN))
        self.assertEqual(self.refused("run", "--real", "engine", VIN),
                         "canstage: engine is real, but bus powertrain is virtual, where nobody from outside can be; "
                         "--bus powertrain=LINK puts it elsewhere, and --expose lets others join it")
        self.assertIn("--time virtual, but engine is real", self.refused("run", "--time", "virtual", "--real", "engine", VIN))
        reset = self.write("reset.yaml", "canstage: 1\nbuses: { can: {} }\necus: { e: { address: { request: '7E0', "
                           "response: '7E8' } } }\nsteps:\n  - reset: e\n")
        self.assertIn("reset.yaml:5:5: e is real: nobody here can reset it", self.refused("run", "--real", "*", reset))

    def test_requests_that_do_not_go(self):
        pair = ["--bus", "socketcan:nowhere0", "--tx", "7E0", "--rx", "7E8"]
        self.assertIn("needs --bus LINK", self.refused("request", "22"))
        self.assertIn("a virtual bus is inside a process", self.refused("request", "--bus", "virtual", "22"))
        self.assertIn("virtual, socketcan:INTERFACE, isotp:INTERFACE or socketcand:HOST:PORT/BUS, or isotpserver:HOST:PORT was expected", self.refused("request", "--bus", "vcan0", "22"))
        self.assertIn("--rx ID is needed", self.refused("request", "--bus", "socketcan:nowhere0", "22"))
        self.assertIn("needs bytes to send", self.refused("request", *pair))
        self.assertIn("is not hex bytes", self.refused("request", *pair, "2"))
        self.assertIn("--tx 800: three digits are 11 bits", self.refused("request", *pair[:2], "--tx", "800", "--rx", "1", "22"))
        self.assertIn("--pairs 7E8=7E0: it goes with --functional", self.refused("request", *pair, "--pairs", "7E8=7E0", "22"))
        to_all = ["--bus", "socketcan:nowhere0", "--functional"]
        self.assertIn("a functional request has to fit a single frame: up to 7 bytes",
                      self.refused("request", *to_all, "7DF", "11" * 8))
        self.assertIn("--pairs RX=TX,... says it", self.refused("request", *to_all, "18FF0001", "22"))
        self.assertIn("RX=TX was expected", self.refused("request", *to_all, "7DF", "--pairs", "7E8", "22"))
        self.assertIn("would be that of another pair",
                      self.refused("request", *to_all, "7DF", "--pairs", "7E8=7E0,7E8=7E1", "22"))
        self.assertIn("needs --address-functional", self.refused("request", *to_all, "6F1", "--format", "extended", "22"))
        self.assertIn("nowhere0", self.refused("request", *pair, "22", status=3))

    def test_monitors_that_do_not_go(self):
        self.assertIn("needs a link", self.refused("monitor"))
        self.assertIn("a virtual bus is inside a process", self.refused("monitor", "virtual"))
        self.assertIn("'b' is another", self.refused("monitor", "a", "b"))
        self.assertIn("-L and -d", self.refused("monitor", "-L", "-d", "socketcan:nowhere0"))
        self.assertIn("--scenario x: ", self.refused("monitor", "--scenario", "x", "socketcan:nowhere0"))
        self.assertIn("--count 0", self.refused("monitor", "-n", "0", "socketcan:nowhere0"))
        self.assertIn("nowhere0", self.refused("monitor", "socketcan:nowhere0", status=3))

    def test_an_interface_that_this_machine_lacks(self):
        # Whether it has SocketCAN or not.
        self.assertIn("nowhere0", self.refused("run", "--bus", "body=socketcan:nowhere0", VIN, status=3))
        stack = self.write("stack.yaml", 'canstage: 1\nbuses: { can: { link: "socketcan:nowhere0" } }\n'
                           "endpoints: { raw: { rx: '123', tx: '456', do: echo } }\n")
        self.assertIn("nowhere0", self.refused("conformance", "--scenario", stack, "--endpoint", "raw", status=3))

    def test_a_bus_goes_back_to_virtual(self):
        real = self.write("real.yaml", 'canstage: 1\nbuses: { can: { link: "socketcan:nowhere0" } }\n')
        self.assertIn("virtual time", run("run", "--bus", "can=virtual", real).stdout)

    def test_links(self):
        lines = run("links").stdout.splitlines()
        self.assertRegex(lines[0], "^virtual +a bus inside the process")
        kinds = {line.split(":")[0] for line in lines[1:]}
        self.assertEqual(kinds, {"socketcan", "isotp", "socketcand", "isotpserver"})

    def test_links_that_are_named(self):
        self.assertEqual(run("links", "virtual").stdout.split(maxsplit=1), ["virtual", "can be opened\n"])
        done = run("links", "virtual", "socketcan:nowhere0", "socketcand:127.0.0.1:1/can0", status=3)
        self.assertRegex(done.stdout.splitlines()[1], "^socketcan:nowhere0 +no: ")
        self.assertRegex(done.stdout.splitlines()[2], "^socketcand:127.0.0.1:1/can0 +no: 127.0.0.1:1 refuses connections")
        self.assertIn("was expected", self.refused("links", "virtual", "can0"))

    def test_a_file_that_is_not_there(self):
        self.assertIn("nowhere.yaml:1:1: ", self.refused("run", "nowhere.yaml"))
        self.assertIn("nowhere.yaml:1:1: ", self.refused("check", "nowhere.yaml"))

    def test_outputs_that_cannot_be_written(self):
        for option in ("--trace", "--json", "--junit"):
            line = self.refused("run", option, "no/such/folder/out.log", VIN, status=3)
            self.assertTrue(line.startswith("canstage: cannot write no/such/folder/out.log: "), line)

    def test_nothing_runs_if_one_file_is_wrong(self):
        bad = self.write("bad.yaml", "canstage: 1\nbusses: {}\n")
        done = run("run", VIN, bad, status=2)
        self.assertEqual(done.stdout, "")
        self.assertIn(f"{bad}:2:1: unknown key 'busses'", done.stderr)

    def test_help(self):
        text = run("--help").stdout
        for name in ("run", "check", "explain", "links", "version"):
            self.assertIn(f"\n  {name} ", text)
        self.assertIn("--trace", run("run", "--help").stdout)
        self.assertIn("--json", run("check", "--help").stdout)
        self.assertIn("usage", run(status=2).stderr)

    def test_version(self):
        self.assertRegex(run("version").stdout, r"^canstage \d+\.\d+\.\d+\nCAF 0\.17\.6\n")

    def test_check(self):
        self.assertIn("ok", run("check", VIN, WRONG).stdout)
        bad = self.write("bad.yaml", "canstage: 1\nbusses: {}\n")
        found = json.loads(run("check", "--json", bad, status=2).stdout)
        self.assertEqual(found["canstage_check"], 1)
        self.assertEqual((found["problems"][0]["line"], found["problems"][0]["column"]), (2, 1))
        self.assertEqual(json.loads(run("check", "--json", VIN).stdout)["problems"], [])

    def test_quiet_and_verbose(self):
        quiet, normal, verbose = (run("run", *flag, VIN).stdout for flag in (["-q"], [], ["-v"]))
        self.assertEqual(quiet.count("\n"), 1)
        self.assertLess(len(quiet), len(normal))
        self.assertLess(len(normal), len(verbose))

    def test_junit(self):
        path = self.folder / "out.xml"
        run("run", "--junit", path, WRONG, status=1)
        root = ElementTree.parse(path).getroot()
        cases = list(root.iter("testcase"))
        failed = [case for case in cases if case.find("failure") is not None]
        self.assertEqual(int(root.get("tests")), len(cases))
        self.assertEqual(int(root.get("failures")), len(failed))
        self.assertGreaterEqual(len(failed), 5)
        on_stdout = run("run", "--junit", "-", WRONG, status=1).stdout
        self.assertEqual(on_stdout, path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
