"""The tables of a pack against what was computed here."""

import csv
from fractions import Fraction
from pathlib import Path

from audit import certificates
from audit.backed import claim
from audit.exact import floor, number
from audit.readings import QUALITIES


def rows(folder, name):
    """Rows of a computed table, none where the pack is of a format without it."""
    path = Path(folder) / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(value):
    """A cell."""
    return "" if value is None else str(value)


def compare(name, mine, theirs, keys):
    """Differences of a table: `mine` by key to column to value, `theirs` the pack's rows. What a pack has no column for
    is not compared."""
    seen = set()
    for row in theirs:
        key = tuple(row[column] for column in keys)
        if key in seen:
            yield f"{name}: {' '.join(key)} stands twice"
        seen.add(key)
        if key not in mine:
            yield f"{name}: {' '.join(key)}: nothing here, {row} there"
            continue
        for column, value in mine[key].items():
            if column in row and text(value) != row[column]:
                yield f"{name}: {' '.join(key)} {column}: {text(value)} here, {row[column]} there"
    for key in sorted(mine.keys() - seen):
        yield f"{name}: {' '.join(key)}: {mine[key]} here, nothing there"


def ordered(name, theirs, keys):
    """Whether rows stand in order, ids bytewise."""
    last = ()
    for row in theirs:
        place = tuple(row[column].encode() for column in keys)
        if place < last:
            yield f"{name}: {[row[column] for column in keys]} is out of order"
        last = place


def intervals(folder, books, figures, printed, at):
    """intervals.csv."""
    columns = ("load_wh", "contracted_wh", "matched_wh", "stored_wh", "surplus_wh", "unmatched_wh", "grid_cfe_wh")
    mine = {(boundary, at[t]): dict(zip(columns, row)) for (boundary, t), row in figures.intervals.items()}
    if figures.backing:
        for (boundary, t) in figures.intervals:
            backed = figures.backing.by_boundary.get((boundary, t), 0) if figures.backing.known else None
            mine[boundary, at[t]]["backed_wh"] = backed
    theirs = rows(folder, "intervals.csv")
    if figures.backing and theirs and "backed_wh" not in theirs[0]:
        yield "intervals.csv: has no backed_wh"
    yield from compare("intervals.csv", mine, theirs, ("boundary", "start"))


def site_intervals(folder, books, figures, printed, at):
    """site_intervals.csv."""
    given, mine = {}, {}
    for t, site, _, wh, _ in books.inventory.rows:
        given[site, t] = given.get((site, t), 0) + wh
    for (site, t), (load, left, grid) in figures.site_intervals.items():
        here = books.loads[site]
        mine[site, at[t]] = {
            "boundary": here.boundary[t], "load_wh": load, "metered_load_wh": here.metered[t],
            "purchased_wh": here.bought[t], "scope_1_wh": here.fossil[t], "matched_wh": load - left,
            "grid_cfe_wh": grid, "inventory_allocated_wh": given.get((site, t), 0),
            "quality": QUALITIES[here.quality(t)]}
    yield from compare("site_intervals.csv", mine, rows(folder, "site_intervals.csv"), ("site", "start"))


def allocations(folder, books, figures, printed, at):
    """allocations.csv, both ledgers: Wh, order, and the rule: how a contract is shared, or the step."""
    sharing = {contract.id: contract.sharing for contract in books.pack.contracts if contract.kind == "hourly"}
    mine = {}
    for ledger in (books.matching, books.inventory):
        for t, site, instrument, wh, step in ledger.rows:
            key = (at[t], ledger.name, site, instrument)
            mine[key] = {"wh": wh, "rule": sharing.get(instrument, step)}
    theirs = rows(folder, "allocations.csv")
    yield from compare("allocations.csv", mine, theirs, ("start", "ledger", "site", "contract"))
    yield from ordered("allocations.csv", theirs, ("start", "site", "contract"))


