"""Green Button (ESPI) XML: section 9, Forms."""

import contextlib
import re
from bisect import bisect_left
from fractions import Fraction
from xml.parsers import expat

from rebuild import units
from rebuild.said import Differs, need

KEYS = "flow kind series".split()
# Units, and what `accumulationBehaviour` values in them may have.
UNITS = {"72": ("Wh", (None, "0", "4")), "38": ("W", (None, "0", "4", "12"))}
RECEIVED = "19"
WHOLE = re.compile("[+-]?[0-9]{1,12}")
ESTIMATED = {"8", "9", "10", "12", "13"}


class Element:
    """An element by its local name: the line it begins in, its attributes, what it holds, its text."""

    def __init__(self, name, line, attributes, above):
        self.name, self.line, self.attributes, self.above = name, line, attributes, above
        self.within, self.text = [], ""

    def all(self, name):
        """Elements of a name, however deep."""
        for element in self.within:
            if element.name == name:
                yield element
            yield from element.all(name)

    def said(self, *path):
        """The text at the end of a path, or None."""
        if not path:
            return self.text.strip()
        found = next((element for element in self.within if element.name == path[0]), None)
        return found and found.said(*path[1:])

    def entry(self):
        """The entry around it."""
        return self if self.name == "entry" or self.above is None else self.above.entry()

    def links(self, relation):
        """Where the links of its own of a relation lead."""
        return [link.attributes["href"] for link in self.within
                if link.name == "link" and link.attributes.get("rel") == relation and "href" in link.attributes]


def _local(name):
    return name.rpartition(":")[2]


def tree(data):
    """The document, of UTF-8 whatever it says; each element has the line it begins in."""
    ends = [found.start() for found in re.finditer(b"\n", data)]
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    top = here = Element("", 0, {}, None)

    def start(name, attributes):
        nonlocal here
        line = bisect_left(ends, parser.CurrentByteIndex) + 1
        here.within.append(Element(_local(name), line, attributes, here))
        here = here.within[-1]

    def end(_):
        nonlocal here
        here = here.above

    def text(part):
        here.text += part

    def refused(*_):
        raise Differs("has a DTD")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = refused
    try:
        data.decode("utf-8")
        parser.Parse(data, True)
    except (UnicodeDecodeError, expat.ExpatError) as error:
        raise Differs(f"is no XML: {error}") from error
    return top


def kind_of(block, types, meters):
    """The ReadingType of a block, or None."""
    if len(types) == 1:
        return types[0]
    ups = block.entry().links("up")
    related = next((links for links in (meter.links("related") for meter in meters) if set(ups) & set(links)), None)
    if related is None:
        related = next((meter.links("related") for meter in meters if _below(meter, ups)), [])
    return next((kind for kind in types if set(related) & set(kind.entry().links("self"))), None)


def _below(meter, ups):
    """Whether one of the links lies below a meter's own."""
    return any(up.startswith(link + "/") for up in ups for link in meter.links("self"))


def whole(text):
    need(WHOLE.fullmatch(text or ""), f"`{text}` is no whole number")
    return int(text)


def _reading(element, kind, series):
    """The fact of an IntervalReading."""
    unit, behaviours = UNITS[kind.said("uom")]
    need((kind.said("accumulationBehaviour") or None) in behaviours, "values are of no interval each")
    start, seconds = (whole(element.said("timePeriod", name)) for name in ("start", "duration"))
    value, power = element.said("value"), whole(kind.said("powerOfTenMultiplier") or "0")
    need(seconds > 0 and abs(power) < 100, "a reading of no duration, or beyond all powers")
    need("e" not in value.lower(), "a value with an exponent")
    value, base = units.based(series, units.number(value) * Fraction(10) ** power, unit, seconds)
    quality = {part.text.strip() for part in element.all("quality")}
    return series, start, start + seconds, value, base, "estimated" if quality & ESTIMATED else "measured"


def facts(data, form):
    """Row numbers and facts of a file. A reading that is at fault gives nothing."""
    flow = form.get("flow", "delivered")
    need(flow in ("delivered", "received"), f"`{flow}` is no flow")
    top = tree(data)
    types = list(top.all("ReadingType"))
    meters = [meter.entry() for meter in top.all("MeterReading")]
    for block in top.all("IntervalBlock"):
        kind = kind_of(block, types, meters)
        if kind and (kind.said("flowDirection") == RECEIVED) == (flow == "received"):
            for element in block.all("IntervalReading"):
                with contextlib.suppress(Differs, AttributeError, KeyError):
                    yield element.line, _reading(element, kind, form["series"])
