"""GB Carbon Intensity."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from rebuild import instants, units
from rebuild.feeds import plain
from rebuild.said import Differs, need

HALF = 1800
CARBON_FREE = ("nuclear", "hydro", "solar", "wind")


def intensity(text, start, area):
    """Grams of a half-hour."""
    series = f"grid/{area}/carbon_intensity"
    value, base = units.based(series, units.number(text), "g/kWh", HALF)
    return series, start, start + HALF, value, base, "calculated"


def share(mix, start, area):
    """The carbon-free share of a half-hour's mix."""
    tenths = [(Decimal(part["perc"]) * 10).quantize(Decimal(1), ROUND_HALF_UP)
              for part in mix if part["fuel"] in CARBON_FREE]
    part = min(Fraction(1000), Fraction(sum(tenths))) / 10
    series = f"grid/{area}/cfe_share"
    value, base = units.based(series, part, "percent", HALF)
    return series, start, start + HALF, value, base, "calculated"


def _half_hour(entry):
    """The start, or None of what is no half-hour."""
    try:
        start, end = (instants.given(entry[edge], short=True) for edge in ("from", "to"))
    except Differs:
        return None
    return start if end - start == HALF else None


def values(question, line, body):
    """Of each entry the actual intensity or the share, then the forecast of a half-hour that ends after the answer."""
    kind = "intensity" if line.path.startswith("/intensity/") else "generationmix"
    need(kind == "intensity" or line.path.startswith("/generation/"), f"{line.path} is no call known here")
    for entry in plain.document(body)["data"]:
        start = _half_hour(entry)
        if start is None:
            yield None
        elif plain.within(line.covers, (start, start + HALF)):
            said = entry[kind]
            if kind == "generationmix":
                if said:
                    yield _share(said, start, question.area)
                continue
            if said.get("actual") is not None:
                yield intensity(str(said["actual"]), start, question.area)
            if said.get("forecast") is not None and start + HALF > line.fetched:
                yield None


def _share(mix, start, area):
    """None of a mix whose parts lack."""
    if any(part["fuel"] in CARBON_FREE and part.get("perc") is None for part in mix):
        return None
    return share(mix, start, area)
