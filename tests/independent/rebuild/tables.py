"""Tables read by a form: section 9, Forms."""

import re

from rebuild import instants, texts, units, walls
from rebuild.records import records
from rebuild.said import Differs, need
from rebuild.words import among, known, like, listed

TOP = 40
# Energy that may be negative.
GENERATION = re.compile(r"(plant|contract)/[^/]+/generation|site/[^/]+/onsite_generation|grid/[^/]+/"
                        rf"({'|'.join(units.FUELS)})")
KEYS = """add_up absent decimal encoding estimated header_rows ignore issued kind missing only same separator series stated
    thousands time zeros_are_a_gap""".split()
TIME_KEYS = "across end format inclusive marks period range start step zone".split()
SERIES_KEYS = "column optional quality register series suffix unit where".split()
UNKNOWN, ABSENT = "unknown", "absent"


class Series:
    """A series of a form, and where its columns stand."""

    def __init__(self, entry):
        known(entry, SERIES_KEYS, "a series of a form")
        self.name, self.unit = entry["series"], entry["unit"]
        self.columns = listed(entry["column"])
        need(len(set(self.columns)) == len(self.columns), f"{self.name} has a column twice")
        self.where, self.suffix = entry.get("where", {}), entry.get("suffix")
        self.quality = entry.get("quality", "measured")
        self.optional = entry.get("optional", False)
        self.register = entry.get("register", False)
        need(not self.register or (len(self.columns) == 1 and not self.optional),
             f"{self.name} is a register of several columns, or of one that may lack")
        self.of_generation = bool(GENERATION.fullmatch(self.name))


class Row:
    """A row that counts: its line, its cells, the series that take it, the values of their cells, None where one is at
    fault, and its interval."""

    def __init__(self, line, cells, taken, values):
        self.line, self.cells, self.taken, self.values, self.span = line, cells, taken, values, None


def tried(work, *arguments):
    """What `work` returns, None where a row is at fault."""
    try:
        return work(*arguments)
    except Differs:
        return None


def joined(rows):
    """Cells of the rows of a header as one: joined with a blank, those above the last go on to the right."""
    names = [""] * len(rows[-1])
    for row in rows[:-1]:
        name = ""
        for i, before in enumerate(names):
            name = (row[i] if i < len(row) else "") or name
            names[i] = f"{before} {name}".strip()
    return [cell if cell in ("reject_line", "reject_reason") else f"{name} {cell}".strip()
            for name, cell in zip(names, rows[-1], strict=True)]


