"""The digest of the inputs: section 13."""

import csv
import hashlib
import io

from rebuild import instants, wire
from rebuild.rows import cell

QUALITIES = "measured validated calculated estimated profiled".split()


def of(files):
    """`inputs_sha256`."""
    books = wire.read(files["inputs/books.json"], "inputs/books.json")
    parts = [b"hourmatch inputs 1", wire.compact(decisive(books["definitions"])), files["inputs/ruleset.toml"],
             files["inputs/factors.csv"], wire.compact([books["period"], books["fuels"]]),
             _certificates(files["inputs/certificates.csv"]), files["inputs/invoices.csv"]]
    series = {}
    for line in files["inputs/readings.csv"].decode().split("\n")[1:-1]:
        name, start, end, value, _, quality = line.split(",")[:6]
        numbers = instants.read(start), instants.read(end), int(value), QUALITIES.index(quality)
        series.setdefault(name, []).append(b"".join(number.to_bytes(8, "big", signed=True) for number in numbers))
    for name, readings in series.items():
        parts += [name.encode(), b"".join(readings)]
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def decisive(definitions):
    """Definitions without display names, which are in no digest."""
    return definitions | {key: [_unnamed(row) for row in definitions[key]] for key in ("sites", "contracts")}


def _unnamed(row):
    return {key: value for key, value in row.items() if key != "name"}


def _certificates(data):
    """Rows without `since` and without the header."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    since = header.index("since")
    kept = [[cell(text) for place, text in enumerate(row) if place != since] for row in rows]
    return "".join(",".join(row) + "\n" for row in kept).encode()
