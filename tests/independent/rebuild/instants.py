"""Times as files give them and as packs write them, in seconds since 1970."""

import re
from datetime import datetime, timedelta, timezone

from rebuild.said import Differs, need

GIVEN = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.0+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
SHORT = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d)([Zz]|[+-]\d\d:\d\d)", re.ASCII)
GRID = 300
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def given(text, short=False):
    """A time of a received file: RFC 3339 with an offset, in whole seconds; `short` also without seconds."""
    if short and (parts := SHORT.fullmatch(text)):
        text = f"{parts[1]}:00{parts[2]}"
    parts = GIVEN.fullmatch(text)
    need(parts, f"`{text}` is no time with an offset")
    offset = "+00:00" if parts[3] in "Zz" else parts[3]
    try:
        return (datetime.fromisoformat(f"{parts[1]}T{parts[2]}{offset}") - EPOCH) // timedelta(seconds=1)
    except ValueError as error:
        raise Differs(f"`{text}` is no time: {error}") from error


def written(seconds):
    """As a pack writes it."""
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text):
    """The seconds of an instant of a pack, written the one way."""
    seconds = given(text)
    need(written(seconds) == text, f"`{text}` is not written as packs write times")
    return seconds


def span(start, end, inclusive):
    """Start and exclusive end; an inclusive end is the last second, or else the last minute."""
    if inclusive:
        need(end % 60 in (0, 59), f"{written(end)} is no last second or minute")
        end += 1 if end % 60 == 59 else 60
        length = end - start
        whole = start % GRID == end % GRID == 0 or (0 < length < GRID and GRID % length == start % length == 0)
        need(whole, f"{written(start)} to {written(end)} is no whole interval")
    need(start < end, f"{written(start)} to {written(end)} is no interval")
    return start, end
