"""Green Button (ESPI) XML: section 9, Forms."""

import contextlib
from fractions import Fraction
from xml.parsers import expat

from rebuild import units
from rebuild.said import Differs, need

KEYS = "flow kind series".split()
UNITS = {"72": "Wh", "38": "W"}
RECEIVED = "19"
BY_INTERVAL = (None, "0", "4")
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
        return [link.attributes.get("href") for link in self.within
                if link.name == "link" and link.attributes.get("rel") == relation]


def _local(name):
    return name.rpartition(":")[2]


def _tree(data):
    """The document."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    top = here = Element("", 0, {}, None)

    def start(name, attributes):
        nonlocal here
        here.within.append(Element(_local(name), parser.CurrentLineNumber, attributes, here))
        here = here.within[-1]

    def end(_):
        nonlocal here
        here = here.above

    def text(part):
        here.text += part

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Differs(f"is no XML: {error}") from error
    return top


def _type(block, types, meters):
    """The ReadingType of a block, or None."""
    if len(types) == 1:
        return types[0]
    ups = block.entry().links("up")
    related = [link for meter in meters if _of(meter, ups) for link in meter.links("related")]
    found = [kind for kind in types if set(related) & set(kind.entry().links("self"))]
    return found[0] if len(found) == 1 else None


def _of(meter, ups):
    """Whether blocks with these `up` links are a meter's: it names one, or one lies below its own link."""
    below = tuple(link.rstrip("/") + "/" for link in meter.links("self"))
    return bool(set(ups) & set(meter.links("related"))) or any(up.startswith(below) for up in ups)


def _reading(element, kind, series):
    """The fact of an IntervalReading."""
    need(kind.said("accumulationBehaviour") in BY_INTERVAL, "values are no energy of an interval each")
    start, seconds = (int(element.said("timePeriod", name)) for name in ("start", "duration"))
    need(seconds > 0, "a reading of no duration")
    exact = units.number(element.said("value")) * Fraction(10) ** int(kind.said("powerOfTenMultiplier") or 0)
    value, base = units.based(series, exact, UNITS[kind.said("uom")], seconds)
    quality = {part.text.strip() for part in element.all("quality")}
    return series, start, start + seconds, value, base, "estimated" if quality & ESTIMATED else "measured"


def facts(data, form):
    """Row numbers and facts of a file. A reading that is at fault gives nothing."""
    flow = form.get("flow", "delivered")
    need(flow in ("delivered", "received"), f"`{flow}` is no flow")
    top = _tree(data)
    types = list(top.all("ReadingType"))
    meters = [meter.entry() for meter in top.all("MeterReading")]
    for block in top.all("IntervalBlock"):
        kind = _type(block, types, meters)
        if kind and (kind.said("flowDirection") == RECEIVED) == (flow == "received"):
            for element in block.all("IntervalReading"):
                with contextlib.suppress(Differs, KeyError, TypeError, ValueError):
                    yield element.line, _reading(element, kind, form["series"])
