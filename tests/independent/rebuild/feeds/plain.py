"""What answers have in common: JSON, numbers, times, facts."""

import json
import math
import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

from rebuild import units
from rebuild.said import Differs, need

HOUR, DAY = 3600, 86400
LARGEST = 2**64
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def document(text):
    """JSON; a number that is no integer is the shortest decimal of its double."""
    return json.loads(text, parse_float=_double, parse_int=_integer, parse_constant=_none)


def _double(text):
    value = float(text)
    need(math.isfinite(value), f"{text} is no double")
    return Decimal(repr(value))


def _integer(text):
    value = int(text)
    return value if -LARGEST // 2 <= value < LARGEST else _double(text)


def _none(text):
    raise Differs(f"{text} is no JSON")


def number(value):
    """An exact number, or None for what is not known; raises Differs at what is none."""
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        return None if text.lower() in ("", "nan", "null") else units.number(text)
    need(isinstance(value, (int, Decimal)) and not isinstance(value, bool), f"`{value}` is no number")
    return Fraction(value)


def instant(text):
    """Seconds since 1970, with their fraction."""
    parts = TIME.fullmatch(text) if isinstance(text, str) else None
    need(parts, f"`{text}` is no time")
    offset = "+00:00" if parts[4] in "Zz" else parts[4]
    try:
        whole = (datetime.fromisoformat(f"{parts[1]}T{parts[2]}{offset}") - EPOCH) // timedelta(seconds=1)
    except ValueError as error:
        raise Differs(f"`{text}` is no time: {error}") from error
    return whole + Fraction("0" + (parts[3] or ""))


def second(text):
    """The same of a time without a fraction."""
    at = instant(text)
    need(at == int(at), f"`{text}` has a fraction of a second")
    return int(at)


def published(text):
    """The second by which something that was published is known."""
    return math.ceil(instant(text))


def fact(series, span, stated, unit, quality):
    """A reading, or None where no value is stated."""
    try:
        value = number(stated)
    except Differs:
        return None
    if value is None:
        return None
    base, name = units.based(series, value, unit, span[1] - span[0])
    return (series, *span, base, name, quality)


def within(covers, span):
    """Whether one interval holds another."""
    return covers[0] <= span[0] and span[1] <= covers[1]
