"""Prometheus: samples of meters, into energy of intervals."""

import math
import re
from fractions import Fraction

from rebuild import units
from rebuild.feeds import plain
from rebuild.said import need

UNITS = {"mJ": 1, "J": 10**3, "Wh": 3_600_000, "kWh": 3_600_000_000, "MWh": 3_600_000_000_000}
POWERS = {"mW": 1, "W": 10**3, "kW": 10**6, "MW": 10**9}
LENGTH = re.compile(r"([0-9]+) *(s|min|m|h|d)")
SECONDS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400}
# Parts of a millijoule, to which what is cut off between two samples is rounded down.
PARTS = 2_000_000
LARGEST = 2**63


def values(question, line, body):
    """Each interval of the period in turn, known or not."""
    settings = question.settings
    gap = _length(settings.get("gap", "5min"))
    duration = line.covers[1] - line.covers[0] + 2 * gap
    asked = dict(line.query)["query"]
    series = next(name for name in sorted(question.series)
                  if f"{settings.get(name, '').strip()}[{duration}s]" == asked)
    answer = plain.document(body)
    need(answer["status"] == "success" and not answer.get("warnings"), "the query failed")
    need(answer["data"]["resultType"] == "matrix", "the answer has no matrix")
    result = answer["data"]["result"]
    if not result:
        return
    step = _length(settings.get("resolution", "60min"))
    unit = settings["unit"]
    meter = Meter(line.covers, step, gap, unit in POWERS)
    shares = [meter.shares(samples) for samples in _meters(result, settings, line.covers, gap)]
    least = int(settings["meters"]) if "meters" in settings else len(shares)
    for index, start in enumerate(range(*line.covers, step)):
        whole, partly, parts = 0, 0, 0
        for covered, seen, share in (one[index] for one in shares):
            whole += covered == step * 1000
            partly += covered != step * 1000 and (seen or covered > 0)
            parts += share if covered == step * 1000 else 0
        if partly or whole < max(least, 1):
            yield None
        else:
            joules = Fraction((parts + PARTS // 2) // PARTS, 3_600_000)
            span = start, start + step
            yield (series, *span, *units.based(series, joules, "Wh", step), "calculated")


def _length(text):
    parts = LENGTH.fullmatch(text.strip())
    need(parts, f"`{text}` is no length of time")
    return int(parts[1]) * SECONDS[parts[2]]


def _nearest(value):
    return math.floor(value + Fraction(1, 2))


def _meters(result, settings, covers, gap):
    """The samples of each meter as milliseconds and values, in time."""
    by = [label.strip() for label in settings["by"].split(",")] if "by" in settings else None
    power = settings["unit"] in POWERS
    factor = (POWERS if power else UNITS)[settings["unit"]]
    meters = {}
    for one in result:
        labels = one["metric"] if by is None else {label: one["metric"][label] for label in by}
        samples = meters.setdefault(tuple(sorted(labels.items())), set())
        for at, stated in one["values"]:
            at = _nearest(plain.number(at) * 1000)
            if isinstance(stated, str) and stated.strip().lstrip("+-").lower() == "inf":
                continue
            value = plain.number(stated)
            value = None if value is None else _nearest(value * factor)
            known = value is not None and -LARGEST <= value < LARGEST and (power or value >= 0)
            if known and (covers[0] - gap) * 1000 <= at <= (covers[1] + gap) * 1000:
                samples.add((at, value))
    for samples in meters.values():
        need(len({at for at, _ in samples}) == len(samples), "a meter has two values at one time")
        yield sorted(samples)


class Meter:
    """What the samples of one meter say of the intervals of a period."""

    def __init__(self, covers, step, gap, power):
        self.start, self.step, self.gap, self.power = covers[0] * 1000, step * 1000, gap * 1000, power
        self.count = (covers[1] - covers[0]) // step

    def _index(self, at):
        """The interval of an instant, or None."""
        index = (at - self.start) // self.step
        return index if 0 <= index < self.count else None

    def _until(self, before, after, passed):
        """Energy from one sample until so long after it, in parts."""
        length, one, other = after[0] - before[0], before[1], after[1]
        if self.power:
            return (2 * one * length + (other - one) * passed) * passed * (PARTS // 2000) // length
        return (other if other < one else other - one) * PARTS * passed // length

    def shares(self, samples):
        """By interval: milliseconds that are covered, whether a sample lies within, and energy in parts."""
        found = [[0, False, 0] for _ in range(self.count)]
        for at, _ in samples:
            index = self._index(at)
            if index is not None and (at - self.start) % self.step:
                found[index][1] = True
        for before, after in zip(samples, samples[1:]):
            if after[0] - before[0] > self.gap:
                index = self._index(before[0])
                alone = index is not None and index == self._index(after[0] - 1)
                edges = [before[0], after[0]] if alone and not self.power and after[1] >= before[1] else []
            else:
                first, last = max(before[0], self.start), min(after[0], self.start + self.count * self.step)
                borders = range(self.start, last, self.step)
                edges = sorted({first, *(at for at in borders if at > first), last}) if first < last else []
            for one, other in zip(edges, edges[1:]):
                share = found[self._index(one)]
                share[0] += other - one
                share[2] += self._until(before, after, other - before[0]) - self._until(before, after, one - before[0])
        return found
