"""The files of a pack and their names: section 1."""

import re

from rebuild import archive
from rebuild.said import need

STAMP, STAMP_LIMIT = "timestamp.tsr", 65536
NEEDED = """inputs/books.json inputs/ruleset.toml inputs/factors.csv inputs/readings.csv inputs/revisions.csv
    inputs/certificates.csv inputs/invoices.csv allocations.csv certificates_used.csv exceptions.csv
    instrument_intervals.csv instruments.csv interval_factors.csv intervals.csv price_tests.csv reconciliations.csv
    restatements.csv results.json site_intervals.csv storage.csv unmatched.csv""".split()
PREVIOUS = ["inputs/previous/manifest.json", "inputs/previous/intervals.csv", "inputs/previous/results.json"]
OTHERS = re.compile(r"inputs/received/[0-9a-f]{64}|inputs/overlapping/[0-9a-f]{64}\.(manifest\.json|intervals\.csv)")


def names_hold(listed, form, restated):
    """Every file that a pack has, and none of another name."""
    wanted = set(NEEDED) | (set(PREVIOUS) if restated else set())
    if form == 2:
        wanted.discard("interval_factors.csv")
    need(wanted <= set(listed), f"the manifest lists no {', '.join(sorted(wanted - set(listed)))}")
    for path in sorted(set(listed) - wanted):
        known = OTHERS.fullmatch(path) and not (form == 2 and "overlapping" in path)
        need(known, f"{path}: no pack of format {form} has a file of that name" + ("" if restated else " unrestated"))


def of(place):
    """Path to bytes of every file, `manifest.json` and the time-stamp among them; in a word, how they came."""
    if place.is_dir():
        return _of_folder(place), "folder"
    need(place.is_file(), f"{place}: is neither a folder nor a file")
    return archive.files(place)


def _of_folder(place):
    files = {}
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        need(not path.is_symlink(), f"{name}: is a link")
        if path.is_dir():
            need(any(path.iterdir()), f"{name}: is an empty folder")
        else:
            need(path.is_file(), f"{name}: is no plain file")
            files[name] = path.read_bytes()
    return files
