"""Series, units and rounding: section 9."""

import math
import re
from fractions import Fraction

from rebuild.said import need

DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
PRICE = re.compile(r"^[A-Z]{3}/MWh$")
ENERGY = {"Wh": 1, "kWh": 10**3, "MWh": 10**6}
POWER = {"W": 1, "kW": 10**3, "MW": 10**6}
# Of carbon dioxide or its equivalent, behind a mass.
CARBON = re.compile(r"(CO2|CO\u2082)(eq|e)?\Z")
INTENSITY = {"mg/kWh": 1, "g/kWh": 10**3, "kg/MWh": 10**3, "t/MWh": 10**6, "lb/MWh": Fraction("453.59237")}
OTHER = {"share": ("1e-18", 10**18), "percent": ("1e-18", 10**16), "currency/MWh": ("1e-6/MWh", 10**6),
         "C": ("mC", 10**3)}
FUELS = "biomass coal gas geothermal hydro nuclear oil other solar wind".split()
UP = "load import charge resold carbon_intensity residual_intensity fossil_intensity".split()
# These may stand in a form; no pack has readings of them.
UNREAD = ["demand", "marginal_intensity"]
DOWN = ("generation onsite_generation export discharge state cfe_share sss_share".split() + FUELS
        + [f"{fuel}_{volume}" for fuel in FUELS for volume in ("issued", "sss", "expired")])


def number(text):
    """An exact decimal."""
    need(DECIMAL.fullmatch(text), f"`{text}` is no decimal number")
    return Fraction(text)


def unread(series):
    """Whether no pack has readings of a series that forms may have."""
    return series.rpartition("/")[2] in UNREAD


def plain(unit):
    """`g/kWh` of `gCO2eq/kWh`, `lb/MWh` of `lbs CO2/MWh`; any other unit as it stands."""
    mass, _, energy = unit.partition("/")
    mass = CARBON.sub("", mass).rstrip()
    intensity = f"{'lb' if mass == 'lbs' else mass}/{energy}"
    return intensity if intensity in INTENSITY else unit


def based(series, value, unit, seconds):
    """A value in its base unit, rounded once, and that unit."""
    unit = plain(PRICE.sub("currency/MWh", unit))
    if unit in ENERGY:
        exact, base = value * ENERGY[unit], "Wh"
    elif unit in POWER:
        exact, base = value * POWER[unit] * seconds / 3600, "Wh"
    elif unit in INTENSITY:
        exact, base = value * INTENSITY[unit], "mg/kWh"
    else:
        need(unit in OTHER, f"`{unit}` is no unit")
        base, factor = OTHER[unit]
        exact = value * factor
    leaf = series.rpartition("/")[2]
    if leaf in ("price", "temperature"):
        return math.floor(exact + Fraction(1, 2)), base
    need(leaf in UP + UNREAD + DOWN, f"{series}: how it is rounded is not known")
    return (math.floor if leaf in DOWN else math.ceil)(exact), base
