#!/usr/bin/env python3
"""The page of `run --report`, in a browser: it opens without a word in the console and without asking for anything,
and a click on a failed verdict leads to its place."""
import unittest

from browser import Browser
from program import SCENARIOS, InFolder, run

WRONG = SCENARIOS / "functional_vin_wrong.yaml"

FIRST_ROW = "document.querySelector('#verdict-rows .row')"
TEXT = "return document.querySelector(arguments[0]).innerText"
VISIBLE = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)"


class Page(InFolder):
    def page_of(self, scenario, *words, status=1):
        path = self.folder / "report.html"
        run("run", "--report", path, *words, scenario, status=status)
        return path

    def clean(self, browser, page):
        self.assertEqual(browser.complaints(), [])
        asked = {address for address in browser.requested() if not address.startswith(("data:", "chrome:"))}
        self.assertEqual(asked, {page.resolve().as_uri()})

    def test_a_failed_verdict_leads_to_its_place(self):
        page = self.page_of(WRONG)
        with Browser() as browser:
            browser.open(page)
            self.assertIn("failed", browser.run(TEXT, "#state"))
            browser.keep_picture("opened.png")
            whole = self.chosen_width(browser)

            # Failures come first.
            self.assertEqual(browser.run(f"return {FIRST_ROW}.firstChild.textContent"), "✗")
            who = browser.run(f"return {FIRST_ROW}.querySelector('strong').textContent")
            browser.run(f"{FIRST_ROW}.click()")
            self.assertIn(who, browser.run(TEXT, "#detail h2"))
            self.assertIn(who, browser.run(VISIBLE, "#sequence-lanes .chosen title"))
            self.assertTrue(browser.run(VISIBLE, "#sequence-rows .arrow.failed text"))
            self.assertLess(self.chosen_width(browser), whole * 0.9)
            browser.keep_picture("chosen.png")

            # The address of the page leads there, too.
            address = browser.run("return location.hash")
            browser.run("location.reload()")
            self.assertEqual(browser.run("return location.hash"), address)
            self.assertIn(who, browser.run(TEXT, "#detail h2"))
            self.clean(browser, page)

    def test_the_wheel_zooms_and_a_button_leads_back(self):
        page = self.page_of(WRONG)
        with Browser() as browser:
            browser.open(page)
            browser.run("document.getElementById('timeline-all').click()")
            whole = self.chosen_width(browser)
            wheel = """const canvas = document.getElementById('lanes-canvas');
                       const { left, top } = canvas.getBoundingClientRect();
                       canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: -400, clientX: left + 300,
                         clientY: top + 40, bubbles: true, cancelable: true, view: window }));"""
            browser.run(wheel)
            self.assertLess(self.chosen_width(browser), whole * 0.9)
            browser.run("document.getElementById('timeline-all').click()")
            self.assertAlmostEqual(self.chosen_width(browser), whole, places=3)
            self.clean(browser, page)

    @staticmethod
    def chosen_width(browser):
        return float(browser.run("return document.querySelector('#overview .selection').getAttribute('width')"))

    def test_messages_are_in_words_and_can_be_filtered(self):
        page = self.page_of(WRONG)
        with Browser() as browser:
            browser.open(page)
            browser.run("document.querySelector('[data-view=messages]').click()")
            rows = browser.run(VISIBLE, "#message-rows .row")
            self.assertTrue(any("ReadDataByIdentifier: F190 VIN" in row for row in rows), rows)
            browser.run("""const box = document.getElementById('message-filter');
                           box.value = 'requestOutOfRange'; box.dispatchEvent(new Event('input'));""")
            rows = browser.run(VISIBLE, "#message-rows .row")
            self.assertTrue(rows)
            for row in rows:
                self.assertIn("requestOutOfRange", row)
            browser.keep_picture("messages.png")
            browser.run("document.querySelector('#message-rows .row').click()")
            self.assertIn("7F 22 31", browser.run(TEXT, "#detail"))
            self.clean(browser, page)

    def test_response_times_have_their_limit(self):
        page = self.page_of(SCENARIOS / "functional_vin.yaml", status=0)
        with Browser(dark=True) as browser:
            browser.open(page)
            self.assertIn("passed", browser.run(TEXT, "#state"))
            browser.keep_picture("dark.png")
            browser.run("document.querySelector('[data-view=times]').click()")
            names = browser.run(VISIBLE, "#times-rows strong")
            self.assertIn("engine", names)
            self.assertIn("P2", browser.run(VISIBLE, ".histogram text"))
            # This one says 0x78 first, and has two limits.
            browser.run("""for (const row of document.querySelectorAll('#times-rows .row'))
                             if (row.textContent.startsWith('hybrid')) row.click();""")
            self.assertIn("P2*", browser.run(VISIBLE, ".histogram text"))
            browser.keep_picture("response_times.png")
            browser.run("document.querySelector('[data-view=ecus]').click()")
            self.assertIn("engine", browser.run(VISIBLE, "#ecu-rows strong"))
            self.clean(browser, page)

    def test_every_shipped_scenario_is_a_page(self):
        pages = [self.folder / f"{one.stem}.html" for one in sorted(SCENARIOS.glob("*.yaml"))]
        for scenario, page in zip(sorted(SCENARIOS.glob("*.yaml")), pages):
            wrong = scenario.stem in ("functional_vin_wrong", "bad_ecus")
            run("run", "--report", page, scenario, status=1 if wrong else 0)
        with Browser() as browser:
            for page in pages:
                with self.subTest(page=page.name):
                    browser.open(page)
                    self.assertTrue(browser.run("return performance.getEntriesByName('canstage-ready').length"))
                    browser.run("document.querySelector('#verdict-rows .row').click()")
                    browser.keep_picture(f"{page.stem}.png")
                    self.clean(browser, page)

    def test_several_runs_are_one_page(self):
        page = self.folder / "both.html"
        run("run", "--report", page, SCENARIOS / "functional_vin.yaml", WRONG, status=1)
        with Browser() as browser:
            browser.open(page)
            self.assertIn("passed", browser.run(TEXT, "#state"))
            browser.run("""const choice = document.getElementById('run-choice');
                           choice.value = 1; choice.dispatchEvent(new Event('change'));""")
            self.assertIn("failed", browser.run(TEXT, "#state"))
            self.clean(browser, page)

    def test_names_are_never_read_as_markup(self):
        scenario = self.write("nasty.yaml", """canstage: 1
name: "</script><script>console.error('read')</script><b>"
buses: { can: { bitrate: 500k } }
ecus: { engine: { address: { request: 7E0, response: 7E8 } } }
testers: { tester: {} }
steps: [ { name: "<img src=x onerror=alert(1)>", request: { to: engine, bytes: "3E 00" }, expect: "7E 01" } ]
""")
        page = self.page_of(scenario)
        with Browser() as browser:
            browser.open(page)
            self.assertIn("</script>", browser.run(TEXT, "#title"))
            self.clean(browser, page)

    def test_the_same_seed_is_the_same_page(self):
        first = self.page_of(WRONG, "--seed", "7").read_bytes()
        self.assertEqual(self.page_of(WRONG, "--seed", "7", "--cast", "ensemble").read_bytes(), first)

    def test_what_is_no_page_is_refused(self):
        done = run("run", "--report", "run.json", WRONG, status=2)
        self.assertIn(".html was expected", done.stderr)
        run("run", "--report", self.folder / "nowhere" / "report.html", WRONG, status=3)


if __name__ == "__main__":
    unittest.main()
