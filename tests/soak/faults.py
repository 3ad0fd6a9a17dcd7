"""Faults, each a begin and an end; what is between is the soak's to measure. `outlived` are those that one process of the
service must live through."""

import signal
import time
from contextlib import ExitStack

import service
from ask import Asker
from load import CLOCK

YEAR = "+31536000"
# SIGTERM must be obeyed within this.
STOPS_IN_S = 10


class Fault:
    name = "?"
    outlived = True
    hold_s = 8
    # Commands would open the store by its name, and are held while it is not what stands there.
    commands = True

    def __init__(self, run):
        self.run = run

    def impossible(self):
        """Why it cannot be tried here; none where it can."""
        return None

    def begin(self):
        pass

    def during(self):
        """Once a half second; notes what it sees in `self.run.seen`."""

    def end(self):
        pass

    def after(self):
        """What else must be so once all works again."""


class DiskFull(Fault):
    name = "disk full"

    def impossible(self):
        return None if self.run.store.disk.mounted else "a small disk can be mounted by root only"

    def begin(self):
        self.run.store.disk.fill()

    def during(self):
        self.run.store.disk.fill()

    def end(self):
        self.run.store.disk.free()
        if hasattr(self.run.store, "start"):
            # A server whose log cannot grow ends itself: its operator starts it again.
            self.run.store.start()


class LockHeld(Fault):
    """Reads must go on."""

    name = "lock held"

    def begin(self):
        self.stack = ExitStack()
        self.stack.enter_context(self.run.store.hold())
        self.asker, self.read, self.longest = Asker(self.run, timeout=5), 0, 0.0

    def during(self):
        began = time.monotonic()
        answer = self.asker.ask("windows", "GET", "/v1/windows?duration=2h&mw=1&top=1")
        self.longest = max(self.longest, time.monotonic() - began)
        self.read += answer.status == 200

    def end(self):
        self.stack.close()
        self.asker.close()
        self.run.seen(f"{self.read} windows read, the slowest in {self.longest:.2f} s")
        if self.read == 0 or self.longest > 4:
            self.run.findings.add("reads waited for a writer", f"{self.read} read, the slowest in {self.longest:.1f} s")


class Kill(Fault):
    """The service, and whatever command runs."""

    name = "kill -9"
    outlived = False
    hold_s = 1

    def begin(self):
        self.run.commands.kill()
        self.run.service.kill()

    def end(self):
        self.run.started()


class Terminate(Fault):
    name = "SIGTERM"
    outlived = False
    hold_s = 0

    def begin(self):
        self.run.stop_service()

    def end(self):
        self.run.started()


class Stopped(Fault):
    name = "SIGSTOP"
    hold_s = 6

    def begin(self):
        self.run.service.signal(signal.SIGSTOP)

    def end(self):
        self.run.service.signal(signal.SIGCONT)


class Moved(Fault):
    """SQLite's file under another name, alone or with its log; the service stands still for as long as that takes."""

    name = "file moved"
    commands = False

    def impossible(self):
        return None if hasattr(self.run.store, "file") else "a server's files are its own"

    def begin(self):
        files = self.run.store.files()
        self.moved = files if self.run.rng.random() < 0.5 else files[-1:]
        self._frozen(lambda path: path.exists() and path.rename(path.with_name(path.name + ".away")))

    def end(self):
        def back(path):
            away = path.with_name(path.name + ".away")
            if path == self.run.store.file and path.exists():
                self.run.findings.add("a new store in place of one that was moved", f"{path.stat().st_size} bytes")
            if away.exists():
                away.replace(path)
        self._frozen(back)

    def _frozen(self, move):
        self.run.service.signal(signal.SIGSTOP)
        for path in self.moved:
            move(path)
        self.run.service.signal(signal.SIGCONT)


class ServerStops(Fault):
    mode = "fast"

    def impossible(self):
        return None if hasattr(self.run.store, "stop") else "a file needs no server"

    @property
    def name(self):
        return f"PostgreSQL stopped, {self.mode}"

    def begin(self):
        self.run.store.stop(self.mode)

    def end(self):
        self.run.store.start()


class ServerCrashes(ServerStops):
    mode = "immediate"


class Cut(Fault):
    name = "connections ended"

    def impossible(self):
        return None if hasattr(self.run.store, "cut") else "a file needs no connections"

    def begin(self):
        self.run.store.cut()

    during = begin


class ClockAhead(Fault):
    """A year, for a while; the service is started anew under a clock that can be set, and again afterwards."""

    name = CLOCK
    outlived = False
    hold_s = 20

    def impossible(self):
        return None if service.faketime() else "needs Debian's package faketime"

    def begin(self):
        self.run.stop_service()
        self.run.started(clock=True)
        self.asker = Asker(self.run)
        self.there = self._now()
        self.run.service.offset.write_text(YEAR)

    def _now(self):
        answer = self.asker.ask("windows", "GET", "/v1/windows?duration=2h&mw=1&top=1")
        return answer.json() if answer.status == 200 else {}

    def during(self):
        now = self._now().get("now", "")
        if now[:4] > self.there.get("now", "")[:4]:
            self.jumped = True

    def end(self):
        if not getattr(self, "jumped", False):
            self.run.findings.note("the clock did not move under faketime: nothing was learned of clocks")
        self.run.service.offset.write_text("+0")
        # Read again once a second.
        time.sleep(1.5)

    def after(self):
        """No plan of the future is in charge, and no window lies in the year that did not come."""
        answer = self._now()
        made = (answer.get("plan") or {}).get("made")
        windows = answer.get("windows") or []
        if made and made[:4] > answer["now"][:4] or any(w["start"][:4] > answer["now"][:4] for w in windows):
            self.run.findings.add("a plan of the future is in charge", f"{answer}")
        self.asker.close()
        self.run.stop_service()
        self.run.started()


ALL = [DiskFull, LockHeld, Kill, Terminate, Stopped, Moved, ServerStops, ServerCrashes, Cut, ClockAhead]
