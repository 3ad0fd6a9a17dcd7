"""Inputs of a pack, written by hand."""

import csv
import json
import tempfile
from pathlib import Path

from audit.books import Books
from audit.figures import Figures
from audit.instants import text_of

START = 1_767_225_600  # 2026-01-01T00:00:00Z
HOUR = 3600
RULESETS = Path(__file__).resolve().parents[3] / "reports" / "rulesets"
LATER, EARLIER = "hourly-2026@4.toml", "hourly-2026@2.toml"
FUELS = {"solar": (45, 0, 1, 0), "wind": (11, 0, 1, 0), "hydro": (24, 0, 1, 0), "nuclear": (12, 0, 1, 0),
         "gas": (490, 370, 0, 1), "coal": (820, 760, 0, 1), "biomass": (230, 0, 0, 0)}


def case(series, *, hours=1, minutes=60, contracts=(), certificates=(), invoices=(), rules=LATER, sites=None,
         boundaries=None, extra=(), **definitions):
    """Figures of a pack. `series`: name to values by interval (None is missing), or to (start, end, value) in minutes;
    values are Wh, g/kWh, or shares. Sites and boundaries are those of one site `s` in `A` unless said."""
    with tempfile.TemporaryDirectory(prefix="worked-") as folder:
        return _figures(Path(folder), series, hours, minutes, contracts, certificates, invoices, rules, sites,
                        boundaries, extra, definitions)


def _figures(folder, series, hours, minutes, contracts, certificates, invoices, rules, sites, boundaries, extra,
             definitions):
    """The files of a case, and what they come to."""
    step = minutes * 60
    inputs = folder / "inputs"
    inputs.mkdir()
    sites = [{"id": "s", "boundary": "A"}] if sites is None else sites
    boundaries = [{"id": "A"}] if boundaries is None else boundaries
    for contract in contracts:
        contract.setdefault("boundary", boundaries[0]["id"])
        contract.setdefault("technology", "wind")
        contract.setdefault("sites", [site["id"] for site in sites])
    books = {"definitions": {"resolution": f"{minutes}min", "time_zone": "UTC", "factor_basis": "direct",
                             "boundaries": boundaries, "sites": sites, "contracts": list(contracts), **definitions},
             "period": {"start": text_of(START), "end": text_of(START + hours * HOUR)}, "fuels": {}}
    (inputs / "books.json").write_text(json.dumps(books), encoding="utf-8")
    (inputs / "ruleset.toml").write_text((RULESETS / rules).read_text(encoding="utf-8"), encoding="utf-8")
    _table(inputs / "factors.csv", ["fuel", "life_cycle_mg_per_kwh", "direct_mg_per_kwh", "carbon_free", "fossil"],
           [(fuel, a * 1000, b * 1000, str(bool(c)).lower(), str(bool(d)).lower())
            for fuel, (a, b, c, d) in FUELS.items()])
    rows = []
    for name, values in series.items():
        for t, value in enumerate(values):
            if isinstance(value, tuple):
                rows.append(_row(name, START + value[0] * 60, START + value[1] * 60, *value[2:]))
            elif value is not None:
                rows.append(_row(name, START + t * step, START + (t + 1) * step, value))
    rows += [_row(*row) for row in extra]
    _table(inputs / "readings.csv",
           ["series", "start", "end", "value", "unit", "quality", "recorded", "file_sha256", "row"], rows)
    _table(inputs / "revisions.csv", ["recorded", "file_sha256"], sorted({(row[6], row[7]) for row in rows}))
    _table(inputs / "certificates.csv",
           ["id", "device", "technology", "start", "end", "first_wh", "last_wh", "status", "beneficiary", "contract",
            "issuance"],
           [_certificate(i, *row) for i, row in enumerate(certificates)])
    _table(inputs / "invoices.csv", ["invoice", "site", "start", "end", "wh"],
           [(f"i{i}", "s", text_of(START + a * HOUR), text_of(START + b * HOUR), wh)
            for i, (a, b, wh) in enumerate(invoices)])
    return Figures(Books(folder))


def _row(name, start, end, value, quality="measured", recorded=1):
    unit = "Wh"
    if name.endswith(("intensity",)):
        unit = "g/kWh"
    elif name.endswith(("cfe_share", "sss_share")):
        unit = "share"
    elif name.endswith("/price"):
        unit = "currency/MWh"
    return (name, text_of(start), text_of(end), value, unit, quality, f"2026-02-01T00:00:0{recorded}Z",
            f"file{recorded}", 1)


def _certificate(i, device, technology, first, last, wh, beneficiary="us", contract="", status="cancelled"):
    return (f"g{i}", device, technology, text_of(START + first * HOUR), text_of(START + last * HOUR), 1, wh, status,
            beneficiary, contract, f"i{i}")


def _table(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def column(figures, name, boundary="A"):
    """A column of the intervals of a boundary."""
    at = ("load", "contracted", "matched", "stored", "surplus", "unmatched", "grid").index(name)
    return [figures.intervals[boundary, t][at] for t in range(figures.pack.count)]


def portfolio(figures):
    """The portfolio's totals as a pack prints them."""
    return figures.printed()["portfolio"]


def given(figures, ledger):
    """Instrument to Wh allocated in a ledger."""
    found = {}
    for _, _, instrument, wh, _ in (figures.books.matching if ledger == "matching" else figures.books.inventory).rows:
        found[instrument] = found.get(instrument, 0) + wh
    return found
