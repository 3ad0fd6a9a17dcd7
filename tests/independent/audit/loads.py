"""Loads, purchases and self-generation of each site in each interval."""

from fractions import Fraction

from audit import instants
from audit.exact import AuditError, ceil
from audit.meters import ESTIMATED, Meters, gaps_of, total, worst


class Load:
    """One site, every list by interval of the period.

    metered: Wh of load as metered or estimated, of which guessed are estimates; matching, matching_guessed: the same
    with losses; rank: worst quality of the readings of the load; bought, bought_guessed: the inventory ledger's load;
    losses: charge less discharge behind channels; self_free: carbon-free self-generation, used or not, of quality
    self_rank; fossil: own generation that is not carbon-free; lacking: (interval, Missing, estimate) of load that is
    not known.
    """

    def __init__(self, pack, readings, site):
        self.pack, self.site, self.meters = pack, site, Meters(pack, readings, site)
        self.boundary = [site.boundary_at(start) for start in pack.starts()]
        self.metered, self.guessed, self.rank = [], [], []
        self.bought, self.bought_guessed, self.losses = [], [], []
        self.own, self.self_rank, self.lacking, self.net_export = [], [], [], []
        for at in range(pack.first, pack.first + pack.count):
            if at in self.meters.load.pieces and self.meters.touched(at):
                raise AuditError(f"site {site.id} has load and channels in the interval at {self._text(at)}")
            self._interval(at)
        self.matching = [self._with_losses(wh) for wh in self.metered]
        self.matching_guessed = [self._with_losses(wh) for wh in self.guessed]
        free = site.technology is not None and pack.is_carbon_free(site.technology)
        self.self_free = [wh if free else 0 for wh in self.own]
        first = pack.rules.own_generation
        used = self.own if first else [min(wh, load) for wh, load in zip(self.own, self.metered)]
        self.fossil = [0 if free else wh for wh in used]
        if not pack.rules.inventory_load:
            self.bought, self.bought_guessed = self.metered, self.guessed

    def _text(self, at):
        return instants.text_of(at * self.pack.step)

    def _with_losses(self, wh):
        return ceil(wh * (1 + Fraction(self.site.loss))) if self.site.loss else wh

    def _interval(self, at):
        """What is known of an interval, and an estimate of what is not."""
        known, rank, missing = self.meters.interval(at)
        guess = 0
        if missing:
            self._may_estimate(at)
            lacking = self._needed(at, self.meters.highest(at, missing.lacks))
            known = max(0, missing.known + lacking)
            metered = min(max(0, missing.outside), known)
            guess = known - metered
            rank = rank if metered else ESTIMATED
            self.lacking.append((at, missing, guess))
        if known < 0:
            raise AuditError(f"site {self.site.id}: negative load at {self._text(at)}")
        self.metered.append(known)
        self.guessed.append(guess)
        self.rank.append(rank)
        self._generate(at, missing)
        self._purchase(at, known, guess)

    def _generate(self, at, missing):
        """On-site less exported; where export lacks, only of what is metered whole."""
        here = self.meters.by_channels
        made, sold = (term.pieces.get(at, []) for term in (self.meters.onsite, self.meters.export))
        self.self_rank.append(worst(made))
        made, sold = (missing.own if missing and missing.own else (total(made), total(sold)))
        self.own.append(max(0, made - sold) if here else 0)

    def _purchase(self, at, load, guess):
        """Import; a load that is all a site states is its import; where more is exported than imported it is 0."""
        if not self.pack.rules.inventory_load:
            return
        meters, span = self.meters, (at * self.pack.step, (at + 1) * self.pack.step)
        if not meters.told_by_channels(at):
            self.losses.append(0)
            self.bought.append(load)
            self.bought_guessed.append(guess)
            return
        self.losses.append(-sum(term.sign * total(term.pieces.get(at, [])) for term in meters.stored))
        pieces, guess = meters.imported.pieces.get(at, []), 0
        gaps = gaps_of(pieces, *span)
        if gaps:
            self._may_estimate(at)
            guess = self._needed(at, meters.highest(at, [(meters.imported, gaps)]))
        whole = total(pieces) + guess
        if total(meters.export.pieces.get(at, [])) > whole:
            self.net_export.append((at, whole))
            whole = guess = 0
        self.bought.append(whole)
        self.bought_guessed.append(guess)

    def _may_estimate(self, at):
        if self.pack.missing_load != "estimate":
            raise AuditError(f"site {self.site.id} lacks load at {self._text(at)}, which blocks a report")

    def _needed(self, at, wh):
        if wh is None:
            raise AuditError(f"site {self.site.id}: nothing to estimate from at {self._text(at)}")
        return wh

    def quality(self, t):
        """The worst quality of an interval's load, an estimate of any of it included."""
        return max(self.rank[t], ESTIMATED) if self.guessed[t] else self.rank[t]

    def used_on_site(self, t):
        """Self-generated energy consumed on site, carbon-free or fossil."""
        return min(self.own[t], self.metered[t])
