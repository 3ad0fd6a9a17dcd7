"""The inputs of a pack as Python values. Nothing here reads any file outside `inputs/`."""

import csv
import json
import tomllib
from fractions import Fraction
from pathlib import Path

from audit import instants
from audit.exact import AuditError, number
from audit.names import EQUITY, Ruleset, note
from audit.rules import Rules


class Contract:
    """A contract of books.json."""

    def __init__(self, row):
        self.id = row["id"]
        self.boundary = row["boundary"]
        self.technology = row["technology"]
        self.ef = row.get("ef_mg_per_kwh")
        self.plant = row.get("plant")
        self.share = number(row.get("share", 1))
        self.changes = sorted((instants.seconds(c["from"]), number(c["value"])) for c in row.get("share_changes", []))
        self.kind = row.get("kind", "hourly")
        self.sharing = row.get("allocation", "proportional")
        self.sites = list(row["sites"])
        self.split = {site: number(part) for site, part in row.get("split", {}).items()}
        profile = row.get("profile")
        self.profile = profile and (profile["series"], profile["mean_w"], instants.interval(profile["over"]))
        self.shaped_w = row.get("shaped_w")
        self.annual_wh = row.get("annual_wh")
        self.valid_from = row.get("valid_from") and instants.seconds(row["valid_from"])
        self.valid_to = row.get("valid_to") and instants.seconds(row["valid_to"])
        self.certificates = row.get("certificates", "stated")
        self.beneficiary = row.get("beneficiary")

    @property
    def device(self):
        """The device its certificates name."""
        return self.plant or self.id

    @property
    def order(self):
        """Fewest sites first, then id bytewise."""
        return len(self.sites), self.id.encode()

    def valid(self, instant):
        """Whether its term holds an instant."""
        after = self.valid_from is None or instant >= self.valid_from
        return after and (self.valid_to is None or instant < self.valid_to)

    def share_at(self, instant):
        """Its share of the plant, nothing outside its term."""
        if not self.valid(instant):
            return 0
        share = self.share
        for since, value in self.changes:
            if since <= instant:
                share = value
        return share


class Site:
    """A site of books.json."""

    def __init__(self, row):
        self.id = row["id"]
        self.first = row["boundary"]
        self.changes = sorted((instants.seconds(c["from"]), c["value"]) for c in row.get("boundary_changes", []))
        self.time_zone = row.get("time_zone", "UTC")
        self.technology = row.get("onsite_technology")
        self.loss = number(row.get("loss_factor") or 0)
        owned = row.get("ownership_share")
        self.owned = 1 if owned is None else Fraction(number(owned))
        self.limit_w = row.get("limit_w")

    def boundary_at(self, instant):
        """The boundary it lies in."""
        boundary = self.first
        for since, value in self.changes:
            if since <= instant:
                boundary = value
        return boundary


def _table(path):
    """Rows of a CSV table as dicts; none where there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Pack:
    """Everything under inputs/ that a figure depends on."""

    def __init__(self, folder):
        inputs = Path(folder) / "inputs"
        books = json.loads((inputs / "books.json").read_text(encoding="utf-8"), parse_float=number)
        with (inputs / "ruleset.toml").open("rb") as file:
            table = tomllib.load(file, parse_float=number)
        self.rules = Rules(table.pop("rules", {}))
        self.ruleset = Ruleset(table)
        d = books["definitions"]
        self.step = instants.resolution(d["resolution"])
        self.start, self.end = instants.interval(books["period"])
        if self.start % self.step or self.end % self.step or self.end <= self.start:
            raise AuditError("the period does not lie on the grid")
        self.first = self.start // self.step
        self.count = (self.end - self.start) // self.step
        self.as_of = books.get("as_of")
        self.time_zone = d.get("time_zone", "UTC")
        self.basis = d.get("factor_basis") or ("direct" if self.rules.factor_basis else "life-cycle")
        disclosure = d.get("disclosure") or {}
        self.equity = self.rules.ownership and EQUITY in (disclosure.get("control_approach") or "").lower()
        self.missing_load = d.get("missing_load", "block")
        self.entity = (d.get("disclosure") or {}).get("reporting_entity")
        self.tolerance = number(d.get("reconciliation_tolerance", "0.005"))
        self.boundaries = {row["id"]: row for row in sorted(d["boundaries"], key=lambda b: b["id"].encode())}
        self.sites = {row["id"]: Site(row) for row in sorted(d["sites"], key=lambda s: s["id"].encode())}
        self.defined = [Contract(row) for row in d["contracts"]]
        self.contracts = sorted(self.defined, key=lambda c: c.order)
        self.storage = {row["id"]: row for row in sorted(d.get("storage", []), key=lambda s: s["id"].encode())}
        self.links = {(row["from"], row["to"]): row.get("nonpositive_price_passes", False)
                      for row in d.get("links", [])}
        self.factors = {}
        self.factor_source = ""
        for row in _table(inputs / "factors.csv"):
            self.factor_source = row.get("source", "")
            self.factors[row["fuel"]] = {
                "life-cycle": int(row["life_cycle_mg_per_kwh"]), "direct": int(row["direct_mg_per_kwh"]),
                "fossil": row["fossil"] == "true"}
        # Fuels each boundary's area normally reports.
        self.expected = {boundary: set((books.get("fuels") or {}).get(boundary, ())) for boundary in self.boundaries}
        self.readings = _table(inputs / "readings.csv")
        self.certificates = _table(inputs / "certificates.csv")
        self.invoices = _table(inputs / "invoices.csv")
        revisions = {(row["recorded"], row["file_sha256"]) for row in _table(inputs / "revisions.csv")}
        stray = {(row["recorded"], row["file_sha256"]) for row in self.readings} - revisions
        if stray:
            note(f"{len(stray)} revisions of readings.csv are not in revisions.csv, such as {sorted(stray)[0]}")

    def starts(self):
        """The start of every interval of the period."""
        return range(self.start, self.end, self.step)

    def is_carbon_free(self, technology):
        """Whether the ruleset lists a technology as carbon-free."""
        return technology in self.ruleset.carbon_free

    def entity_of(self, contract):
        """For whom its certificates are cancelled: its beneficiary, else the reporting entity, else nobody."""
        return contract.beneficiary or self.entity

    def own_factor(self, contract):
        """mg/kWh of a contract: its own, else its technology's (in earlier versions nothing), else the highest fossil
        one."""
        if contract.ef is not None:
            return contract.ef
        if contract.kind == "legacy":
            stated = self.boundaries[contract.boundary].get("legacy_mg_per_kwh")
            if stated is not None:
                return stated
        if not self.rules.claimed_factor:
            return 0
        if contract.technology not in self.factors:
            return max(row[self.basis] for row in self.factors.values() if row["fossil"])
        return self.factors[contract.technology][self.basis]
