"""Every name of the inputs that the documents leave open, in one place: ruleset keys, grid series, units."""

import re
import sys
from fractions import Fraction

from audit.exact import AuditError, number

STEPS = ("sss", "legacy", "self_generation", "dedicated", "shared", "storage", "unbundled")
TIERS = ("residual_intensity", "residual_computed", "fossil_intensity", "default_fossil")
NOT_MATCHING = ("sss", "legacy", "unbundled")
NOT_PURCHASED = ("self_generation", "storage")
# Of `control_approach`, the approach under which inventories are multiplied by ownership shares.
EQUITY = "equity"

_STEP_WORDS = {
    "standard_supply": "sss", "standard_supply_service": "sss", "self": "self_generation", "onsite": "self_generation",
    "on_site": "self_generation", "onsite_generation": "self_generation", "dedicated_contracts": "dedicated",
    "shared_contracts": "shared", "storage_discharge": "storage", "discharge": "storage",
    "unbundled_certificates": "unbundled", "legacy_contracts": "legacy",
}

_NOTED = set()


def note(text):
    """Something the reader should know, once, on stderr."""
    if text not in _NOTED:
        _NOTED.add(text)
        print(f"note: {text}", file=sys.stderr)


def steps(words):
    """The steps of an allocation order, in this program's words."""
    found = []
    for word in words:
        word = str(word).lower().replace("-", "_").replace(" ", "_")
        for step in ("dedicated", "shared") if word == "contracts" else (_STEP_WORDS.get(word, word),):
            if step not in STEPS:
                raise AuditError(f"allocation step {word!r} is not known")
            found.append(step)
    return found


def _flatten(table, prefix=""):
    """Dotted key to value of a nested table."""
    for key, value in table.items():
        path = f"{prefix}{key}".replace("-", "_")
        if isinstance(value, dict):
            yield from _flatten(value, path + ".")
        else:
            yield path, value


class Ruleset:
    """What is used of inputs/ruleset.toml: orders, carbon-free technologies, estimate days, price ratio, fallback."""

    def __init__(self, table):
        self.keys = dict(_flatten(table))
        order = self._find(r"^(?!.*matching)(.*\.)?((inventory_)?allocation_order|inventory_order)$", list)
        if order is None:
            order = self._find(r"inventory.*order|order.*inventory|allocation\.order$", list)
        if order is None:
            raise AuditError(f"the ruleset names no allocation order; its keys are {sorted(self.keys)}")
        self.inventory_order = steps(order)
        matching = self._find(r"matching.*order|order.*matching", list)
        named = steps(matching) if matching is not None else self.inventory_order
        self.matching_order = [step for step in named if step not in NOT_MATCHING]
        self.carbon_free = self._find(r"carbon_free|cfe_tech|(^|\.)cfe$", list)
        if self.carbon_free is None:
            note(f"the ruleset lists no carbon-free technologies: factors.csv used. keys: {sorted(self.keys)}")
        self.estimate_days = self._find(r"estimate.*days|days.*estimate|estimate_within", int)
        if self.estimate_days is None:
            note("the ruleset names no estimate days: 28 taken")
            self.estimate_days = 28
        self.price_ratio = self._ratio()
        self.default_fossil = self._default_fossil()
        self.tiers = self._tiers()

    def _find(self, pattern, kind):
        """The only value of a kind under a key of this pattern."""
        hits = [(key, value) for key, value in self.keys.items()
                if re.search(pattern, key) and isinstance(value, kind) and not isinstance(value, bool)]
        if len(hits) > 1:
            raise AuditError(f"the ruleset has several keys like {pattern!r}: {[key for key, _ in hits]}")
        return hits[0][1] if hits else None

    def _tiers(self):
        """The tiers of the fallback factor, in the ruleset's order where it has one."""
        found = self._find(r"fallback", list) or list(TIERS)
        if set(found) - set(TIERS) or found[-1:] != [TIERS[-1]]:
            raise AuditError(f"fallback tiers {found} are not known")
        return found

    def _ratio(self):
        """The load-side price must lie below this multiple of the generation-side price; 0 lets nothing pass a link."""
        for key, value in self.keys.items():
            if "price" not in key or isinstance(value, (bool, list)):
                continue
            try:
                value = number(value)
            except AuditError:
                continue
            if value == 0:
                return Fraction(0)
            for scale in (1, 100, 1000, 10_000, 1_000_000):
                if 1 <= Fraction(value) / scale <= 2:
                    return Fraction(value) / scale
        note(f"no price ratio found in the ruleset: 1.05 taken. keys: {sorted(self.keys)}")
        return Fraction(21, 20)

    def _default_fossil(self):
        """mg/kWh where a boundary states none."""
        for key, value in self.keys.items():
            if "fossil" in key and re.search(r"m?g_per_kwh$", key):
                return int(number(value) * (1 if key.endswith("mg_per_kwh") else 1000))
        return None


