"""Published packs of other periods that share hours: what those hours came to there, and come to here."""

import csv
import json
from pathlib import Path

from audit import instants
from audit.exact import score
from audit.tables import rows

COLUMNS = ("load_wh", "contracted_wh", "matched_wh", "stored_wh", "surplus_wh", "unmatched_wh", "grid_cfe_wh",
           "backed_wh")


def overlaps(folder, books, figures, printed, at):
    """Rows of restatements.csv under `overlap/<root>`."""
    here = {(boundary, books.pack.start + t * books.pack.step): list(row) + [_backed(figures, boundary, t)]
            for (boundary, t), row in figures.intervals.items()}
    mine = {}
    for path in sorted((Path(folder) / "inputs" / "overlapping").glob("*.intervals.csv")):
        root = path.name.split(".")[0]
        manifest = json.loads(path.with_name(f"{root}.manifest.json").read_text(encoding="utf-8"))
        with path.open(encoding="utf-8", newline="") as file:
            there = {(row["boundary"], instants.seconds(row["start"])): [
                int(row[column]) if row.get(column) else None for column in COLUMNS] for row in csv.DictReader(file)}
        start, end = instants.interval(manifest["period"])
        step = (end - start) // manifest["period"]["intervals"]
        for key, pair in _differences(here, there, (start, end, max(step, books.pack.step)), books.pack):
            mine[(f"overlap/{root}/{key[0]}", *key[1:])] = pair
    theirs = {(row["scope"], row["start"], row["figure"]): (row["before"], row["after"])
              for row in rows(folder, "restatements.csv") if row["scope"].startswith("overlap/")}
    for key in sorted(mine.keys() | theirs.keys()):
        if mine.get(key) != theirs.get(key):
            yield f"restatements.csv: {' '.join(key)}: {mine.get(key)} here, {theirs.get(key)} there"


def _backed(figures, boundary, t):
    if not figures.backing or not figures.backing.known:
        return None
    return figures.backing.by_boundary.get((boundary, t), 0)


def _differences(here, there, other, pack):
    """((scope, start, figure), (before, after)) of the shared hours, at the coarser resolution."""
    align = other[2]
    first = -(-max(pack.start, other[0]) // align) * align
    last = min(pack.end, other[1]) // align * align
    sides = []
    for cells in (there, here):
        cut, whole = {}, {}
        for (boundary, start), figures in cells.items():
            if first <= start < last:
                _add(cut, (boundary, instants.text_of(start // align * align)), figures)
                _add(whole, (boundary, ""), figures)
                _add(whole, ("portfolio", ""), figures)
        sides.append((cut, whole))
    for before, after in zip(*sides):
        for key in before.keys() | after.keys():
            was, now = before.get(key), after.get(key)
            for figure, pair in _figures(was, now, shares=key[1] == ""):
                yield (*key, figure), pair


def _add(sums, key, figures):
    before = sums.get(key, [0] * len(COLUMNS))
    sums[key] = [None if a is None or b is None else a + b for a, b in zip(before, figures)]


def _figures(was, now, shares):
    """Figures that differ; what one side does not tell of certificates is no difference."""
    def text(side, place):
        return "not in it" if side is None else "" if side[place] is None else str(side[place])
    for place, figure in enumerate(COLUMNS):
        untold = figure == "backed_wh" and any(side and side[place] is None for side in (was, now))
        if text(was, place) != text(now, place) and not untold:
            yield figure, (text(was, place), text(now, place))
    if shares:
        pair = tuple(score(side[2], side[0]) or "not applicable" if side else "not applicable" for side in (was, now))
        if pair[0] != pair[1]:
            yield "matched_share", pair
