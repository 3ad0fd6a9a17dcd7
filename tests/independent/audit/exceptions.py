"""Exceptions that the rules call for: how many Wh of each kind are said of each series, and over which time."""

from audit import certificates, instants
from audit.certificates import counts
from audit.tables import rows

# Kinds of which every one is worked out here. Others are not looked at.
KINDS = ("estimated_load", "partial_generation", "net_export", "no_certificates", "issued_over_production",
         "certificates_without_meter", "certificates_over_meter", "certificates_issued_twice",
         "certificates_partly_metered")


def exceptions(folder, books, figures, printed, at):
    """Differences of exceptions.csv: kind and series to Wh, and the first and last instant they are said of."""
    rules = books.pack.rules
    mine = {}
    found = list(_loads(books)) + list(_supply(books)) + list(_issued(books))
    if rules.certificates:
        found += [(*key, wh) for key, wh in certificates.excess(books.pack, books.supply).items()]
    for kind, series, start, end, wh in found:
        _add(mine, kind, series, start, end, wh)
    theirs = {}
    for row in rows(folder, "exceptions.csv"):
        if row["code"] in KINDS:
            start, end = (instants.seconds(row[edge]) for edge in ("start", "end"))
            _add(theirs, row["code"], row["series"], start, end, int(row["wh"]))
    for key in sorted(mine.keys() | theirs.keys()):
        if mine.get(key) != theirs.get(key):
            yield f"exceptions.csv: {' '.join(key)}: {mine.get(key)} here, {theirs.get(key)} there"


def _add(sums, kind, series, start, end, wh):
    first, last, before = sums.get((kind, series), (start, end, 0))
    sums[kind, series] = (min(first, start), max(last, end), before + wh)


def _loads(books):
    """Estimates, and hours in which more was exported than imported."""
    step = books.pack.step
    for site, load in books.loads.items():
        for at, missing, wh in load.lacking:
            yield ("estimated_load", missing.lacks[0][0].name, missing.open[0][0], missing.open[-1][1], wh)
        for at, wh in load.net_export:
            if wh:
                yield ("net_export", f"site/{site}/import", at * step, (at + 1) * step, wh)


def _supply(books):
    """Parts of intervals that nobody metered, and what counts for nothing since no certificate backs it."""
    pack, supply = books.pack, books.supply
    for contract, series, start, end in supply.gaps:
        if contract.annual_wh is None:
            yield ("partial_generation", f"contract/{contract.id}/generation", start, end, 0)
    for name, wh in supply.short_of_year.items():
        if wh:
            yield ("no_certificates", f"contract/{name}", pack.start, pack.end, wh)
    for contract in pack.contracts:
        short = supply.short.get(contract.id)
        told = pack.rules.certificates or contract.kind == "unbundled"
        if short is None or contract.annual_wh is not None or not told:
            continue
        times = [t for t, wh in enumerate(short) if wh]
        start, end = pack.start, pack.end
        none = not any(counts(pack, contract, row) for row in pack.certificates)
        if not (none and any(contract.valid(instant) for instant in pack.starts())):
            if not times:
                continue
            start, end = (pack.start + t * pack.step for t in (times[0], times[-1] + 1))
        yield ("no_certificates", f"contract/{contract.id}", start, end, sum(short))


def _issued(books):
    """Certificates issued beyond what a fuel produced."""
    step = books.pack.step
    for boundary, market in books.markets.items():
        for (fuel, t), wh in market.excess.items():
            start = books.pack.start + t * step
            yield ("issued_over_production", f"grid/{boundary}/{fuel}", start, start + step, wh)
