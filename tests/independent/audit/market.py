"""What the grid of each boundary is in each interval: carbon-free share, intensity, fallback factor, prices."""

from fractions import Fraction

from audit.exact import AuditError, ceil, floor
from audit.names import LEVELS, TIERS, note, volume_of

RESIDUAL, COMPUTED, FOSSIL, DEFAULT = TIERS
# Averaged by duration, factors are rounded up and prices down; shares stay exact.
ROUNDED = {"factor": ceil, "price": floor, "share": Fraction}


class Market:
    """One boundary, every list by interval of the period.

    fed, mixed: whether a supplied series, and whether the grid's mix tells any intensity, and any fossil factor (feeds
    first); excess: (fuel, interval) to Wh issued beyond production.
    """

    def __init__(self, pack, readings, boundary):
        self.id, self.row = boundary, pack.boundaries[boundary]
        self.pack, self.first, self.count = pack, pack.first, pack.count
        levels, volumes = {}, {"fuel": {}, "_issued": {}, "_sss": {}, "_expired": {}}
        prefix = f"grid/{boundary}/"
        for name in readings.names(prefix):
            leaf = name.removeprefix(prefix)
            volume, kind = volume_of(leaf, pack.factors), LEVELS.get(leaf)
            if volume:
                volumes[volume[0]][volume[1]] = readings.volumes(name)
            elif kind:
                levels[leaf] = {at: ROUNDED[kind](value) for at, value in readings.levels(name, kind).items()}
            else:
                note(f"series {name} is not used")
        self.fuels = {fuel: {at: wh for at, (wh, whole) in series.items() if whole}
                      for fuel, series in volumes.pop("fuel").items()}
        self.tracked = {suffix: {fuel: {at: wh for at, (wh, _) in series.items()} for fuel, series in of_kind.items()}
                        for suffix, of_kind in volumes.items()}
        self.expected = pack.expected[boundary] | {fuel for fuel, series in self.fuels.items() if series}
        mixes = [self._mix(at) for at in self._indices()]
        self.share = self._shares(levels.get("cfe_share", {}), mixes)
        intensity = levels.get("carbon_intensity", {})
        self.intensity, self.intensity_from = self._intensities(intensity, mixes)
        self.upstream = self._upstream(intensity, mixes)
        self.fossil_from = (False, False)
        self.excess = {}
        self.fallback = self._fallbacks(
            levels.get("residual_intensity", {}), levels.get("fossil_intensity", {}), mixes)
        self.sss_share = self._levels(levels.get("sss_share", {}))
        self.price = self._levels(levels.get("price", {}))
        self.feed_basis = self.row.get("factor_basis") or pack.basis
        self.basis = self.feed_basis if self.intensity_from[0] else pack.basis

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
        """The carbon-free share of each interval, 0 where missing; None where it was never supplied: there is no feed,
        and the area reports no fuel."""
        if not self.expected and not any(at in feed for at in self._indices()):
            return None
        shares = []
        for at, mix in zip(self._indices(), mixes):
            total = sum(mix.values()) if mix else 0
            if at in feed:
                shares.append(feed[at])
            elif total:
                free = sum(wh for fuel, wh in mix.items() if self.pack.is_carbon_free(fuel))
                shares.append(Fraction(free) / total)
            else:
                shares.append(Fraction(0))
        return shares

    def _mean(self, mixes, basis):
        return [self._weighted(mix, basis) if mix else None for mix in mixes]

    def _intensities(self, feed, mixes):
        """(mg/kWh of each interval, (fed, mixed)): the period's maximum where missing; None where never supplied, or
        always void (0 there in earlier versions). A feed on a basis of its own is not filled up with the mix, which
        stands on the portfolio's."""
        fed = self._levels(feed)
        stated = self.row.get("factor_basis")
        mixed = self._mean(mixes, self.pack.basis)
        if stated not in (None, self.pack.basis) and any(factor is not None for factor in fed):
            mixed = [None] * self.count
        found, origin = first_of(fed, mixed)
        known = [factor for factor in found if factor is not None]
        if not known:
            void = self.expected and not self.pack.rules.void_intensity
            return [0] * self.count if void else None, origin
        return [max(known) if factor is None else factor for factor in found], origin

    def _upstream(self, feed, mixes):
        """Life-cycle less direct intensity, where factors are direct and come from fuels alone; where the mix is void
        each is its own highest."""
        if self.pack.basis != "direct" or any(at in feed for at in self._indices()):
            return None
        whole, direct = (self._mean(mixes, basis) for basis in ("life-cycle", "direct"))
        if all(factor is None for factor in whole):
            return None
        highest = [max(factor for factor in of_basis if factor is not None) for of_basis in (whole, direct)]
        return [highest[0] - highest[1] if a is None else a - b for a, b in zip(whole, direct)]

    def _fallbacks(self, residual, fossil_feed, mixes):
        """(mg/kWh, tier) of energy left unmatched: residual mix, then fossil only, then the default."""
        basis = self.pack.basis
        tracked = any(series for volumes in self.tracked.values() for series in volumes.values())
        default = self.row.get("default_fossil_mg_per_kwh")
        if default is None:
            default = max(row[basis] for row in self.pack.factors.values() if row["fossil"])
        left = [self._untracked(at, mix) if mix and tracked else {} for at, mix in zip(self._indices(), mixes)]
        burnt = [{fuel: wh for fuel, wh in (mix or {}).items() if self.pack.factors[fuel]["fossil"]} for mix in mixes]
        fossil, self.fossil_from = first_of(self._levels(fossil_feed), self._mean(burnt, basis))
        by_tier = {RESIDUAL: self._levels(residual), COMPUTED: self._mean(left, basis), FOSSIL: fossil,
                   DEFAULT: [default] * self.count}
        found = []
        for t in range(self.count):
            tier = next(tier for tier in self.pack.ruleset.tiers if by_tier[tier][t] is not None)
            found.append((by_tier[tier][t], tier))
        self._exceed(found, tracked)
        return found

    def _untracked(self, at, mix):
        """What is left of each fuel for a residual mix."""
        return {fuel: max(0, self._rest(fuel, at, wh)) for fuel, wh in mix.items()}

    def _rest(self, fuel, at, wh):
        issued, standard, expired = (
            self.tracked[suffix].get(fuel, {}).get(at, 0) for suffix in ("_issued", "_sss", "_expired"))
        return wh - issued - standard + expired

    def _exceed(self, taken, tracked):
        """What was issued beyond a fuel's production, where a residual mix was asked for."""
        tiers = self.pack.ruleset.tiers
        if not tracked or not self.pack.rules.excess_issuance or COMPUTED not in tiers:
            return
        for fuel in self.expected:
            for t, (_, tier) in enumerate(taken):
                at = self.first + t
                rest = self._rest(fuel, at, self.fuels.get(fuel, {}).get(at, 0))
                if rest < 0 and at in self.fuels.get(fuel, {}) and tiers.index(tier) >= tiers.index(COMPUTED):
                    self.excess[fuel, t] = -rest


def first_of(fed, mixed):
    """(what a feed says, else the mix, (whether the feed tells any, whether the mix tells any that it does not))."""
    found = [a if a is not None else b for a, b in zip(fed, mixed)]
    origin = (any(a is not None for a in fed), any(a is None and b is not None for a, b in zip(fed, mixed)))
    return found, origin


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
