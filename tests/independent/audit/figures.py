"""Scores and inventories of the portfolio, every boundary and every site."""

from fractions import Fraction

from audit import choices, instants
from audit.backed import backed
from audit.exact import ceil, floor, grams, largest_remainder, score
from audit.readings import UNMETERED

SUMS = ("load_wh", "metered_load_wh", "contracted_wh", "matched_wh", "stored_wh", "surplus_wh", "unmatched_wh",
        "grid_cfe_wh")

# Sums that only later rules print.
LATER = ("purchased_wh", "storage_losses_wh", "scope_1_wh", "scope_1_ug", "backed_wh", "inventory_backed_wh")


class Figures:
    """Tables and totals out of computed books."""

    def __init__(self, books):
        self.books, self.pack = books, books.pack
        self.claim_rank = {c.id: books.supply.rank[c.id] for c in self.pack.contracts}
        self.intervals, self.site_intervals = {}, {}
        self._matching()
        self.unmatched = self._unmatched()
        self.location, self.upstream = self._located()
        self.hourly = self._hourly()
        self.annual = {boundary: self._annual(boundary) for boundary in books.markets}
        self.backed = [backed(ledger, books.supply.laid) for ledger in (books.matching, books.inventory)]

    def _matching(self):
        """(boundary, t) and (site, t) to sums of the matching ledger."""
        ledger, loads = self.books.matching, self.books.loads
        self.reissued = {}
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
                self.reissued[boundary] = self.reissued.get(boundary, 0) + reissued
                for site, part in zip(sites, largest_remainder(grid, weights)):
                    self.site_intervals[site, t] = (ledger.load[site][t], ledger.unmatched[site][t], part)

    def _unmatched(self):
        """(site, t) to (boundary, Wh, factor, tier) of the inventory ledger, where anything is left."""
        found, self.scope_1 = {}, {}
        for site, volumes in self.books.inventory.unmatched.items():
            load = self.books.loads[site]
            for t, wh in enumerate(volumes):
                boundary, own = load.boundary[t], load.fossil[t]
                if not self.pack.rules.inventory_load:
                    own = min(wh, own)
                    wh -= own
                if wh:
                    found[site, t] = (boundary, wh, *self.books.markets[boundary].fallback[t])
                if own:
                    self.scope_1[site, t] = (boundary, own, 0, "scope_1")
        return found

    def _located(self):
        """(boundary, site) to micrograms on the grid's intensity, and upstream; None where never supplied."""
        location, upstream = {}, {}
        for site, load in self.books.loads.items():
            for t, boundary in enumerate(load.boundary):
                market, key = self.books.markets[boundary], (boundary, site)
                wh = load.bought[t] if self.pack.rules.inventory_load else load.metered[t] - load.used_on_site(t)
                for sums, factors in ((location, market.intensity), (upstream, market.upstream)):
                    before = sums.get(key, 0)
                    unknown = before is None or factors is None
                    sums[key] = None if unknown else before + (wh * factors[t] if factors else 0)
        return self._owned(location), self._owned(upstream)

    def _owned(self, sums):
        """Micrograms by (boundary, site): under the equity-share approach those of the share owned."""
        if not self.pack.equity:
            return sums
        return {key: None if ug is None else ug * self.pack.sites[key[1]].owned for key, ug in sums.items()}

    def _factor(self, instrument):
        """mg/kWh of an instrument of the inventory ledger."""
        kind, _, name = instrument.partition("/")
        if self.books.inventory.step_of[instrument] == "sss":
            return self.books.markets[name].row.get("sss_mg_per_kwh") or 0
        if self.books.inventory.step_of[instrument] in ("self_generation", "storage"):
            return 0
        return self.pack.own_factor(next(c for c in self.pack.contracts if c.id == instrument))

    def _hourly(self):
        """(boundary, site) to micrograms: allocations at their own factor, the rest at the fallback."""
        found, factors = {}, {}
        for site, load in self.books.loads.items():
            for boundary in load.boundary:
                found[boundary, site] = 0
        for t, site, instrument, wh, _ in self.books.inventory.rows:
            if instrument not in factors:
                factors[instrument] = self._factor(instrument)
            found[self.books.loads[site].boundary[t], site] += wh * factors[instrument]
        for (site, _), (boundary, wh, factor, _) in self.unmatched.items():
            before = found[boundary, site]
            found[boundary, site] = None if factor is None or before is None else before + wh * factor
        return self._owned(found)

    def _claims(self, boundary):
        """Instrument to Wh claimable in a boundary over the period, by the ruleset's order, storage left out."""
        ledger = self.books.inventory
        claims = {}
        for instrument, volumes in ledger.delivered.items():
            if ledger.step_of[instrument] != "storage":
                wh = sum(part for t, part in volumes.items() if ledger.home[instrument][t] == boundary)
                claims[instrument] = wh
        for instrument, source, target, wh in (crossing for at in ledger.crossing for crossing in at):
            if instrument in claims:
                claims[instrument] += (target == boundary) * wh - (source == boundary) * wh
        place = {c.id: i for i, c in enumerate(self.pack.contracts)}
        rank = {step: i for i, step in enumerate(ledger.order)}
        return sorted(((instrument, wh) for instrument, wh in claims.items() if wh),
                      key=lambda claim: (rank[ledger.step_of[claim[0]]], place.get(claim[0], 0), claim[0].encode()))

    def _annual(self, boundary):
        """Micrograms of the period's volumes: claims up to the boundary's load, the rest at the residual factor."""
        market, loads = self.books.markets[boundary], self.books.loads
        by_time, owned = [0] * self.pack.count, 0
        for load in loads.values():
            for t, here in enumerate(load.boundary):
                if here == boundary:
                    wh = load.bought[t] - (0 if self.pack.rules.inventory_load else load.fossil[t])
                    by_time[t] += wh
                    owned += wh * (load.site.owned if self.pack.equity else 1)
        whole = left = sum(by_time)
        part = Fraction(owned, whole) if whole and choices.ANNUAL_OWNERSHIP == "purchased" else 1
        total = 0
        for instrument, wh in self._claims(boundary):
            used = min(wh, left)
            left -= used
            total += used * self._factor(instrument)
        if not left:
            return total * part
        residual = market.row.get("annual_residual_mg_per_kwh")
        if residual is None:
            if any(wh and market.fallback[t][0] is None for t, wh in enumerate(by_time)):
                return None
            residual = ceil(Fraction(sum(wh * market.fallback[t][0] for t, wh in enumerate(by_time) if wh), whole))
        return (total + left * residual) * part

    def _basis_mixed(self, boundaries):
        """Whether boundaries stand on different factor bases, which are never summed across."""
        return len({self.books.markets[boundary].feed_basis or self.pack.basis for boundary in boundaries}) > 1

    def boundary(self, boundary):
        """Totals of a boundary."""
        rows = [self.intervals[boundary, t] for t in range(self.pack.count)]
        load, supply, matched, stored, surplus, left, grid = (sum(column) for column in zip(*rows))
        metered = sum(wh for site in self.books.loads.values()
                      for wh, place in zip(site.metered, site.boundary) if place == boundary)
        keys = [key for key in self.location if key[0] == boundary]
        market = self.books.markets[boundary]
        return {
            "load_wh": load, "metered_load_wh": metered, "contracted_wh": supply, "matched_wh": matched,
            "stored_wh": stored, "surplus_wh": surplus, "unmatched_wh": left, "grid_cfe_wh": grid,
            "annual_wh": supply - self.reissued.get(boundary, 0),
            "metered_matched_wh": self._metered_matched(lambda site, t: self.books.loads[site].boundary[t] == boundary),
            "cfe_known": market.share is not None or load == 0,
            "intervals": sum(1 for row in rows if row[0]), "intervals_fully_matched":
                sum(1 for row in rows if row[0] and row[0] == row[2]),
            "location_ug": total(self.location[key] for key in keys) if market.intensity else None,
            "upstream_ug": total(self.upstream[key] for key in keys) if market.upstream else None,
            "hourly_ug": total(self.hourly[key] for key in keys), "annual_ug": self.annual[boundary],
            **self._said(lambda site, t: self.books.loads[site].boundary[t] == boundary),
        }

    def _said(self, counts):
        """Sums that only later rules print, over the sites and intervals that count."""
        rules, loads = self.pack.rules, self.books.loads
        at = [(site, t) for site in loads for t in range(self.pack.count) if counts(site, t)]
        found = {}
        if rules.inventory_load:
            found["purchased_wh"] = sum(loads[site].bought[t] for site, t in at)
            flows = [(meter, t) for meter in self.books.meters.values() for t in range(self.pack.count)
                     if counts(meter.site, t) and loads[meter.site].by_channels[t]]
            found["storage_losses_wh"] = sum(meter.charge[t] - meter.discharge[t] for meter, t in flows)
        if rules.own_generation:
            found["scope_1_wh"] = sum(loads[site].fossil[t] for site, t in at)
            found["scope_1_ug"] = total(self._burnt(site, loads[site].fossil[t]) for site, t in at)
        if rules.certificates:
            for name, sums in zip(("backed_wh", "inventory_backed_wh"), self.backed):
                found[name] = sum(wh for (site, t), wh in sums.items() if counts(site, t))
        return found

    def _burnt(self, site, wh):
        """Micrograms of own generation that is not carbon-free, at the direct factor of its technology."""
        if not wh:
            return 0
        technology = self.pack.sites[site].technology
        owned = self.pack.sites[site].owned if self.pack.equity else 1
        return wh * self.pack.factors[technology]["direct"] * owned if technology in self.pack.factors else None

    def site(self, site):
        """Totals of a site."""
        rows = [self.site_intervals[site, t] for t in range(self.pack.count)]
        load, left, grid = (sum(column) for column in zip(*rows))
        here = self.books.loads[site]
        keys = [key for key in self.location if key[1] == site]
        mixed = self._basis_mixed(here.boundary)
        known = all(self.books.markets[b].share is not None for (t, b) in enumerate(here.boundary) if here.metered[t])
        return {
            "load_wh": load, "metered_load_wh": sum(here.metered), "matched_wh": load - left, "unmatched_wh": left,
            "grid_cfe_wh": grid, "cfe_known": known,
            "metered_matched_wh": self._metered_matched(lambda other, t: other == site),
            "intervals": sum(1 for row in rows if row[0]),
            "intervals_fully_matched": sum(1 for row in rows if row[0] and not row[1]),
            "location_ug": None if mixed else total(self.location[key] for key in keys),
            "upstream_ug": None if mixed else total(self.upstream[key] for key in keys),
            "hourly_ug": total(self.hourly[key] for key in keys),
            **self._said(lambda other, t: other == site),
        }

    def _metered_matched(self, counts):
        """Matched Wh that neither load nor generation states as estimated or profiled."""
        found = 0
        for t, site, instrument, wh, step in self.books.matching.rows:
            if not counts(site, t) or self.books.loads[site].rank[t] in UNMETERED:
                continue
            if step == "self_generation":
                rank = self.books.loads[site].self_generated[t][1]
            elif step == "storage":
                rank = self.books.meters[instrument.partition("/")[2]].rank[t]
            else:
                rank = self.claim_rank[instrument][t]
            if rank not in UNMETERED:
                found += wh
        return found

    def portfolio(self, boundaries):
        """Numerators and loads summed over boundaries and intervals."""
        parts = list(boundaries.values())
        whole = {key: sum(part[key] for part in parts) for key in SUMS + ("annual_wh", "metered_matched_wh")}
        for key in LATER:
            if all(key in part for part in parts):
                whole[key] = total(part[key] for part in parts)
        whole["capped_wh"] = sum(min(part["annual_wh"], part["load_wh"]) for part in parts)
        whole["cfe_known"] = all(part["cfe_known"] for part in parts)
        whole["intervals"] = whole["intervals_fully_matched"] = 0
        for t in range(self.pack.count):
            rows = [self.intervals[boundary, t] for boundary in boundaries]
            rows = [row for row in rows if row[0]]
            whole["intervals"] += bool(rows)
            whole["intervals_fully_matched"] += bool(rows) and all(row[0] == row[2] for row in rows)
        for key in ("location_ug", "upstream_ug", "hourly_ug", "annual_ug"):
            located = key in ("location_ug", "upstream_ug")
            loaded = [part for part in parts if part["load_wh"]]
            nothing = located and (self._basis_mixed(self.books.markets) or not loaded)
            whole[key] = None if nothing else total(part[key] for part in loaded)
        return whole

    def printed(self):
        """Every total as a pack prints it."""
        boundaries = {boundary: self.boundary(boundary) for boundary in self.books.markets}
        for part in boundaries.values():
            part["capped_wh"] = min(part["annual_wh"], part["load_wh"])
        sites = {site: self.site(site) for site in self.books.loads}
        return {"portfolio": _print(self.portfolio(boundaries)),
                "boundaries": {name: _print(part) for name, part in boundaries.items()},
                "sites": {name: _print(part) for name, part in sites.items()},
                "invoices": self._invoices()}

    def _invoices(self):
        """Invoice to (billed, hourly sum, within tolerance), where the period holds the whole invoice."""
        found = []
        for row in self.pack.invoices:
            start, end, billed = instants.seconds(row["start"]), instants.seconds(row["end"]), int(row["wh"])
            if row["site"] in self.books.loads and self.pack.start <= start and end <= self.pack.end:
                first, last = (start - self.pack.start) // self.pack.step, (end - self.pack.start) // self.pack.step
                metered = sum(self.books.loads[row["site"]].billed[first:last])
                found.append({"invoice": row["invoice"], "site": row["site"], "start": instants.text_of(start),
                              "end": instants.text_of(end), "wh": billed, "hourly_wh": metered,
                              "within": abs(metered - billed) <= self.pack.tolerance * billed})
        return found


