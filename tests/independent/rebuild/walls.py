"""Times of forms: what a text says, which instants a wall time names, how long intervals are. Section 9, Forms."""

import re
from collections import Counter
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

from rebuild import formats, instants
from rebuild.said import Differs, need
from rebuild.words import listed

DAY = 86_400
STEP = re.compile(r"([1-9][0-9]*)(s|min|m|h|d)")
SECONDS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": DAY}
OFFSET = re.compile(r"([+-])([01][0-9]|2[0-3]):([0-5][0-9])")
MIDNIGHT = re.compile(r"(?<![\d:])24:00(:00)?(?=[^\d:]|$)", re.ASCII)


class Time:
    """What a text says: a wall time of the zone, or an instant. `at` are the instants it names, `wall` seconds since
    1970 by the clock, None where it has an offset."""

    def __init__(self, moment, zone):
        self.moment, self.zone = moment, zone
        if moment.tzinfo:
            self.wall, self.at = None, [_seconds(moment)]
        else:
            self.wall = _seconds(moment.replace(tzinfo=timezone.utc))
            self.at = sorted(at for at in {_seconds(moment.replace(tzinfo=zone, fold=fold)) for fold in (0, 1)}
                             if _clock(at, zone) == moment)

    def or_day_after(self):
        """What the end of a day may mean that is written as its start: midnight also that of the day after."""
        yield self
        if self.moment == self.moment.replace(hour=0, minute=0, second=0):
            yield Time(self.moment + timedelta(days=1), self.zone)


class Reader:
    """How a form's `time` reads texts."""

    def __init__(self, time):
        self.formats, self.found = listed(time.get("format", [])), {}
        for form in self.formats:
            formats.compiled(form)
        try:
            self.zone = ZoneInfo(time.get("zone", "UTC"))
        except (KeyError, ValueError, OSError) as error:
            raise Differs(f"`{time['zone']}` is no time zone: {error}") from error
        self.marks = {mark.strip(): _ahead(offset) for mark, offset in time.get("marks", {}).items()}
        need(all(self.marks), "a mark is empty")

    def read(self, text):
        """By the first format that fits; `24:00` is the midnight that follows."""
        if text not in self.found:
            self.found[text] = self._read(text.strip())
        return self.found[text]

    def _read(self, text):
        mark = max((mark for mark in self.marks if text.endswith(mark)), key=len, default=None)
        if mark is None:
            return Time(self._moment(text), self.zone)
        moment = self._moment(text.removesuffix(mark).strip())
        need(moment.tzinfo is None, f"`{text}` has an offset and a mark")
        marked = moment.replace(tzinfo=timezone(self.marks[mark]))
        need(_clock(_seconds(marked), self.zone) == moment, f"clocks do not show `{text}`")
        return Time(marked, self.zone)

    def _moment(self, text):
        moment = self._first(text)
        if moment is None and MIDNIGHT.search(text):
            moment = self._first(MIDNIGHT.sub(r"00:00\1", text, count=1))
            moment = moment and moment + timedelta(days=1)
        need(moment, f"`{text}` is no time of the form")
        return moment

    def _first(self, text):
        if not self.formats:
            found = [formats.iso(text)]
        else:
            found = (formats.formatted(text, form) for form in self.formats)
        return next((moment for moment in found if moment and 1 < moment.year < 9999), None)

    def day(self, text):
        """First and last edge of the local day that a text names."""
        moment = self.read(text).moment
        need(moment.tzinfo is None, f"`{text}` is no day of the zone: it has an offset")
        date = moment.date()
        return [_seconds(datetime(day.year, day.month, day.day, tzinfo=self.zone))
                for day in (date, date + timedelta(days=1))]


def _ahead(offset):
    parts = OFFSET.fullmatch(offset)
    need(parts, f"`{offset}` is no offset")
    ahead = timedelta(hours=int(parts[2]), minutes=int(parts[3]))
    return ahead if parts[1] == "+" else -ahead


def _seconds(moment):
    return (moment - instants.EPOCH) // timedelta(seconds=1)


def _clock(at, zone):
    """What clocks of the zone show at an instant."""
    return (instants.EPOCH + timedelta(seconds=at)).astimezone(zone).replace(tzinfo=None)


def _offset(at, zone):
    """How far clocks of the zone are from UTC at an instant."""
    return _clock(at, zone) - (instants.EPOCH + timedelta(seconds=at)).replace(tzinfo=None)


def steps(time):
    """Lengths in seconds."""
    found = [STEP.fullmatch(step) for step in listed(time.get("step", []))]
    need(all(found), f"`{time.get('step')}` is no step")
    return [int(step[1]) * SECONDS[step[2]] for step in found]


def chosen(times, marked=False):
    """The instant of each time of a list, None where there is none. A time that is two instants stands in two rows: the
    first of them is the first instant, in a list that runs backwards the second. In a form with marks it is none."""
    there = [time.at[0] for time in times if time.at]
    back = bool(there) and there[-1] < there[0]
    rows = Counter(time.wall for time in times if len(time.at) > 1)
    came, found = Counter(), []
    for time in times:
        can = sorted(time.at, reverse=back)
        if len(can) > 1:
            came[time.wall] += 1
            can = [can[came[time.wall] - 1]] if rows[time.wall] == 2 and not marked else [None]
        found.append((can or [None])[0])
    return found


def end_after(at, start, ends):
    """The earliest instant after the start that the end can mean; where none is, that which the next of `ends` can."""
    for end in ends:
        can = set(end.at)
        if start.wall is not None and end.wall is not None:
            clocked = at + end.wall - start.wall
            if clocked > at and _offset(at, start.zone) == _offset(clocked - 1, start.zone):
                can.add(clocked)
        after = [instant for instant in can if instant > at]
        if after:
            return min(after)
    return None


def lengths(edges, ends, known):
    """How long the interval of each edge is, of several steps and in order of time; None where no side of it is one. It
    is the own side, towards the row before of an end, the row after of a start, unless that is longer than the other
    side and the next row's own side is another."""
    gaps = [None, None, *(after - before for before, after in pairwise(edges)), None, None]
    gaps = [gap if gap in known else None for gap in gaps]
    found = []
    for place in range(len(edges)):
        beyond, own, other = gaps[place:place + 3] if ends else gaps[place + 1:place + 4][::-1]
        gap = own is None or (other is not None and own > other and own != beyond)
        found.append(other if gap else own)
    return found
