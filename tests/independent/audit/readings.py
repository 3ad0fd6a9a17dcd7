"""Readings: which of them hold, and what they say of each interval of the grid."""

from bisect import bisect_left
from fractions import Fraction

from audit import instants
from audit.exact import AuditError, ceil, floor, number
from audit.names import scale

QUALITIES = ("measured", "validated", "calculated", "estimated", "profiled", "missing")
UNMETERED = (QUALITIES.index("estimated"), QUALITIES.index("profiled"))


def current(rows, as_of=None):
    """Readings that hold: a later revision replaces what it covers exactly; (start, end, value text, unit, quality)."""
    known = [(instants.micros(row["recorded"]), row["file_sha256"], int(row["row"] or 0), row) for row in rows]
    if as_of:
        known = [entry for entry in known if entry[0] <= instants.micros(as_of)]
    known.sort(key=lambda entry: entry[:3])
    groups = {}
    for recorded, digest, _, row in known:
        start, end = instants.seconds(row["start"]), instants.seconds(row["end"])
        reading = (start, end, row["value"], row["unit"], row["quality"])
        groups.setdefault((recorded, digest), []).append(reading)
    held = []
    for new in groups.values():
        new.sort(key=lambda reading: reading[:2])
        held = _replace(held, new, rows[0]["series"])
    return [reading for reading in held if reading[4] != "missing" and reading[2] != ""]


def _replace(held, new, series):
    """What holds after one revision."""
    spans = []
    for start, end, *_ in new:
        if end <= start or (spans and start < spans[-1][1]):
            raise AuditError(f"{series}: readings of one revision overlap at {instants.text_of(start)}")
        if spans and spans[-1][1] == start:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    if not held or held[-1][1] <= spans[0][0]:
        return held + new
    begins = [span[0] for span in spans]
    kept = []
    for reading in held:
        at = bisect_left(begins, reading[1]) - 1
        if at < 0 or spans[at][1] <= reading[0]:
            kept.append(reading)
        elif not (spans[at][0] <= reading[0] and reading[1] <= spans[at][1]):
            raise AuditError(f"{series}: a revision covers a part of the reading at {instants.text_of(reading[0])}")
    return sorted(kept + new, key=lambda reading: reading[:2])


class Readings:
    """The readings of every series, and their values on the grid."""

    def __init__(self, pack):
        self.step = pack.step
        self.window = (pack.first, pack.first + pack.count)
        self.by_reading = pack.rules.later
        rows = {}
        for row in pack.readings:
            rows.setdefault(row["series"], []).append(row)
        self.series = {name: current(of_name, pack.as_of) for name, of_name in rows.items()}
        self.cut = {}

    def names(self, prefix):
        """Names of the series under a prefix."""
        return [name for name in sorted(self.series) if name.startswith(prefix)]

    def pieces(self, name, spread=False, up=False, negative="refuse"):
        """Index to [(start, end, Wh, quality)] of a series: longer load is spread flat, else refused."""
        key = name, spread, up, negative
        if key not in self.cut:
            self.cut[key] = self._pieces(*key)
        return self.cut[key]

    def _pieces(self, name, spread, up, negative):
        found, step = {}, self.step
        for start, end, text, unit, quality in self.series.get(name, ()):
            wh = number(text) * scale(unit, "energy")
            wh = ceil(wh) if up else floor(wh)
            if wh < 0 and negative == "refuse":
                raise AuditError(f"{name}: negative energy at {instants.text_of(start)}")
            if wh < 0 and negative == "zero":
                wh = 0
            rank = QUALITIES.index(quality)
            at, length = start // step, end - start
            if length <= step:
                if (end - 1) // step != at:
                    raise AuditError(f"{name}: a reading crosses an interval at {instants.text_of(start)}")
                found.setdefault(at, []).append((start, end, wh, rank))
                continue
            if not spread:
                raise AuditError(f"{name}: a reading longer than an interval at {instants.text_of(start)}")
            if start % step or length % step:
                raise AuditError(f"{name}: a long reading off the grid at {instants.text_of(start)}")
            each, left = divmod(wh, length // step)
            for offset in range(length // step):
                begin = start + offset * step
                part = each + (1 if offset < left else 0)
                found.setdefault(at + offset, []).append((begin, begin + step, part, rank))
        return found

    def energy(self, name, spread=False, up=False, negative="refuse"):
        """Index to (Wh, worst quality, whole): readings of an interval added up, and whether they cover it."""
        found = {}
        for at, pieces in self.pieces(name, spread, up, negative).items():
            whole = sum(end - start for start, end, _, _ in pieces) == self.step
            found[at] = (sum(piece[2] for piece in pieces), max(piece[3] for piece in pieces), whole)
        return found

    def volumes(self, name):
        """Index to exact energy of a grid volume, in the window; negative counts as 0; partly covered is missing."""
        found, step = {}, self.step
        for start, end, text, unit, _ in self.series.get(name, ()):
            wh = number(text) * scale(unit, "energy")
            if self.by_reading:
                wh = max(0, wh)
            for at, overlap in self._overlaps(start, end):
                part = wh if overlap == end - start else Fraction(wh) * overlap / (end - start)
                before, covered = found.get(at, (0, 0))
                found[at] = (before + part, covered + overlap)
        return {at: max(0, wh) for at, (wh, covered) in found.items() if covered == step}

    def levels(self, name, kind):
        """Index to a factor, share or price, averaged by duration over the interval; partly covered is missing."""
        found, step = {}, self.step
        for start, end, text, unit, _ in self.series.get(name, ()):
            value = number(text) * scale(unit, kind)
            if kind == "share" and not 0 <= value <= 1:
                raise AuditError(f"{name}: {text} {unit} is not a share")
            for at, overlap in self._overlaps(start, end):
                before = found.get(at, (0, 0))
                found[at] = (before[0] + value * overlap, before[1] + overlap)
        return {at: Fraction(total) / step for at, (total, covered) in found.items() if covered == step}

    def _overlaps(self, start, end):
        """Intervals of the window that a reading touches, with the seconds in each."""
        step = self.step
        for at in range(max(start // step, self.window[0]), min(-(-end // step), self.window[1])):
            yield at, min(end, (at + 1) * step) - max(start, at * step)

    def states(self, name):
        """Instant to energy held, from readings whose interval ends then."""
        return {end: floor(number(text) * scale(unit, "energy")) for _, end, text, unit, _ in self.series.get(name, ())}
