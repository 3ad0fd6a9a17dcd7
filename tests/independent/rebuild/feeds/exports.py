"""NEM12 and Green Button as answers: what has a number, in order. Section 9, Answers of feeds."""

import contextlib
from fractions import Fraction

from rebuild import green, nem12, texts, units
from rebuild.records import records
from rebuild.said import Differs, need


def days(body, form):
    """Of NEM12: None for a fault, or the series, interval, value, unit and quality of each interval that has a reading."""
    file, day = nem12.File(form), None
    for line, _, cells in records(texts.decoded(body.encode()).removeprefix("\ufeff")):
        cells = [cell.strip() for cell in cells]
        if cells[0] == "400":
            if day:
                file.take(line, cells)
                if day.faulty:
                    yield None
                    day = None
            continue
        yield from _told(day)
        day = None
        try:
            file.take(line, cells)
            day = file.days[-1] if file.open else None
        except (Differs, IndexError, ValueError):
            # Of a stream that is taken: without one, a day is not looked at.
            yield None
    yield from _told(day)


def _told(day):
    """The values of a day, or one fault where its quality is not said."""
    if day is None:
        return
    if nem12.VARIES in day.quality:
        yield None
        return
    for place, (text, quality) in enumerate(zip(day.values, day.quality, strict=True)):
        start = day.start + place * day.step
        if quality != nem12.NONE:
            yield day.series, (start, start + day.step), text, day.unit, nem12.QUALITY[quality]


def blocks(body, form):
    """The same of Green Button."""
    top = green.tree(body.encode())
    types = list(top.all("ReadingType"))
    meters = [meter.entry() for meter in top.all("MeterReading")]
    received = form.get("flow", "delivered") == "received"
    for block in top.all("IntervalBlock"):
        kind = green.kind_of(block, types, meters)
        if kind and (kind.said("flowDirection") == green.RECEIVED) == received:
            for element in block.all("IntervalReading"):
                yield from _reading(element, kind, form["series"])


def _reading(element, kind, series):
    try:
        start, seconds = (green.whole(element.said("timePeriod", name)) for name in ("start", "duration"))
        need(seconds > 0, "a reading of no duration")
    except Differs:
        yield None
        return
    value = element.said("value")
    if not value:
        return
    if "e" in value.lower():
        yield None
        return
    quality = {part.text.strip() for part in element.all("quality")}
    power = green.whole(kind.said("powerOfTenMultiplier") or "0")
    with contextlib.suppress(Differs):
        value = units.number(value) * Fraction(10) ** power
    unit, _ = green.UNITS[kind.said("uom")]
    yield (series, (start, start + seconds), value, unit, "estimated" if quality & green.ESTIMATED else "measured")


def fact(series, span, value, unit, quality):
    """The reading, or None where a value is no number."""
    try:
        value = units.number(value) if isinstance(value, str) else value
        value, base = units.based(series, value, unit, span[1] - span[0])
    except Differs:
        return None
    return (series, *span, value, base, quality)
