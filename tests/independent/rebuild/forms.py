"""Files read by a form of books.json: section 9, Forms."""

from rebuild import green, nem12, tables
from rebuild.said import need
from rebuild.words import known, words

KINDS = {"table": (tables.KEYS, tables.facts), "nem12": (nem12.KEYS, nem12.facts),
         "green-button-xml": (green.KEYS, green.facts)}

# Keys that are always written, by where they stand.
ALWAYS = {"table": "decimal kind missing separator series time".split(), "nem12": ["kind", "series"],
          "green-button-xml": ["kind", "series"], "time": ["zone"], "series": "column quality series unit".split()}


def written(form):
    """Holds a form of books.json to the one way of writing: with all that is always there, without other defaults, and
    with a list of words even of one."""
    _written(form, form["kind"])
    if form["kind"] == "table":
        _written(form["time"], "time")
        for entry in form["series"]:
            _written(entry, "series")


def _written(value, place):
    lacking = [key for key in ALWAYS[place] if key not in value]
    need(not lacking, f"a form's {place} lacks {', '.join(lacking)}")
    spare = [key for key in value if key not in ALWAYS[place] and (value[key] in (None, False, [], {})
             or (key, value[key]) in (("encoding", "utf-8"), ("header_rows", 1)))]
    need(not spare, f"a form's {place} says what is so anyway: {', '.join(spare)}")
    need(all(isinstance(some, list) for some in words(value)), f"words of a form's {place} are no list")


def facts(data, form):
    """Row number to what the form reads in it: (series, start, end, value, unit, quality), as in readings.csv."""
    need(isinstance(form, dict) and form.get("kind") in KINDS, "a form of a kind that is not known here")
    keys, read = KINDS[form["kind"]]
    known(form, keys, "a form")
    found = {}
    for row, fact in read(data, form):
        found.setdefault(row, []).append(fact)
    return found
