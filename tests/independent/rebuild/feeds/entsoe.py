"""ENTSO-E: market documents, with curves of points."""

from rebuild import instants
from rebuild.feeds import plain
from rebuild.feeds.sums import Sums, around
from rebuild.green import tree
from rebuild.said import Differs, need

STEPS = {"PT15M": 900, "PT30M": 1800, "PT60M": 3600, "PT1H": 3600}
# 1 October 2025 in Brussels.
QUARTERS_SINCE = 1_759_269_600
FUELS = {"B01": "biomass", "B02": "coal", "B03": "coal", "B04": "gas", "B05": "coal", "B06": "oil", "B07": "oil",
         "B08": "coal", "B09": "geothermal", "B10": None, "B11": "hydro", "B12": "hydro", "B13": "other",
         "B14": "nuclear", "B15": "other", "B16": "solar", "B17": "other", "B18": "wind", "B19": "wind",
         "B20": "other", "B25": None}


def values(question, line, body):
    """First values that are at fault, by resolution and then as they stand, and each thing that is not known once; then
    the sums."""
    root = tree(body.encode()).within[0]
    if root.name == "Acknowledgement_MarketDocument":
        return
    asked = dict(line.query)
    kind, process = asked["documentType"], asked.get("processType", "")
    need(root.said("type") == kind, f"a document of type {root.said('type')}")
    created = root.said("createdDateTime")
    made = line.fetched if line.published is None else line.published
    made = made if created is None else plain.published(created)
    reader = Reader(question, line.covers, kind)
    for series in _all(root, "TimeSeries"):
        for period in _all(series, "Period"):
            reader.curve(series, period)
    yield from (None for _ in range(reader.add()))
    if reader.unit:
        ahead = process == "A01" and kind in ("A65", "A69")
        yield from reader.sums.facts(f"grid/{question.area}", reader.unit, line.covers, made, ahead)


def _all(element, name):
    return [child for child in element.within if child.name == name]


def _any(element, *names):
    return next((text for name in names if (text := element.said(name)) is not None), None)


class Reader:
    """The curves of one document."""

    def __init__(self, question, covers, kind):
        self.question, self.covers, self.kind = question, covers, kind
        self.asked = around(covers) if kind in ("A75", "A69") else covers
        self.points, self.faults, self.unit, self.sums = [], set(), None, Sums()

    def curve(self, series, period):
        """Takes the points of a period."""
        areas = [_any(series, f"{way}BiddingZone_Domain.mRID", f"{way}_Domain.mRID") for way in ("in", "out")]
        step, points, twice = _points(series, period, self.asked)
        if any(area not in (None, self.question.zone) for area in areas):
            self.faults.add("area")
            return
        part = self._part(series, areas)
        if part is None:
            return
        unit = _unit(self.kind, series)
        self.unit = self.unit or unit
        if self.unit != unit:
            self.faults.add("unit")
            return
        self.faults.update((*part, position) for position in twice)
        for span, value in points:
            hour_first = self.kind == "A44" and span[0] < QUARTERS_SINCE
            self.points.append((-step if hour_first else step, part, span, value))

    def _part(self, series, areas):
        """Leaf and part, or None for what is left out."""
        if self.kind == "A65":
            return "demand", "A65"
        if self.kind == "A44":
            coupled = series.said("classificationSequence_AttributeInstanceComponent.position") in (None, "1")
            daily = series.said("contract_MarketAgreement.type") in (None, "A01")
            return ("price", "A44") if coupled and daily else None
        if areas[0] is None and areas[1] is not None:
            return None
        code = next((text for kind in _all(series, "MktPSRType") if (text := kind.said("psrType")) is not None), "")
        if code not in FUELS:
            self.faults.add(("type", code))
            return None
        return FUELS[code] and (FUELS[code], code)

    def add(self):
        """Adds all points up, and counts those at fault and what else is."""
        numbered = 0
        for _, part, span, text in sorted(self.points, key=lambda point: point[0]):
            try:
                value, bad = None if text is None else plain.units.number(text), False
            except Differs:
                value, bad = None, True
            added = self.sums.add(*part, span, value)
            numbered += plain.within(self.covers, span) and (bad or added != "taken")
        return numbered + len(self.faults)


def _unit(kind, series):
    unit = _any(series, "quantity_Measure_Unit.name", "price_Measure_Unit.name")
    if kind == "A44":
        need(unit == "MWH", f"prices are by {unit}")
        return f"{series.said('currency_Unit.name')}/MWh"
    need(unit == "MAW", f"power is in {unit}")
    return "MW"


def _points(series, period, asked):
    """Step, intervals with their values, and positions that are there twice with different ones."""
    curve = series.said("curveType")
    need(curve in (None, "A01", "A03"), f"curve type {curve}")
    step = STEPS[period.said("resolution")]
    start, end = (instants.given(period.said("timeInterval", edge), short=True) for edge in ("start", "end"))
    need(start < end and start % step == 0 and end % step == 0, "a period does not lie on its resolution")
    count = (end - start) // step
    stated, twice = {}, set()
    for point in _all(period, "Point"):
        position, text = int(point.said("position")), _any(point, "quantity", "price.amount")
        need(1 <= position <= count, f"position {position} is none of the period")
        value = None if text is None or text.lower() in ("", "nan") else text
        if stated.setdefault(position, value) != value:
            stated[position] = None
            twice.add(position)
    found, before = [], False
    for position in range(1, count + 1):
        span = start + (position - 1) * step, start + position * step
        if position in stated:
            there, value = True, stated[position]
        elif curve == "A03" and before:
            there = True
        else:
            there, value = False, None
        before = there
        if there and plain.within(asked, span):
            found.append((span, value))
    return step, found, twice
