"""What the pack printed against what was computed here."""

import csv
import json
from fractions import Fraction
from pathlib import Path

from audit.exact import AuditError, number
from audit.flags import flags
from audit.instants import text_of
from audit.market import DEFAULT, FOSSIL, RESIDUAL
from audit.names import ALSO, OPTIONAL, WORDS, note
from audit.tables import COMPARISONS, nonzero, rows

TIER_WORDS = {RESIDUAL: ("residual",), FOSSIL: ("fossil_only", "fossil"), DEFAULT: ("default",)}


def _leaves(value, path=""):
    """(dotted path, value) of every number, text or null of a nested value; lists are skipped."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif not isinstance(value, list):
        yield path, value


def _lookup(leaves, figure):
    """(found, value) of a figure among leaves."""
    names = (figure, *ALSO.get(figure, ()))
    named = [value for path, value in leaves if path.rsplit(".", 1)[-1] in names]
    if not named and figure in WORDS:
        need, avoid = WORDS[figure]
        named = [value for path, value in leaves if all(word in path.lower() for word in need)
                 and not any(word in path.lower() for word in avoid) and _numeric(value)]
    if len(named) > 1 and len({str(value) for value in named}) > 1:
        note(f"results.json holds several figures like {figure}: {named[:4]}; the first is taken")
    return (True, named[0]) if named else (False, None)


def _numeric(value):
    """Whether a leaf may be a figure."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return True
    try:
        number(value)
    except (AuditError, TypeError):
        return False
    return not isinstance(value, bool)


def _entries(results, section):
    """Id to the object of one boundary or site in results.json."""
    found = results.get(section)
    if found is None and isinstance(results.get("totals"), dict):
        found = results["totals"].get(section)
    if isinstance(found, dict):
        return found
    if isinstance(found, list):
        keys = ("id", section.rstrip("s"), "boundary" if section == "boundaries" else "site", "name")
        return {next(str(row[key]) for key in keys if key in row): row for row in found}
    raise AuditError(f"results.json has no `{section}`; it has {sorted(results)}")


def _same(mine, theirs):
    """Whether a printed figure is the computed one."""
    if mine is None:
        return theirs in (None, "", "null", "not applicable", "not_applicable", "n/a")
    if isinstance(mine, int):
        return str(theirs) == str(mine)
    return isinstance(theirs, str) and theirs == mine


def results(folder, printed):
    """Differences of the totals."""
    theirs = json.loads((Path(folder) / "results.json").read_text(encoding="utf-8"))
    whole = theirs.get("portfolio", theirs.get("totals", {}).get("portfolio", theirs))
    scopes = [("portfolio", printed["portfolio"], whole)]
    for section in ("boundaries", "sites"):
        entries = _entries(theirs, section)
        for name in sorted(entries.keys() ^ printed[section].keys()):
            yield f"results.json: {section} {name} stands on one side only"
        for name, figures in printed[section].items():
            if name in entries:
                scopes.append((f"{section} {name}", figures, entries[name]))
    for scope, figures, entry in scopes:
        leaves = list(_leaves(entry))
        for figure, mine in figures.items():
            found, value = _lookup(leaves, figure)
            if found and not _same(mine, value):
                yield f"results.json: {scope} {figure}: {mine} here, {value} there"
            elif not found and mine is not None and figure not in OPTIONAL and not scope.startswith("sites"):
                held = [path for path, _ in leaves]
                yield f"results.json: {scope} has no figure like {figure} ({mine} here); it has {held}"
            elif not found and mine is not None:
                note(f"results.json: no figure like {figure} in {scope.split()[0]}: not compared")


def intervals(folder, figures, at):
    """Differences of intervals.csv."""
    columns = ("load_wh", "contracted_wh", "matched_wh", "stored_wh", "surplus_wh", "unmatched_wh", "grid_cfe_wh")
    mine = {(at[t], boundary): row for (boundary, t), row in figures.intervals.items()}
    theirs = {(row["start"], row["boundary"]): tuple(int(row[column] or 0) for column in columns)
              for row in rows(folder, "intervals.csv")}
    return nonzero(f"intervals.csv {columns}", mine, theirs, (0,) * len(columns))


