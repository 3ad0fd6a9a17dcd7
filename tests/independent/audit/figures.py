"""Scores and inventories of the portfolio, every boundary and every site."""

from audit import instants
from audit.backed import Backing
from audit.exact import floor, grams, largest_remainder, score
from audit.inventories import Inventories
from audit.readings import QUALITIES

COLUMNS = ("load_wh", "contracted_wh", "matched_wh", "stored_wh", "surplus_wh", "unmatched_wh", "grid_cfe_wh")
# Sums of a boundary that the portfolio's are made of.
SUMS = COLUMNS + ("metered_load_wh", "reissued_wh", "annual_wh", "capped_wh", "metered_matched_wh")
LATER = ("purchased_wh", "storage_losses_wh", "scope_1_wh")
GRAMS = ("location_based_g", "upstream_g", "market_based_hourly_g", "market_based_hourly_without_legacy_g",
         "market_based_annual_g", "scope_1_g")


class Figures:
    """Tables and totals out of computed books.

    intervals: (boundary, t) to a row of COLUMNS; site_intervals: (site, t) to (load, unmatched, grid's part).
    """

    def __init__(self, books):
        self.books, self.pack = books, books.pack
        self.intervals, self.site_intervals, self.reissued = {}, {}, dict.fromkeys(books.markets, 0)
        self._matching()
        self.inventories = Inventories(books)
        self.unmatched, self.scope_1 = self.inventories.unmatched, self.inventories.scope_1
        self.backing = Backing(books, self.intervals) if self.pack.rules.certificates else None

    def _matching(self):
        """Sums of the matching ledger."""
        ledger, loads = self.books.matching, self.books.loads
        for t in range(self.pack.count):
            contracted, stored = ledger.boundary_sums(t), ledger.stored_in(t)
            for boundary, market in self.books.markets.items():
                sites = [site for site, load in loads.items() if load.boundary[t] == boundary]
                load = sum(ledger.load[site][t] for site in sites)
                left = sum(ledger.unmatched[site][t] for site in sites)
                weights = [max(0, ledger.unmatched[site][t] - loads[site].matching_guessed[t] - loads[site].fossil[t])
                           for site in sites]
                grid = floor(market.share[t] * sum(weights)) if market.share else 0
                supply, reissued = contracted[boundary]
                matched = load - left
                self.intervals[boundary, t] = (load, supply, matched, stored[boundary],
                                               supply - matched - stored[boundary], left, grid)
                self.reissued[boundary] += reissued
                for site, part in zip(sites, largest_remainder(grid, weights)):
                    self.site_intervals[site, t] = (ledger.load[site][t], ledger.unmatched[site][t], part)

    def rank(self, instrument, t):
        """Quality of what an instrument of the matching ledger delivers in an interval."""
        kind, _, name = instrument.partition("/")
        if kind == "onsite" and name:
            return self.books.loads[name].self_rank[t]
        if kind == "storage" and name:
            return self.books.meters[name].rank[t]
        return self.books.supply.rank[instrument][t]

    def _metered(self):
        """(site, t) to what of its load and of what it was given counts as metered, by quality; matched Wh that
        neither load nor generation states as estimated or profiled."""
        matched, given = {}, {}
        for t, site, instrument, wh, _ in self.books.matching.rows:
            rank = self.rank(instrument, t)
            given.setdefault((site, t), []).append((rank, wh))
            if rank in METERED and self.books.loads[site].rank[t] in METERED:
                matched[site, t] = matched.get((site, t), 0) + wh
        return matched, given

    def _meters(self, scopes):
        """Adds what sites' meters say to sums by site and by boundary."""
        rules, matched = self.pack.rules, self._metered()[0]
        for site, load in self.books.loads.items():
            for t, boundary in enumerate(load.boundary):
                for sums in (scopes["site", site], scopes["boundary", boundary]):
                    sums["metered_load_wh"] += load.metered[t]
                    sums["metered_matched_wh"] += matched.get((site, t), 0)
                    sums["load_quality"][load.rank[t]] += load.metered[t] - load.guessed[t]
                    sums["load_quality"][QUALITIES.index("estimated")] += load.guessed[t]
                    sums["weighed"] |= load.bought[t] > 0
                    sums["used"] |= load.bought[t] > 0 or load.metered[t] > 0
                    if rules.inventory_load:
                        sums["purchased_wh"] += load.bought[t]
                        sums["storage_losses_wh"] += load.losses[t]
                    if rules.own_generation:
                        sums["scope_1_wh"] += load.fossil[t]

    def totals(self):
        """(kind, id) to sums of every boundary and site."""
        scopes = {("boundary", name): self._boundary(name) for name in self.books.markets}
        scopes.update({("site", name): self._site(name) for name in self.books.loads})
        for sums in scopes.values():
            sums.update({"metered_load_wh": 0, "metered_matched_wh": 0, "load_quality": [0] * 6, "weighed": False,
                         "generation_quality": [0] * 6, "used": False})
            sums.update({key: 0 for key in LATER if self._prints(key)})
        self._meters(scopes)
        for (site, _), rows in self._metered()[1].items():
            for rank, wh in rows:
                scopes["site", site]["generation_quality"][rank] += wh
        ledger = self.books.matching
        for instrument, volumes in ledger.delivered.items():
            for t, wh in volumes.items() if ledger.step_of[instrument] != "storage" else ():
                home = scopes["boundary", ledger.home[instrument][t]]
                home["generation_quality"][self.rank(instrument, t)] += wh
        for (kind, name), sums in scopes.items():
            sums.update(self._grams(kind, name))
        return scopes

    def _prints(self, key):
        rules = self.pack.rules
        return rules.own_generation if key.startswith("scope_1") else rules.inventory_load

    def _boundary(self, boundary):
        rows = [self.intervals[boundary, t] for t in range(self.pack.count)]
        found = dict(zip(COLUMNS, (sum(column) for column in zip(*rows))))
        annual = found["contracted_wh"] - self.reissued[boundary]
        share = self.books.markets[boundary].share
        return {**found, "reissued_wh": self.reissued[boundary], "annual_wh": annual,
                "capped_wh": min(annual, found["load_wh"]), "cfe_known": share is not None,
                "intervals_with_load": sum(row[0] > 0 for row in rows),
                "intervals_fully_matched": sum(0 < row[0] == row[2] for row in rows)}

    def _site(self, site):
        """Surplus belongs to no site: what it has contracted is what it was given."""
        rows = [self.site_intervals[site, t] for t in range(self.pack.count)]
        load, left, grid = (sum(column) for column in zip(*rows))
        known = all(self.books.markets[boundary].share is not None or not row[0]
                    for row, boundary in zip(rows, self.books.loads[site].boundary))
        reissued = sum(wh for _, at, _, wh, step in self.books.matching.rows if at == site and step == "storage")
        return {"load_wh": load, "contracted_wh": load - left, "matched_wh": load - left, "stored_wh": 0,
                "surplus_wh": 0, "unmatched_wh": left, "grid_cfe_wh": grid, "reissued_wh": reissued,
                "cfe_known": known, "intervals_with_load": sum(row[0] > 0 for row in rows),
                "intervals_fully_matched": sum(row[0] > 0 == row[1] for row in rows)}

    def _basis_mixed(self, boundaries):
        """Whether boundaries stand on different factor bases, which are never summed across."""
        return len({self.books.markets[boundary].basis for boundary in boundaries}) > 1

    def _grams(self, kind, name):
        """Micrograms of a boundary or a site, by the name of the grams they are printed as."""
        inventories = self.inventories
        mine = {"boundary": lambda key: key[0] == name, "site": lambda key: key[1] == name}[kind]
        keys = [key for key in inventories.location if mine(key)]
        market = self.books.markets.get(name) if kind == "boundary" else None
        mixed = kind == "site" and self._basis_mixed(key[0] for key in keys)
        found = {}
        for figure, sums in zip(GRAMS, (inventories.location, inventories.upstream, inventories.hourly,
                                        inventories.without_legacy)):
            found[figure] = total(sums[key] if sums is not None else None for key in keys)
        for figure, factors in (("location_based_g", "intensity"), ("upstream_g", "upstream")):
            if mixed or market and getattr(market, factors) is None:
                found[figure] = None
        found["market_based_annual_g"] = inventories.annual[name] if kind == "boundary" else None
        if self._prints("scope_1"):
            loads = self.books.loads
            found["scope_1_g"] = total(
                inventories.burnt(site, sum(wh for t, wh in enumerate(load.fossil) if kind == "site" or
                                            load.boundary[t] == name))
                for site, load in loads.items() if kind == "boundary" or site == name)
        return found

    def portfolio(self, scopes):
        """Numerators and loads summed over boundaries and intervals."""
        parts = [sums for (kind, _), sums in scopes.items() if kind == "boundary"]
        whole = {key: sum(part[key] for part in parts) for key in SUMS + LATER if key in parts[0]}
        for key in ("load_quality", "generation_quality"):
            whole[key] = [sum(column) for column in zip(*(part[key] for part in parts))]
        # A boundary without load needs no grid share, and one that purchased nothing no intensity.
        whole["cfe_known"] = all(part["cfe_known"] or not part["load_wh"] for part in parts)
        whole["intervals_with_load"] = whole["intervals_fully_matched"] = 0
        for t in range(self.pack.count):
            rows = [self.intervals[boundary, t] for boundary in self.books.markets]
            whole["intervals_with_load"] += any(row[0] for row in rows)
            whole["intervals_fully_matched"] += any(row[0] for row in rows) and all(row[0] == row[2] for row in rows)
        apart = self._basis_mixed(self.books.markets) or not any(part["used"] for part in parts)
        for key in GRAMS:
            if key not in parts[0]:
                continue
            located = key in ("location_based_g", "upstream_g")
            known = [0 if located and part[key] is None and not part["weighed"] else part[key] for part in parts]
            whole[key] = None if located and apart else total(known)
        return whole

    def printed(self):
        """Every total as a pack prints it, by the names of results.json without those of the tables they stand in."""
        scopes = self.totals()
        scopes[None] = self.portfolio(scopes)
        claims = {}
        if self.backing:
            for boundary, taken in self.inventories.taken.items():
                claims[boundary] = sum(taken.values()), self.backing.of_claims(boundary, taken)
                part = scopes["boundary", boundary]
                backed = min(max(0, self.backing.annual[boundary]), max(0, part["annual_wh"]))
                part["backed_annual"] = {boundary: (backed, min(backed, part["load_wh"]))}
            scopes[None]["backed_annual"] = {
                name: pair for (kind, _), part in list(scopes.items())[:-1] if kind == "boundary"
                for name, pair in part["backed_annual"].items()}
        printed = {scope: self._print(scope, part, claims) for scope, part in scopes.items()}
        found = {"portfolio": printed.pop(None), "boundaries": {}, "sites": {}, "invoices": self.invoices()}
        for (kind, name), figures in printed.items():
            found["boundaries" if kind == "boundary" else "sites"][name] = figures
        if self.backing:
            found["unmatched"] = self.reasons()
        return found

    def _print(self, scope, part, claims):
        """Scores floored to six decimals, grams rounded up once."""
        load = part["load_wh"]
        found = {key: part[key] for key in COLUMNS + LATER + ("metered_load_wh", "reissued_wh", "intervals_with_load",
                                                               "intervals_fully_matched") if key in part}
        found["matched_share"] = score(part["matched_wh"], load)
        found["matched_metered_share"] = score(part["metered_matched_wh"], load)
        found["cfe_score"] = score(part["matched_wh"] + part["grid_cfe_wh"], load) if part["cfe_known"] else None
        if "annual_wh" in part:
            found["annual_share"] = score(part["annual_wh"], load)
            found["annual_share_capped"] = score(part["capped_wh"], load)
        if "scope_1_wh" in part:
            found["scope_1_share"] = score(part["scope_1_wh"], load)
        for kind in ("load", "generation"):
            for quality, wh in zip(QUALITIES, part[f"{kind}_quality"]):
                found[f"{kind}.{quality}"] = wh
        found.update({key: grams(part[key]) for key in GRAMS if key in part})
        if self.backing:
            sums = self.backing.sums(scope, part, claims)
            found["backed_matched_share"] = score(sums["backed_matched_wh"], load)
            if "annual" in sums:
                found["backed_annual_share"] = score(sums.pop("annual"), load)
                found["backed_annual_share_capped"] = score(sums.pop("capped"), load)
            found.update(sums)
        return found

    def reasons(self):
        """Why load went unmatched: own generation first; surplus of the same hour elsewhere; of other hours; never
        contracted."""
        own = elsewhere = lacking = over = 0
        for t in range(self.pack.count):
            rows = [self.intervals[boundary, t] for boundary in self.books.markets]
            left, surplus = sum(row[5] for row in rows), sum(row[4] for row in rows)
            first = sum(min(load.fossil[t], self.site_intervals[site, t][1])
                        for site, load in self.books.loads.items())
            met = min(left - first, surplus)
            own, elsewhere = own + first, elsewhere + met
            lacking, over = lacking + left - first - met, over + surplus - met
        other = min(lacking, over)
        return {"own_generation_wh": own, "elsewhere_wh": elsewhere, "other_hours_wh": other,
                "never_contracted_wh": lacking - other}

    def invoices(self):
        """Bills that reach into the period: what is billed, what was purchased over it, whether that is within
        tolerance; None where the period does not hold the bill whole."""
        found = []
        for row in self.pack.invoices:
            start, end, billed = instants.seconds(row["start"]), instants.seconds(row["end"]), int(row["wh"])
            if row["site"] not in self.books.loads or end <= self.pack.start or self.pack.end <= start:
                continue
            metered = within = None
            if self.pack.start <= start and end <= self.pack.end and not (start % self.pack.step or
                                                                          end % self.pack.step):
                first, last = ((edge - self.pack.start) // self.pack.step for edge in (start, end))
                metered = sum(self.books.loads[row["site"]].bought[first:last])
                within = abs(metered - billed) <= self.pack.tolerance * billed
            found.append({"invoice": row["invoice"], "site": row["site"], "wh": billed, "hourly_wh": metered,
                          "within": within})
        return found


METERED = tuple(rank for rank, name in enumerate(QUALITIES) if name in ("measured", "validated", "calculated"))


def total(parts):
    """A sum, None if any part is unknown."""
    parts = list(parts)
    return None if any(part is None for part in parts) else sum(parts)
