"""US EIA open data, version 2: rows of form EIA-930."""

from rebuild.feeds import plain
from rebuild.feeds.plain import HOUR
from rebuild.feeds.sums import Sums, around
from rebuild.said import Differs, need

REGION = "/v2/electricity/rto/region-data/data/"
FUELS = "/v2/electricity/rto/fuel-type-data/data/"
MOST_ROWS = 5000
SOURCES = {"BAT": None, "COL": "coal", "GEO": "geothermal", "NG": "gas", "NUC": "nuclear", "OES": None, "OIL": "oil",
           "OTH": "other", "PS": None, "SNB": "solar", "SUN": "solar", "UES": None, "UNK": "other", "WAT": "hydro",
           "WNB": "wind", "WND": "wind"}
TYPES = {"D": "demand", "DF": "demand"}


def values(question, line, body):
    """First rows that are at fault, and each thing that is not known once; then hour by hour gaps and values that are
    there twice; then the sums, forecasts last."""
    response = plain.document(body)["response"]
    need(line.path in (REGION, FUELS), f"{line.path} is no call known here")
    rows = _whole_hours(response, dict(line.query))
    region = line.path == REGION
    codes, asked = (TYPES, line.covers) if region else (SOURCES, around(line.covers))
    hours, unknown, numbered = _hours(rows, (question.zone, codes), (asked, line.covers))
    if not rows:
        return
    made, expected = Sums(), Sums()
    for end in sorted(hours):
        hour, inside = hours[end], plain.within(line.covers, (end - HOUR, end))
        for alike in [[code] for code in codes] if region else [list(codes)]:
            known = [value for code in alike if codes[code] for value in hour.get(code, []) if value is not None]
            if known and not any(known):
                hour = {code: stated for code, stated in hour.items() if code not in alike}
                numbered += inside
        for code, leaf in codes.items():
            sums = expected if code == "DF" else made
            for value in hour.get(code, []) if leaf else []:
                numbered += sums.add(leaf, code, (end - HOUR, end), value) == "differs" and inside
    yield from (None for _ in range(numbered + len(unknown)))
    asked_at = line.fetched if line.published is None else line.published
    for sums, ahead in ((made, False), (expected, True)):
        yield from sums.facts(f"grid/{question.area}", "MWh", line.covers, asked_at, ahead)


def _whole_hours(response, asked):
    """The rows of a page without those of its last hour where the page is not the last."""
    rows, total = response["data"], plain.number(response.get("total"))
    reached = int(asked.get("offset", "0")) + len(rows)
    more = len(rows) >= MOST_ROWS if total is None else total > reached
    need(rows or not more, "a page is empty before the total is reached")
    return [row for row in rows if row["period"] < rows[-1]["period"]] if more else rows


def _hours(rows, of, spans):
    """Values by the end of their hour and code, what is not known, and how many rows are at fault."""
    (zone, codes), (asked, covers) = of, spans
    hours, unknown, numbered = {}, set(), 0
    for row in rows:
        need(row.get("value-units") in (None, "megawatthours"), f"values are in {row.get('value-units')}")
        try:
            need(len(row["period"]) == 13, "is no hour")
            end = plain.second(f"{row['period']}:00:00Z")
        except Differs:
            numbered += 1
            continue
        span = end - HOUR, end
        code = row.get("fueltype", row.get("type"))
        if row.get("respondent") not in (None, zone):
            unknown.add(("respondent", row["respondent"]))
        elif plain.within(asked, span):
            if code not in codes:
                unknown.add(("code", code or ""))
                continue
            try:
                value = plain.number(row.get("value"))
            except Differs:
                value = None
                numbered += plain.within(covers, span)
            hours.setdefault(end, {}).setdefault(code, []).append(value)
    return hours, unknown, numbered
