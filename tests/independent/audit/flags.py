"""Exceptions that the rules call for: only that something of the kind is said of that time, in whatever words."""

import re
from pathlib import Path

from audit import instants
from audit.tables import rows

_PARTIAL = re.compile(r"gap|part|incomplete|cover|missing")
_ISSUED = re.compile(r"issu|twice|double|meter|overlap|exceed|more than")


def flags(folder, books, figures, printed, at):
    """Estimates, parts of intervals without generation, and certificates over the meter that nobody is told of."""
    if not (Path(folder) / "exceptions.csv").exists():
        return
    said = [(row, *(instants.seconds(row[edge]) if row[edge] else 0 for edge in ("start", "end")))
            for row in rows(folder, "exceptions.csv")]

    def told(start, end, fits):
        return any(begin < end and start < finish and fits(row) for row, begin, finish in said)

    step = books.pack.step
    for site, load in books.loads.items():
        for t, start in enumerate(books.pack.starts()):
            if load.guessed[t] and not told(start, start + step, lambda row: "estimate" in row["code"] and
                                            row["series"].startswith(f"site/{site}/")):
                yield f"exceptions.csv: no estimate of {site} at {at[t]} is listed"
    if books.pack.rules.partial_generation:
        for series, index in books.supply.gaps():
            start = index * step
            if not told(start, start + step, lambda row: _PARTIAL.search(row["code"] + row["message"])):
                yield f"exceptions.csv: no gap of {series} at {instants.text_of(start)} is listed"
    if books.pack.rules.certificates:
        for certificate, start, end in books.supply.over:
            if not told(start, end, lambda row: _ISSUED.search(row["code"] + row["message"])):
                yield f"exceptions.csv: nothing is said of certificate {certificate}, which is over the meter"
