"""Energy-Charts: arrays beside one of times."""

from rebuild.feeds import plain
from rebuild.feeds.plain import DAY
from rebuild.said import Differs, need

LENGTHS = (900, 1800, 3600)
LEAVES = {"biomass": "biomass", "fossil brown coal / lignite": "coal", "fossil coal-derived gas": "coal",
          "fossil hard coal": "coal", "fossil peat": "coal", "fossil gas": "gas", "geothermal": "geothermal",
          "hydro run-of-river": "hydro", "hydro water reservoir": "hydro", "nuclear": "nuclear", "fossil oil": "oil",
          "fossil oil shale": "oil", "marine": "other", "other": "other", "others": "other",
          "other renewable": "other", "other renewables": "other", "waste": "other", "renewable waste": "other",
          "solar": "solar", "wind offshore": "wind", "wind onshore": "wind", "load": "demand"}
NOTHING = ("storage", "trading", "residual", "share", "self-consumption")


def values(question, line, body):
    """First what nobody knows and times that do not tell, then series by name, each in time."""
    if line.status != 200:
        return
    answer = plain.document(body)
    need(line.path in ("/public_power", "/price"), f"{line.path} is no call known here")
    times = answer["unix_seconds"]
    need(all(one < other for one, other in zip(times, times[1:])), "times do not ascend")
    if line.path == "/price":
        unit = "".join(answer["unit"].split())
        prices, series = answer["price"], f"grid/{question.area}/price"
        need(len(prices) == len(times), "prices and times are not as many")
        found = _intervals(times, line.covers)
        yield from (None for _, span in found if span is None)
        yield from (plain.fact(series, span, prices[index], unit, "measured") for index, span in found if span)
        return
    covers = line.covers[0], min(line.covers[1], line.fetched)
    yield from _power(answer["production_types"], times, (question.area, covers))


def _power(kinds, times, asked):
    area, covers = asked
    leaves = {}
    for kind in kinds:
        need(len(kind["data"]) == len(times), "values and times are not as many")
        name = kind["name"].lower()
        if name in LEAVES:
            leaves.setdefault(LEAVES[name], []).append(kind["data"])
        elif not any(word in name for word in NOTHING):
            yield None
    found = _intervals(times, covers)
    yield from (None for _, span in found if span is None)
    long = bool(times) and times[-1] - times[0] >= DAY
    for leaf in sorted(leaves):
        parts = [data for data in leaves[leaf] if not long or any(value is not None for value in data)]
        for index, span in found:
            if parts and span:
                yield plain.fact(f"grid/{area}/{leaf}", span, _sum(parts, index), "MW", "measured")


def _sum(parts, index):
    """As text, or None where a part is not known."""
    total = 0
    for data in parts:
        try:
            value = plain.number(data[index])
        except Differs:
            return None
        if value is None:
            return None
        total += value
    return _Exact(total).text()


class _Exact:
    """A fraction whose denominator divides a power of ten, as a decimal."""

    def __init__(self, value):
        self.value, self.places = value, 0
        while (self.value * 10**self.places) % 1:
            self.places += 1

    def text(self):
        """`-125e-1`."""
        return f"{int(self.value * 10**self.places)}e-{self.places}"


def _intervals(times, covers):
    """Places and intervals of the times in a period; None for one that the times beside it do not tell."""
    lengths = _lengths(times)
    if len(lengths) > 1 and lengths[-1] != lengths[-2]:
        lengths[-1] = None
    found = []
    for index, (start, length) in enumerate(zip(times, lengths)):
        if covers[0] <= start < covers[1]:
            if not length or start % length:
                found.append((index, None))
            elif start + length <= covers[1]:
                found.append((index, (start, start + length)))
    return found


def _lengths(times):
    def apart(index):
        if index < 0 or index + 1 >= len(times):
            return None
        length = times[index + 1] - times[index]
        return length if length in LENGTHS else None

    found = []
    for index in range(len(times)):
        own, other = apart(index), apart(index - 1)
        keeps = own and (other is None or own <= other or own == apart(index + 1))
        found.append(own if keeps else other)
    return found
