"""Instants as whole seconds since 1970 in UTC."""

import functools
import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from audit.exact import AuditError

_DAY_ONE = date(1970, 1, 1).toordinal()
_SHAPE = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?([Zz]|[+-]\d\d:\d\d)$")


@functools.lru_cache(maxsize=None)
def micros(text):
    """Microseconds since 1970 of an RFC 3339 instant."""
    match = _SHAPE.match(text)
    if not match:
        raise AuditError(f"{text!r} is not an RFC 3339 instant")
    year, month, day, hour, minute, second, part, zone = match.groups()
    seconds = (date(int(year), int(month), int(day)).toordinal() - _DAY_ONE) * 86_400
    seconds += int(hour) * 3_600 + int(minute) * 60 + int(second or 0)
    if zone not in "Zz":
        offset = int(zone[1:3]) * 3_600 + int(zone[4:6]) * 60
        seconds -= offset if zone[0] == "+" else -offset
    return seconds * 1_000_000 + int(((part or "") + "000000")[:6])


@functools.lru_cache(maxsize=None)
def seconds(text):
    """Whole seconds since 1970 of an RFC 3339 instant (or of an int already in seconds)."""
    if isinstance(text, int):
        return text
    whole, part = divmod(micros(text), 1_000_000)
    if part:
        raise AuditError(f"{text!r} is not on a whole second")
    return whole


def text_of(instant):
    """`2026-01-01T00:00:00Z`."""
    return datetime.fromtimestamp(instant, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@functools.lru_cache(maxsize=None)
def zone(name):
    """A time zone by name."""
    return timezone.utc if name in ("UTC", "Etc/UTC", "Z") else ZoneInfo(name)


def local(instant, zone_name):
    """The wall-clock time of an instant."""
    return datetime.fromtimestamp(instant, zone(zone_name))


def same_time_of_day(instant, zone_name, days):
    """Instants within `days` local days either side whose local time of day is that of `instant`, itself included."""
    here = local(instant, zone_name)
    found = set()
    for offset in range(-days, days + 1):
        wall = datetime.combine(here.date() + timedelta(days=offset), here.time().replace(fold=0))
        for fold in (0, 1):
            there = int(wall.replace(tzinfo=zone(zone_name), fold=fold).timestamp())
            if local(there, zone_name).replace(tzinfo=None, fold=0) == wall:
                found.add(there)
    return sorted(found)


def year_start(year, zone_name):
    """The instant a local calendar year starts."""
    return int(datetime(year, 1, 1, tzinfo=zone(zone_name)).timestamp())


def interval(value):
    """(start, end) of {"start": .., "end": ..}, or of a pair."""
    start, end = (value["start"], value["end"]) if isinstance(value, dict) else value
    return seconds(start), seconds(end)


def resolution(text):
    """Seconds of `60min`."""
    minutes = text.removesuffix("min")
    if not text.endswith("min") or not minutes.isdigit() or 60 % int(minutes):
        raise AuditError(f"resolution {text!r} is not a part of an hour")
    return int(minutes) * 60
