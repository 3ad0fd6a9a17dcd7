"""One ledger: every instrument given to loads in the ruleset's order, then surplus to storage."""

from audit.battery import Battery
from audit.exact import AuditError, floor, largest_remainder
from audit.names import NOT_PURCHASED
from audit.sharing import share


class Ledger:
    """Results by interval: allocations, what each instrument delivered, stored and left, what loads lack."""

    def __init__(self, name, books, without=None):
        self.name, self.books, self.pack = name, books, books.pack
        pack = self.pack
        matching = name == "matching"
        self.order = pack.ruleset.matching_order if matching else pack.ruleset.inventory_order
        purchased = not matching and pack.rules.inventory_load
        left_out = {without, *(NOT_PURCHASED if purchased else ())}
        self.order = [step for step in self.order if step not in left_out]
        self.load = {site: load.matching if matching else load.bought for site, load in books.loads.items()}
        # What no instrument may serve: estimates, and what own generation served first where it is part of the load.
        self.barred = {}
        for site, load in books.loads.items():
            guessed = load.matching_guessed if matching else load.bought_guessed
            first = load.fossil if pack.rules.own_generation and not purchased else [0] * pack.count
            self.barred[site] = [min(wh, guess + own) for wh, guess, own in zip(self.load[site], guessed, first)]
        self.contracts = [c for c in pack.contracts
                          if not matching or (c.kind == "hourly" and pack.is_carbon_free(c.technology))]
        stored = books.meters if "storage" in self.order else {}
        self.batteries = {name: Battery(meter) for name, meter in stored.items()}
        self.rows = []
        self.delivered, self.allocated, self.stored = {}, {}, {}
        self.home, self.step_of = {}, {}
        self.crossing = [[] for _ in range(pack.count)]
        self.unmatched = {site: [0] * pack.count for site in self.load}
        self.storage_rows = {}
        for t in range(pack.count):
            self._interval(t)
        self._check()

    def _interval(self, t):
        """Every step, then charge."""
        self.open = {site: wh[t] - self.barred[site][t] for site, wh in self.load.items()}
        self.reissued = {}
        for step in self.order:
            getattr(self, f"_{step}")(t)
        self._charge(t)
        for site, wh in self.open.items():
            self.unmatched[site][t] = wh + self.barred[site][t]

    def _deliver(self, t, instrument, boundary, wh, step):
        """Notes what an instrument delivers."""
        if wh:
            self.delivered.setdefault(instrument, {})[t] = wh
            self.home.setdefault(instrument, {})[t] = boundary
            self.step_of[instrument] = step

    def _give(self, t, instrument, site, wh, step):
        """One allocation."""
        if not wh:
            return
        self.open[site] -= wh
        self.rows.append((t, site, instrument, wh, step))
        used = self.allocated.setdefault(instrument, {})
        used[t] = used.get(t, 0) + wh
        self._cross(t, instrument, site, wh)

    def _cross(self, t, instrument, site, wh):
        """Notes energy that passes a link."""
        source, target = self.home[instrument][t], self.books.loads[site].boundary[t]
        if source != target:
            self.crossing[t].append((instrument, source, target, wh))

    def _sites_in(self, t, boundary):
        """Sites of a boundary in an interval, by id."""
        return [site for site, load in self.books.loads.items() if load.boundary[t] == boundary]

    def _reached(self, t, contract):
        """Sites a contract may serve in an interval: those of its boundary, or over a link that passes."""
        found = []
        for site in contract.sites:
            boundary = self.books.loads[site].boundary[t]
            if boundary == contract.boundary or self.books.passes.get((contract.boundary, boundary), _NEVER)[t]:
                found.append(site)
        return found

    def _sss(self, t):
        """Standard supply: a share of the boundary's load, to sites by largest remainder on load."""
        for boundary, market in self.books.markets.items():
            if not market.sss_share[t]:
                continue
            sites = self._sites_in(t, boundary)
            weights = [self.load[site][t] - self.barred[site][t] for site in sites]
            volume = floor(market.sss_share[t] * sum(weights))
            self._deliver(t, f"sss/{boundary}", boundary, volume, "sss")
            for site, wh in zip(sites, largest_remainder(volume, weights)):
                self._give(t, f"sss/{boundary}", site, min(wh, self.open[site]), "sss")

    def _legacy(self, t):
        """Legacy volume of the interval, to sites in proportion to load, as far as load is open."""
        for contract in self._of("legacy"):
            volume = self.books.supply.delivered[contract.id][t]
            self._deliver(t, contract.id, contract.boundary, volume, "legacy")
            loads = self.books.supply.legacy_loads(contract, t)
            for site, wh in zip(loads, largest_remainder(volume, list(loads.values()))):
                self._give(t, contract.id, site, min(wh, self.open[site]), "legacy")

    def _self_generation(self, t):
        """Carbon-free self-generation, to its own site."""
        for site, load in self.books.loads.items():
            if load.self_free[t]:
                self._deliver(t, f"onsite/{site}", load.boundary[t], load.self_free[t], "self_generation")
                self._give(t, f"onsite/{site}", site, min(load.self_free[t], self.open[site]), "self_generation")

    def _of(self, kind):
        return [contract for contract in self.contracts if contract.kind == kind]

    def _dedicated(self, t):
        """Contracts of a single site."""
        self._share(t, [c for c in self._of("hourly") if len(c.sites) == 1], "dedicated")

    def _shared(self, t):
        """Contracts of several sites, fewest first."""
        self._share(t, [c for c in self._of("hourly") if len(c.sites) != 1], "shared")

    def _unbundled(self, t):
        """Certificates without the energy."""
        self._share(t, self._of("unbundled"), "unbundled")

    def _share(self, t, contracts, step):
        for contract in contracts:
            supply = self.books.supply.delivered[contract.id][t]
            if supply:
                self._deliver(t, contract.id, contract.boundary, supply, step)
                room = {site: self.open[site] for site in self._reached(t, contract)}
                for site, wh in share(supply, room, contract, self.pack.rules.leftovers).items():
                    self._give(t, contract.id, site, wh, step)

    def _storage(self, t):
        """Clean charge re-issued, to the storage's own site."""
        for name, battery in self.batteries.items():
            self.reissued[name] = wh = battery.discharge(t)
            site = battery.meter.site
            self._deliver(t, f"storage/{name}", self.books.loads[site].boundary[t], wh, "storage")
            self._give(t, f"storage/{name}", site, min(wh, self.open[site]), "storage")

    def _left(self, t, instrument):
        """Surplus of an instrument so far."""
        books = (self.delivered, self.allocated, self.stored)
        delivered, *used = (book.get(instrument, {}).get(t, 0) for book in books)
        return delivered - sum(used)

    def _charge(self, t):
        """Surplus of carbon-free self-generation and hourly contracts, in their order, to storages in proportion to
        charge still open."""
        if not self.batteries:
            return
        clean = dict.fromkeys(self.batteries, 0)
        own = [(f"onsite/{site}", [site]) for site in self.load]
        bought = [(c.id, self._reached(t, c)) for c in self._of("hourly") if self.pack.is_carbon_free(c.technology)]
        for instrument, reached in own + bought:
            surplus = self._left(t, instrument)
            if not surplus:
                continue
            near = [name for name, battery in self.batteries.items() if battery.meter.site in reached]
            weights = [self.batteries[name].meter.charge[t] - clean[name] for name in near]
            for name, wh in zip(near, largest_remainder(min(surplus, sum(weights)), weights)):
                if wh:
                    clean[name] += wh
                    kept = self.stored.setdefault(instrument, {})
                    kept[t] = kept.get(t, 0) + wh
                    self._cross(t, instrument, self.batteries[name].meter.site, wh)
        for name, battery in self.batteries.items():
            battery.charge(t, clean[name])
            meter = battery.meter
            row = (meter.charge[t], clean[name], meter.discharge[t], self.reissued.get(name, 0))
            if any(row):
                self.storage_rows[name, t] = row + (meter.efficiency[t],)

    def boundary_sums(self, t):
        """Boundary to [contracted, of which re-issued], what passes a link counted where it arrives."""
        sums = {boundary: [0, 0] for boundary in self.books.markets}
        for instrument, volumes in self.delivered.items():
            if t in volumes:
                home = self.home[instrument][t]
                sums[home][0] += volumes[t]
                if self.step_of[instrument] == "storage":
                    sums[home][1] += volumes[t]
        for _, source, target, wh in self.crossing[t]:
            sums[source][0] -= wh
            sums[target][0] += wh
        return sums

    def stored_in(self, t):
        """Boundary to clean charge of its storages."""
        found = dict.fromkeys(self.books.markets, 0)
        for name, battery in self.batteries.items():
            row = self.storage_rows.get((name, t))
            if row:
                found[self.books.loads[battery.meter.site].boundary[t]] += row[1]
        return found

    def _check(self):
        """What must hold on every run."""
        given = {}
        for t, site, _, wh, _ in self.rows:
            given[site, t] = given.get((site, t), 0) + wh
        for site, loads in self.load.items():
            for t, load in enumerate(loads):
                if given.get((site, t), 0) + self.unmatched[site][t] != load or self.unmatched[site][t] < 0:
                    raise AuditError(f"{self.name}: allocations do not add up to load at {site}, interval {t}")
        for instrument, volumes in self.delivered.items():
            if any(self._left(t, instrument) < 0 for t in volumes):
                raise AuditError(f"{self.name}: {instrument} gives more than it delivers")


class _Never:
    """A link that was not declared."""

    def __getitem__(self, _):
        return False


_NEVER = _Never()
