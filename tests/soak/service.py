"""The service as a process: started, killed, watched."""

import http.client
import os
import resource
import signal
import subprocess
import threading
import time
from pathlib import Path

SAMPLED_EVERY_S = 5
# What shells and supervisors give by default.
OPEN_FILES = 1024
FAKETIME = [f"/usr/lib/{arch}/faketime/libfaketimeMT.so.1" for arch in ("x86_64-linux-gnu", "aarch64-linux-gnu")]


def faketime():
    """The library that fakes clocks; none where Debian's package faketime is not there."""
    return next((path for path in FAKETIME if Path(path).exists()), None)


class Service:
    def __init__(self, binary, folder, port, env):
        self.binary, self.folder, self.port, self.env = binary, folder, port, env
        self.log = folder / "serve.log"
        self.process = None
        self.starts = 0
        self.offset = folder / "clock"

    def start(self, clock=False):
        """Until it answers; with `clock` under a clock that follows a file."""
        env = dict(self.env)
        if clock:
            self.offset.write_text("+0")
            env.update(LD_PRELOAD=faketime(), FAKETIME_TIMESTAMP_FILE=str(self.offset), FAKETIME_CACHE_DURATION="1",
                       FAKETIME_DONT_FAKE_MONOTONIC="1", NO_FAKE_STAT="1")
        with open(self.log, "ab") as log:
            command = [self.binary, "serve", "--listen", f"127.0.0.1:{self.port}"]
            self.process = subprocess.Popen(command, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, start_new_session=True)
        self.starts += 1
        hard = resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE)[1]
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (min(OPEN_FILES, hard), hard))
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                return False
            if self.answers():
                return True
            time.sleep(0.05)
        return False

    def answers(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return True
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    @property
    def pid(self):
        return self.process.pid

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        if self.alive():
            os.kill(self.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait(timeout=20)

    def terminate(self, patience_s):
        """Seconds until it ended, and its exit status; killed where it does not end."""
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            self.kill()
            status = None
        return time.monotonic() - began, status

    def measured(self):
        """Resident KiB, open handles and threads; none where it is gone."""
        try:
            text = Path(f"/proc/{self.pid}/status").read_text()
            handles = len(os.listdir(f"/proc/{self.pid}/fd"))
        except OSError:
            return None
        fields = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
        if "VmRSS" not in fields:
            return None
        return int(fields["VmRSS"].split()[0]), handles, int(fields["Threads"])


class Sampler(threading.Thread):
    """Notes every few seconds what the service takes."""

    def __init__(self, service, stop, quiet):
        super().__init__(daemon=True, name="sampler")
        self.service, self.stop, self.quiet = service, stop, quiet
        self.rows = []
        self.began = time.monotonic()

    def run(self):
        while not self.stop.wait(SAMPLED_EVERY_S):
            measured = self.service.measured() if self.service.alive() else None
            if measured:
                self.rows.append((time.monotonic() - self.began, self.service.starts, *measured, self.quiet()))
