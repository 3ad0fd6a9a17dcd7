"""Readings: which of them hold, and what they say of each interval of the grid."""

from bisect import bisect_left
from fractions import Fraction
from math import gcd

from audit import instants
from audit.exact import AuditError, ceil, ceil_div, floor, number
from audit.names import FUEL_SUFFIXES, scale

QUALITIES = ("measured", "validated", "calculated", "estimated", "profiled", "missing")
UNMETERED = (QUALITIES.index("estimated"), QUALITIES.index("profiled"))
# Series that round up.
UPWARDS = ("/load", "/import", "/charge")


def kind_of(name):
    """How readings of a series of energy lie on the grid: load, generation (and storage), a fuel, another volume."""
    if name.endswith(("/load", "/import")):
        return "load"
    if name.startswith(("site/", "storage/")) or name.endswith("/generation"):
        return "generation"
    return "fuel" if name.startswith("grid/") and not name.endswith(FUEL_SUFFIXES) else "volume"


def _part(name, kind, start, end, step):
    """Seconds of the equal parts that a reading in several intervals is spread over: the largest on whose edges both
    it and the grid lie. Generation is spread only where it is an hour, or less, off the hours of UTC."""
    aligned = start % step == 0 and end % step == 0
    length = end - start
    of_utc = 3600 % length == 0 and start % length == 0
    coarsest = next((grid for grid in (3600, 1800, 900, 300) if start % grid == 0 and end % grid == 0), None)
    off_utc = length <= 3600 and not of_utc and coarsest == step
    if kind == "load" or (off_utc if kind == "generation" else aligned):
        return gcd(start, end, step)
    what = "longer than an interval" if aligned else "across the edges of intervals"
    raise AuditError(f"{name}: a reading {what} at {instants.text_of(start)}")


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
        self.each_fuel = pack.rules.partial_generation
        rows = {}
        for row in pack.readings:
            rows.setdefault(row["series"], []).append(row)
        self.series = {name: current(of_name, pack.as_of) for name, of_name in rows.items()}
        self.held, self.cut = {}, {}

    def names(self, prefix):
        """Names of the series under a prefix."""
        return [name for name in sorted(self.series) if name.startswith(prefix)]

    def raw(self, name, kind=None):
        """[(start, end, Wh, quality)] of a series of energy as read, in time."""
        kind = kind or kind_of(name)
        if (name, kind) not in self.held:
            self.held[name, kind] = [self._counted(name, kind, *row) for row in self.series.get(name, ())]
        return self.held[name, kind]

    def _counted(self, name, kind, start, end, text, unit, quality):
        wh = number(text) * scale(unit, "energy")
        wh = ceil(wh) if name.endswith(UPWARDS) else floor(wh)
        if wh < 0 and (kind == "generation" and name.endswith("generation") or kind == "fuel" and self.each_fuel):
            wh = 0
        if wh < 0 and kind != "fuel":
            raise AuditError(f"{name}: negative energy at {instants.text_of(start)}")
        return start, end, wh, QUALITIES.index(quality)

    def pieces(self, name, kind=None):
        """Index to [(start, end, Wh, quality)]: what of each reading lies in an interval."""
        kind = kind or kind_of(name)
        if (name, kind) not in self.cut:
            self.cut[name, kind] = self._pieces(name, kind)
        return self.cut[name, kind]

    def _pieces(self, name, kind):
        found, step = {}, self.step
        for start, end, wh, rank in self.raw(name, kind):
            first, last = start // step, (end - 1) // step
            if first == last:
                found.setdefault(first, []).append((start, end, wh, rank))
                continue
            part = _part(name, kind, start, end, step)
            each, left = divmod(wh, (end - start) // part)
            for at in range(first, last + 1):
                begin, finish = max(start, at * step), min(end, (at + 1) * step)
                edges = [(edge - start) // part for edge in (begin, finish)]
                before, after = (count * each + min(count, left) for count in edges)
                found.setdefault(at, []).append((begin, finish, after - before, rank))
        return found

    def energy(self, name, kind=None):
        """Index to (Wh, worst quality, whole): readings of an interval added up, and whether they cover it."""
        found = {}
        for at, pieces in self.pieces(name, kind).items():
            whole = sum(end - start for start, end, _, _ in pieces) == self.step
            found[at] = (sum(piece[2] for piece in pieces), max(piece[3] for piece in pieces), whole)
        return found

    def volumes(self, name):
        """Index to (Wh, whole) of a grid volume, in the window; negative counts as 0."""
        first, last = self.window
        return {at: (max(0, wh), whole) for at, (wh, _, whole) in self.energy(name).items() if first <= at < last}

    def part(self, name, sign, start, end):
        """Signed Wh over a time, readings that reach beyond it in proportion to duration, rounded up; None unless
        valid readings cover all of it."""
        readings = self.raw(name)
        found = covered = 0
        for i in range(bisect_left(readings, start, key=lambda row: row[1]), len(readings)):
            begin, finish, wh, rank = readings[i]
            if begin >= end:
                break
            shared = min(end, finish) - max(start, begin)
            if shared > 0 and rank not in UNMETERED:
                found += ceil_div(sign * wh * shared, finish - begin)
                covered += shared
        return found if covered == end - start else None

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
