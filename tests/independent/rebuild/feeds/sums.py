"""Series that come in parts: a sum that lacks a part is none."""

import math
from bisect import bisect_left, bisect_right, insort
from fractions import Fraction

from rebuild import units
from rebuild.feeds.plain import DAY, HOUR, within

LATE = 2 * DAY


def around(covers):
    """What is asked for to tell the sums of a period."""
    return covers[0] - DAY, covers[1] + DAY


def _millionths(value):
    return math.floor(value * 10**6 + Fraction(1, 2))


class Part:
    """Start to end and value, none overlapping another."""

    def __init__(self):
        self.starts, self.points = [], {}

    def add(self, span, value):
        """`taken`, `differs` or `overlaps`."""
        before = bisect_left(self.starts, span[1]) - 1
        start = self.starts[before] if before >= 0 else None
        if start is None or self.points[start][0] <= span[0]:
            insort(self.starts, span[0])
            self.points[span[0]] = span[1], value
            return "taken"
        end, known = self.points[start]
        if (start, end) != span:
            return "overlaps"
        if known is not None and value is not None and _millionths(known) == _millionths(value):
            return "taken"
        self.points[start] = end, None
        return "differs" if known is not None and value is not None else "taken"

    def span(self):
        """Starts of the first value and of the last, or None."""
        known = [start for start in self.starts if self.points[start][1] is not None]
        return (known[0], known[-1]) if known else None

    def at(self, start):
        """Whether something is said of that time, and the value."""
        before = bisect_right(self.starts, start) - 1
        if before < 0:
            return False, None
        end, value = self.points[self.starts[before]]
        return end > start, value


class Sums:
    """Values of an answer by leaf and part."""

    def __init__(self):
        self.leaves = {}

    def add(self, leaf, part, span, value):
        """What came of a value."""
        return self.leaves.setdefault(leaf, {}).setdefault(part, Part()).add(span, value)

    def facts(self, place, unit, covers, asked, ahead=False):
        """Sums by leaf and time: readings, or None for each that is a forecast or lacks."""
        for leaf in sorted(self.leaves):
            parts = [(part, part.span()) for part in self.leaves[leaf].values()]
            parts = [entry for entry in parts if entry[1]] or parts
            for span in _slots([part for part, _ in parts]):
                if within(covers, span) and not (ahead and span[1] <= asked):
                    total = _total(parts, span[0], asked - LATE)
                    if ahead or total is None:
                        yield None
                    else:
                        series = f"{place}/{leaf}"
                        yield (series, *span, *units.based(series, total, unit, span[1] - span[0]), "measured")


def _slots(parts):
    """All intervals of which a part says something, in each hour as long as the shortest there."""
    spans = [(start, part.points[start][0]) for part in parts for start in part.starts]
    steps = {}
    for start, end in spans:
        steps[start // HOUR] = min(steps.get(start // HOUR, HOUR), end - start)
    found = set()
    for start, end in spans:
        step = steps[start // HOUR]
        found.update((at, min(at + step, end)) for at in range(start, end, step))
    return sorted(found)


def _total(parts, start, late):
    """None where a part is missing; from `late` on, one that ended may only be late."""
    found = []
    for part, span in parts:
        there, value = part.at(start)
        if there:
            found.append(value)
        elif span and start > span[0] and (start < span[1] or start >= late):
            return None
    return sum(found) if found and None not in found else None
