"""Loads and self-generation of each site in each interval."""

from fractions import Fraction

from audit import instants
from audit.exact import AuditError, ceil
from audit.readings import UNMETERED


class Load:
    """One site, every list by interval of the period.

    metered: Wh as metered or estimated; matching: the same with losses; estimated: whether load was missing;
    self_free, self_fossil: self-generation, carbon-free or not; rank: worst quality of the load.
    """

    def __init__(self, pack, readings, site):
        self.pack, self.site = pack, site
        self.boundary = [site.boundary_at(start) for start in pack.starts()]
        known, own = self._series(readings)
        self.metered, self.estimated, self.rank = [], [], []
        for start in pack.starts():
            at = start // pack.step
            value = known.get(at)
            self.estimated.append(value is None)
            wh, rank = (self._estimate(known, start), None) if value is None else value
            self.metered.append(wh)
            self.rank.append(rank)
        self.matching = [ceil(wh * (1 + Fraction(site.loss))) if site.loss else wh for wh in self.metered]
        free = site.technology is not None and pack.is_carbon_free(site.technology)
        indices = range(pack.first, pack.first + pack.count)
        self.self_generated = [own.get(at, (0, 0)) for at in indices]
        self.self_free = [wh if free else 0 for wh, _ in self.self_generated]
        self.self_fossil = [0 if free else wh for wh, _ in self.self_generated]

    def _series(self, readings):
        """Index to (load, rank), and index to (self-generation, rank), over every reading there is."""
        prefix = f"site/{self.site.id}/"
        direct = readings.energy(prefix + "load", spread=True, up=True)
        imported = readings.energy(prefix + "import", spread=True, up=True)
        onsite = readings.energy(prefix + "onsite_generation")
        exported = readings.energy(prefix + "export")
        known = {at: (wh, rank) for at, (wh, rank, whole) in direct.items() if whole}
        touched = imported.keys() | onsite.keys() | exported.keys()
        if touched & direct.keys():
            raise AuditError(f"site {self.site.id} has load and channels in the same interval")
        charge, discharge = {}, {}
        for name, row in self.pack.storage.items():
            if touched and row["site"] == self.site.id:
                for total, series in ((charge, "charge"), (discharge, "discharge")):
                    for at, (wh, rank, _) in readings.energy(f"storage/{name}/{series}", series == "charge",
                                                             series == "charge").items():
                        total[at] = (total.get(at, (0, 0))[0] + wh, max(total.get(at, (0, 0))[1], rank))
        needed = [series for series in (imported, onsite, exported) if series]
        own = {}
        for at in touched:
            parts = [series.get(at, (0, 0, True)) for series in (imported, onsite, exported)]
            own[at] = (max(0, parts[1][0] - parts[2][0]), max(parts[1][1], parts[2][1]))
            if not imported or any(at not in series or not series[at][2] for series in needed):
                continue
            out, taken = discharge.get(at, (0, 0)), charge.get(at, (0, 0))
            wh = parts[0][0] + parts[1][0] + out[0] - taken[0] - parts[2][0]
            if wh < 0:
                raise AuditError(f"site {self.site.id}: negative load at {instants.text_of(at * self.pack.step)}")
            known[at] = (wh, max(out[1], taken[1], *(part[1] for part in parts)))
        return known, own

    def _estimate(self, known, start):
        """The highest metered reading at the same local time of day within the ruleset's days."""
        if self.pack.missing_load != "estimate":
            raise AuditError(f"site {self.site.id} has no load at {instants.text_of(start)}, which blocks a report")
        best = None
        for other in instants.same_time_of_day(start, self.site.time_zone, self.pack.ruleset.estimate_days):
            wh, rank = known.get(other // self.pack.step, (None, 0)) if other % self.pack.step == 0 else (None, 0)
            if wh is not None and rank not in UNMETERED and (best is None or wh > best):
                best = wh
        if best is None:
            raise AuditError(f"site {self.site.id}: nothing to estimate its load from at {instants.text_of(start)}")
        return best

    def used_on_site(self, t):
        """Self-generated energy consumed on site, carbon-free or fossil; none is known under an estimate."""
        return 0 if self.estimated[t] else min(self.self_free[t] + self.self_fossil[t], self.metered[t])

    def fossil_on_site(self, t):
        """Load served by fossil self-generation, which is not energy of the grid."""
        return 0 if self.estimated[t] else min(self.self_fossil[t], self.metered[t])
