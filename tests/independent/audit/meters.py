"""What the meters of a site say of each interval: its load, its channels, and which part of it nobody metered."""

from collections import namedtuple

from audit import instants
from audit.readings import QUALITIES, UNMETERED

ESTIMATED = QUALITIES.index("estimated")

# A series that a load is made of: its name, whether it is added (1) or taken off (-1), its pieces by interval.
Term = namedtuple("Term", "name sign pieces")
# An interval whose load is not known. open: the parts without it; lacks: [(term, gaps)]; known: signed Wh that were
# metered, outside: what of them lies outside of those parts; own: (on-site, export) outside where export lacks.
Missing = namedtuple("Missing", "terms open lacks known outside own")


def gaps_of(pieces, start, end):
    """The parts of a time that no piece (start, end, Wh, quality) covers."""
    gaps, at = [], start
    for piece in pieces:
        if piece[0] > at:
            gaps.append((at, piece[0]))
        at = max(at, piece[1])
    if at < end:
        gaps.append((at, end))
    return gaps


def grown(spans, pieces):
    """Times grown until no piece lies across an edge of theirs, those that touch joined."""
    while True:
        joined = []
        for start, end in sorted(spans):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        spans = joined + [piece[:2] for piece in pieces if not inside(piece, joined) and any(
            piece[0] < end and start < piece[1] for start, end in joined)]
        if len(spans) == len(joined):
            return joined


def inside(piece, spans):
    """Whether a piece lies in one of some times."""
    return any(start <= piece[0] and piece[1] <= end for start, end in spans)


def total(pieces):
    """Wh of pieces."""
    return sum(piece[2] for piece in pieces)


def worst(pieces):
    """The worst quality of pieces, measured where there are none."""
    return max((piece[3] for piece in pieces), default=0)


class Meters:
    """Every series of a site.

    A site that has a reading of import, on-site generation or export in the period is metered by channels: import
    always; on-site generation where it has such a reading, or where the site names its technology; export where it has
    one; charge and discharge of every storage that is put at the site. In earlier versions only what has readings.
    """

    def __init__(self, pack, readings, site):
        self.pack, self.readings, self.site = pack, readings, site
        self.step, self.strict, self.in_parts = pack.step, pack.rules.missing_channel, pack.rules.partial_generation
        self.above = {}
        self.load = self._term(f"site/{site.id}/load", 1)
        self.imported, self.onsite, self.export = (
            self._term(f"site/{site.id}/{name}", sign)
            for name, sign in (("import", 1), ("onsite_generation", 1), ("export", -1)))
        self.stored = [self._term(f"storage/{name}/{way}", sign) for name, row in pack.storage.items()
                       if row["site"] == site.id for way, sign in (("discharge", 1), ("charge", -1))]
        here = [term for term in (self.imported, self.onsite, self.export) if self._in_period(term)]
        self.by_channels = bool(here)
        self.needed = here
        if self.strict and here:
            onsite = self.onsite in here or site.technology is not None
            self.needed = [self.imported] + [self.onsite] * onsite + [self.export] * (self.export in here)
            self.needed += self.stored

    def _above_limit(self, name):
        """[(start, end)] of the readings of a series that no estimate is taken from: more than 2 % above what the
        connection carries, of import or of a load with nothing behind it."""
        if not self.pack.rules.above_limit or self.site.limit_w is None:
            return []
        alone = self.site.technology is None and not self.stored
        if name not in [self.imported.name] + [self.load.name] * alone:
            return []
        return [(start, end) for start, end, wh, _ in self.readings.raw(name)
                if wh * 3600 * 100 > self.site.limit_w * 102 * (end - start)]

    def _is_valid(self, name, start, end):
        """Whether no part of a time is told by a reading above the limit."""
        if name not in self.above:
            self.above[name] = self._above_limit(name)
        return not any(begin < end and start < finish for begin, finish in self.above[name])

    def _term(self, name, sign):
        return Term(name, sign, self.readings.pieces(name))

    def _in_period(self, term):
        return any(self.pack.first <= at < self.pack.first + self.pack.count for at in term.pieces)

    def touched(self, at):
        """Whether import, on-site generation or export has a reading in an interval."""
        return any(at in term.pieces for term in (self.imported, self.onsite, self.export))

    def told_by_channels(self, at):
        """Whether channels, not a load of its own, tell an interval."""
        pieces = self.load.pieces.get(at, [])
        whole = not gaps_of(pieces, at * self.step, (at + 1) * self.step)
        return self.by_channels and not whole and (not pieces or not self.in_parts)

    def interval(self, at):
        """(Wh, quality, None) of a load that is known, else (None, quality, Missing)."""
        span = at * self.step, (at + 1) * self.step
        if not self.told_by_channels(at):
            pieces = self.load.pieces.get(at, [])
            if not gaps_of(pieces, *span):
                return total(pieces), worst(pieces), None
            return None, worst(pieces), self._missing(at, span, [self.load], self.in_parts)
        rank = max(worst(term.pieces.get(at, [])) for term in self.needed)
        lacks = any(gaps_of(term.pieces.get(at, []), *span) for term in self.needed)
        if lacks or self.imported not in self.needed:
            return None, rank, self._missing(at, span, self.needed, self.strict and self.in_parts)
        return total(self.imported.pieces.get(at, [])) + self.beside_import(at), rank, None

    def beside_import(self, at):
        """What the other channels come to."""
        return sum(term.sign * total(term.pieces.get(at, [])) for term in [self.onsite, self.export] + self.stored)

    def _missing(self, at, span, terms, in_parts):
        if not in_parts:
            first = self.load if terms[0] is self.load else self.imported
            known = 0 if first is self.load else self.beside_import(at)
            return Missing([first], [span], [(first, [span])], known, 0, None)
        pieces = [(term, term.pieces.get(at, [])) for term in terms]
        lacks = [(term, gaps_of(read, *span)) for term, read in pieces]
        lacks = [(term, gaps) for term, gaps in lacks if gaps]
        spans = grown([gap for _, gaps in lacks for gap in gaps], [piece for _, read in pieces for piece in read])
        outside = {term.name: [piece for piece in read if not inside(piece, spans)] for term, read in pieces}
        own = None
        if any(term is self.export for term, _ in lacks):
            own = tuple(total(outside.get(term.name, [])) for term in (self.onsite, self.export))
        known = sum(term.sign * total(read) for term, read in pieces)
        return Missing(terms, spans, lacks, known, sum(term.sign * total(outside[term.name]) for term in terms), own)

    def highest(self, at, lacks):
        """The highest signed sum that what lacks in an interval came to together on one day at that local time; None
        where no day has valid readings of all of it."""
        start, step = at * self.step, self.step
        best = None
        for other in instants.same_time_of_day(start, self.site.time_zone, self.pack.ruleset.estimate_days):
            if other % step == 0:
                wh = self._on(other - start, other // step, (start, start + step), lacks)
                if wh is not None and (best is None or wh > best):
                    best = wh
        return best

    def _on(self, shift, at, span, lacks):
        """What lacks, as it came in another interval."""
        found = 0
        for term, gaps in lacks:
            if any(not self._is_valid(term.name, start + shift, end + shift) for start, end in gaps):
                return None
            if gaps == [span]:
                pieces = term.pieces.get(at, [])
                if gaps_of(pieces, at * self.step, (at + 1) * self.step) or worst(pieces) in UNMETERED:
                    return None
                found += term.sign * total(pieces)
                continue
            for start, end in gaps:
                wh = self.readings.part(term.name, term.sign, start + shift, end + shift)
                if wh is None:
                    return None
                found += wh
        return found
