"""NEM12: section 9, Forms."""

import contextlib
import re
from datetime import datetime, timedelta

from rebuild import instants, texts, units
from rebuild.records import records
from rebuild.said import Differs, need

KEYS = "kind nmi series".split()
EAST = 10 * 3600
DAY = 86_400
UNITS = {"wh": "Wh", "kwh": "kWh", "mwh": "MWh"}
MINUTES = ("5", "15", "30")
NUMBER = re.compile("[0-9]{1,4}")
NONE, VARIES = "N", "V"
QUALITY = {"A": "measured", "S": "estimated", "F": "estimated", "E": "estimated"}


class Day:
    """A `300` row: its line, the series and unit of its stream, the values and the quality of each interval."""

    def __init__(self, line, cells, stream):
        series, unit, minutes = stream
        self.line, self.series, self.unit, self.step = line, series, unit, minutes * 60
        count = DAY // self.step
        need(re.fullmatch("[0-9]{8}", cells[1]) and len(cells) > count + 2, "is no day")
        try:
            midnight = datetime.strptime(cells[1] + "+0000", "%Y%m%d%z")
        except ValueError as error:
            raise Differs(f"`{cells[1]}` is no day") from error
        self.start = (midnight - instants.EPOCH) // timedelta(seconds=1) - EAST
        self.values = cells[2:count + 2]
        self.quality = [cells[count + 2][:1]] * count
        need(self.quality[0] in (*QUALITY, NONE, VARIES), "has another number of values than intervals")
        self.faulty = False

    def told(self, cells):
        """A `400` row: the quality of some intervals. A day with one at fault has no readings."""
        first, last = (int(cell) if NUMBER.fullmatch(cell) else 0 for cell in (*cells, "", "", "")[1:3])
        quality = (*cells, "", "", "")[3][:1]
        if 1 <= first <= last <= len(self.values) and quality in (*QUALITY, NONE):
            self.quality[first - 1:last] = [quality] * (last - first + 1)
        else:
            self.faulty = True

    def facts(self):
        """Readings of the day, where the quality of each interval is told. A value at fault is none."""
        if self.faulty or VARIES in self.quality:
            return
        for place, (text, quality) in enumerate(zip(self.values, self.quality, strict=True)):
            with contextlib.suppress(Differs):
                if quality != NONE:
                    start = self.start + place * self.step
                    value, base = units.based(self.series, units.number(text), self.unit, self.step)
                    yield self.line, (self.series, start, start + self.step, value, base, QUALITY[quality])


def _stream(cells, form):
    """Series, unit and minutes of a `200` row, or None."""
    series = form["series"].get(cells[4])
    if series is None or form.get("nmi", cells[1]) != cells[1]:
        return None
    need(cells[7].lower() in UNITS and cells[8] in MINUTES, f"a stream in {cells[7]} by {cells[8]} minutes")
    return series, UNITS[cells[7].lower()], int(cells[8])


class File:
    """The days of every stream that a form names. A row at fault gives nothing, nor do those that hang on it."""

    def __init__(self, form):
        self.form, self.stream, self.days, self.open = form, None, [], False

    def take(self, line, cells):
        """The next row."""
        kind = cells[0]
        if kind == "200":
            self.stream, self.open = None, False
            self.stream = _stream(cells, self.form)
        elif kind == "300":
            self.open = False
            if self.stream:
                self.days.append(Day(line, cells, self.stream))
                self.open = True
        elif kind == "400" and self.open:
            self.days[-1].told(cells)
        elif kind != "400":
            self.open = False


def facts(data, form):
    """Row numbers and facts of a file."""
    file = File(form)
    for line, _, cells in records(texts.decoded(data).removeprefix("\ufeff")):
        with contextlib.suppress(Differs, IndexError, ValueError):
            file.take(line, [cell.strip() for cell in cells])
    for day in file.days:
        yield from day.facts()
