"""What a text says by ISO 8601, or by a format as strftime of the Rust crate chrono has it. Section 9, Forms."""

import re
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from rebuild import instants
from rebuild.said import need

ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:T|\s+)(\d\d?):(\d\d?)(?::(\d\d?)(?:\.0+)?)?"
                 r"\s*(Z|[+\-\u2212]\d\d(?::?\d\d)?)?)?", re.ASCII | re.IGNORECASE)
MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
SIGN = r"[+\-\u2212]"


def _number(width):
    """A number takes all the digits it may, behind any blanks; how it is padded does not matter."""
    return rf"\s*+([0-9]{{1,{width}}}+)"


def _names(names, long):
    """Short names, or those or long ones, in any case."""
    return "(?i:(" + "|".join(name[:3] + f"(?:{name[3:]})?+" * long for name in names) + "))"


# Words to what they tell, and how it is written.
NUMBERS = {"Y": 4, "y": 2, "m": 2, "d": 2, "j": 3, "H": 2, "I": 2, "M": 2, "S": 2, "f": 9}
WORDS = {word: (word, _number(width)) for word, width in NUMBERS.items()} | {
    "b": ("b", _names(MONTHS, False)), "B": ("b", _names(MONTHS, True)), "a": ("a", _names(DAYS, False)),
    "A": ("a", _names(DAYS, True)), "p": ("p", "(?i:(am|pm))"), "s": ("s", r"\s*+(-?[0-9]{1,12}+)"),
    "z": ("z", rf"\s*+({SIGN}[0-9]{{2}}[:\s]*+[0-9]{{2}})"), "Z": ("Z", r"(\S*+)"), ".f": ("f", r"(?:\.([0-9]++))?"),
    "#z": ("z", rf"\s*+(Z|z|{SIGN}[0-9]{{2}}(?:[:\s]*+[0-9]{{2}})?)"), "n": ("", r"(\s*+)"), "%": ("", "(%)"),
}
SAME = {"e": "d", "k": "H", "l": "I", "h": "b", "P": "p", ":z": "z", "::z": "z", ":::z": "z", ".3f": ".f", ".6f": ".f",
        ".9f": ".f", "t": "n"}
# Words that stand for others.
SHORT = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "X": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "x": "%m/%d/%y",
         "r": "%I:%M:%S %p", "v": "%e-%b-%Y", "c": "%a %b %e %H:%M:%S %Y", "+": "%Y-%m-%dT%H:%M:%S%.f%#z"}
CLOCK = set("HIMSp")
# Formats that are no pattern, and their ticks a second.
EPOCHS = {"epoch-s": 1, "epoch-ms": 1000}
PART = re.compile(r"%[-_0]?(\.[369]?f|:{1,3}z|#z|.|$)|\s+|[^%\s]+", re.DOTALL)


@lru_cache
def compiled(form):
    """A format as a pattern, and what its groups tell."""
    pattern, kinds = "", []
    for part in PART.finditer(form):
        if part[1] is None:
            pattern += r"\s*+" if part[0].isspace() else re.escape(part[0])
            continue
        word = SAME.get(part[1], part[1])
        if word in SHORT:
            written, told = compiled(SHORT[word])
        else:
            need(word in WORDS, f"`{part[0]}` of the format `{form}` is not known here")
            told, written = [WORDS[word][0]], WORDS[word][1]
        pattern, kinds = pattern + written, kinds + told
    return pattern, kinds


def iso(text):
    """ISO 8601: a date alone, or with hours and minutes, and whole seconds, and an offset. None where it is none."""
    parts = ISO.fullmatch(text)
    if not parts:
        return None
    try:
        return datetime(*(int(part or 0) for part in parts.groups()[:6]), tzinfo=_offset(parts[7]))
    except ValueError:
        return None


def formatted(text, form):
    """What a text says by a format, None where it does not fit."""
    if form in EPOCHS:
        count, left = divmod(int(text), EPOCHS[form]) if re.fullmatch("[0-9]{1,15}", text) else (0, 1)
        return None if left else instants.EPOCH + timedelta(seconds=count)
    pattern, kinds = compiled(form)
    found = re.fullmatch(pattern, text)
    if not found:
        return None
    said = {kind: part for kind, part in zip(kinds, found.groups(), strict=True) if part is not None}
    need(not int(said.get("f", 0)), f"`{text}` is no whole second")
    try:
        return _moment(said)
    except (KeyError, ValueError, OverflowError):
        return None


def _moment(said):
    """The time that parts of a text tell together."""
    if "s" in said:
        return instants.EPOCH + timedelta(seconds=int(said["s"]))
    return datetime.combine(_date(said), _time(said), _offset(said.get("z")))


def _date(said):
    short = int(said.get("y", 0))
    year = int(said["Y"]) if "Y" in said or "y" not in said else short + (2000 if short < 70 else 1900)
    if "j" in said:
        day = date(year, 1, 1) + timedelta(days=int(said["j"]) - 1)
    else:
        day = date(year, _place(MONTHS, said["b"]) if "b" in said else int(said["m"]), int(said["d"]))
    if day.year != year or ("a" in said and _place(DAYS, said["a"]) != day.isoweekday()):
        raise ValueError("is no such day")
    return day


def _place(names, name):
    return [known[:3].lower() for known in names].index(name[:3].lower()) + 1


def _time(said):
    """Midnight where nothing of a clock is told; else there must be an hour, of half a day with which half, and a
    minute."""
    if not said.keys() & CLOCK:
        return time()
    if "H" in said:
        hour = int(said["H"])
    else:
        hour = [12, *range(1, 12)].index(int(said["I"])) + 12 * (said["p"].lower() == "pm")
    return time(hour, int(said["M"]), int(said.get("S", 0)))


def _offset(text):
    """`Z`, or hours and minutes ahead of UTC; None where there is none."""
    if not text:
        return None
    hours, minutes = (*re.findall("[0-9]{2}", text), "0", "0")[:2]
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(ahead if text[0] == "+" else -ahead)
