"""What the service acknowledged, with its content: what must be there at the end, exactly once."""

import threading

NOTHING, UNKNOWN, YES = "nothing", "unknown", "yes"


class Reservation:
    """One id: what was asked, what was granted, and how far it is known whether it is there."""

    def __init__(self, terms):
        self.terms = terms
        self.there = NOTHING
        self.granted = None
        self.released = NOTHING

    def live(self):
        return self.there == YES and self.released == NOTHING


class Piece:
    """One piece of work: its content, the last report acknowledged, and reports since of which that is not known."""

    def __init__(self, content):
        self.content = content
        self.there = NOTHING
        self.state = {"state": "queued", "done": None, "site": None}
        self.maybe = []
        # Reported while the clock was ahead: nothing earlier than that can be reported of it.
        self.ahead = False

    def open(self):
        return self.there == YES and not self.ahead and self.state["state"] in ("queued", "running", "paused")


class Ledger:
    """Each entry is written by the one thread that made it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reservations, self.work = {}, {}
        self.plans, self.packs = set(), []
        # Readings by file: those that are there, and those that may be.
        self.readings, self.maybe_readings = 0, []

    def reservation(self, name, terms):
        entry = Reservation(terms)
        with self.lock:
            self.reservations[name] = entry
        return entry

    def piece(self, content):
        entry = Piece(content)
        with self.lock:
            self.work[content["id"]] = entry
        return entry

    def counts(self):
        with self.lock:
            reservations, work = list(self.reservations.values()), list(self.work.values())
        return {
            "reservations": sum(r.there == YES for r in reservations),
            "released": sum(r.released == YES for r in reservations),
            "pieces of work": sum(p.there == YES for p in work),
            "plans by command": len(self.plans),
            "packs": len(self.packs),
            "readings": self.readings,
            "never known": sum(r.there == UNKNOWN for r in reservations) + sum(p.there == UNKNOWN for p in work),
        }

    # What a listing lacks, has twice, or has otherwise than was acknowledged.

    def against_reservations(self, listed):
        rows = {}
        for row in listed:
            rows.setdefault(row["id"], []).append(row)
        with self.lock:
            known = dict(self.reservations)
        for name in rows.keys() - known.keys():
            yield f"reservation {name} was asked for by nobody"
        for name, entry in known.items():
            found = rows.get(name, [])
            if entry.there == YES and len(found) != 1 or len(found) > 1:
                yield f"reservation {name}: acknowledged, and there {len(found)} times"
            elif found and entry.there == NOTHING:
                yield f"reservation {name}: refused, and there"
            elif found and entry.granted and any(found[0].get(k) != v for k, v in entry.granted.items()):
                yield f"reservation {name}: granted {entry.granted}, and there is {found[0]}"
            elif found and (entry.released == YES) != (found[0]["state"] == "released") and entry.released != UNKNOWN:
                yield f"reservation {name}: released {entry.released}, and there it is {found[0]['state']}"

    def against_work(self, listed):
        rows = {}
        for row in listed:
            rows.setdefault(row["work"]["id"], []).append(row)
        with self.lock:
            known = dict(self.work)
        for name in rows.keys() - known.keys():
            yield f"work {name} was added by nobody"
        for name, entry in known.items():
            found = rows.get(name, [])
            if entry.there == YES and len(found) != 1 or len(found) > 1:
                yield f"work {name}: acknowledged, and there {len(found)} times"
            elif found and entry.there == NOTHING:
                yield f"work {name}: refused, and there"
            elif found and any(found[0]["work"].get(k) != v for k, v in entry.content.items()):
                yield f"work {name}: sent {entry.content}, and there is {found[0]['work']}"
            elif found and not self._stands(entry, found[0]):
                yield f"work {name}: reported {entry.state}, perhaps {entry.maybe}, and there is {found[0]}"

    def _stands(self, entry, row):
        acknowledged = all(row.get(key) == value for key, value in entry.state.items())
        return acknowledged or row["state"] in [report["state"] for report in entry.maybe]

    def against_readings(self, count):
        """Whole files, or nothing of them."""
        with self.lock:
            sums = {self.readings}
            for rows in self.maybe_readings:
                sums |= {total + rows for total in sums}
        if count not in sums:
            yield f"{count} readings are there, {self.readings} were acknowledged, of {self.maybe_readings} nobody knows"
