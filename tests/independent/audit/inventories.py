"""Location-based and market-based emissions, in exact micrograms."""

from fractions import Fraction

from audit.backed import CLAIMED
from audit.exact import ceil
from audit.ledger import Ledger


class Inventories:
    """(boundary, site) to micrograms, None where not known: location, upstream, hourly, without_legacy (None where
    there is none); unmatched: (site, interval) to (boundary, Wh, factor, tier), scope_1 likewise; annual, taken: by
    boundary micrograms of the whole period, and contract to Wh counted."""

    def __init__(self, books):
        self.books, self.pack = books, books.pack
        self.factors = {}
        self.unmatched, self.scope_1 = self._unmatched(books.inventory)
        self.location, self.upstream = self._located()
        self.hourly = self._hourly(books.inventory, self.unmatched)
        self.without_legacy = None
        if any(contract.kind == "legacy" for contract in self.pack.contracts):
            without = Ledger("inventory", books, without="legacy")
            self.without_legacy = self._hourly(without, self._unmatched(without)[0])
        self.annual, self.taken = {}, {}
        for boundary in books.markets:
            self.annual[boundary], self.taken[boundary] = self._annual(boundary)

    def _unmatched(self, ledger):
        """(site, t) to (boundary, Wh, factor, tier) of the inventory ledger, where anything is left; and of own
        generation that is not carbon-free."""
        found, own_rows = {}, {}
        for site, volumes in ledger.unmatched.items():
            load = self.books.loads[site]
            for t, wh in enumerate(volumes):
                boundary, own = load.boundary[t], load.fossil[t]
                if not self.pack.rules.inventory_load:
                    own = min(wh, own)
                    wh -= own
                if wh:
                    found[site, t] = (boundary, wh, *self.books.markets[boundary].fallback[t])
                if own:
                    own_rows[site, t] = (boundary, own, 0, "scope_1")
        return found, own_rows

    def weighed(self, site, t):
        """Wh that location-based figures weigh: what was purchased, in earlier versions load less self-generation."""
        load = self.books.loads[site]
        return load.bought[t] if self.pack.rules.inventory_load else load.metered[t] - load.used_on_site(t)

    def _located(self):
        """Micrograms on the grid's intensity, and upstream."""
        location, upstream = {}, {}
        for site, load in self.books.loads.items():
            for t, boundary in enumerate(load.boundary):
                market, key = self.books.markets[boundary], (boundary, site)
                wh = self.weighed(site, t)
                for sums, factors in ((location, market.intensity), (upstream, market.upstream)):
                    sums[key] = None if factors is None else sums.get(key, 0) + wh * factors[t]
        return self._owned(location), self._owned(upstream)

    def _owned(self, sums):
        """Micrograms by (boundary, site): under the equity-share approach those of the share owned."""
        if not self.pack.equity:
            return sums
        return {key: None if ug is None else ug * self.pack.sites[key[1]].owned for key, ug in sums.items()}

    def factor(self, instrument):
        """mg/kWh of an instrument."""
        if instrument not in self.factors:
            kind, _, name = instrument.partition("/")
            if kind == "sss" and name:
                self.factors[instrument] = self.books.markets[name].row.get("sss_mg_per_kwh") or 0
            elif kind in ("onsite", "storage") and name:
                self.factors[instrument] = 0
            else:
                self.factors[instrument] = self.pack.own_factor(
                    next(c for c in self.pack.contracts if c.id == instrument))
        return self.factors[instrument]

    def _hourly(self, ledger, unmatched):
        """Allocations at their own factor, the rest at the fallback."""
        found = {(boundary, site): 0 for site, load in self.books.loads.items() for boundary in load.boundary}
        for t, site, instrument, wh, _ in ledger.rows:
            found[self.books.loads[site].boundary[t], site] += wh * self.factor(instrument)
        for (site, _), (boundary, wh, factor, _) in unmatched.items():
            found[boundary, site] += wh * factor
        return self._owned(found)

    def burnt(self, site, wh):
        """Micrograms of own generation that is not carbon-free, at the direct factor of its technology."""
        if not wh:
            return 0
        row = self.pack.sites[site]
        owned = row.owned if self.pack.equity else 1
        return wh * self.pack.factors[row.technology]["direct"] * owned if row.technology in self.pack.factors else None

    def _claims(self, boundary):
        """[(instrument, Wh)] claimable in a boundary over the period, by the ruleset's order, storage left out."""
        ledger = self.books.inventory
        claims = {}
        for instrument, volumes in ledger.delivered.items():
            if ledger.step_of[instrument] != "storage":
                claims[instrument] = sum(wh for t, wh in volumes.items() if ledger.home[instrument][t] == boundary)
        for instrument, source, target, wh in (crossing for at in ledger.crossing for crossing in at):
            if instrument in claims:
                claims[instrument] += (target == boundary) * wh - (source == boundary) * wh
        place = {c.id: i for i, c in enumerate(self.pack.contracts)}
        rank = {step: i for i, step in enumerate(ledger.order)}
        return sorted(((instrument, wh) for instrument, wh in claims.items() if wh),
                      key=lambda claim: (rank[ledger.step_of[claim[0]]], place.get(claim[0], 0), claim[0].encode()))

    def _annual(self, boundary):
        """Micrograms of the period's volumes: claims up to the boundary's load, the rest at the residual factor; and
        what is counted of each contract."""
        market = self.books.markets[boundary]
        weighted = owned = whole = 0
        for load in self.books.loads.values():
            for t, here in enumerate(load.boundary):
                if here == boundary:
                    wh = load.bought[t] - (0 if self.pack.rules.inventory_load else load.fossil[t])
                    whole += wh
                    weighted += wh * market.fallback[t][0]
                    owned += wh * (load.site.owned if self.pack.equity else 1)
        if not whole:
            return 0, {}
        left, micrograms, taken = whole, 0, {}
        for instrument, wh in self._claims(boundary):
            used = min(wh, left)
            left -= used
            micrograms += used * self.factor(instrument)
            if self.books.inventory.step_of[instrument] in CLAIMED:
                taken[instrument] = used
        residual = market.row.get("annual_residual_mg_per_kwh")
        if residual is None:
            residual = ceil(Fraction(weighted, whole))
        return (micrograms + left * residual) * Fraction(owned, whole), taken