def source_of(tier, boundary):
    """Where a fallback factor comes from."""
    return {"residual_intensity": f"grid/{boundary}/residual_intensity",
            "residual_computed": f"grid/{boundary}/<fuel> less issued volumes",
            "fossil_intensity": f"grid/{boundary}/fossil_intensity or its coal gas and oil",
            "default_fossil": f"default of boundary {boundary}"}[tier]


def unmatched(folder, books, figures, printed, at):
    """unmatched.csv: energy, factor and tier; own generation that is not carbon-free beside it."""
    mine = {}
    for kind, table in (("left", figures.unmatched), ("own", figures.scope_1)):
        for (site, t), (boundary, wh, factor, tier) in table.items():
            source = f"site/{site}/onsite_generation" if kind == "own" else source_of(tier, boundary)
            mine[at[t], site, kind] = {"boundary": boundary, "wh": wh, "factor_mg_per_kwh": factor, "tier": tier,
                                       "source": source}
    theirs = [dict(row, kind="own" if row["tier"] == "scope_1" else "left") for row in rows(folder, "unmatched.csv")]
    yield from compare("unmatched.csv", mine, theirs, ("start", "site", "kind"))


def instrument_intervals(folder, books, figures, printed, at):
    """instrument_intervals.csv: what each instrument delivered, what became of it, and what of that is backed."""
    mine = {}
    for ledger in (books.matching, books.inventory):
        for instrument, volumes in ledger.delivered.items():
            for t, wh in volumes.items():
                used = ledger.allocated.get(instrument, {}).get(t, 0)
                kept = ledger.stored.get(instrument, {}).get(t, 0)
                certified = books.supply.certified.get(instrument)
                mine[instrument, at[t], ledger.name] = {
                    "delivered_wh": wh, "allocated_wh": used, "stored_wh": kept, "surplus_wh": wh - used - kept,
                    "backed_wh": min(used, certified[t]) if certified else 0}
    theirs = rows(folder, "instrument_intervals.csv")
    yield from compare("instrument_intervals.csv", mine, theirs, ("contract", "start", "ledger"))


def instruments(folder, books, figures, printed, at):
    """instruments.csv: sums of both ledgers, the factor, and on what claims rest."""
    pack, loads, mine = books.pack, books.loads, {}
    for contract in pack.contracts:
        kind = "contracts" if contract.kind == "hourly" else contract.kind
        mine[contract.id,] = {"kind": kind, "boundary": contract.boundary, "technology": contract.technology}
        if pack.rules.certificates:
            words, counted, held, used = claim(pack, books, contract)
            mine[contract.id,].update({"claim": words, "cancelled_wh": counted, "held_wh": held, "backed_wh": used})
    for site, load in loads.items():
        if any(load.self_free):
            mine[f"onsite/{site}",] = {"kind": "self_generation", "boundary": load.boundary[0],
                                       "technology": load.site.technology}
    for boundary, market in books.markets.items():
        if any(share is not None for share in market.sss_share):
            mine[f"sss/{boundary}",] = {"kind": "sss", "boundary": boundary, "technology": "standard supply"}
    for name, meter in books.meters.items():
        mine[f"storage/{name}",] = {"kind": "storage", "boundary": loads[meter.site].boundary[0],
                                    "technology": "storage"}
    for (name,), row in mine.items():
        row["ef_mg_per_kwh"] = figures.inventories.factor(name)
        row.update(_sums(books, name))
    yield from compare("instruments.csv", mine, rows(folder, "instruments.csv"), ("contract",))


def _sums(books, name):
    """What an instrument delivered over the period, and what became of it in each ledger."""
    found, delivered = {}, []
    for ledger, prefix in ((books.matching, ""), (books.inventory, "inventory_")):
        sums = [sum(book.get(name, {}).values()) for book in (ledger.delivered, ledger.allocated, ledger.stored)]
        unplaced = books.supply.unplaced.get(name, 0) if prefix else 0
        delivered.append(sums[0] + unplaced)
        found[f"{prefix}allocated_wh"], found[f"{prefix}stored_wh"] = sums[1:]
        found[f"{prefix}surplus_wh"] = delivered[-1] - sums[1] - sums[2]
    found["delivered_wh"] = delivered[0] if name.startswith("storage/") else max(delivered)
    if name in books.supply.delivered:
        found["delivered_wh"] = sum(books.supply.delivered[name]) + books.supply.unplaced.get(name, 0)
    return found


