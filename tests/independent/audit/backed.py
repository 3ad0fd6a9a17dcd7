"""How much of what was allocated cancelled certificates back, hour by hour."""

from audit.certificates import belongs, counts, span, volume
from audit.exact import largest_remainder

CLAIMED = ("dedicated", "shared", "legacy", "unbundled")


def backed(ledger, certified):
    """(site, interval, contract) to Wh: what was allocated of it, as far as it is certified then; what is short goes to
    sites by largest remainder on what they were given."""
    given = {}
    for t, site, instrument, wh, _ in ledger.rows:
        if instrument in certified and certified[instrument][t]:
            given.setdefault((instrument, t), {})[site] = wh
    found = {}
    for (instrument, t), by_site in given.items():
        sites = sorted(by_site, key=str.encode)
        weights = [by_site[site] for site in sites]
        for site, wh in zip(sites, largest_remainder(min(certified[instrument][t], sum(weights)), weights)):
            if wh:
                found[site, t, instrument] = wh
    return found


class Backing:
    """What is backed, for every scope a figure is of: None for the portfolio, ("boundary", id), ("site", id)."""

    def __init__(self, books, intervals):
        self.books, self.pack = books, books.pack
        self.known = bool(self.pack.certificates)
        certified = books.supply.certified
        self.matching, self.inventory = (backed(ledger, certified) for ledger in (books.matching, books.inventory))
        self.by_site, self.by_boundary = {}, {}
        for (site, t, _), wh in self.matching.items():
            for sums, key in ((self.by_site, (site, t)), (self.by_boundary, (self._place(site, t), t))):
                sums[key] = sums.get(key, 0) + wh
        self.intervals = intervals
        self.annual = {boundary: self._annual(boundary) for boundary in books.markets}

    def _place(self, site, t):
        return self.books.loads[site].boundary[t]

    def _certified(self, ledger, rows):
        """(contract, boundary) to Wh certified: in its own what it delivers there, less what passes a link outwards,
        plus what comes in over one."""
        home = {contract.id: contract.boundary for contract in self.pack.contracts}
        sums = {(name, home[name]): sum(wh) for name, wh in self.books.supply.certified.items()}
        for (site, t, name), wh in rows.items():
            for boundary, sign in ((home[name], -1), (self._place(site, t), 1)):
                sums[name, boundary] = sums.get((name, boundary), 0) + sign * wh
        return {key: wh for key, wh in sums.items() if key[0] in {c.id for c in ledger.contracts}}

    def _annual(self, boundary):
        """Wh certified of what is contracted in a boundary over the period."""
        certified = self._certified(self.books.matching, self.matching)
        return sum(wh for (_, place), wh in certified.items() if place == boundary)

    def of_claims(self, boundary, taken):
        """What is certified of what the annual inventory of a boundary counts of each contract."""
        certified = self._certified(self.books.inventory, self.inventory)
        return sum(max(0, min(certified.get((name, boundary), 0), wh)) for name, wh in taken.items())

    def _full(self, scope):
        """Intervals with load of which all is backed."""
        count = range(self.pack.count)
        if scope is None:
            rows = ([(self.intervals[b, t][0], self.by_boundary.get((b, t), 0)) for b in self.books.markets]
                    for t in count)
            return sum(any(load for load, _ in row) and all(load == wh for load, wh in row) for row in rows)
        sums, load = ((self.by_boundary, lambda t: self.intervals[scope[1], t][0]) if scope[0] == "boundary" else
                      (self.by_site, lambda t: self.books.matching.load[scope[1]][t]))
        return sum(load(t) > 0 and load(t) == sums.get((scope[1], t), 0) for t in count)

    def sums(self, scope, part, claims):
        """Figures of a scope, by the names of results.json: Wh, None where no certificate is known. `part`: its totals,
        `claims`: boundary to (claimed, backed) of the annual inventory."""
        def inside(site, t):
            return scope is None or scope[1] == (site if scope[0] == "site" else self._place(site, t))
        claimed = sum(wh for t, site, _, wh, step in self.books.inventory.rows if step in CLAIMED and inside(site, t))
        matched, inventory = (sum(wh for (site, t, _), wh in rows.items() if inside(site, t))
                              for rows in (self.matching, self.inventory))
        found = {"backed_matched_wh": matched, "intervals_fully_backed": self._full(scope),
                 "market_based_hourly_backed_wh": inventory}
        if scope is None or scope[0] == "boundary":
            over = list(self.books.markets) if scope is None else [scope[1]]
            found["annual"] = sum(part["backed_annual"][boundary][0] for boundary in over)
            found["capped"] = sum(part["backed_annual"][boundary][1] for boundary in over)
            found["market_based_annual_backed_wh"] = sum(claims[boundary][1] for boundary in over)
        found = {name: wh if self.known else None for name, wh in found.items()}
        if scope is None or scope[0] == "boundary":
            found["market_based_annual_claimed_wh"] = sum(claims[boundary][0] for boundary in over)
        return {**found, "market_based_hourly_claimed_wh": claimed}


def claim(pack, books, contract):
    """What a contract's claim rests on: (words, Wh cancelled, held, backed of what reached load in whichever ledger
    gave more of it in an interval)."""
    sums = {"counted": 0, "issued": 0}
    for row in pack.certificates:
        if belongs(pack, contract, row):
            start, end = span(row)
            shared = max(0, min(end, pack.end) - max(start, pack.start))
            kind = "counted" if counts(pack, contract, row) else row["status"]
            sums[kind] = sums.get(kind, 0) + volume(row) * shared // (end - start)
    used = whole = 0
    for t in range(pack.count):
        given = max(ledger.allocated.get(contract.id, {}).get(t, 0) for ledger in (books.matching, books.inventory))
        whole += given
        used += min(given, books.supply.certified[contract.id][t])
    counted, held = sums["counted"], sums["issued"]
    if not used:
        words = "none" if counted and whole else "cancelled" if counted else "held" if held else "none"
    else:
        words = "cancelled" if used >= whole else "partly cancelled"
    return words, counted, held, used
