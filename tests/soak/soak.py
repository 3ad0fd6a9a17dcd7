"""One soak of one store: load all the time, a fault now and then, and what is held to be so after each."""

import os
import random
import statistics
import threading
import time

import ask
import checks
import faults
import ledger
import load
import onlookers
import stores
import wire
import world
from commands import Commands
from service import Sampler, Service
from threads import Gate, Together

SCHEDULERS = 3
# Load between two faults.
QUIET_S = 6
# What is still under way when all works again belongs to the fault.
AFTERMATH_S = 2


class Soak:
    def __init__(self, binary, kind, folder, minutes, seed, only):
        self.minutes, self.seed, self.only = minutes, seed, only
        self.rng = random.Random(f"{seed} {kind.name}")
        self.findings, self.tally, self.ledger = ask.Findings(), ask.Tally(), ledger.Ledger()
        self.gate, self.stopping, self.phase = Gate(), threading.Event(), "start"
        self.audits = self.probes = 0
        self.faults, self.impossible, self.row = [], {}, None
        self.no_ready = False
        self.store = kind(folder)
        self.world = world.World(folder, self.store.url)
        env = {key: value for key, value in os.environ.items() if not key.startswith("HOURMATCH_")}
        self.service = Service(binary, folder, stores.free_port(), env)
        self.commands = Commands(self, Gate(), self.rng.random())
        self.sampler = Sampler(self.service, self.stopping, lambda: self.phase == ask.QUIET)

    def say_of_commands(self, text):
        if self.store.secret and self.store.secret in text:
            self.findings.add("the store's password is said", text)

    def seen(self, text):
        """What a fault saw."""
        self.row["seen"].append(text)

    def started(self, clock=False):
        if not self.service.start(clock=clock):
            self.findings.add("the service does not start", f"within 60 s, in {self.phase}")

    def stop_service(self):
        """By SIGTERM, which must be obeyed in time."""
        seconds, status = self.service.terminate(3 * faults.STOPS_IN_S)
        if self.row is not None:
            self.row["stopped_s"] = max(seconds, self.row.get("stopped_s", 0))
        if seconds > faults.STOPS_IN_S or status != 0:
            how = "killed" if status is None else f"exit {status}"
            self.findings.add("SIGTERM is not obeyed within 10 s", f"{how} after {seconds:.1f} s")

    def prepare(self):
        first = self.world.history()
        for file in (first, self.world.forecast()):
            self.commands.run_one("ingest", file)
        self.ledger.readings = sum(1 for _ in open(first)) - 1
        self.commands.plan()
        self.started()
        asker = ask.Asker(self)
        self.no_ready = asker.ask("ready", "GET", "/readyz").status == 404
        if self.no_ready:
            self.findings.add("there is no /readyz", "404; recovery is told by reads and writes alone")
        asker.close()

    def threads(self):
        made = [load.Scheduler(self, n, self.rng.random()) for n in range(SCHEDULERS)]
        made += [kind(self, kind.__name__.lower(), self.rng.random())
                 for kind in (onlookers.Poller, onlookers.Dashboard, onlookers.Auditor, onlookers.Stranger)]
        return [*made, self.commands, self.sampler]

    def order(self, deadline):
        """Kinds of faults until the time is over; in its second half those that one process must live through."""
        half = time.monotonic() + (deadline - time.monotonic()) / 2
        kinds = [kind for kind in (*faults.ALL, *wire.ALL) if not self.only or kind(self).name in self.only]
        for kind in kinds:
            why = kind(self).impossible()
            if why:
                self.impossible[kind(self).name] = why
        kinds = [kind for kind in kinds if kind(self).name not in self.impossible]
        while kinds and time.monotonic() < deadline:
            for kind in self.rng.sample(kinds, len(kinds)):
                late = time.monotonic() >= half
                if time.monotonic() < deadline and (kind.outlived or not late):
                    yield kind(self)
            if time.monotonic() >= half:
                kinds = [kind for kind in kinds if kind.outlived]

    def run(self, say):
        self.prepare()
        running = self.threads()
        for thread in running:
            thread.start()
        deadline = time.monotonic() + self.minutes * 60
        self.phase = ask.QUIET
        for fault in self.order(deadline):
            self.quiet(QUIET_S)
            if time.monotonic() < deadline:
                self.inflict(fault)
                say(f"{self.store.name} {self.sampler_minutes():.1f} min: {self.told()}")
        self.quiet(max(QUIET_S, deadline - time.monotonic()))
        self.end(running)

    def sampler_minutes(self):
        return (time.monotonic() - self.sampler.began) / 60

    def told(self):
        row = self.row
        took = ", ".join(f"{what} {'never' if row[what] is None else format(row[what], '.1f') + ' s'}"
                         for what in ("reads", "writes", "ready"))
        return f"{row['fault']}: {took}; {'; '.join(row['seen'])} [{sum(self.findings.counts.values())} findings]"

    def quiet(self, seconds):
        handles = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not self.service.alive():
                self.findings.add("the service ended by itself", f"exit {self.service.process.returncode}")
                self.started()
            measured = self.service.measured()
            handles += [measured[1]] if measured else []
            time.sleep(0.25)
        self.handles = statistics.median(handles) if handles else 0

    def inflict(self, fault):
        self.row = {"fault": fault.name, "at_s": time.monotonic() - self.sampler.began, "seen": [], "before": self.handles}
        starts = self.service.starts
        self.probes += 1
        self.phase = fault.name
        if not fault.commands:
            with Together(self.commands.gate):
                self._between(fault)
        else:
            self._between(fault)
        self.row.update(checks.recovered(self))
        for what in ("reads", "writes", "ready"):
            if self.row[what] is None or self.row[what] > checks.RECOVERS_IN_S:
                took = "not at all" if self.row[what] is None else f"after {self.row[what]:.1f} s"
                self.findings.add(f"{what} do not recover within 10 s", f"{fault.name}: {took}")
        if None in (self.row["reads"], self.row["writes"], self.row["ready"]):
            self.seen("started again by hand")
            self.service.kill()
            self.started()
        fault.after()
        time.sleep(AFTERMATH_S)
        with Together(self.gate, self.commands.gate) as still:
            if not still:
                self.findings.add("the soak itself failed", f"clients did not come to rest after {fault.name}")
            self.phase = ask.QUIET
            checks.audit(self, f"after {fault.name}")
        self.row["after"] = checks.handles_back(self, self.handles, starts)
        self.faults.append(self.row)

    def _between(self, fault):
        try:
            fault.begin()
            until = time.monotonic() + fault.hold_s
            while time.monotonic() < until:
                fault.during()
                time.sleep(0.5)
        finally:
            fault.end()

    def end(self, running):
        """A last audit, a kill and another, a clean end, and what the engine says of its files."""
        with Together(self.gate, self.commands.gate):
            self.stopping.set()
            checks.audit(self, "at the end")
            self.measured_at_end = self.service.measured()
            checks.plans_there(self)
            self.phase = "last kill"
            self.service.kill()
            self.started()
            self.phase = ask.QUIET
            checks.audit(self, "at the end, after a kill")
            checks.plans_there(self)
            checks.files_there(self)
            self.row = None
            self.stop_service()
            for line in self.store.unsound():
                self.findings.add("the engine finds its files unsound", line)
        for thread in running:
            thread.join(timeout=90)
        self.read_log()

    def read_log(self):
        self.log_levels = {"WARN": 0, "ERROR": 0}
        with open(self.service.log, errors="replace") as log:
            for line in log:
                for level in self.log_levels:
                    self.log_levels[level] += level in line
                if "panicked" in line:
                    self.findings.add("a panic", line.strip())
                if self.store.secret and self.store.secret in line:
                    self.findings.add("the store's password is said", "in the log")
