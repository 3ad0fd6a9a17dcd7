"""The factors that page one cites: which are in use, their values, and by whose publication."""

import json
import re
from pathlib import Path

from audit.names import TIERS

RESIDUAL, COMPUTED, FOSSIL, DEFAULT = TIERS
BY_INTERVAL, OF_THE_MIX = "by interval", "by interval, of the mix"


def cited(folder, books, figures, printed, at):
    """Differences of `disclosure.factors`."""
    said = json.loads((Path(folder) / "results.json").read_text(encoding="utf-8"))["disclosure"]["factors"]
    keys = ("subject", "what", "value", "basis", "publication", "year", "region")
    theirs = sorted(tuple(row[key] for key in keys) for row in said)
    mine = sorted(_factors(books))
    for side, rows, others in (("here", mine, theirs), ("there", theirs, mine)):
        for row in rows:
            if row not in others:
                yield f"results.json: disclosure.factors: {row} only {side}"


def _factors(books):
    """Every factor in use."""
    pack = books.pack
    publication = _publication(pack)
    for boundary, market in books.markets.items():
        for what, supplied, mixed, value in _of_boundary(pack, market):
            shown = None if value is None else _grams(value)
            if supplied:
                basis = market.feed_basis if pack.rules.factor_source else market.basis
                yield (boundary, what, shown or BY_INTERVAL, basis, *_stated(market.row))
            if mixed:
                yield (boundary, what, shown or OF_THE_MIX, pack.basis, *publication)
    for fuel in sorted({fuel for fuels in pack.expected.values() for fuel in fuels} & pack.factors.keys()):
        yield (fuel, "fuel of a grid mix", _grams(pack.factors[fuel][pack.basis]), pack.basis, *publication)
    if pack.rules.claimed_factor:
        for technology, factor in sorted(_claimed(pack)):
            yield (technology, "energy claimed", _grams(factor), pack.basis, *publication)
    if pack.rules.own_generation:
        burnt = {load.site.technology for load in books.loads.values() if any(load.fossil)} & pack.factors.keys()
        for technology in sorted(burnt):
            factor = pack.factors[technology]["direct"]
            yield (technology, "own generation, Scope 1", _grams(factor), "direct", *publication)


def _of_boundary(pack, market):
    """(what, whether it is supplied, whether it is weighed by the table of factors, a value of the whole period). Under
    earlier versions everything is cited by the boundary."""
    by_origin = pack.rules.factor_source
    tiers = {tier: factor for factor, tier in reversed(market.fallback)}
    found = []
    if by_origin or market.intensity:
        found.append(("location-based intensity", *market.intensity_from, None))
    found += [(tier, *origin, None) for tier, origin in (
        (RESIDUAL, (True, False)), (COMPUTED, (False, True)), (FOSSIL, market.fossil_from)) if tier in tiers]
    if DEFAULT in tiers:
        stated = market.row.get("default_fossil_mg_per_kwh") is not None
        found.append(("default_fossil", stated, not stated, tiers[DEFAULT]))
    annual = market.row.get("annual_residual_mg_per_kwh")
    if annual is not None:
        found.append(("annual residual", True, False, annual))
    return found if by_origin else [(what, True, False, value) for what, _, _, value in found]


def _claimed(pack):
    """(technology, mg/kWh) of contracts that state no factor."""
    for contract in pack.contracts:
        legacy = contract.kind == "legacy" and pack.boundaries[contract.boundary].get("legacy_mg_per_kwh") is not None
        if contract.ef is None and not legacy:
            yield contract.technology, pack.own_factor(contract)


def _stated(row):
    """The source a boundary states."""
    source = row.get("factor_source") or {}
    return tuple(source.get(key) or "not stated" for key in ("publication", "year", "region"))


def _publication(pack):
    """The table of factors: `publication (year) more; region` as its rows state it."""
    words, year, more, region = re.fullmatch(r"(.*) \((\d+)\)(.*); (.*)", pack.factor_source).groups()
    return words + more, year, region


def _grams(mg):
    return f"{mg // 1000}.{mg % 1000:03d} g/kWh"
