"""The command line as processes beside the service, on the same store."""

import json
import subprocess
import time
from datetime import timedelta

import ask
import world
from threads import Thread

LONGEST_S = 150
# What a process ends with when it was killed.
KILLED = -9


class Commands(Thread):
    """One command after another, held still on its own gate."""

    def __init__(self, run, gate, seed):
        super().__init__(run, "commands", seed)
        self.gate = gate
        self.process = None
        self.turn = 0
        self.days = 0
        # Of the last command: whether a fault was on at its beginning or end.
        self.phase = ask.QUIET

    def pause(self):
        return self.rng.uniform(2, 6)

    def step(self):
        turns = [self.plan, self.older_day, self.bad, self.settle, self.forecast, self.lists, self.pack, self.older_day,
                 self.report]
        turns[self.turn % len(turns)]()
        self.turn += 1

    def run_one(self, *arguments, wanted=0):
        """Its exit status, and its JSON; where it failed outside of faults that is found."""
        began, phase = time.monotonic(), self.soak.phase
        command = [self.soak.service.binary, *[str(argument) for argument in arguments], "--format", "json"]
        self.process = subprocess.Popen(command, cwd=self.soak.world.folder, env=self.soak.service.env,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, said = self.process.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, said = self.process.communicate()
            self.soak.findings.add("a command that does not end", f"{arguments} after {LONGEST_S} s")
        status = self.process.returncode
        self.phase = phase = phase if phase != ask.QUIET else self.soak.phase
        self.soak.tally.add(f"hourmatch {arguments[0]}", status, phase, time.monotonic() - began)
        said = said.decode("utf-8", "replace")
        self.soak.say_of_commands(said)
        if "panicked" in said:
            self.soak.findings.add("a panic", f"{arguments}: {said}")
        right = {0, 1} if phase != ask.QUIET else {wanted}
        if status not in right and not (status == KILLED and phase != ask.QUIET):
            self.soak.findings.add("a command ends otherwise than it should", f"{arguments}: {status}, {said[-300:]}")
        try:
            return status, json.loads(out)
        except ValueError:
            return status, {}

    def plan(self):
        status, plan = self.run_one("plan", "--time-limit", "20s")
        if status == 0 and plan.get("id"):
            self.soak.ledger.plans.add(plan["id"])

    def _readings(self, arguments, rows):
        status, _ = self.run_one(*arguments)
        taken = self.soak.ledger
        with taken.lock:
            if status == 0:
                taken.readings += rows
            elif self.phase != ask.QUIET:
                taken.maybe_readings.append(rows)

    def older_day(self):
        path, rows = self.soak.world.older_day()
        self._readings(["ingest", path], rows)

    def forecast(self):
        self.run_one("ingest", self.soak.world.forecast())

    def bad(self):
        self.run_one("ingest", self.soak.world.bad(), wanted=1)

    def lists(self):
        self.run_one("work", "list")
        self.run_one("reservations", "list")

    def _day(self):
        """A day of its own each time, so that no pack is a restatement."""
        self.days += 1
        start = self.soak.world.began.replace(hour=0) - timedelta(days=2 + self.days)
        return ["--from", world.stamp(start), "--to", world.stamp(start + timedelta(days=1))]

    def settle(self):
        self.run_one("settle", *self._day())

    def pack(self):
        name = f"pack-{self.turn}"
        status, _ = self.run_one("pack", *self._day(), "-o", name)
        if status == 0:
            self.soak.ledger.packs.append(name)

    def report(self):
        to = self.soak.world.began.replace(hour=0)
        self.run_one("report", "--from", world.stamp(to - timedelta(days=31)), "--to", world.stamp(to))

    def kill(self):
        """Whatever runs now."""
        process = self.process
        if process and process.poll() is None:
            process.kill()