def storage(folder, books, figures, printed, at):
    """storage.csv: of ledgers that know storage; in earlier versions of both."""
    mine = {}
    for ledger in (books.matching, books.inventory):
        if ledger.name == "inventory" and books.pack.rules.inventory_load:
            continue
        for name, meter in books.meters.items():
            for t, flows in enumerate(zip(meter.charge, meter.discharge)):
                clean, reissued = ledger.storage_rows.get((name, t), (0, 0, 0, 0))[1:4:2]
                if any(flows):
                    efficiency = floor(meter.efficiency[t] * 1_000_000)
                    mine[name, at[t], ledger.name] = {
                        "charge_wh": flows[0], "clean_charge_wh": clean, "discharge_wh": flows[1],
                        "reissued_wh": reissued, "efficiency": f"{efficiency // 10**6}.{efficiency % 10**6:06d}"}
    yield from compare("storage.csv", mine, rows(folder, "storage.csv"), ("storage", "start", "ledger"))


def reconciliations(folder, books, figures, printed, at):
    """reconciliations.csv: bills against what was purchased."""
    mine = {}
    for row in printed["invoices"]:
        covered = row["hourly_wh"] is not None
        mine[row["invoice"], row["site"]] = {
            "invoice_wh": row["wh"], "metered_wh": row["hourly_wh"],
            "difference_wh": row["hourly_wh"] - row["wh"] if covered else None,
            "outcome": "not covered" if not covered else "within" if row["within"] else "outside"}
    yield from compare("reconciliations.csv", mine, rows(folder, "reconciliations.csv"), ("invoice", "site"))


def interval_factors(folder, books, figures, printed, at):
    """interval_factors.csv: what each boundary's energy is weighed with."""
    theirs, mine = rows(folder, "interval_factors.csv"), {}
    for boundary, market in books.markets.items() if theirs else ():
        for t, start in enumerate(at):
            factor, tier = market.fallback[t]
            share = None if market.share is None else Fraction(market.share[t])
            mine[boundary, start] = {
                "factor_basis": market.basis, "intensity_mg_per_kwh": market.intensity and market.intensity[t],
                "upstream_mg_per_kwh": market.upstream and market.upstream[t],
                "cfe_share": None if share is None else f"{share.numerator}/{share.denominator}",
                "fallback_mg_per_kwh": factor, "tier": tier, "source": source_of(tier, boundary)}
    yield from compare("interval_factors.csv", mine, theirs, ("boundary", "start"))


def price_tests(folder, books, figures, printed, at):
    """price_tests.csv: prices of both sides of a link, and whether energy passes."""
    mine = {}
    for (source, target), outcomes in books.passes.items():
        for t, passed in enumerate(outcomes):
            mine[source, target, at[t]] = {
                "load_price": books.markets[target].price[t], "generation_price": books.markets[source].price[t],
                "passed": str(passed).lower()}
    yield from compare("price_tests.csv", mine, rows(folder, "price_tests.csv"), ("from", "to", "start"))


def certificates_used(folder, books, figures, printed, at):
    """certificates_used.csv: whose certificates are whose, which count, and what production they found."""
    mine = certificates.used(books.pack, books.supply)
    theirs = rows(folder, "certificates_used.csv")
    for row in theirs:
        if number(row["wh"]) < number(row.get("laid_wh", 0)):
            yield f"certificates_used.csv: {row['certificate']} is laid over more than it is of"
    yield from compare("certificates_used.csv", mine, theirs, ("contract", "certificate"))


COMPARISONS = (intervals, allocations, unmatched, storage, site_intervals, instrument_intervals, instruments,
               reconciliations, interval_factors, price_tests, certificates_used)
