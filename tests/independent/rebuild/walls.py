"""Times of forms: what a text says, which instants a wall time names, how long intervals are. Section 9, Forms."""

import re
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

from rebuild import instants
from rebuild.said import Differs, need
from rebuild.words import listed

DAY = 86_400
STEP = re.compile(r"([1-9][0-9]*)(s|min|m|h|d)")
SECONDS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": DAY}
ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:T|\s+)(\d\d?):(\d\d?)(?::(\d\d?)(?:\.0+)?)?)?"
                 r"\s*(?:(Z)|([+\-\u2212])(\d\d)(?::?(\d\d))?)?", re.ASCII | re.IGNORECASE)
MIDNIGHT = re.compile(r"(?<![\d:])24:00(?=:00|\D|$)", re.ASCII)
# Words of strftime that Python's strptime does not have, or has otherwise; blanks stand for any number of them.
WORDS = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%X": "%H:%M:%S", "%R": "%H:%M", "%D": "%m/%d/%y", "%x": "%m/%d/%y",
         "%r": "%I:%M:%S %p", "%v": "%d-%b-%Y", "%e": "%d", "%k": "%H", "%l": "%I", "%P": "%p", "%h": "%b", "%:z": "%z",
         "%#z": "%z", "%n": " ", "%t": " ", "%.f": ".%f", "%.3f": ".%f", "%.6f": ".%f"}
WORD = re.compile(r"%(?:\.[36]?f|[:#]z|[-_0]?.)")
SHORT_OFFSET = re.compile(r"([+-]\d\d)$", re.ASCII)
SINCE_1970 = re.compile(r"-?[0-9]{1,12}")


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
        self.formats, self.found = listed(time.get("format", [])), {}
        try:
            self.zone = ZoneInfo(time.get("zone", "UTC"))
        except (KeyError, ValueError, OSError) as error:
            raise Differs(f"`{time['zone']}` is no time zone: {error}") from error

    def read(self, text):
        """By the first format that fits; `24:00` is the midnight that follows."""
        if text not in self.found:
            self.found[text] = self._read(text)
        return self.found[text]

    def _read(self, text):
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
        moment = self.read(text).moment
        need(moment.tzinfo is None, f"`{text}` is no day of the zone: it has an offset")
        date = moment.date()
        return [_seconds(datetime(day.year, day.month, day.day, tzinfo=self.zone))
                for day in (date, date + timedelta(days=1))]


def _seconds(moment):
    return (moment - instants.EPOCH) // timedelta(seconds=1)


def _clock(at, zone):
    """What clocks of the zone show at an instant."""
    return (instants.EPOCH + timedelta(seconds=at)).astimezone(zone).replace(tzinfo=None)


def _iso(text):
    """ISO 8601: a date alone, or with hours and minutes, and whole seconds, and an offset."""
    parts = ISO.fullmatch(text)
    if not parts:
        return None
    offset = timedelta(hours=int(parts[9] or 0), minutes=int(parts[10] or 0)) * (1 if parts[8] == "+" else -1)
    try:
        zone = timezone(offset) if parts[7] or parts[8] else None
        return datetime(*(int(part or 0) for part in parts.groups()[:6]), tzinfo=zone)
    except ValueError:
        return None


def _word(found):
    """A word of strftime as Python has it; paddings mean nothing to a reader."""
    word = found[0][0] + found[0][1:].lstrip("-_0")
    return WORDS.get(word, word)


def _formatted(text, form):
    if form == "%+":
        return _iso(text)
    if form == "%s":
        return instants.EPOCH + timedelta(seconds=int(text)) if SINCE_1970.fullmatch(text) else None
    if "%#z" in form:
        text = SHORT_OFFSET.sub(r"\g<1>00", text)
    try:
        return datetime.strptime(text, WORD.sub(_word, form))
    except ValueError:
        return None


def steps(time):
    """Lengths in seconds."""
    found = [STEP.fullmatch(step) for step in listed(time.get("step", []))]
    need(all(found), f"`{time.get('step')}` is no step")
    return [int(step[1]) * SECONDS[step[2]] for step in found]


def chosen(times):
    """The instant of each time of a list, None where there is none. Of two it is the first, unless that is not behind
    the row before; where the two rows before run backwards, the second, unless that is not before the row before."""
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


def end_after(at, start, end):
    """The earliest instant after the start that the end can mean."""
    can = set(end.at)
    if start.wall is not None and end.wall is not None:
        can.add(at + end.wall - start.wall)
    return min((instant for instant in can if instant > at), default=None)


def lengths(edges, ends, known):
    """How long the interval of each edge of a list is, of several steps; None where no side of it is one. It is the own
    side, towards the row before of an end, the row after of a start, unless that is longer than the other side and the
    next row's own side is another."""
    gaps = [abs(after - before) for before, after in pairwise(edges)]
    gaps = [None, None, *(gap if gap in known else None for gap in gaps), None, None]
    found = []
    for place in range(len(edges)):
        beyond, own, other = gaps[place:place + 3] if ends else gaps[place + 1:place + 4][::-1]
        gap = own is None or (other is not None and own > other and own != beyond)
        found.append(other if gap else own)
    return found
