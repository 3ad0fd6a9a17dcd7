"""Names, in one place: ruleset keys, grid series, units, figures of results.json."""

import sys
from fractions import Fraction

from audit.exact import AuditError, number

# Steps of an allocation order; `contracts` of a ruleset are two here.
STEPS = {"sss": ("sss",), "legacy": ("legacy",), "self_generation": ("self_generation",),
         "contracts": ("dedicated", "shared"), "storage": ("storage",), "unbundled": ("unbundled",)}
TIERS = ("residual_intensity", "residual_computed", "fossil_intensity", "default_fossil")
NOT_PURCHASED = ("self_generation", "storage")
# Of `control_approach`, the approach under which inventories are multiplied by ownership shares.
EQUITY = "equity"

_NOTED = set()


def note(text):
    """Something the reader should know, once, on stderr."""
    if text not in _NOTED:
        _NOTED.add(text)
        print(f"note: {text}", file=sys.stderr)


class Ruleset:
    """What is used of inputs/ruleset.toml beside `[rules]`."""

    def __init__(self, table):
        try:
            self.inventory_order, self.matching_order = (
                [step for word in table[key] for step in STEPS[word]] for key in ("allocation_order", "matching_order"))
            self.carbon_free = set(table["carbon_free"])
            self.estimate_days = table["estimate_days"]
            # The load-side price must lie below this multiple of the generation-side price; 0 lets nothing pass.
            self.price_ratio = Fraction(number(table["price_test_ratio"]))
            self.tiers = table["fallback_tiers"]
        except KeyError as error:
            raise AuditError(f"the ruleset does not tell {error}") from None
        if set(self.tiers) - set(TIERS) or self.tiers[-1:] != [TIERS[-1]]:
            raise AuditError(f"fallback tiers {self.tiers} are not known")


# Levels a boundary may have, by the last part of their series' names.
LEVELS = {"cfe_share": "share", "carbon_intensity": "factor", "fossil_intensity": "factor",
          "residual_intensity": "factor", "sss_share": "share", "price": "price"}
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


def volume_of(name, fuels):
    """What volume `grid/<boundary>/<name>` is: ("fuel", fuel), ("_issued", fuel), or None."""
    if name in fuels:
        return "fuel", name
    for suffix in FUEL_SUFFIXES:
        if name.endswith(suffix) and name.removesuffix(suffix) in fuels:
            return suffix, name.removesuffix(suffix)
    return None


# Base units, and those that tests write.
_UNITS = {"energy": {"Wh": 1}, "factor": {"mg/kWh": 1, "g/kWh": 1000},
          "share": {"share": 1, "1e-18": Fraction(1, 10**18)}, "price": {"1e-6/MWh": 1, "currency/MWh": 10**6}}


def scale(unit, kind):
    """What one of a unit is, in Wh, mg/kWh, as a share, or in millionths of a currency per MWh."""
    if unit not in _UNITS[kind]:
        raise AuditError(f"unit {unit!r} is not a known unit of {kind}")
    return _UNITS[kind][unit]
