"""JSON and CSV that settings of the source describe: tables as forms have them."""

import csv
import io
import json

from rebuild import units
from rebuild.feeds import plain
from rebuild.said import Differs, need
from rebuild.tables import ABSENT, UNKNOWN, Table, tried

MISSING = ["", "-", "--", "N/A", "NA", "NaN", "null", "none", "missing"]
EDGES = ("start", "end", "issued")
NOTHING = object()


def tables(question, line, body):
    """Values of CSV."""
    settings = question.settings
    need("form" not in settings, "is of a form of the program, which is not read here")
    if body.strip():
        columns = {name: settings[name] for name in (*EDGES, *sorted(question.series)) if name in settings}
        more = {key: settings[key] for key in ("separator", "decimal", "thousands") if key in settings}
        yield from _values(question, line, body, _form(question, columns, more))


def lists(question, line, body):
    """Values of a list of items."""
    settings, whole = question.settings, plain.document(body)
    items = _at(whole, settings.get("list", ""))
    need(isinstance(items, list), "has no list of items")
    edges = [edge for edge in EDGES if edge in settings]
    series = sorted(question.series)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(edges + [f"value {place}" for place in range(len(series))])
    for item in items:
        rows.writerow([_time(item, whole, edge, settings) for edge in edges]
                      + [_cell(_at(item, settings[name])) for name in series])
    columns = {edge: edge for edge in edges} | {name: f"value {place}" for place, name in enumerate(series)}
    if items:
        yield from _values(question, line, text.getvalue(), _form(question, columns, {}))


def _at(value, pointer):
    """What a JSON pointer names, or NOTHING."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isascii() and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return NOTHING
    return value


def _cell(value):
    if value is None or value is NOTHING:
        return ""
    return value if isinstance(value, str) else json.dumps(value, default=str).strip('"')


def _time(item, whole, edge, settings):
    """A cell of a time; one time of issue may stand beside the list."""
    found = _at(item, settings[edge])
    if found is NOTHING and edge == "issued":
        found = _at(whole, settings[edge])
    text = _cell(found) or "nothing"
    if settings.get("format") != "unix_ms":
        return text
    whole = text.strip().removesuffix("000")
    return (whole or "0") if whole != text.strip() and (whole or "0").isdigit() else f"{text} ms"


def _form(question, columns, more):
    """The form that settings describe."""
    settings = question.settings
    time = {edge: columns[edge] for edge in ("start", "end") if edge in columns}
    time |= {"zone": settings.get("time_zone", "UTC")}
    if "format" in settings:
        time["format"] = "%s" if settings["format"] in ("unix", "unix_ms") else settings["format"]
    if "step" in settings:
        time["step"] = settings["step"]
    quality = settings.get("quality", "measured")
    series = [{"series": name, "column": [columns[name]], "unit": settings["unit"], "quality": quality}
              for name in sorted(question.series)]
    form = {"kind": "table", "missing": MISSING, "time": time, "series": series} | more
    return form | ({"issued": columns["issued"]} if "issued" in columns else {})


class Described(Table):
    """A table that counts rows of another width."""

    def __init__(self, data, form):
        self.faults = 0
        super().__init__(data, form)

    def _row(self, line, cells):
        self.faults += any(cells) and len(cells) != self.width
        yield from super()._row(line, cells)

    def good(self):
        """Rows without a fault of their own; the others are counted."""
        both = "start" in self.time and "end" in self.time
        key = "end" if "end" in self.time else "start"
        for row in self.rows:
            time = tried(self._edges, row) if both else tried(self.reader.read, self._text(row, key))
            issued = "issued" not in self.form or tried(self.reader.read, self._cell(row.cells, self.form["issued"]))
            if time and issued and row.values is not None:
                yield row
            else:
                self.faults += 1


def _values(question, line, text, form):
    """First rows at fault, then in the order of rows those without an interval and the values of the others."""
    table = Described(text.encode(), form)
    rows = list(table.good())
    yield from (None for _ in range(table.faults))
    for row in rows:
        if not row.span:
            yield None
        elif line.covers[0] <= row.span[0] < line.covers[1]:
            for place, series in enumerate(table.series):
                value = row.values[place, 0]
                if value not in (ABSENT, UNKNOWN):
                    yield None if "issued" in form else _fact(series, row.span, value)


def _fact(series, span, value):
    try:
        value, base = units.based(series.name, value, series.unit, span[1] - span[0])
    except Differs:
        return None
    return (series.name, *span, value, base, series.quality)