SERIES = {
    "cfe": ("cfe", "cfe_share", "carbon_free_share", "carbon_free", "cfe_fraction", "cfe_percent"),
    "intensity": ("intensity", "carbon_intensity", "location_intensity"),
    "fossil": ("fossil_intensity", "fossil"),
    "residual": ("residual", "residual_mix", "residual_intensity", "residual_mix_intensity"),
    "sss_share": ("sss_share",),
    "price": ("price",),
}
# Where a figure stands in the totals of results.json, if not under its own name.
PATHS = {figure: f"emissions.{figure}" for figure in (
    "location_based_g", "upstream_g", "market_based_hourly_g", "market_based_hourly_without_legacy_g",
    "market_based_annual_g", "scope_1_g")}
PATHS.update({figure: f"backed.{figure}" for figure in (
    "backed_matched_wh", "backed_matched_share", "intervals_fully_backed", "backed_annual_share",
    "backed_annual_share_capped", "market_based_hourly_claimed_wh", "market_based_hourly_backed_wh",
    "market_based_annual_claimed_wh", "market_based_annual_backed_wh")})
PATHS.update({f"{kind}.{quality}": f"quality.{kind}.{quality}" for kind in ("load", "generation")
              for quality in ("measured", "validated", "calculated", "estimated", "profiled", "missing")})
FUEL_SUFFIXES = ("_issued", "_sss", "_expired")


def grid_series(name, fuels):
    """What `grid/<boundary>/<name>` is: ("cfe", None), ("fuel", fuel), ("_issued", fuel), or None."""
    for kind, words in SERIES.items():
        if name in words:
            return kind, None
    fuel = name.removeprefix("fuel/").removeprefix("generation/").removesuffix("_generation")
    if name in fuels or fuel in fuels:
        return "fuel", name if name in fuels else fuel
    for suffix in FUEL_SUFFIXES:
        if name.endswith(suffix) and name.removesuffix(suffix) in fuels:
            return suffix, name.removesuffix(suffix)
    return None


_ENERGY = {"wh": 1, "kwh": 1000, "mwh": 10**6, "gwh": 10**9}
_FACTOR = {"mg/kwh": 1, "g/kwh": 1000, "kg/mwh": 1000, "kg/kwh": 10**6, "t/mwh": 10**6, "g/mwh": 1}
_SHARE = {"": 1, "1": 1, "share": 1, "fraction": 1, "ratio": 1, "%": Fraction(1, 100), "percent": Fraction(1, 100),
          "permille": Fraction(1, 1000), "ppm": Fraction(1, 10**6), "millionths": Fraction(1, 10**6),
          "micro": Fraction(1, 10**6), "ppb": Fraction(1, 10**9), "billionths": Fraction(1, 10**9),
          "nano": Fraction(1, 10**9)}


def scale(unit, kind):
    """What one of a unit is, in Wh, mg/kWh or as a share; a price keeps its unit, as only ratios of prices matter."""
    word = unit.strip().lower().replace("_per_", "/").replace(" per ", "/").removeprefix("gco2/").replace("co2e", "")
    if kind == "price":
        return 1
    if kind == "share":
        power = re.fullmatch(r"(?:1e|10\^)(-?\d+)", word)
        if power:
            return Fraction(10) ** int(power.group(1))
    table = {"energy": _ENERGY, "factor": _FACTOR, "share": _SHARE}[kind]
    if word not in table:
        raise AuditError(f"unit {unit!r} is not a known unit of {kind}")
    return table[word]
