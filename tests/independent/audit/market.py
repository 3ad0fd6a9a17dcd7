"""What the grid of each boundary is in each interval: carbon-free share, intensity, fallback factor, prices."""

from fractions import Fraction

from audit.exact import AuditError, ceil
from audit.names import TIERS, grid_series, note

RESIDUAL, FOSSIL, DEFAULT = TIERS


class Market:
    """One boundary, every list by interval of the period."""

    def __init__(self, pack, readings, boundary):
        self.id, self.row = boundary, pack.boundaries[boundary]
        self.pack, self.first, self.count = pack, pack.first, pack.count
        levels, volumes = {}, {"fuel": {}, "_issued": {}, "_sss": {}, "_expired": {}}
        prefix = f"grid/{boundary}/"
        for name in readings.names(prefix):
            known = grid_series(name.removeprefix(prefix), pack.factors)
            if known is None:
                note(f"series {name} is not used")
            elif known[0] in volumes:
                volumes[known[0]][known[1]] = readings.volumes(name)
            else:
                kind = {"cfe": "share", "sss_share": "share", "price": "price"}.get(known[0], "factor")
                levels[known[0]] = readings.levels(name, kind)
        self.fuels, self.tracked = volumes["fuel"], {s: v for s, v in volumes.items() if s != "fuel"}
        self.expected = pack.expected[boundary] or {fuel for fuel, series in self.fuels.items() if series}
        mixes = [self._mix(at) for at in self._indices()]
        self.share = self._shares(levels.get("cfe", {}), mixes)
        self.intensity = self._intensities(levels.get("intensity", {}), mixes, pack.basis)
        supplied = any(at in series for series in self.fuels.values() for at in self._indices())
        if self.intensity is None and supplied and not pack.rules.later:
            # Earlier versions: 0 where fuels are supplied and every hour of them is void.
            self.intensity = [0] * self.count
        self.upstream = self._upstream(levels.get("intensity", {}), mixes)
        self.fallback = self._fallbacks(levels.get("residual", {}), levels.get("fossil", {}), mixes)
        self.sss_share = self._levels(levels.get("sss_share", {}))
        self.price = self._levels(levels.get("price", {}))
        self.feed_basis = self.row.get("factor_basis") if levels.get("intensity") else None

    def _indices(self):
        return range(self.first, self.first + self.count)

    def _levels(self, series):
        return [series.get(at) for at in self._indices()]

    def _mix(self, at):
        """Fuel to energy; None where a fuel normally reported is missing, or nothing was produced."""
        mix = {fuel: series[at] for fuel, series in self.fuels.items() if at in series}
        if not mix or self.expected - mix.keys():
            return None
        return mix

    def _weighted(self, volumes, basis):
        """The mean factor of volumes by fuel, rounded up; None where they add up to nothing."""
        total = sum(volumes.values())
        if total == 0:
            return None
        factors = self.pack.factors
        return ceil(Fraction(sum(wh * factors[fuel][basis] for fuel, wh in volumes.items())) / total)

    def _shares(self, feed, mixes):
        """The carbon-free share of each interval, 0 where missing; None where it was never supplied."""
        supplied = any(at in feed for at in self._indices())
        supplied = supplied or any(at in series for series in self.fuels.values() for at in self._indices())
        if not supplied:
            return None
        shares = []
        for at, mix in zip(self._indices(), mixes):
            total = sum(mix.values()) if mix else 0
            if at in feed:
                shares.append(feed[at])
            elif total:
                free = sum(wh for fuel, wh in mix.items() if self.pack.factors[fuel]["carbon_free"])
                shares.append(Fraction(free) / total)
            else:
                shares.append(Fraction(0))
        return shares

    def _intensities(self, feed, mixes, basis):
        """mg/kWh of each interval, the period's maximum where missing; None where never supplied, or always void.
        A feed on a basis of its own is not filled up with the mix, which stands on the portfolio's."""
        found = []
        stated = self.row.get("factor_basis")
        if stated not in (None, self.pack.basis) and any(at in feed for at in self._indices()):
            mixes = [None] * self.count
        for at, mix in zip(self._indices(), mixes):
            found.append(ceil(feed[at]) if at in feed else self._weighted(mix, basis) if mix else None)
        known = [factor for factor in found if factor is not None]
        return [max(known) if factor is None else factor for factor in found] if known else None

    def _upstream(self, feed, mixes):
        """Life-cycle less direct intensity, where factors are direct and come from fuels alone."""
        if self.pack.basis != "direct" or any(at in feed for at in self._indices()):
            return None
        whole, direct = (self._intensities({}, mixes, basis) for basis in ("life-cycle", "direct"))
        return whole and [a - b for a, b in zip(whole, direct)]

    def _fallbacks(self, feed, fossil_feed, mixes):
        """(mg/kWh, tier) of energy left unmatched: residual mix, then fossil only, then the default."""
        tracked = any(series for volumes in self.tracked.values() for series in volumes.values())
        default = self.row.get("default_fossil_mg_per_kwh")
        if default is None:
            default = max(row[self.pack.basis] for row in self.pack.factors.values() if row["fossil"])
        found = []
        for at, mix in zip(self._indices(), mixes):
            for tier in self.pack.ruleset.tiers:
                factor = default
                if tier == RESIDUAL:
                    left = self._untracked(at, mix) if mix and tracked else {}
                    factor = ceil(feed[at]) if at in feed else self._weighted(left, self.pack.basis)
                elif tier == FOSSIL:
                    fossil = {fuel: wh for fuel, wh in (mix or {}).items() if self.pack.factors[fuel]["fossil"]}
                    factor = self._weighted(fossil, self.pack.basis) if at not in fossil_feed else ceil(fossil_feed[at])
                if factor is not None:
                    break
            found.append((factor, tier))
        return found

    def _untracked(self, at, mix):
        """What is left of each fuel for a residual mix."""
        issued, standard, expired = (self.tracked[suffix] for suffix in ("_issued", "_sss", "_expired"))
        left = {}
        for fuel, wh in mix.items():
            claimed = issued.get(fuel, {}).get(at, 0) + standard.get(fuel, {}).get(at, 0)
            left[fuel] = max(0, wh - claimed + expired.get(fuel, {}).get(at, 0))
        return left


def passes(pack, markets):
    """(from, to) to a list by interval: whether energy may pass the link."""
    found = {}
    for (source, target), nonpositive in pack.links.items():
        if source not in markets or target not in markets:
            raise AuditError(f"a link joins no known boundaries: {source} to {target}")
        outcomes = []
        for here, there in zip(markets[source].price, markets[target].price):
            if here is None or there is None or not pack.ruleset.price_ratio:
                outcomes.append(False)
            elif here <= 0:
                outcomes.append(nonpositive)
            else:
                outcomes.append(there < pack.ruleset.price_ratio * here)
        found[source, target] = outcomes
    return found
