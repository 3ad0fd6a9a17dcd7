"""Times of forms: what a text says, which instants a wall time names, and the intervals of a list of rows. Section 9."""

import re
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

from rebuild import instants
from rebuild.said import Differs, need

DAY = 86_400
STEP = re.compile(r"([1-9][0-9]*)(s|min|m|h|d)")
SECONDS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": DAY}
ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.0+)?)? ?(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII | re.I)
MIDNIGHT = re.compile(r"(?<![\d:])24:00(?=:00|\D|$)", re.ASCII)
# Words of strftime that Python's strptime does not have, or has otherwise.
WORDS = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M", "%D": "%m/%d/%y", "%e": "%d", "%k": "%H", "%l": "%I",
         "%P": "%p", "%h": "%b", "%:z": "%z", "%#z": "%z", "%n": " ", "%t": " "}
WORD = re.compile(r"%[:#]?.")


class Time:
    """What a text says: a wall time of the zone, or an instant. `at` are the instants it names, `wall` seconds since
    1970 by the clock, None where it has an offset."""

    def __init__(self, moment, zone):
        self.moment = moment
        if moment.tzinfo:
            self.wall, self.at = None, [_seconds(moment)]
        else:
            self.wall = _seconds(moment.replace(tzinfo=timezone.utc))
            self.at = sorted(at for at in {_seconds(moment.replace(tzinfo=zone, fold=fold)) for fold in (0, 1)}
                             if _clock(at, zone) == moment)


class Reader:
    """How a form's `time` reads texts."""

    def __init__(self, time):
        self.formats = _list(time.get("format", []))
        try:
            self.zone = ZoneInfo(time.get("zone", "UTC"))
        except (KeyError, ValueError, OSError) as error:
            raise Differs(f"`{time['zone']}` is no time zone: {error}") from error

    def read(self, text):
        """By the first format that fits; `24:00` is the midnight that follows."""
        moment = self._first(text)
        if moment is None and MIDNIGHT.search(text):
            moment = self._first(MIDNIGHT.sub("00:00", text, count=1))
            moment = moment and moment + timedelta(days=1)
        need(moment, f"`{text}` is no time of the form")
        need(not moment.microsecond, f"`{text}` is no whole second")
        return Time(moment, self.zone)

    def _first(self, text):
        if not self.formats:
            return _iso(text)
        found = (_formatted(text, form) for form in self.formats)
        return next((moment for moment in found if moment), None)

    def day(self, text):
        """First and last edge of the local day that a text names."""
        date = self.read(text).moment.date()
        return [_seconds(datetime(day.year, day.month, day.day, tzinfo=self.zone))
                for day in (date, date + timedelta(days=1))]


def _seconds(moment):
    return (moment - instants.EPOCH) // timedelta(seconds=1)


def _clock(at, zone):
    """What clocks of the zone show at an instant."""
    return (instants.EPOCH + timedelta(seconds=at)).astimezone(zone).replace(tzinfo=None)


def _list(value):
    return value if isinstance(value, list) else [value]


def _iso(text):
    parts = ISO.fullmatch(text)
    if not parts:
        return None
    date, time, seconds, offset = parts.groups()
    offset = "" if not offset else "+00:00" if offset in "Zz" else f"{offset[:3]}:{offset[3:].strip(':') or '00'}"
    try:
        return datetime.fromisoformat(f"{date}T{time or '00:00'}{seconds or ':00'}{offset}")
    except ValueError:
        return None


def _formatted(text, form):
    if "%#z" in form:
        text = re.sub(r"([+-]\d\d)$", r"\g<1>00", text)
    try:
        return datetime.strptime(text, WORD.sub(lambda word: WORDS.get(word[0], word[0]), form))
    except ValueError:
        return None


def steps(time):
    """Lengths in seconds."""
    found = [STEP.fullmatch(step) for step in _list(time.get("step", []))]
    need(all(found), f"`{time.get('step')}` is no step")
    return [int(step[1]) * SECONDS[step[2]] for step in found]


def chosen(times):
    """The instant of each time of a list, None where there is none. Of two it is the first, unless that is not behind
    the row before; where the list runs backwards, as the last two rows tell, the second, unless that is not before it."""
    before, back, found = None, False, []
    for time in times:
        at = time.at[-1 if back else 0] if time.at else None
        if at is not None and before is not None:
            if (at >= before) if back else (at <= before):
                at = time.at[0 if back else -1]
            back = at < before
        before = before if at is None else at
        found.append(at)
    return found


def end_after(at, start, end, inclusive):
    """The earliest instant after the start that the end can mean."""
    can = set(end.at)
    if start.wall is not None and end.wall is not None:
        can.add(at + end.wall - start.wall)
    return min((instant for instant in can if instant > at or (inclusive and instant == at)), default=None)


def lengths(edges, ends, known):
    """How long the interval of each edge of a list is, of several steps; None where no side of it is one."""
    gaps = [abs(after - before) for before, after in pairwise(edges)]
    gaps = [None, *(gap if gap in known else None for gap in gaps), None]
    found = []
    for place in range(len(edges)):
        own, other = (gaps[place], gaps[place + 1]) if ends else (gaps[place + 1], gaps[place])
        beyond = (gaps[place - 1] if place else None) if ends else (gaps + [None])[place + 2]
        held = other is None or (own is not None and own in (other, beyond))
        found.append(own if held else other)
    return found
