"""Electricity Maps v3: hours in a list, or one alone."""

import math

from rebuild.feeds import plain
from rebuild.feeds.plain import HOUR
from rebuild.said import Differs, need

# By path: the leaf, where an hour has its value, the unit.
CALLS = {"/v3/carbon-intensity/": ("carbon_intensity", ("carbonIntensity", "value"), "g/kWh"),
         "/v3/carbon-free-energy/": ("cfe_share", ("value",), "percent"),
         "/v3/price-day-ahead/": ("price", ("value",), None),
         "/v3/power-breakdown/": (None, ("powerProductionBreakdown",), "MW"),
         "/v3/electricity-mix/": (None, ("mix",), "MW")}
LISTS = ("history", "data", "forecast")
FUELS = {name: name for name in "biomass coal gas geothermal hydro nuclear oil solar".split()}
FUELS |= {"unknown": "other", "wind": "wind"}
NO_GENERATION = ("charge", "storage", "flows")


def values(question, line, body):
    """Hours in the order of the answer; of a mix, its fuels by name and then what nobody knows."""
    about = plain.document(body)
    call = next((call for call in CALLS if line.path.startswith(call)), None)
    need(call, f"{line.path} is no call known here")
    hours, alone = _hours(about)
    for place in (about, *hours):
        need(place.get("zone") in (None, question.zone), f"the answer is of {place.get('zone')}")
    for hour in hours:
        yield from _hour(question, line, (about, hour, alone), CALLS[call])


def _hours(about):
    """The hours, and whether it is one alone; none where the provider says that there are none."""
    name = next((name for name in LISTS if name in about), None)
    if name:
        listed = about.pop(name)
        return (listed, False) if isinstance(listed, list) else ([listed], True)
    return ([dict(about)], True) if "datetime" in about else ([], False)


def _text(about, hour, key):
    return next((place[key] for place in (hour, about) if isinstance(place.get(key), str)), None)


def _issued(line, answer, leaf, end):
    """When a value was published that is a forecast, or None."""
    if not line.path.endswith("/forecast") and (end <= line.fetched or leaf == "price"):
        return None
    stated = _text(*answer[:2], "updatedAt")
    if stated is not None:
        return plain.published(stated)
    return line.fetched if line.published is None else line.published


def _hour(question, line, answer, call):
    about, hour, alone = answer
    leaf, keys, unit = call
    stated = next(hour[key] for key in keys if key in hour)
    try:
        at = plain.instant(hour.get("datetime"))
        start = math.floor(at / HOUR) * HOUR
        need(alone or at == start, "is not on the hour")
        issued = _issued(line, answer, leaf, start + HOUR)
    except Differs:
        yield None
        return
    span = start, start + HOUR
    if not plain.within(line.covers, span) or (issued is not None and issued >= span[1]):
        return
    estimated = hour["isEstimated"] if "isEstimated" in hour else about.get("isEstimated")
    calculated = "calculated" if leaf in ("carbon_intensity", "cfe_share") else "measured"
    quality = "estimated" if estimated is True or estimated == "true" else calculated
    unit = unit or "".join(_text(about, hour, "unit").split())

    def one(leaf, value):
        found = plain.fact(f"grid/{question.area}/{leaf}", span, value, unit, quality)
        return found if issued is None else None

    if leaf:
        yield one(leaf, stated)
    elif not isinstance(stated, dict):
        yield None
    else:
        yield from (one(FUELS[name], stated[name]) for name in sorted(FUELS) if name in stated)
        yield from (None for name in stated
                    if name not in FUELS and not any(word in name for word in NO_GENERATION))
