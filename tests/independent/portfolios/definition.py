"""The definitions of a random portfolio: boundaries, sites, storage, contracts, links, as values and as TOML."""

from fractions import Fraction

from portfolios.chance import text_of

CARBON_FREE = ("solar", "wind", "hydro", "nuclear", "geothermal")
BURNT = ("gas", "coal", "oil", "biomass")
ENTITY, OTHER_ENTITY = "Example AI Ltd", "Somebody Else Ltd"
ZONES = ("UTC", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Adelaide", "America/St_Johns",
         "Asia/Kathmandu", "Australia/Lord_Howe")
# Near changes of clocks and of the year, and some plain days.
STARTS = ("2025-03-29T22:00", "2025-10-25T20:00", "2025-10-04T12:00", "2025-04-05T12:00", "2025-03-09T00:00",
          "2025-11-02T00:00", "2025-12-31T12:00", "2026-01-01T00:00", "2025-06-30T21:00", "2025-07-15T00:00",
          "2026-02-27T18:00", "2025-05-05T05:00")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Definition:
    """Everything hourmatch.toml says."""

    def __init__(self, c, ruleset):
        from datetime import datetime, timezone
        self.c, self.ruleset = c, ruleset
        self.minutes = c.choice((5, 15, 30, 60, 60, 60))
        c.mark(f"resolution_{self.minutes}")
        self.step = self.minutes * 60
        self.count = c.randint(4, c.choice((6, 12, 30, 60)))
        at = datetime.strptime(c.choice(STARTS), "%Y-%m-%dT%H:%M").replace(tzinfo=timezone.utc)
        self.start = int(at.timestamp()) + self.step * c.randint(0, 12)
        self.end = self.start + self.count * self.step
        self.zone = c.choice(ZONES)
        if self.zone != "UTC":
            c.mark("zone")
        self.estimate = c.has("missing_load_estimate", 0.55)
        self.basis = c.choice((None, "direct", "life-cycle", "life-cycle"))
        c.mark(f"basis_{self.basis}")
        self.approach = c.choice((None, "operational control", "financial control", "equity share", "equity share"))
        if self.approach:
            c.mark("approach_" + self.approach.replace(" ", "_"))
        self.entity = c.choice((None, ENTITY, ENTITY))
        self.boundaries = [self._boundary(i) for i in range(c.randint(1, c.choice((1, 2, 2, 4))))]
        self.sites = [self._site(i) for i in range(c.randint(1, c.choice((1, 3, 6))))]
        self.storage = [row for site in self.sites for row in self._storage(site)]
        self.links = self._links()
        self.contracts = []
        for i in range(c.randint(0, 6)):
            self._contract(i)
        self._nest()

    def instants(self):
        """The start of every interval."""
        return range(self.start, self.end, self.step)

    def some_instant(self):
        """A start of an interval, now and then before or after the period."""
        return self.start + self.step * self.c.randint(-1, self.count + 1)

    def _boundary(self, i):
        c = self.c
        row = {"id": "ABCD"[i] + c.choice(("", "-1", "_x"))}
        if c.has("default_fossil", 0.25):
            row["default_fossil_g_per_kwh"] = c.choice((900.0, 812.345, 0.0))
        if c.has("sss_factor", 0.2):
            row["sss_g_per_kwh"] = c.choice((0.0, 12.5, 301.0))
        if c.has("legacy_factor", 0.2):
            row["legacy_g_per_kwh"] = c.choice((0.0, 24.0))
        if c.has("annual_residual", 0.25):
            row["annual_residual_g_per_kwh"] = c.choice((420.0, 333.333))
        if c.has("factor_source", 0.2):
            row["factor_source"] = {"publication": "Residual mix", "year": "2025", "region": row["id"]}
        if c.has("boundary_basis", 0.08):
            row["factor_basis"] = c.choice(("direct", "life-cycle"))
        return row

    def _site(self, i):
        c = self.c
        row = {"id": c.choice(("s", "S", "site-", "z")) + LETTERS[i], "boundary": c.choice(self.boundaries)["id"],
               "it_capacity_mw": 10.0, "meters": c.choice(("load", "channels"))}
        if c.has("site_both", 0.08):
            row["meters"] = "both"
        c.mark("site_" + row["meters"])
        if c.has("site_zone", 0.3):
            row["time_zone"] = c.choice(ZONES)
        if row["meters"] != "load":
            technology = c.weighted(solar=3, wind=1, gas=3, coal=1, biomass=1, none=1)
            if technology != "none":
                row["onsite_technology"] = technology
                c.mark("own_carbon_free" if technology in CARBON_FREE else "own_fossil")
        if c.has("losses", 0.2):
            row["loss_factor"] = c.choice((0.04, 0.015, 0.1))
        if c.has("ownership", 0.35):
            row["ownership_share"] = c.choice((0.5, 0.333, 0.51, 1.0, 0.0))
        if len(self.boundaries) > 1 and c.has("site_moves", 0.12):
            row["moves"] = (self.some_instant(), c.choice(self.boundaries)["id"])
        return row

    def _storage(self, site):
        c = self.c
        behind = site["meters"] != "load"
        for i in range(c.choice((0, 1, 1, 2) if behind else (0, 0, 0, 1))):
            c.mark("storage_behind_channels" if behind else "storage_at_load_only")
            row = {"id": f"bat-{site['id']}-{i}", "site": site["id"]}
            if c.chance(0.7):
                row["eff_charge"], row["eff_discharge"] = c.choice(((0.9, 0.95), (1.0, 0.85), (0.92, 0.92)))
            if c.chance(0.2):
                row["efficiency_months"] = c.choice((1, 2, 3, 6))
            yield row

    def _links(self):
        c, found = self.c, []
        for a in self.boundaries:
            for b in self.boundaries:
                if a is not b and c.has("link", 0.3):
                    found.append({"from": a["id"], "to": b["id"]})
                    if c.chance(0.3):
                        found[-1]["nonpositive_price_passes"] = c.chance(0.7)
        return found

    def _sites_of(self, boundary):
        """Sites that ever lie in a boundary."""
        return [site["id"] for site in self.sites
                if site["boundary"] == boundary or site.get("moves", (0, None))[1] == boundary]

    def _contract(self, i):
        c = self.c
        boundary = c.choice(self.boundaries)["id"]
        here = self._sites_of(boundary)
        kind = c.weighted(hourly=6, legacy=1, unbundled=1)
        near = list(here)
        if kind != "legacy":
            for link in self.links:
                if link["from"] == boundary and c.has("contract_over_link", 0.6):
                    near += [site for site in self._sites_of(link["to"]) if site not in near]
        if not near:
            return
        row = {"id": c.choice(("c", "C", "k-", "w")) + str(i), "boundary": boundary, "kind": kind}
        row["technology"] = c.choice(BURNT) if c.has("fossil_contract", 0.12) else c.choice(CARBON_FREE)
        if row["technology"] in BURNT or c.has("contract_factor", 0.06):
            row["ef_g_per_kwh"] = c.choice((490.0, 123.456, 20.0))
        c.mark(kind)
        if near == here and c.chance(0.4):
            row["served"] = None
        else:
            row["served"] = c.sample(near, c.randint(1, len(near)))
        self._plant(row)
        self._terms(row)
        served = row["served"] or here
        row["allocation"] = c.choice(("proportional", "priority", "equal_share", "pro_rata_contract"))
        if row["allocation"] == "pro_rata_contract":
            self._split(row, served)
        if len(served) > 1:
            c.mark("shared_by_" + row["allocation"])
        self.contracts.append(row)

    def _split(self, row, served):
        c = self.c
        if c.chance(0.5):
            whole = c.choice((len(served), 7, 10, 20))
            row["split"] = {site: Fraction(1, max(len(served), whole)) for site in served}
        else:
            weights = [c.randint(0, 9) for _ in served]
            whole = sum(weights) + c.choice((0, 0, 1, 5))
            row["split"] = {site: Fraction(w, max(1, whole)) for site, w in zip(served, weights)}
        if sum(row["split"].values()) < 1:
            c.mark("split_below_1")

    def _plant(self, row):
        c = self.c
        sold = {}
        for other in self.contracts:
            if other.get("plant"):
                sold[other["plant"]] = sold.get(other["plant"], 0) + max(
                    other.get("share", Fraction(1)), other.get("changes", (0, Fraction(0)))[1])
        open_plants = [plant for plant, part in sold.items() if part < 1]
        if open_plants and c.has("plant_shared", 0.5):
            row["plant"] = c.choice(open_plants)
            row["technology"] = next(o["technology"] for o in self.contracts if o.get("plant") == row["plant"])
            if row["technology"] in BURNT:
                row["ef_g_per_kwh"] = 490.0
            row["share"] = min(Fraction(*c.fraction()), 1 - sold[row["plant"]])
        elif c.chance(0.4):
            row["plant"] = f"p{len(self.contracts)}"
            if c.chance(0.7):
                row["share"] = Fraction(*c.fraction())
        elif c.has("share_of_own", 0.2):
            row["share"] = Fraction(*c.fraction())
        if "share" in row and c.has("share_changes", 0.15):
            row["changes"] = (self.some_instant(), row["share"] * Fraction(c.randint(0, 4), 4))

    def _terms(self, row):
        c, kind = self.c, row["kind"]
        if c.has("term", 0.12):
            edge = self.some_instant()
            row["valid_from" if c.chance(0.5) else "valid_to"] = edge
        if kind == "hourly" and c.has("shaped", 0.12):
            row["shaped_mw"] = c.choice((0.0002, 0.00005, 0.001))
        if kind == "legacy" and c.has("legacy_annual", 0.5):
            row["annual_mwh"] = c.choice((1.0, 0.05, 20.0))
        feature = "legacy_required" if kind == "legacy" else "certificates_required"
        if kind == "unbundled" or c.has(feature, 0.3):
            if kind != "unbundled":
                row["certificates"] = "required"
            if not c.has("required_without_beneficiary", 0.04):
                row["beneficiary"] = ENTITY
        elif c.chance(0.4):
            row["beneficiary"] = c.choice((ENTITY, OTHER_ENTITY))

    def _nest(self):
        """Takes out contracts whose site lists cross those of earlier ones of their kind."""
        kept = []
        for row in self.contracts:
            mine = set(row["served"] or self._sites_of(row["boundary"]))
            lists = [set(o["served"] or self._sites_of(o["boundary"])) for o in kept if o["kind"] == row["kind"]]
            crossing = any(mine & other and not (mine <= other or other <= mine) for other in lists)
            if not crossing or self.c.has("lists_cross", 0.01):
                kept.append(row)
        self.contracts = kept

    def toml(self):
        """hourmatch.toml."""
        lines = ["[portfolio]", 'name = "random"', "synthetic = true", f'resolution = "{self.minutes}min"',
                 f'time_zone = "{self.zone}"']
        if self.ruleset:
            lines.append(f'ruleset = "{self.ruleset}"')
        if self.basis:
            lines.append(f'factor_basis = "{self.basis}"')
        if self.estimate:
            lines += ["[policy]", 'missing_load = "estimate"']
        stated = {"reporting_entity": self.entity, "control_approach": self.approach}
        if any(stated.values()):
            lines += ["[disclosure]"] + [f'{key} = "{value}"' for key, value in stated.items() if value]
        tables = [("boundary", row) for row in self.boundaries] + [("site", row) for row in self.sites]
        tables += [("storage", row) for row in self.storage] + [("link", row) for row in self.links]
        tables += [("contract", row) for row in self.contracts]
        for table, row in tables:
            lines += [f"[[{table}]]"] + [line for key, value in row.items() for line in _line(key, value)]
        return "\n".join(lines) + "\n"


def _line(key, value):
    """A key of a table, if the portfolio has it."""
    if key == "meters" or (key == "served" and value is None) or (key == "kind" and value == "hourly"):
        return
    if key == "served":
        key, value = "sites", "[" + ", ".join(f'"{site}"' for site in value) + "]"
    elif key == "moves":
        key, value = "boundary_changes", f'[{{ from = "{text_of(value[0])}", boundary = "{value[1]}" }}]'
    elif key == "changes":
        key, value = "share_changes", f'[{{ from = "{text_of(value[0])}", share = "{value[1]}" }}]'
    elif key == "factor_source":
        value = "{ " + ", ".join(f'{name} = "{text}"' for name, text in value.items()) + " }"
    elif key == "split":
        value = "{ " + ", ".join(f'"{site}" = "{part}"' for site, part in value.items()) + " }"
    elif key == "profile":
        series, mean, over = value
        edges = ", ".join(f'"{text_of(at)}"' for at in over)
        value = f'{{ series = "{series}", mean_mw = {mean}, over = [{edges}] }}'
    elif key in ("valid_from", "valid_to"):
        value = f'"{text_of(value)}"'
    elif isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, (str, Fraction)):
        value = f'"{value}"'
    yield f"{key} = {value}"
