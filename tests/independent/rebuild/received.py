"""What the rows of a received file say: section 9."""

import gzip
import json
import zlib
from decimal import Decimal

from rebuild import exchange, forms, instants, texts, units
from rebuild.feeds import gb
from rebuild.records import records
from rebuild.said import Differs, need

HOUR = 3600
IGNORED = ("reject_line", "reject_reason")
READINGS = {"series", "start", "end", "value", "unit"}
CAPTURE = {"from", "intensity.forecast", "intensity.actual"}
FUELS = {"nat_gas_mw": "gas"} | {f"{fuel}_mw": fuel for fuel in units.FUELS if fuel != "gas"}


class Received:
    """A file, and the ways in which its times may be meant and its rows be numbered."""

    def __init__(self, data):
        text = texts.decoded(unpacked(data)).removeprefix("\ufeff")
        if text.startswith(exchange.BEGINS):
            self.form, self.ways, self.numbered = _fact, ("",), {"lines": exchange.kept(text)}
        elif text.startswith("{"):
            self.form, self.ways, self.numbered = _answer, ("",), {"lines": _answers(text)}
        else:
            columns, self.numbered = _table(text)
            self.form, self.ways = _form(columns)
        self.of_bills = self.form is _bill
        self.said = {}

    def says(self, row, way, series=None, numbers="lines"):
        """Facts of a row: of readings (series, start, end, value, unit, quality) as in readings.csv, of bills (invoice,
        site, start, end, wh). A file that names no area speaks of that of `series`. Rows are numbered by lines, or as
        earlier."""
        rows = self.numbered[numbers]
        need(row in rows, f"has no row {row}")
        area = series.split("/")[1] if series else ""
        key = row, way, area, numbers
        if key not in self.said:
            self.said[key] = [fact for entry in rows[row] for fact in self.form(entry, way, area)]
        return self.said[key]


class Formed:
    """A file that a form of books.json reads: one way, its rows numbered by lines."""

    ways, numbered, of_bills = ("",), ("lines",), False

    def __init__(self, data, form):
        self.facts = forms.facts(unpacked(data), form)

    def says(self, row, _way, _series=None, _numbers="lines"):
        """Readings of a row."""
        return self.facts.get(row, [])


def unpacked(data):
    """The bytes of a file that came plain, or as gzip."""
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise Differs(f"is no gzip: {error}") from error


def _table(text):
    """The columns, and by either way of numbering row number to rows as dicts of trimmed cells; rows of another width say
    nothing."""
    numbered, columns = {"lines": {}, "earlier": {}}, None
    for line, earlier, cells in records(text):
        cells = [cell.strip() for cell in cells]
        if columns is None:
            columns = cells
        elif len(cells) == len(columns):
            entry = dict(zip(columns, cells, strict=True))
            numbered["lines"].setdefault(line, []).append(entry)
            numbered["earlier"].setdefault(earlier, []).append(entry)
    need(columns is not None, "is empty")
    need(len(set(columns)) == len(columns), "has a column twice")
    return set(columns) - set(IGNORED), numbered


def _form(columns):
    """How rows are read, and the ways there are."""
    if "invoice" in columns:
        return _bill, ("exclusive", "inclusive")
    if "ts_utc" in columns:
        return _fuels, ("start", "end")
    if columns == CAPTURE:
        return _capture, ("",)
    need(columns >= READINGS, "its first line tells no form known here")
    return _reading, ("exclusive", "inclusive")


def _span(entry, way):
    """Start and exclusive end of a row."""
    start, end = (instants.given(entry[edge], short=True) for edge in ("start", "end"))
    return instants.span(start, end, way == "inclusive")


def _reading(entry, way, _):
    """`series,start,end,value,unit`; a forecast says nothing."""
    if entry.get("issued"):
        return []
    start, end = _span(entry, way)
    value, base = units.based(entry["series"], units.number(entry["value"]), entry["unit"], end - start)
    return [(entry["series"], start, end, value, base, entry.get("quality") or "measured")]


def _bill(entry, way, _):
    """`invoice,site,start,end` and whole `wh`, or a value of energy, rounded up."""
    start, end = _span(entry, way)
    if "wh" in entry:
        need(entry["wh"].isascii() and entry["wh"].isdigit(), f"`{entry['wh']}` is no whole number")
        wh = int(entry["wh"])
    else:
        need(entry["unit"] in units.ENERGY, f"a bill is in no {entry['unit']}")
        wh, _ = units.based("load", units.number(entry["value"]), entry["unit"], end - start)
    return [(entry["invoice"], entry["site"], start, end, wh)]


def _fuels(entry, way, area):
    """`ts_utc` and a column a fuel, in MW over the hour."""
    start = instants.given(entry["ts_utc"]) - (HOUR if way == "end" else 0)
    need(start % HOUR == 0, f"{entry['ts_utc']} is no whole hour")
    found = []
    for column, fuel in FUELS.items():
        if entry.get(column):
            series = f"grid/{area}/{fuel}"
            value, base = units.based(series, units.number(entry[column]), "MW", HOUR)
            found.append((series, start, start + HOUR, value, base, "measured"))
    return found


def _capture(entry, _, area):
    """`from,intensity.forecast,intensity.actual`."""
    actual = entry["intensity.actual"]
    return [gb.intensity(actual, instants.given(entry["from"], short=True), area)] if actual else []


def _answers(text):
    """Row number to rows: one JSON answer a line, rows counted from 1 in each."""
    rows = {}
    for line in filter(str.strip, text.split("\n")):
        try:
            answer = json.loads(line, parse_float=Decimal)["data"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Differs(f"is no JSON answer a line: {error!r}") from error
        for number, entry in enumerate(answer, 1):
            rows.setdefault(number, []).append(entry)
    return rows


def _fact(fact, _, _area):
    """What was read already."""
    return [fact]


def _answer(entry, _, area):
    """A half-hour of an answer: its actual intensity, or the carbon-free share of its mix."""
    start = instants.given(entry["from"], short=True)
    found = []
    actual = (entry.get("intensity") or {}).get("actual")
    if actual is not None:
        found.append(gb.intensity(str(actual), start, area))
    if "generationmix" in entry:
        found.append(gb.share(entry["generationmix"], start, area))
    return found
