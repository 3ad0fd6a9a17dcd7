"""Further tables of a pack against what was computed here. Columns that a pack does not have are not compared."""

import csv
from fractions import Fraction
from pathlib import Path

from audit.exact import floor, number
from audit.names import note


def rows(folder, name):
    """Rows of a computed table."""
    with (Path(folder) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def nonzero(name, mine, theirs, nothing):
    """Differences of two mappings by key; a row of nothing equals no row."""
    for key in sorted(mine.keys() | theirs.keys()):
        here, there = mine.get(key, nothing), theirs.get(key, nothing)
        if here != there:
            yield f"{name}: {' '.join(map(str, key))}: {here} here, {there} there"


def _present(folder, name):
    """Rows of a table, none (and a note) where a pack has no such table."""
    if (Path(folder) / name).exists():
        return rows(folder, name)
    note(f"{name} is not in the pack: not compared")
    return []


def _columns(name, keys, mine, theirs):
    """Differences of the columns that a table has, by key; a row of nothing equals no row."""
    if not theirs and not any(value for row in mine.values() for value in row.values() if isinstance(value, int)):
        return
    shared = [column for column in next(iter(mine.values()), {}) if not theirs or column in theirs[0]]
    here = {key: tuple(row[column] for column in shared) for key, row in mine.items()}
    there = {}
    for row in theirs:
        key = tuple(row[column] for column in keys)
        if key in there:
            yield f"{name}: {' '.join(key)} stands twice"
        there[key] = tuple(int(row[column] or 0) for column in shared)
    yield from nonzero(f"{name} {tuple(shared)}", here, there, (0,) * len(shared))


def site_intervals(folder, books, figures, printed, at):
    """site_intervals.csv."""
    given = {}
    for t, site, _, wh, _ in books.inventory.rows:
        given[site, t] = given.get((site, t), 0) + wh
    mine = {}
    for (site, t), (load, left, grid) in figures.site_intervals.items():
        here = books.loads[site]
        mine[site, at[t]] = {
            "load_wh": load, "metered_load_wh": here.metered[t], "matched_wh": load - left, "grid_cfe_wh": grid,
            "inventory_allocated_wh": given.get((site, t), 0), "purchased_wh": here.bought[t],
            "inventory_load_wh": here.bought[t], "import_wh": here.bought[t], "scope_1_wh": here.fossil[t]}
    theirs = _present(folder, "site_intervals.csv")
    yield from _columns("site_intervals.csv", ("site", "start"), mine, theirs)
    for row in theirs:
        t = at.index(row["start"]) if row["start"] in at else None
        if t is not None and row["boundary"] != books.loads[row["site"]].boundary[t]:
            yield f"site_intervals.csv: {row['site']} {row['start']} lies in {row['boundary']} there"


def instrument_intervals(folder, books, figures, printed, at):
    """instrument_intervals.csv: what each instrument delivered, and what became of it."""
    mine = {}
    for ledger in (books.matching, books.inventory):
        for instrument, volumes in ledger.delivered.items():
            for t, wh in volumes.items():
                used = ledger.allocated.get(instrument, {}).get(t, 0)
                kept = ledger.stored.get(instrument, {}).get(t, 0)
                mine[instrument, at[t], ledger.name] = {
                    "delivered_wh": wh, "allocated_wh": used, "stored_wh": kept, "surplus_wh": wh - used - kept}
    theirs = _present(folder, "instrument_intervals.csv")
    yield from _columns("instrument_intervals.csv", ("contract", "start", "ledger"), mine, theirs)


def invoices(folder, books, figures, printed, at):
    """reconciliations.csv: bills the period holds whole, against what was metered."""
    theirs = {row["invoice"]: row for row in _present(folder, "reconciliations.csv")}
    for row in printed["invoices"]:
        said = theirs.get(row["invoice"])
        if said is None:
            yield f"reconciliations.csv: no row of invoice {row['invoice']}"
            continue
        metered = int(said["metered_wh"] or 0)
        if (int(said["invoice_wh"]), metered) != (row["wh"], row["hourly_wh"]):
            yield f"reconciliations.csv: {row['invoice']}: {row['hourly_wh']} metered here, {metered} there"
        elif (said["outcome"] == "within") != row["within"]:
            yield f"reconciliations.csv: {row['invoice']}: within {row['within']} here, {said['outcome']} there"


def interval_factors(folder, books, figures, printed, at):
    """interval_factors.csv: intensity, carbon-free share and fallback by boundary and interval."""
    if not (Path(folder) / "interval_factors.csv").exists():
        return
    index = {start: t for t, start in enumerate(at)}
    for row in rows(folder, "interval_factors.csv"):
        market, t = books.markets[row["boundary"]], index[row["start"]]
        tier = market.fallback[t]
        for column, text in row.items():
            mine = _factor(column, market, t, tier)
            if mine is not _UNKNOWN and not _equal(mine, text):
                yield f"interval_factors.csv: {row['boundary']} {row['start']} {column}: {mine} here, {text} there"


_UNKNOWN = object()


def _factor(column, market, t, fallback):
    """What a column of interval_factors.csv says, by the words of its name."""
    if "upstream" in column or "life" in column or column.endswith(("tier", "source", "basis")):
        return _UNKNOWN
    if "intensity" in column:
        return market.intensity[t] if market.intensity else None
    if "fallback" in column:
        return fallback[0]
    if "share" in column and "sss" not in column:
        return market.share[t] if market.share else None
    return _UNKNOWN


def _equal(mine, text):
    """Whether a printed number is the exact one, or its first digits floored."""
    if mine is None or text == "":
        return mine is None and text == ""
    said = number(text)
    digits = len(text.partition(".")[2])
    return said == mine or ("." in text and digits >= 6 and said == Fraction(floor(mine * 10**digits), 10**digits))


COMPARISONS = (site_intervals, instrument_intervals, invoices, interval_factors)
