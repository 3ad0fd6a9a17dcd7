"""Readings and bills of a pack held against the rows they came in: section 9."""

import csv
import io
import json
import re
from itertools import product

from rebuild import forms, instants, units, wire
from rebuild.received import Formed, Received
from rebuild.said import Differs, need

READINGS = "series,start,end,value,unit,quality,recorded,file_sha256,row"
REVISIONS = "recorded,file_sha256,actor,reason"
BILLS = "invoice,site,start,end,wh"
WHOLE = re.compile(r"0|-?[1-9][0-9]*")
RECORDED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


def table(data, header, name):
    """Rows of a table of `inputs/` that may hold quotes, held to the one way of writing."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    need(rows and ",".join(rows[0]) == header, f"{name}: its header is another")
    written = "".join(",".join(map(cell, row)) + "\n" for row in rows)
    need(written.encode() == data, f"{name}: written again it is of other bytes")
    need(all(len(row) == len(rows[0]) for row in rows), f"{name}: a row has too few fields, or too many")
    return rows[1:]


def cell(text):
    """A field as it is written."""
    return '"' + text.replace('"', '""') + '"' if re.search('[,"\r\n]', text) else text


class Files:
    """Received files by revision, opened once for each form."""

    def __init__(self, files, stated):
        self.forms = stated
        prefix = "inputs/received/"
        self.data = {path.removeprefix(prefix): data for path, data in files.items() if path.startswith(prefix)}
        self.opened = {}

    def at(self, revision):
        """The file of a revision, read by its form where it has one, else as its header says."""
        sha256, form = revision[1], self.forms.get(revision)
        key = sha256, None if form is None else wire.compact(form)
        if key not in self.opened:
            need(sha256 in self.data, f"inputs/received/{sha256} is not there")
            data = self.data[sha256]
            try:
                self.opened[key] = Received(data) if form is None else Formed(data, form)
            except Differs as found:
                raise Differs(f"inputs/received/{sha256} {found}") from found
        return self.opened[key]


def forms_of(files):
    """Revision to form, of books.json: each once, by `recorded`, with sorted keys."""
    entries = wire.read(files["inputs/books.json"], "books.json").get("forms", [])
    found = {}
    for entry in entries:
        need(list(entry) == ["recorded", "file_sha256", "form"], "books.json: an entry of forms has other keys")
        recorded, sha256, form = entry.values()
        need(json.dumps(form) == json.dumps(form, sort_keys=True), f"books.json: keys of a form not sorted: {recorded}")
        forms.written(form)
        need((recorded, sha256) not in found, f"books.json: two forms of the revision {recorded}")
        found[recorded, sha256] = form
    need([at for at, _ in found] == sorted(at for at, _ in found), "books.json: forms are not by recorded")
    return found


def compared(files, form):
    """Every reading stands in the row it names, every bill in a file of bills; a line that counts them."""
    revisions = table(files["inputs/revisions.csv"], REVISIONS, "inputs/revisions.csv")
    need(all(RECORDED.fullmatch(recorded) for recorded, _, _, _ in revisions), "revisions.csv: a time of another form")
    known = {(recorded, sha256) for recorded, sha256, _, _ in revisions if sha256}
    stated = forms_of(files)
    received, by_revision = Files(files, stated), {}
    named = {sha256 for _, sha256 in known}
    apart = named ^ set(received.data)
    need(not apart, f"in revisions.csv or inputs/received/, not both: {sorted(apart)[:3]}")
    lines = files["inputs/readings.csv"].decode("utf-8").split("\n")
    need(lines[0] == READINGS and lines[-1] == "", "readings.csv: another header, or no last line end")
    for line in lines[1:-1]:
        cells = line.split(",")
        need(len(cells) == 9 and (cells[6], cells[7]) in known, f"readings.csv: of no revision: {line}")
        need(not units.unread(cells[0]), f"readings.csv: of a series that no figure reads: {line}")
        by_revision.setdefault((cells[6], cells[7]), []).append(cells)
    for revision, readings in by_revision.items():
        _readings(received.at(revision), readings)
    unread = sorted(set(stated) - set(by_revision))
    need(not unread, f"books.json: forms of revisions that no reading names: {unread[:3]}")
    bills = table(files["inputs/invoices.csv"], BILLS, "inputs/invoices.csv")
    apart = _apart(received, bills, known - set(stated))
    need(form == 2 or not apart, f"invoices.csv: in no received file: {apart[:3]}")
    counted = f"{len(lines) - 2} readings and {len(bills) - len(apart)} bills in {len(received.data)} files"
    return f"received rows: {counted}" + (f", {len(apart)} bills without a file" if apart else "")


def _readings(file, readings):
    """All of a revision, one way or the other, numbered one way or the other."""
    missed = []
    for numbers, way in product(file.numbered, file.ways):
        missed.append(next((cells for cells in readings if not _stands(file, way, numbers, cells)), None))
        if missed[-1] is None:
            return
    raise Differs(f"readings.csv: does not stand in its row: {','.join(missed[0])}")


def _stands(file, way, numbers, cells):
    series, start, end, value, unit, quality, _, _, row = cells
    need(WHOLE.fullmatch(value) and WHOLE.fullmatch(row), f"readings.csv: not written as packs write numbers: {cells}")
    fact = series, instants.read(start), instants.read(end), int(value), unit, quality
    try:
        return fact in file.says(int(row), way, series, numbers)
    except Differs:
        return False


def _apart(received, bills, revisions):
    """Bills that stand in no file of bills, their ends meant either way."""
    facts = set()
    for file in {id(file): file for file in map(received.at, sorted(revisions))}.values():
        for row, way in product(file.numbered["lines"], file.ways if file.of_bills else ()):
            facts.update(_said(file, row, way))
    return [bill for bill in bills
            if (*bill[:2], instants.read(bill[2]), instants.read(bill[3]), int(bill[4])) not in facts]


def _said(file, row, way):
    try:
        return file.says(row, way)
    except Differs:
        return []
