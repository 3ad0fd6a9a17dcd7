"""WattTime v3: points of marginal intensity."""

from rebuild.feeds import plain
from rebuild.said import Differs, need

PAST, AHEAD, ISSUES = "/v3/historical", "/v3/forecast", "/v3/forecast/historical"
STEP = 300


def values(question, line, body):
    """Points in the order of the answer; those of an issue belong to the part in which it was issued."""
    answer = plain.document(body)
    need(line.path in (PAST, AHEAD, ISSUES), f"{line.path} is no call known here")
    meta = answer["meta"]
    need(meta["units"] == "lbs_co2_per_mwh", f"values are in {meta['units']}")
    for key, asked in (("region", question.zone), ("signal_type", "co2_moer")):
        need(meta.get(key) in (None, asked), f"the answer is of {meta.get(key)}")
    step = meta.get("data_point_period_seconds") or STEP
    if line.path == ISSUES:
        for issue in answer["data"]:
            issued = plain.published(issue["generated_at"])
            if line.covers[0] <= issued < line.covers[1]:
                yield from _points(issue["forecast"], (question, None, step), issued)
        return
    issued = plain.published(meta["generated_at"]) if line.path == AHEAD else None
    yield from _points(answer["data"], (question, line.covers, step), issued)


def _points(points, asked, issued):
    question, covers, step = asked
    series = f"grid/{question.area}/marginal_intensity"
    for point in points:
        try:
            start = plain.second(point["point_time"])
        except Differs:
            yield None
            continue
        span = start, start + step
        if start % step:
            yield None
        elif (issued is None or issued < span[1]) and (covers is None or plain.within(covers, span)):
            quality = "estimated" if point.get("imputed_data_used") is True else "calculated"
            reading = plain.fact(series, span, point["value"], "lb/MWh", quality)
            yield reading if issued is None else None
