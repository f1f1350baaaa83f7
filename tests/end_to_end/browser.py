"""Opens a page in headless Chromium, as a user's browser would: without any server, and offline."""
import json
import os
import pathlib
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service


class Browser:
    """One browser with its own profile, in a folder of the test's."""

    def __init__(self, dark=False, size=(1440, 900)):
        self.home = tempfile.TemporaryDirectory()
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for word in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
                     f"--user-data-dir={self.home.name}/profile", f"--window-size={size[0]},{size[1]}"]:
            options.add_argument(word)
        if dark:
            options.add_argument("--force-dark-mode")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        # Chromium writes below HOME, which tests do not have.
        environment = dict(os.environ, HOME=self.home.name, XDG_CONFIG_HOME=self.home.name, XDG_CACHE_HOME=self.home.name)
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver", env=environment), options=options)
        self.driver.set_window_size(*size)
        if dark:
            self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                        {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()
        self.home.cleanup()

    def open(self, path):
        self.driver.get(pathlib.Path(path).resolve().as_uri())

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def count_processor_time(self):
        self.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})

    def processor_time(self):
        """Seconds that the page's thread has worked since it was opened, however loaded the machine is."""
        metrics = self.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    def complaints(self):
        """What stands in the console."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requested(self):
        """Addresses that the page asked for, itself included."""
        found = []
        for entry in self.driver.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.requestWillBeSent":
                found.append(event["params"]["request"]["url"])
        return found

    def keep_picture(self, name):
        """A screenshot among the outputs of the test."""
        folder = pathlib.Path(os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR", self.home.name))
        self.driver.save_screenshot(str(folder / name))
