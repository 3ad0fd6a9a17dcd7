"""Clients: schedulers that reserve, release, add work and report on it, each with ids of its own."""

import time
from datetime import timedelta

import ledger
import world
from threads import Thread

# What one client has at a time.
RESERVED, OPEN = 20, 25
# How long a question of which nobody knows is repeated.
REPEATED_S = 40
CLOCK = "clock ahead"


class Scheduler(Thread):
    """Reserves and reports, and holds every answer against those before it."""

    def __init__(self, run, number, seed):
        super().__init__(run, f"c{number}", seed)
        self.made = 0
        self.mine, self.pieces = [], []
        self.actions = [(self.windows, 40), (self.reserve, 14), (self.repeat, 8), (self.release, 12), (self.add, 6),
                        (self.report, 14), (self.look, 6)]

    def step(self):
        actions, weights = zip(*self.actions)
        self.rng.choices(actions, weights)[0]()

    def _next_id(self, kind):
        self.made += 1
        return f"{kind}-{self.name}-{self.made}"

    def _draw(self):
        if self.rng.random() < 0.15:
            return {"gpus": self.rng.choice([64, 128, 512])}
        return {"mw": round(self.rng.uniform(0.1, 2.5), 3)}

    def windows(self):
        terms = {"duration": f"{self.rng.randint(1, 8)}h", **self._draw()}
        if self.rng.random() < 0.3:
            terms["after"] = world.stamp(world.now() + timedelta(hours=self.rng.randint(0, 40)))
        if self.rng.random() < 0.2 and "gpus" not in terms:
            terms["site"] = self.rng.choice(list(world.SITES))
        query = "&".join(f"{key}={value}" for key, value in terms.items())
        answer = self.asker.ask("windows", "GET", f"/v1/windows?{query}")
        if answer.status == 200:
            self._ranked(terms, answer)
        elif answer.status:
            self.wrong("a right question is refused", f"windows {query}: {answer.text()}", answer)

    def _ranked(self, terms, answer):
        """A window has the length and power that were asked for."""
        hours = int(terms["duration"][:-1])
        for window in answer.json()["windows"]:
            lasts = world.instant(window["end"]) - world.instant(window["start"])
            if lasts != timedelta(hours=hours) or abs(window["mw"] - terms.get("mw", window["mw"])) > 1e-9:
                self.soak.findings.add("a window of another size than asked for", f"{terms}: {window}")

    def _persist(self, send, known):
        """Repeats a question until its answer says what became of it; that answer, or the last."""
        deadline = time.monotonic() + REPEATED_S
        while True:
            answer = send()
            if answer.status and answer.status < 500:
                return answer
            known(ledger.UNKNOWN)
            if time.monotonic() > deadline or self.soak.stopping.is_set() or self.gate.held.is_set():
                return answer
            self.soak.stopping.wait(0.5)

    def reserve(self):
        if len(self.mine) >= RESERVED:
            return self.release()
        name = self._next_id("r")
        terms = {"id": name, "duration": f"{self.rng.randint(1, 6)}h", **self._draw()}
        if self.rng.random() < 0.4:
            # Hours that everybody wants, until nothing is left of them.
            before = world.stamp(world.this_hour() + 10 * world.HOUR)
            terms = {"id": name, "duration": f"{self.rng.randint(1, 5)}h", "mw": round(self.rng.uniform(3, 15), 2),
                     "site": self.rng.choice(list(world.SITES)), "before": before}
        entry = self.soak.ledger.reservation(name, terms)
        self.mine.append(name)
        self._post(entry, "reserve")

    def _post(self, entry, kind):
        before = entry.there

        def known(there):
            if entry.there == ledger.NOTHING:
                entry.there = there

        answer = self._persist(lambda: self.asker.ask(kind, "POST", "/v1/reservations", entry.terms), known)
        if answer.status in (200, 201):
            self._granted(entry, answer, before)
        elif 400 <= answer.status < 500:
            full = answer.status == 409 and "nothing is reserved" in answer.json().get("detail", "")
            over = entry.granted and world.instant(entry.granted["end"]) <= world.now() + timedelta(seconds=5)
            if not (full and before != ledger.YES or over):
                self.wrong("a right question is refused", f"{kind} {entry.terms}: {answer.text()}", answer)
            if entry.there != ledger.YES:
                self.mine.remove(entry.terms["id"])
        elif entry.there != ledger.YES:
            # Nobody knows: it is left alone from here on.
            self.mine.remove(entry.terms["id"])

    def _granted(self, entry, answer, before):
        row = answer.json()["reservation"]
        granted = {key: row.get(key) for key in ("id", "site", "start", "end", "mw", "gpus")}
        hours = (world.instant(row["end"]) - world.instant(row["start"])) / world.HOUR
        asked = entry.terms
        same = f"{hours:g}h" == asked["duration"] and row["id"] == asked["id"] and \
            row.get("gpus") == asked.get("gpus") and abs(row["mw"] - asked.get("mw", row["mw"])) < 1e-9
        if not same:
            self.soak.findings.add("granted otherwise than asked for", f"{asked}: {row}")
        if before == ledger.YES and granted != entry.granted:
            self.soak.findings.add("a repeated question is answered otherwise", f"{entry.granted}, then {granted}")
        if answer.status == 200 and entry.there == ledger.NOTHING:
            self.soak.findings.add("a new id was there already", str(row))
        entry.granted, entry.there = granted, ledger.YES

    def _one_of_mine(self):
        if not self.mine:
            return None
        return self.soak.ledger.reservations[self.rng.choice(self.mine)]

    def repeat(self):
        entry = self._one_of_mine()
        if entry:
            self._post(entry, "repeat")

    def release(self):
        entry = self._one_of_mine()
        if entry is None:
            return
        name = entry.terms["id"]

        def known(released):
            entry.released = released

        answer = self._persist(lambda: self.asker.ask("release", "DELETE", f"/v1/reservations/{name}"), known)
        self.mine.remove(name)
        if answer.status == 200:
            entry.released = ledger.YES
            if answer.json().get("state") != "released":
                self.soak.findings.add("a release that is none", answer.text())
        elif answer.status == 404:
            self.soak.findings.add("an acknowledged write is lost", f"release {name}: {answer.text()}")
        elif 400 <= answer.status < 500:
            entry.released = ledger.UNKNOWN if entry.released == ledger.UNKNOWN else ledger.NOTHING
            if world.instant(entry.granted["end"]) > world.now() + timedelta(seconds=5):
                self.wrong("a right question is refused", f"release {name}: {answer.text()}", answer)

    def add(self):
        self.pieces = [piece for piece in self.pieces if piece.open()]
        if len(self.pieces) >= OPEN:
            return self.report()
        batch = [self.soak.ledger.piece(self._content()) for _ in range(self.rng.randint(1, 3))]
        content = [piece.content for piece in batch]

        def known(there):
            for piece in batch:
                piece.there = there

        answer = self._persist(lambda: self.asker.ask("add work", "POST", "/v1/work", content), known)
        counts = answer.json() if answer.status == 200 else {}
        if answer.status == 200 and counts.get("added", 0) + counts.get("unchanged", 0) == len(batch):
            known(ledger.YES)
            self.pieces += batch
        elif answer.status and answer.status < 500:
            self.wrong("a right question is refused", f"add work {content}: {answer.text()}", answer)

    def _content(self):
        release = world.this_hour() - self.rng.randint(0, 3) * world.HOUR
        content = {
            "id": self._next_id("w"), "kind": "batch", "sites": [], "release": world.stamp(release),
            "deadline": world.stamp(release + self.rng.randint(12, 72) * world.HOUR),
        }
        if self.rng.random() < 0.1:
            return {**content, "pool": "h100", "gpus": float(self.rng.choice([64, 256])), "hours": 2.0}
        if self.rng.random() < 0.5:
            content["sites"] = [self.rng.choice(list(world.SITES))]
        return {**content, "energy_mwh": round(self.rng.uniform(1, 8), 2), "max_mw": 2.0}

    def report(self):
        self.pieces = [piece for piece in self.pieces if piece.open()]
        if not self.pieces:
            return
        piece = self.rng.choice(self.pieces)
        report = self._next(piece)

        def known(_):
            piece.maybe.append(report)

        name = piece.content["id"]
        answer = self._persist(lambda: self.asker.ask("report", "PATCH", f"/v1/work/{name}", report), known)
        piece.ahead = piece.ahead or answer.phase == CLOCK
        if answer.status == 200:
            row = answer.json()
            piece.state = {key: row.get(key) for key in ("state", "done", "site")}
            piece.maybe = []
            if row.get("state") != report["state"] or row.get("work") != name:
                self.soak.findings.add("a report is answered otherwise", f"{report}: {row}")
        elif answer.status == 404:
            self.soak.findings.add("an acknowledged write is lost", f"report of {name}: {answer.text()}")
        elif 400 <= answer.status < 500 and not piece.ahead:
            self.wrong("a right question is refused", f"report {report} of {name}: {answer.text()}", answer)

    def _next(self, piece):
        state, done = piece.state["state"], piece.state["done"] or 0.0
        if state == "queued":
            sites = piece.content["sites"] or ["ashburn"]
            return {"state": "running", "site": sites[0]}
        following = self.rng.choices(["running", "paused", "done", "cancelled"], [30, 20, 40, 10])[0]
        report = {"state": following}
        if following in ("running", "paused"):
            report["done"] = round(done + (0.9 - done) * self.rng.random(), 3)
        return report

    def look(self):
        """One of its own, by id."""
        entry = self._one_of_mine()
        if entry and entry.there == ledger.YES:
            answer = self.asker.ask("look", "GET", f"/v1/reservations/{entry.terms['id']}")
            row = answer.json()
            if answer.status == 404 or answer.status == 200 and any(row.get(k) != v for k, v in entry.granted.items()):
                self.soak.findings.add("an acknowledged write is lost", f"{entry.granted}: {answer.text()}")
