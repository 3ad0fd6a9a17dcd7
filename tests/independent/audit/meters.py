"""What the meters of a site say inside each interval: the shortest parts of which its load is known or missing."""

from collections import namedtuple

from audit import choices
from audit.exact import ceil_div

# A part of an interval. wh: load, None where missing; only_import: whether nothing but import is missing;
# imported: Wh of import that are there, others: Wh of the other channels that are there, signed; gaps: times without
# import; own: on-site generation less export.
Cell = namedtuple("Cell", "start end wh rank only_import imported others gaps own own_rank")


def covered(pieces, start, end):
    """Pieces (start, end, Wh, quality) inside a time, and the gaps between them."""
    inside = [piece for piece in pieces if piece[0] < end and piece[1] > start]
    gaps, at = [], start
    for piece in sorted(inside):
        if piece[0] > at:
            gaps.append((at, piece[0]))
        at = max(at, piece[1])
    if at < end:
        gaps.append((at, end))
    return inside, gaps


def over(pieces, start, end, unfit):
    """Wh over a time, a longer piece in proportion to duration, rounded up; None unless wholly covered by fit ones."""
    inside, gaps = covered(pieces, start, end)
    if gaps or any(rank in unfit for _, _, _, rank in inside):
        return None
    found = 0
    for begin, finish, wh, _ in inside:
        overlap = min(finish, end) - max(begin, start)
        found += ceil_div(wh * overlap, finish - begin)
    return found


class Meters:
    """Pieces by interval of every series of a site."""

    def __init__(self, pack, readings, site):
        prefix = f"site/{site.id}/"
        self.step = pack.step
        self.strict = pack.rules.missing_channel
        self.load = readings.pieces(prefix + "load", spread=True, up=True)
        self.imported = readings.pieces(prefix + "import", spread=True, up=True)
        self.onsite = readings.pieces(prefix + "onsite_generation")
        self.export = readings.pieces(prefix + "export")
        self.stored = []
        for name, row in pack.storage.items():
            if row["site"] == site.id:
                self.stored.append((-1, readings.pieces(f"storage/{name}/charge", spread=True, up=True)))
                self.stored.append((1, readings.pieces(f"storage/{name}/discharge")))
        self.touched = self.imported.keys() | self.onsite.keys() | self.export.keys()
        self.both = self.touched & self.load.keys()
        self.known = {}

    def cells(self, at):
        """The parts of an interval, in time."""
        start, end = at * self.step, (at + 1) * self.step
        if at in self.touched or (self.imported and at not in self.load):
            return self._channels(at, start, end) if self.strict else [self._whole(at, start, end)]
        pieces, gaps = covered(self.load.get(at, []), start, end)
        if gaps and not self.strict:
            pieces, gaps = [], [(start, end)]
        found = [Cell(a, b, wh, rank, False, wh, 0, [], 0, 0) for a, b, wh, rank in pieces]
        found += [Cell(a, b, None, 0, False, 0, 0, [(a, b)], 0, 0) for a, b in gaps]
        return sorted(found)

    def _whole(self, at, start, end):
        """Earlier versions: an interval with a channel missing in part is missing, charge and discharge count as 0."""
        parts = []
        for pieces in (self.imported, self.onsite, self.export):
            inside, gaps = covered(pieces.get(at, []), start, end)
            parts.append((sum(p[2] for p in inside), max((p[3] for p in inside), default=0), bool(pieces) and gaps))
        others, rank = parts[1][0] - parts[2][0], max(part[1] for part in parts)
        for sign, pieces in self.stored:
            others += sign * sum(piece[2] for piece in pieces.get(at, []))
        lacks = [not self.imported or bool(parts[0][2]), bool(parts[1][2]), bool(parts[2][2])]
        wh = None if any(lacks) else parts[0][0] + others
        gaps = [(start, end)] if lacks[0] else []
        return Cell(start, end, wh, rank, lacks == [True, False, False], parts[0][0], others, gaps,
                    parts[1][0] - parts[2][0], max(parts[1][1], parts[2][1]))

    def _channels(self, at, start, end):
        """Parts that no reading of a channel crosses."""
        series = [(1, self.imported), (1, self.onsite), (-1, self.export)] + self.stored
        series = [(sign, pieces) for sign, pieces in series if pieces or pieces is self.imported]
        here = [(sign, pieces, *covered(pieces.get(at, []), start, end)) for sign, pieces in series]
        bounds = {start, end}
        for _, _, inside, gaps in here:
            bounds.update(bound for part in inside + gaps for bound in part[:2])
        for _, _, inside, _ in here:
            bounds -= {bound for bound in bounds for piece in inside if piece[0] < bound < piece[1]}
        bounds = sorted(bounds)
        return [self._cell(here, a, b) for a, b in zip(bounds, bounds[1:])]

    def _cell(self, here, start, end):
        """One part of an interval."""
        sums, lacks, ranks, gaps = {}, [], [0], []
        for sign, pieces, inside, _ in here:
            inside, missing = covered(inside, start, end)
            sums[id(pieces)] = sign * sum(piece[2] for piece in inside)
            if choices.LOAD_QUALITY_COUNTS_STORAGE or not any(pieces is other for _, other in self.stored):
                ranks += [piece[3] for piece in inside]
            if missing:
                lacks.append(pieces)
            if pieces is self.imported:
                gaps = missing
        imported = sums[id(self.imported)]
        others = sum(sums.values()) - imported
        own, own_rank = 0, 0
        if not any(pieces is self.export for pieces in lacks):
            own = sums.get(id(self.onsite), 0) + sums.get(id(self.export), 0)
            for _, pieces, inside, _ in here:
                if pieces is self.onsite or pieces is self.export:
                    own_rank = max([own_rank] + [p[3] for p in covered(inside, start, end)[0]])
        only = len(lacks) == 1 and lacks[0] is self.imported
        return Cell(start, end, None if lacks else imported + others, max(ranks), only, imported, others, gaps,
                    own, own_rank)

    def load_pieces(self, at):
        """Parts of an interval whose load is known."""
        if at not in self.known:
            known = [cell for cell in self.cells(at) if cell.wh is not None]
            self.known[at] = [(cell.start, cell.end, cell.wh, cell.rank) for cell in known]
        return self.known[at]

    def stated_pieces(self, at):
        """Readings of load itself."""
        return self.load.get(at, [])

    def import_pieces(self, at):
        """Readings of import."""
        return self.imported.get(at, [])

    def purchase_pieces(self, at):
        """Readings of import, or of load where a site states only that."""
        return self.load[at] if at in self.load else self.imported.get(at, [])
