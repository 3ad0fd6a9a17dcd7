"""What each contract delivers: plants, profiles, shares, promises, sales, certificates, legacy volume included."""

from fractions import Fraction

from audit import certificates, instants
from audit.exact import AuditError, floor, largest_remainder
from audit.meters import gaps_of
from audit.readings import QUALITIES

PROFILED, MISSING = QUALITIES.index("profiled"), QUALITIES.index("missing")


class Supply:
    """Contract id to Wh delivered and quality rank by interval of the period, before any ledger.

    laid, certified: what certificates are laid on of the plant, and what of the delivery that backs, by interval;
    laid_by: contract id to certificate id to Wh; unplaced: legacy volume beyond the load of its year; gaps: (contract,
    series, start, end) of generation that is metered in part; short, short_of_year: contract id to what counts for
    nothing where certificates are required, by interval, and of a fixed annual volume.
    """

    def __init__(self, pack, readings, loads):
        self.pack, self.readings, self.loads = pack, readings, loads
        self.profiles, self.meters = {}, {}
        self.delivered, self.rank, self.laid, self.certified, self.laid_by = {}, {}, {}, {}, {}
        self.unplaced, self.gaps, self.short, self.short_of_year = {}, [], {}, {}
        for contract in pack.contracts:
            required = contract.certificates == "required" and contract.kind != "unbundled"
            if pack.rules.certificates and required and pack.entity_of(contract) is None:
                raise AuditError(f"contract {contract.id} requires certificates and nobody is named for whom")
            self._contract(contract)
            if contract.kind == "legacy":
                self.delivered[contract.id] = self._legacy(contract)
            self.certified[contract.id] = [
                min(pair) for pair in zip(self.laid[contract.id], self.delivered[contract.id])]

    def plant(self, contract):
        """Index to (Wh, rank, series it is of in part) of the whole plant, over every reading there is: the first
        series that covers the interval (its own, the plant's), else the first that covers a part of it (in earlier
        versions none), else the profile."""
        found = {}
        sources = [f"contract/{contract.id}/generation"]
        sources += [f"plant/{contract.plant}/generation"] if contract.plant else []
        meters = [(series, self.readings.energy(series)) for series in sources]
        for whole in (True, False) if self.pack.rules.partial_generation else (True,):
            for series, meter in meters:
                for at, (wh, rank, covered) in meter.items():
                    if covered == whole:
                        found.setdefault(at, (wh, rank, None if covered else series))
        if contract.profile:
            if contract.profile not in self.profiles:
                self.profiles[contract.profile] = self._profile(*contract.profile)
            for at, wh in self.profiles[contract.profile].items():
                found.setdefault(at, (wh, PROFILED, None))
        return found

    def _profile(self, series, mean_w, over):
        """A regional series scaled to a mean power over some time; what is covered in part is missing."""
        energy = self.readings.energy(series, "fuel")
        shape = {at: max(0, wh) for at, (wh, _, covered) in energy.items() if covered}
        first, last = over[0] // self.pack.step, over[1] // self.pack.step
        whole = sum(wh for at, wh in shape.items() if first <= at < last)
        seconds = over[1] - over[0]
        return {at: wh * mean_w * seconds // (3600 * whole) for at, wh in shape.items()} if whole else {}

    def _contract(self, contract):
        """Share of the plant, backed promise, less what was resold, as far as certificates go where they must."""
        name, plant = contract.id, self.plant(contract)
        resold = self.readings.energy(f"contract/{name}/resold")
        promise = None if contract.shaped_w is None else contract.shaped_w * self.pack.step // 3600
        self.meters[name] = meter = {at: wh for at, (wh, _, _) in plant.items()}
        laid, self.laid_by[name] = certificates.laid(self.pack, contract, meter)
        self.laid[name] = [laid.get(start // self.pack.step, 0) for start in self.pack.starts()]
        self.delivered[name], self.rank[name] = [], []
        for start, certified in zip(self.pack.starts(), self.laid[name]):
            at = start // self.pack.step
            wh, rank, partly = plant.get(at, (0, MISSING, None))
            if partly:
                pieces = self.readings.pieces(partly).get(at, [])
                self.gaps += [(contract, partly, *gap) for gap in gaps_of(pieces, start, start + self.pack.step)]
            wh = floor(wh * contract.share_at(start))
            if promise is not None:
                wh = min(wh, promise)
            wh = max(0, wh - resold.get(at, (0,))[0])
            if self._bound(contract):
                self.short.setdefault(name, []).append(wh - min(wh, certified))
                wh = min(wh, certified)
            self.delivered[name].append(wh)
            self.rank[name].append(rank)

    def _bound(self, contract):
        """Whether a contract counts only what certificates back; in earlier versions a legacy contract never does."""
        if contract.kind == "legacy" and not self.pack.rules.certificates:
            return False
        return contract.kind == "unbundled" or contract.certificates == "required"

    def legacy_loads(self, contract, t):
        """The inventory ledger's load of the sites a legacy contract serves; an estimate takes no allocation."""
        return {site: load.bought[t] - load.bought_guessed[t] for site, load in self.loads.items()
                if site in contract.sites and load.boundary[t] == contract.boundary}

    def _legacy(self, contract):
        """The volume of each calendar year, over intervals in proportion to the load of the sites served."""
        pack, zone = self.pack, self.pack.time_zone
        years = {}
        for t, start in enumerate(pack.starts()):
            if contract.valid(start):
                years.setdefault(instants.local(start, zone).year, []).append(t)
        spread, self.unplaced[contract.id] = [0] * pack.count, 0
        for year, times in years.items():
            if contract.annual_wh is None:
                volume = sum(self.delivered[contract.id][t] for t in times)
            else:
                first, last = (-(-instants.year_start(y, zone) // pack.step) * pack.step for y in (year, year + 1))
                whole = last - first
                volume = floor(Fraction(contract.annual_wh * len(times) * pack.step, whole))
                if self._bound(contract):
                    backed = min(volume, sum(self.laid[contract.id][t] for t in times))
                    self.short_of_year[contract.id] = self.short_of_year.get(contract.id, 0) + volume - backed
                    volume = backed
            weights = [sum(self.legacy_loads(contract, t).values()) for t in times]
            placed = min(volume, sum(weights))
            self.unplaced[contract.id] += volume - placed
            for t, part in zip(times, largest_remainder(placed, weights)):
                spread[t] = part
        return spread
