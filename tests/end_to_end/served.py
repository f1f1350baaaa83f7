"""A served scenario, and clients of it that are nothing but sockets."""
import os
import re
import select
import signal
import socket
import subprocess
import threading
import time

from program import CANSTAGE

# For what has to happen; loaded machines are slow.
PATIENCE = 30

ECUS = """
canstage: 1
buses:
  can: { bitrate: 500k }
ecus:
  engine:
    address: { request: "7E0", response: "7E8" }
    uds:
      response_time: 2ms
      dids: { F190: "WVWZZZ1JZXW000001" }
  gearbox:
    like: engine
    address: { request: "7E1", response: "7E9" }
"""


class Served:
    """`canstage serve` as a context; what is exposed is in `ports`, by name."""

    def __init__(self, path, *options, status=130):
        self.status = status
        self.ending = False
        self.process = subprocess.Popen([CANSTAGE, "serve", *map(str, options), str(path)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.errors = []
        self.collector = threading.Thread(target=lambda: self.errors.extend(self.process.stderr))
        self.collector.start()
        self.ready = self.process.stdout.readline().strip()
        self.ports = {name: int(port) for name, port in re.findall(r" ([^ =]+)=\w+:[^ ]*?:(\d+)(?=[ /]|$)", self.ready)}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end(signal.SIGINT)
        try:
            found = self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.collector.join()
            self.process.stdout.close()
            self.process.stderr.close()
        if found != self.status:
            raise AssertionError(f"exit status {found} instead of {self.status}\n{self.stderr()}")

    def end(self, which):
        """Once only: a second signal ends the program at once."""
        if not self.ending and self.process.poll() is None:
            self.process.send_signal(which)
        self.ending = True

    def stderr(self):
        return "".join(self.errors)

    def wait_for_error(self, text):
        """Waits until stderr says that."""
        wait_until(lambda: text in self.stderr(), lambda: f"stderr without '{text}':\n{self.stderr()}")

    def resident_megabytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s*(\d+) kB", status.read()).group(1)) / 1024

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def wait_until(true, message):
    end = time.monotonic() + PATIENCE
    event = threading.Event()
    while not true():
        if time.monotonic() > end:
            raise AssertionError(message())
        event.wait(0.02)


class Client:
    """A TCP connection that reads texts in brackets."""

    def __init__(self, port, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.read = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode("ascii"))

    def text(self):
        """The next text, with its brackets."""
        while ">" not in self.read:
            more = self.socket.recv(4096)
            if not more:
                raise EOFError(self.read)
            self.read += more.decode("ascii")
        found, self.read = self.read.split(">", 1)
        return found.lstrip() + ">"

    def silent(self, seconds):
        """Whether nothing comes for that time."""
        return not self.read.strip() and not select.select([self.socket], [], [], seconds)[0]

    def is_closed(self):
        """Whether the server has closed the connection; reads over what comes before."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionError:
            pass
        except socket.timeout:
            return False
        return True


class Socketcand(Client):
    """A client of socketcand in raw mode."""

    def __init__(self, port, bus="can", **options):
        super().__init__(port, **options)
        assert self.text() == "< hi >"
        self.send(f"< open {bus} >")
        assert self.text() == "< ok >"
        self.send("< rawmode >")
        assert self.text() == "< ok >"

    def frame(self):
        """The next frame: (identifier, data)."""
        found = re.fullmatch(r"< frame ([0-9A-F]{3}|[0-9A-F]{8}) (\d+\.\d{6}) ([0-9A-F]*) >", self.text())
        assert found, "no frame"
        return found.group(1), found.group(3)
