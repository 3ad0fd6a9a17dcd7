"""Open-Meteo: temperatures of places, hour by hour."""

from rebuild.feeds import plain
from rebuild.said import Differs, need


def values(question, line, body):
    """Of each time in turn a value for each site of the place, known or not."""
    place = tuple(dict(line.query)[key] for key in ("latitude", "longitude"))
    sites = [name for name in sorted(question.series) if _place(question.settings.get(name, "")) == place]
    answer = plain.document(body)
    need(sites and answer["utc_offset_seconds"] == 0, "is of another place, or not in UTC")
    need(answer["hourly_units"]["temperature_2m"] == "°C", "is not in °C")
    times, degrees = answer["hourly"]["time"], answer["hourly"]["temperature_2m"]
    need(len(times) == len(degrees), "has not as many temperatures as hours")
    for time, stated in zip(times, degrees, strict=True):
        start = _hour(time)
        if start is None:
            yield None
        elif plain.within(line.covers, (start, start + plain.HOUR)):
            yield from _told(sites, start, stated, line.fetched)


def _told(sites, start, stated, fetched):
    """One value where there is none, and else one a site."""
    try:
        known = plain.number(stated) is not None
    except Differs:
        known = False
    if not known:
        yield None
        return
    for site in sites:
        span = start, start + plain.HOUR
        yield plain.fact(site, span, stated, "C", "estimated") if span[1] <= fetched else None


def _place(text):
    latitude, _, longitude = text.partition(",")
    return latitude.strip(), longitude.strip()


def _hour(time):
    """Seconds since 1970 or `2026-01-20T07:00`; None for what is no hour."""
    try:
        start = plain.second(f"{time}:00Z") if isinstance(time, str) else time
    except Differs:
        return None
    return start if isinstance(start, int) and start % plain.HOUR == 0 else None
