"""Files read by a form of books.json: section 9, Forms."""

from rebuild import green, nem12, tables
from rebuild.said import need
from rebuild.words import known

KINDS = {"table": (tables.KEYS, tables.facts), "nem12": (nem12.KEYS, nem12.facts),
         "green-button-xml": (green.KEYS, green.facts)}


def facts(data, form):
    """Row number to what the form reads in it: (series, start, end, value, unit, quality), as in readings.csv."""
    need(isinstance(form, dict) and form.get("kind") in KINDS, "a form of a kind that is not known here")
    keys, read = KINDS[form["kind"]]
    known(form, keys, "a form")
    found = {}
    for row, fact in read(data, form):
        found.setdefault(row, []).append(fact)
    return found
