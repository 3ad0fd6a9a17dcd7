"""What every contract delivers in each interval, certificates and legacy volume included."""

from fractions import Fraction

from audit import instants
from audit.exact import floor, largest_remainder
from audit.readings import QUALITIES

PROFILED = QUALITIES.index("profiled")


class Supply:
    """Contract id to Wh delivered and quality rank by interval of the period, before any ledger."""

    def __init__(self, pack, readings, loads):
        self.pack, self.readings, self.loads = pack, readings, loads
        self.plants = {}
        self.delivered, self.rank = {}, {}
        for contract in pack.contracts:
            self.delivered[contract.id], self.rank[contract.id] = self._contract(contract)
            if contract.kind == "legacy":
                self.delivered[contract.id] = self._legacy(contract)

    def plant(self, contract):
        """Index to (Wh, rank) of the whole plant, over every reading there is: its own series, then the plant's, then
        the profile."""
        found = {}
        sources = [f"contract/{contract.id}/generation", f"plant/{contract.device}/generation"]
        for key in sources + ([contract.profile] if contract.profile else []):
            if key not in self.plants:
                self.plants[key] = self._profile(*key) if key == contract.profile else {
                    at: (wh, rank) for at, (wh, rank, whole) in self.readings.energy(key, negative="zero").items() if whole}
            for at, value in self.plants[key].items():
                found.setdefault(at, value)
        return found

    def _profile(self, series, mean_w, over):
        """A regional series scaled to a mean power over some time."""
        shape = {at: max(0, wh) for at, (wh, _, _) in self.readings.energy(series, negative="keep").items()}
        first, last = over[0] // self.pack.step, over[1] // self.pack.step
        whole = sum(wh for at, wh in shape.items() if first <= at < last)
        seconds = over[1] - over[0]
        return {at: (wh * mean_w * seconds // (3600 * whole), PROFILED) for at, wh in shape.items()} if whole else {}

    def _contract(self, contract):
        """Share of the plant, backed promise, less what was resold, as far as certificates go where they must."""
        plant = self.plant(contract)
        resold = self.readings.energy(f"contract/{contract.id}/resold")
        promise = None if contract.shaped_w is None else contract.shaped_w * self.pack.step // 3600
        laid = None
        if contract.certificates == "required" or contract.kind == "unbundled":
            laid = self._certified(contract, {at: wh for at, (wh, _) in plant.items()})
        delivered, ranks = [], []
        for start in self.pack.starts():
            at = start // self.pack.step
            wh, rank = plant.get(at, (0, 0))
            wh = floor(wh * contract.share_at(start))
            if promise is not None:
                wh = min(wh, promise)
            wh = max(0, wh - resold.get(at, (0,))[0])
            delivered.append(wh if laid is None else min(wh, laid.get(at, 0)))
            ranks.append(rank)
        return delivered, ranks

    def _counting(self, contract):
        """Certificates cancelled for a contract's beneficiary: (start, end, Wh), shortest production interval first.

        By the hour they are of its technology besides, and of somebody: the contract's beneficiary or the entity."""
        by_hour = self.pack.ruleset.keys.get("rules.certificates") == "hour"
        whom = contract.beneficiary or (self.pack.entity if by_hour else None)
        sharers = [other.id for other in self.pack.contracts if other.device == contract.device]
        found = []
        for row in self.pack.certificates:
            if row["device"] != contract.device or row["status"] != "cancelled":
                continue
            if row["contract"] != contract.id and (row["contract"] or len(sharers) > 1):
                continue
            if whom is not None and row["beneficiary"] != whom:
                continue
            if by_hour and (whom is None or row["technology"] != contract.technology):
                continue
            start, end = instants.seconds(row["start"]), instants.seconds(row["end"])
            found.append((end - start, start, row["id"].encode(), end, int(row["last_wh"]) - int(row["first_wh"]) + 1))
        return [(start, end, wh) for _, start, _, end, wh in sorted(found)]

    def _certified(self, contract, volume):
        """Index to Wh with certificates: each laid over what is left of the device's volume, scaled down, never up."""
        left, laid = dict(volume), {}
        for start, end, wh in self._counting(contract):
            inside = [at for at in range(start // self.pack.step, -(-end // self.pack.step)) if left.get(at)]
            weights = [left[at] for at in inside]
            for at, part in zip(inside, largest_remainder(min(wh, sum(weights)), weights)):
                left[at] -= part
                laid[at] = laid.get(at, 0) + part
        return laid

    def legacy_loads(self, contract, t):
        """Metered load of the sites a legacy contract serves in an interval; an estimate takes no allocation."""
        return {site: load.metered[t] for site, load in self.loads.items()
                if site in contract.sites and load.boundary[t] == contract.boundary and not load.estimated[t]}

    def _legacy(self, contract):
        """The volume of each calendar year, over intervals in proportion to the load of the sites served."""
        pack, zone = self.pack, self.pack.time_zone
        years = {}
        for t, start in enumerate(pack.starts()):
            if contract.valid(start):
                years.setdefault(instants.local(start, zone).year, []).append(t)
        spread = [0] * pack.count
        for year, times in years.items():
            if contract.annual_wh is None:
                volume = sum(self.delivered[contract.id][t] for t in times)
            else:
                first, last = (-(-instants.year_start(y, zone) // pack.step) * pack.step for y in (year, year + 1))
                whole = last - first
                volume = floor(Fraction(contract.annual_wh * len(times) * pack.step, whole))
            weights = [sum(self.legacy_loads(contract, t).values()) for t in times]
            for t, part in zip(times, largest_remainder(min(volume, sum(weights)), weights)):
                spread[t] = part
        return spread
