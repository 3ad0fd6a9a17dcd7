"""JSON and CSV that settings of the source describe: tables as forms have them."""

import csv
import io
import json

from rebuild import units
from rebuild.feeds import exports, plain
from rebuild.said import Differs, need
from rebuild.tables import ABSENT, UNKNOWN, Table, tried
from rebuild.words import listed

MISSING = ["", "-", "--", "N/A", "NA", "NaN", "null", "none", "missing"]
EDGES = ("start", "end", "issued")
NOTHING = object()


def tables(question, line, body):
    """Values of CSV."""
    settings = question.settings
    if not body.strip():
        return
    if "form" in settings:
        forms = _stated(settings["form"])
        form = next((form for form in forms if _is_of(body, form)), forms[0])
    else:
        columns = {name: settings[name] for name in (*EDGES, *sorted(question.series)) if name in settings}
        more = {key: settings[key] for key in ("separator", "decimal", "thousands") if key in settings}
        form = _form(question, columns, more)
    yield from _values(line, body, form)


def _stated(text):
    """The forms that a setting states, with what is so where it does not say otherwise."""
    need(text.lstrip().startswith(("{", "[")), f"is of the form {text}, which it does not state")
    forms = [form if form.get("kind", "table") != "table" else {"kind": "table", "missing": MISSING} | form
             for form in listed(json.loads(text))]
    need(forms, "is of no form")
    return forms


def _is_of(body, form):
    """Whether an answer has the header of a form, or begins as its files do."""
    if form["kind"] == "table":
        return tried(Table, body.encode(), form) is not None
    start = body.removeprefix("\ufeff")
    return start.startswith("100,NEM12" if form["kind"] == "nem12" else "<")


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
        yield from _values(line, text.getvalue(), _form(question, columns, {}))


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
    """A table whose rows at fault count."""

    def __init__(self, data, form):
        self.faults = 0
        super().__init__(data, form)

    def _row(self, line, cells):
        only, ignored = (self.form.get(key, {}) for key in ("only", "ignore"))
        # A cell that a short row lacks is no other cell.
        held = zip(only, self._held(cells, only), strict=True)
        if not any(cells) or not all(holds or self.at[name] >= len(cells) for name, holds in held):
            return
        if any(self._held(cells, ignored)):
            return
        found = list(super()._row(line, cells))
        # None of several kinds of rows is at fault, too.
        self.faults += len(cells) != self.width or (not found and any(series.where for series in self.series))
        yield from found

    def _left_out(self, _values):
        """What `_gap` does, once it is known that the row has a time."""

    def _gap(self, row):
        """Leaves out what is of generation where all numbers of it are zero, and likewise all else; whether it did."""
        before = len(row.values)
        for generation in (True, False):
            numbers = [value for (i, _), value in row.values.items()
                       if self.series[i].of_generation == generation and value not in (ABSENT, UNKNOWN)]
            if numbers and not any(numbers):
                row.values = {key: value for key, value in row.values.items()
                              if self.series[key[0]].of_generation != generation}
        return len(row.values) < before

    def _told(self, row):
        """What a row says of its time."""
        if self.time.get("across") or "period" in self.time:
            return row.span
        if "range" in self.time or ("start" in self.time and "end" in self.time):
            return self._edges(row)
        return self.reader.read(self._text(row, "end" if "end" in self.time else "start"))

    def good(self):
        """Rows without a fault of their own; the others are counted."""
        for row in self.rows:
            if row.values is None or not tried(self._told, row):
                self.faults += 1
                continue
            self.faults += bool(self.form.get("zeros_are_a_gap")) and self._gap(row)
            if "issued" in self.form and not tried(self.reader.read, self._cell(row.cells, self.form["issued"])):
                self.faults += 1
                continue
            yield row

    def told(self, rows):
        """In order, what rows give: None, or the series, interval, value and rows of a reading."""
        sums, shown = {}, {}
        # The rows of a list together.
        for row in sorted(rows, key=lambda row: row.taken[0]):
            if not row.span:
                yield None
            elif self.time.get("across"):
                yield from self._hours(row)
            else:
                yield from self._of_row(row, sums, shown)
        yield from _nones_first(self._rises_of(shown))
        yield from _nones_first(self._sums_of(sums))

    def _hours(self, row):
        step = self.steps[0]
        for place in range(max(place for _, place in row.values) + 1):
            for i in row.taken:
                value, start = row.values[i, place], row.span[0] + place * step
                if value not in (ABSENT, UNKNOWN):
                    yield self.series[i], (start, start + step), value, [row]

    def _of_row(self, row, sums, shown):
        """Readings of a column alone; what registers showed and parts of sums are put by."""
        issued = self._cell(row.cells, self.form["issued"]) if "issued" in self.form else ""
        for i in row.taken:
            cells = {place: value for (series, place), value in row.values.items() if series == i}
            alone = next(iter(cells.values()), UNKNOWN) if len(cells) < 2 else UNKNOWN
            if self.series[i].register:
                if alone not in (ABSENT, UNKNOWN):
                    shown.setdefault((i, row.span[1]), []).append((row, alone))
            elif len(cells) == 1 and "add_up" not in self.form:
                if alone not in (ABSENT, UNKNOWN):
                    yield self.series[i], row.span, alone, [row]
            elif cells:
                which = self._cell(row.cells, self.form["add_up"]) if "add_up" in self.form else ""
                parts, of_it = sums.setdefault((i, row.span, issued), ({}, []))
                if any((which, place) in parts for place in cells):
                    # The rest of the row is at fault.
                    yield None
                    return
                parts.update({(which, place): value for place, value in cells.items()})
                of_it.append(row)

    def _rises_of(self, shown):
        for (i, _), seen in sorted(shown.items(), key=lambda item: item[0]):
            before = shown.get((i, seen[0][0].span[0]), [])
            (row, value) = seen[0]
            if len(seen) == 1 and len(before) == 1 and value >= before[0][1]:
                yield self.series[i], row.span, value - before[0][1], [row, before[0][0]]
            else:
                yield from (None for _ in seen)

    def _sums_of(self, sums):
        ever = {}
        for (i, *_), (parts, _) in sums.items():
            ever.setdefault(i, set()).update(part for part, value in parts.items() if value not in (ABSENT, UNKNOWN))
        for (i, span, _), (parts, rows) in sorted(sums.items(), key=lambda item: item[0]):
            values = [parts.get(part, UNKNOWN) for part in ever[i]]
            numbers = [value for value in values if value != ABSENT]
            if numbers and UNKNOWN not in numbers:
                yield self.series[i], span, sum(numbers), rows
            elif values:
                yield None


def _nones_first(told):
    told = list(told)
    yield from (one for one in told if one is None)
    yield from (one for one in told if one is not None)


def _values(line, text, form):
    """First rows at fault, then what the others give."""
    if form["kind"] != "table":
        told = {"nem12": exports.days, "green-button-xml": exports.blocks}[form["kind"]](text, form)
        yield from (one and exports.fact(*one) for one in told
                    if one is None or line.covers[0] <= one[1][0] < line.covers[1])
        return
    table = Described(text.encode(), form)
    rows = list(table.good())
    yield from (None for _ in range(table.faults))
    for one in table.told(rows):
        if one is None:
            yield None
        elif line.covers[0] <= one[1][0] < line.covers[1]:
            yield None if "issued" in form else _fact(table, *one)


def _fact(table, series, span, value, rows):
    try:
        value, base = units.based(series.name, value, series.unit, span[1] - span[0])
    except Differs:
        return None
    return (series.name, *span, value, base, table.quality(rows, series))