def total(parts):
    """A sum, None if any part is unknown."""
    parts = list(parts)
    return None if any(part is None for part in parts) else sum(parts)


def _print(part):
    """Scores floored to six decimals, grams rounded up once."""
    load = part["load_wh"]
    found = {key: part[key] for key in SUMS if key in part}
    found["matched_share"] = score(part["matched_wh"], load)
    found["matched_metered_share"] = score(part["metered_matched_wh"], load)
    found["cfe_score"] = score(part["matched_wh"] + part["grid_cfe_wh"], load) if part["cfe_known"] else None
    if "annual_wh" in part:
        found["annual_share"] = score(part["annual_wh"], load)
        found["annual_share_capped"] = score(part["capped_wh"], load)
    found["intervals"] = part["intervals"]
    found["intervals_fully_matched"] = part["intervals_fully_matched"]
    found["location_based_g"] = grams(part["location_ug"])
    found["market_based_hourly_g"] = grams(part["hourly_ug"])
    if "annual_ug" in part:
        found["market_based_annual_g"] = grams(part["annual_ug"])
    found["upstream_g"] = grams(part["upstream_ug"])
    for key in LATER:
        if key in part:
            found[key.replace("_ug", "_g")] = grams(part[key]) if key.endswith("_ug") else part[key]
    return found