def allocations(folder, books, at):
    """Differences of allocations.csv, both ledgers: Wh, order, and the rule: how a contract is shared, or the step."""
    sharing = {contract.id: contract.sharing for contract in books.pack.contracts if contract.kind == "hourly"}
    mine, rules, theirs = {}, {}, {}
    for ledger in (books.matching, books.inventory):
        for t, site, instrument, wh, step in ledger.rows:
            key = (at[t], ledger.name, site, instrument)
            mine[key] = mine.get(key, 0) + wh
            rules[key] = sharing.get(instrument, step)
    found = rows(folder, "allocations.csv")
    for row in found:
        key = (row["start"], row["ledger"], row["site"], row["contract"])
        if key in theirs:
            yield f"allocations.csv: {' '.join(key)} stands twice"
        theirs[key] = int(row["wh"])
    yield from nonzero("allocations.csv", mine, theirs, 0)
    last = ()
    for row in found:
        key = (row["start"], row["ledger"], row["site"], row["contract"])
        if rules.get(key, row["rule"]) != row["rule"]:
            yield f"allocations.csv: {' '.join(key)}: rule {rules[key]} here, {row['rule']} there"
        place = tuple(row[column].encode() for column in ("start", "site", "contract"))
        if place < last:
            yield f"allocations.csv: {' '.join(key)} is out of order"
        last = place


def unmatched(folder, figures, at):
    """Differences of unmatched.csv: energy, factor and tier."""
    mine = {(at[t], site): row for (site, t), row in figures.unmatched.items()}
    own = {(at[t], site): row for (site, t), row in figures.scope_1.items()}
    theirs = {}
    for row in rows(folder, "unmatched.csv"):
        if row["tier"] == "scope_1":
            said = (row["boundary"], int(row["wh"]), int(row["factor_mg_per_kwh"]), row["tier"])
            if own.pop((row["start"], row["site"]), None) != said:
                yield f"unmatched.csv: {row['start']} {row['site']}: {said} is not own fossil generation"
        elif int(row["wh"]):
            factor = int(row["factor_mg_per_kwh"]) if row["factor_mg_per_kwh"] else None
            theirs[row["start"], row["site"]] = (row["boundary"], int(row["wh"]), factor, row["tier"])
    for key in sorted(own):
        yield f"unmatched.csv: {' '.join(key)}: {own[key]} here, nothing there"
    for key in sorted(mine.keys() | theirs.keys()):
        here, there = mine.get(key), theirs.get(key)
        if not here or not there or here[:3] != there[:3]:
            yield f"unmatched.csv: {' '.join(key)}: {here} here, {there} there"
        elif not any(word in there[3].lower().replace("-", "_").replace(" ", "_") for word in TIER_WORDS[here[3]]):
            yield f"unmatched.csv: {' '.join(key)}: tier {here[3]} here, {there[3]} there"


def _efficiency_differs(mine, printed):
    """Whether a printed efficiency is not the exact one, nor its first digits floored."""
    if printed == "":
        return False
    exact = number(printed)
    if exact == mine:
        return False
    digits = len(printed.partition(".")[2])
    return "/" in printed or Fraction(int(mine * 10**digits), 10**digits) != exact


def storage(folder, books, at):
    """Differences of storage.csv."""
    mine, theirs, efficiency = {}, {}, {}
    found = rows(folder, "storage.csv")
    # A ledger that stores nothing may leave its rows out.
    printed = {row["ledger"] for row in found}
    if not books.pack.rules.inventory_load:
        printed |= {"matching", "inventory"}
    for ledger in (books.matching, books.inventory):
        for name, meter in books.meters.items() if not ledger.batteries and ledger.name in printed else ():
            for t, flows in enumerate(zip(meter.charge, meter.discharge)):
                if any(flows):
                    mine[at[t], ledger.name, name] = (flows[0], 0, flows[1], 0)
        for (name, t), row in ledger.storage_rows.items():
            mine[at[t], ledger.name, name] = row[:4]
            efficiency[at[t], ledger.name, name] = row[4]
    columns = ("charge_wh", "clean_charge_wh", "discharge_wh", "reissued_wh")
    for row in found:
        key = (row["start"], row["ledger"], row["storage"])
        theirs[key] = tuple(int(row[column] or 0) for column in columns)
        if key in efficiency and _efficiency_differs(efficiency[key], row["efficiency"]):
            yield f"storage.csv: {' '.join(key)}: efficiency {efficiency[key]} here, {row['efficiency']} there"
    yield from nonzero(f"storage.csv {columns}", mine, theirs, (0, 0, 0, 0))


def differences(folder, books, figures, printed):
    """Every difference, tables last."""
    at = [text_of(start) for start in books.pack.starts()]
    yield from results(folder, printed)
    yield from intervals(folder, figures, at)
    yield from allocations(folder, books, at)
    yield from unmatched(folder, figures, at)
    yield from storage(folder, books, at)
    for comparison in (*COMPARISONS, flags):
        yield from comparison(folder, books, figures, printed, at)