class Table:
    """A form of a table, and the rows of a file read by it."""

    def __init__(self, data, form):
        known(form["time"], TIME_KEYS, "time of a form")
        self.form, self.time, self.alike = form, form["time"], []
        need(form.get("decimal", ".") in (".", ","), "another decimal point than `.` or `,`")
        self.series = [Series(entry) for entry in form["series"]]
        need(len({series.name for series in self.series}) == len(self.series), "a form has a series twice")
        barred = {"add_up", "issued"} & set(form) or form.get("zeros_are_a_gap") or "end" not in self.time
        need(not barred or not any(series.register for series in self.series), "a form of a register states what it cannot")
        self.steps, self.reader = walls.steps(self.time), walls.Reader(self.time)
        text = texts.decoded(data, form.get("encoding", "utf-8")).removeprefix("\ufeff")
        rows = [(line, [cell.strip() for cell in cells])
                for line, _, cells in records(text, form.get("separator", ","))]
        self._header(rows)
        self._intervals()

    def _named(self):
        """Columns that must stand in the header, and those that may."""
        needed, may = set(), set()
        for key in ("start", "end", "range", "period"):
            needed.update(listed(self.time.get(key, [])))
        for key in ("only", "ignore", "estimated"):
            needed.update(self.form.get(key, {}))
        for key in ("issued", "add_up", "same"):
            needed.update(listed(self.form.get(key, [])))
        for series in self.series:
            needed.update(series.where)
            (may if series.optional else needed).update(series.columns)
        return needed, may - needed

    def _header(self, rows):
        """Finds the header, and the rows below it that count."""
        needed, may = self._named()
        height = self.form.get("header_rows", 1)
        for place in range(height - 1, min(TOP, len(rows))):
            cells = joined([row for _, row in rows[place - height + 1:place + 1]])
            at = {name: [i for i, cell in enumerate(cells) if like(cell, name)] for name in needed | may}
            values = any(at[name] for series in self.series for name in series.columns)
            once = all(len(at[name]) == 1 for name in needed) and all(len(at[name]) < 2 for name in may)
            if values and once:
                self.at = {name: found[0] for name, found in at.items() if found}
                self.width = len(cells)
                self._stated([above for _, above in rows[:place - height + 1]])
                self.rows = [row for line, below in rows[place + 1:] for row in self._row(line, below)]
                return
        raise Differs("no row is the header of the form")

    def _stated(self, rows):
        """Beside or below cells like a key, above the header, stands nothing, or one of the key's words."""
        for key, words in self.form.get("stated", {}).items():
            said = [text for cells, below in zip(rows, [*rows[1:], []], strict=True)
                    for i, cell in enumerate(cells) if like(cell, key)
                    for text in cells[i + 1:i + 2] + below[i:i + 1] if text]
            need(not said or any(among(text, words) for text in said), f"is not of the form: {key} is {said}")

    def _cell(self, cells, name):
        return cells[self.at[name]]

    def _holds(self, cells, conditions):
        return [among(self._cell(cells, name), words) for name, words in conditions.items()]

    def _held(self, cells, conditions):
        """As `_holds` of a row that may be short: what it lacks holds not."""
        return [self.at[name] < len(cells) and among(self._cell(cells, name), words)
                for name, words in conditions.items()]

    def _row(self, line, cells):
        """The row, where it counts and a series takes it."""
        if not any(cells) or any(self._held(cells, self.form.get("ignore", {}))) or len(cells) != self.width:
            return
        if not all(self._holds(cells, self.form.get("only", {}))):
            return
        alike = [self._cell(cells, name) for name in listed(self.form.get("same", []))]
        self.alike = self.alike or alike
        need(alike == self.alike, f"rows are of {self.alike} and of {alike}")
        taken = [i for i, series in enumerate(self.series) if all(self._holds(cells, series.where))]
        if taken:
            yield Row(line, cells, taken, tried(self._values, cells, taken))

    def _values(self, cells, taken):
        """Series and place of a column to the value of its cell."""
        values = {(i, place): self._value(self._cell(cells, column), self.series[i].suffix) for i in taken
                  for place, column in enumerate(self.series[i].columns) if column in self.at}
        if self.form.get("zeros_are_a_gap"):
            self._left_out(values)
        return values

    def _value(self, cell, suffix=None):
        """A number, or that it is absent or unknown."""
        if among(cell, self.form.get("absent", [])):
            return ABSENT
        if among(cell, self.form["missing"]):
            return UNKNOWN
        if suffix is not None:
            need(cell.endswith(suffix), f"`{cell}` does not end with {suffix}")
            cell = cell.removesuffix(suffix).rstrip()
        decimal, thousands = self.form.get("decimal", "."), self.form.get("thousands")
        need(decimal == "." or "." not in cell or thousands == ".", f"`{cell}` is no number of the form")
        if thousands and thousands in cell:
            whole, point, rest = cell.partition(decimal)
            grouped = re.fullmatch(rf"[+-]?[1-9][0-9]{{0,2}}({re.escape(thousands)}[0-9]{{3}})+", whole)
            need(grouped, f"`{cell}` is not in groups of three digits")
            cell = whole.replace(thousands, "") + point + rest
        return units.number(cell.replace(decimal, ".") if decimal != "." else cell)

    def _left_out(self, values):
        """Cells of generation are unknown where all numbers among them are zero, and likewise all others."""
        for generation in (True, False):
            numbers = {key: value for key, value in values.items()
                       if self.series[key[0]].of_generation == generation and value not in (ABSENT, UNKNOWN)}
            if not any(numbers.values()):
                values.update(dict.fromkeys(numbers, UNKNOWN))

    def _intervals(self):
        """The interval of every row, by lists of those that the same first series takes, whatever their values."""
        lists = {}
        for row in self.rows:
            lists.setdefault(row.taken[0], []).append(row)
        for rows in lists.values():
            if self.time.get("across"):
                for row in rows:
                    row.span = tried(self._day, row)
            elif "period" in self.time:
                for row in rows:
                    row.span = tried(self._period, row)
            elif "range" in self.time or ("start" in self.time and "end" in self.time):
                self._both(rows)
            else:
                self._one(rows)

    def _text(self, row, key):
        return " ".join(self._cell(row.cells, name) for name in listed(self.time[key]))

    def _period(self, row):
        """The n-th step of the local day."""
        first, last = self.reader.day(self._text(row, "start"))
        text = self._text(row, "period")
        need(re.fullmatch("[0-9]+", text), f"`{text}` is no number of a period")
        end = first + int(text) * self.steps[0]
        need(first < end <= last, f"{text} is no period of its day")
        return end - self.steps[0], end

    def _day(self, row):
        """A whole local day of 24 hours."""
        first, last = self.reader.day(self._text(row, "start"))
        need(last - first == walls.DAY, "is a day on which clocks change")
        return first, last

    def _edges(self, row):
        """Start and end as the row says them."""
        if "range" in self.time:
            start, apart, end = self._text(row, "range").partition(" - ")
            need(apart, "is no range")
        else:
            start, end = self._text(row, "start"), self._text(row, "end")
        return self.reader.read(start), self.reader.read(end)

    def _both(self, rows):
        """Rows with both edges."""
        inclusive = self.time.get("inclusive", False)
        shared = set(listed(self.time.get("start", []))) & set(listed(self.time.get("end", [])))
        said = [(row, edges) for row in rows if (edges := tried(self._edges, row))]
        starts = walls.chosen([start for _, (start, _) in said], bool(self.reader.marks))
        for (row, (start, end)), at in zip(said, starts, strict=True):
            until = None if at is None else walls.end_after(at, start, end.or_day_after() if shared else [end])
            span = None if until is None else tried(instants.span, at, until, inclusive)
            if span and (not self.steps or span[1] - span[0] in self.steps):
                row.span = span

    def _one(self, rows):
        """Rows with one edge, and a step or several."""
        need(self.steps, "times of one edge have no step")
        ends = "end" in self.time
        key = "end" if ends else "start"
        said = [(row, time) for row in rows if (time := tried(self.reader.read, self._text(row, key)))]
        edges = walls.chosen([time for _, time in said], bool(self.reader.marks))
        told = [(row, edge) for (row, _), edge in zip(said, edges, strict=True) if edge is not None]
        told.sort(key=lambda pair: pair[1])
        long = self.steps * len(told)
        if len(self.steps) > 1:
            long = walls.lengths([edge for _, edge in told], ends, self.steps)
        for (row, edge), length in zip(told, long, strict=True):
            if length:
                row.span = (edge - length, edge) if ends else (edge, edge + length)

    def quality(self, rows, series):
        """Estimated if a cell of any of the rows says so."""
        estimated = self.form.get("estimated", {})
        return "estimated" if any(any(self._holds(row.cells, estimated)) for row in rows) else series.quality

    def readings(self):
        """Row numbers and facts, of every series."""
        if "issued" in self.form:
            return
        if self.time.get("across"):
            yield from self._across()
            return
        sums = {i: {} for i, series in enumerate(self.series) if len(series.columns) > 1 or "add_up" in self.form}
        rows = [row for row in self.rows if row.span and row.values is not None and self._added(row, sums)]
        for i, series in enumerate(self.series):
            if series.register:
                yield from self._rises(i, series, [row for row in rows if i in row.taken])
            elif i in sums:
                yield from self._sums(series, sums[i].values())
            else:
                yield from self._alone(i, series, [row for row in rows if i in row.taken])

    def _fact(self, series, value, rows):
        start, end = rows[0].span
        value, base = units.based(series.name, value, series.unit, end - start)
        return rows[0].line, (series.name, start, end, value, base, self.quality(rows, series))

    def _across(self):
        """Readings of days, each column the next step of its day."""
        step = self.steps[0]
        for row in self.rows:
            for (i, place), value in (row.values or {}).items() if row.span else ():
                if value not in (ABSENT, UNKNOWN):
                    series, start = self.series[i], row.span[0] + place * step
                    value, base = units.based(series.name, value, series.unit, step)
                    yield row.line, (series.name, start, start + step, value, base, self.quality([row], series))

    def _alone(self, i, series, rows):
        """Readings of a cell each."""
        for row in rows:
            value = row.values.get((i, 0), ABSENT)
            if value not in (ABSENT, UNKNOWN):
                yield self._fact(series, value, [row])

    def _rises(self, i, series, rows):
        """Readings of a register: its value less that at the start of the interval."""
        shown = {}
        for row in rows:
            if row.values[i, 0] not in (ABSENT, UNKNOWN):
                shown.setdefault(row.span[1], []).append(row)
        alone = {at: of_it[0] for at, of_it in shown.items() if len(of_it) == 1}
        for row in alone.values():
            before = alone.get(row.span[0])
            if before and row.values[i, 0] >= before.values[i, 0]:
                start, end = row.span
                risen = row.values[i, 0] - before.values[i, 0]
                value, base = units.based(series.name, risen, series.unit, end - start)
                yield row.line, (series.name, start, end, value, base, self.quality([row, before], series))

    def _parts(self, i, row):
        """Part to value, of a row."""
        which = self._cell(row.cells, self.form["add_up"]) if "add_up" in self.form else None
        return {(place, which): value for (series, place), value in row.values.items() if series == i}

    def _added(self, row, sums):
        """Puts the parts of a row into the sums of its interval; whether none of them stood there already."""
        parts = {i: self._parts(i, row) for i in row.taken if i in sums}
        there = {i: sums[i].setdefault(row.span, ({}, [])) for i in parts}
        if any(set(parts[i]) & set(there[i][0]) for i in parts):
            return False
        for i, (of_span, rows) in there.items():
            of_span.update(parts[i])
            rows.append(row)
        return True

    def _sums(self, series, sums):
        """Readings that are sums of parts, each in the first of its rows."""
        numbers = [{part: value for part, value in there.items() if value not in (ABSENT, UNKNOWN)}
                   for there, _ in sums]
        needed = {part for parts in numbers for part in parts}
        for (there, rows), parts in zip(sums, numbers, strict=True):
            if parts and all(there.get(part, UNKNOWN) != UNKNOWN for part in needed):
                yield self._fact(series, sum(parts.values()), rows)


def facts(data, form):
    """Row numbers and facts of a table."""
    return Table(data, form).readings()
