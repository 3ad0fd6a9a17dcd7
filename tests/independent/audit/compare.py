"""What the pack printed against what was computed here: results.json, and the tables."""

import json
from pathlib import Path

from audit.cited import cited
from audit.exceptions import exceptions
from audit.instants import text_of
from audit.names import PATHS
from audit.overlaps import overlaps
from audit.tables import COMPARISONS


def _at(entry, figure):
    """(found, value) of a figure of results.json."""
    for word in PATHS.get(figure, figure).split("."):
        if not isinstance(entry, dict) or word not in entry:
            return False, None
        entry = entry[word]
    return True, entry


def results(folder, printed):
    """Differences of the totals, and of why load went unmatched. What is null may be left out."""
    theirs = json.loads((Path(folder) / "results.json").read_text(encoding="utf-8"))
    scopes = [("portfolio", printed["portfolio"], theirs["portfolio"])]
    if "unmatched" in printed:
        scopes.append(("unmatched", printed["unmatched"], theirs.get("unmatched")))
    for section in ("boundaries", "sites"):
        entries = {row["id"]: row["totals"] for row in theirs[section]}
        for name in sorted(entries.keys() ^ printed[section].keys()):
            yield f"results.json: {section} {name} stands on one side only"
        scopes += [(f"{section} {name}", figures, entries[name]) for name, figures in printed[section].items()
                   if name in entries]
    for scope, figures, entry in scopes:
        for figure, mine in figures.items():
            found, value = _at(entry, figure)
            if not found and mine is not None:
                yield f"results.json: {scope} has no {figure}: {mine} here"
            elif value != mine:
                yield f"results.json: {scope} {figure}: {mine} here, {value} there"


def differences(folder, books, figures, printed):
    """Every difference, totals first."""
    at = [text_of(start) for start in books.pack.starts()]
    yield from results(folder, printed)
    for comparison in (*COMPARISONS, exceptions, cited, overlaps):
        yield from comparison(folder, books, figures, printed, at)
