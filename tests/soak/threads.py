"""Threads that ask for as long as the soak lasts, and can be held still."""

import random
import threading
import traceback

from ask import Asker

# Seconds between two questions of one client, on average.
PAUSE_S = 0.25


class Gate:
    """Lets steps through, or holds all of them still: nothing is under way then."""

    def __init__(self):
        self.condition = threading.Condition()
        self.held = threading.Event()
        self.under_way = 0

    def enter(self):
        """Whether a step may be taken; waits a moment where not."""
        with self.condition:
            if self.held.is_set():
                self.condition.wait(0.5)
                return False
            self.under_way += 1
            return True

    def leave(self):
        with self.condition:
            self.under_way -= 1
            self.condition.notify_all()

    def hold(self, patience_s=130):
        """Whether all are still."""
        self.held.set()
        with self.condition:
            return self.condition.wait_for(lambda: self.under_way == 0, patience_s)

    def release(self):
        with self.condition:
            self.held.clear()
            self.condition.notify_all()


class Together:
    """Several gates held as one."""

    def __init__(self, *gates):
        self.gates = gates

    def __enter__(self):
        # Told all at once, then waited for.
        for gate in self.gates:
            gate.held.set()
        return all([gate.hold() for gate in self.gates])

    def __exit__(self, *_):
        for gate in self.gates:
            gate.release()


class Thread(threading.Thread):
    """Takes steps until the run ends, and none while it is held."""

    def __init__(self, run, name, seed):
        super().__init__(daemon=True, name=name)
        self.soak, self.rng = run, random.Random(seed)
        self.gate = run.gate
        self.asker = Asker(run)

    def run(self):
        while not self.soak.stopping.is_set():
            if not self.gate.enter():
                continue
            try:
                self.step()
            except Exception as error:  # noqa: BLE001: a client that ends would make the soak a lighter one
                where = traceback.extract_tb(error.__traceback__)[-1]
                text = f"{self.name}, line {where.lineno} of {where.filename}: {type(error).__name__}: {error}"
                self.soak.findings.add("the soak itself failed", text)
            finally:
                self.gate.leave()
            self.soak.stopping.wait(self.pause())
        self.asker.close()

    def pause(self):
        return self.rng.expovariate(1 / PAUSE_S)

    def wrong(self, kind, text, answer):
        """What is wrong in an answer that comes outside of faults."""
        if answer.quiet:
            self.soak.findings.add(kind, text)
