"""Files read by forms as docs/pack-format.md has it: every export of fixtures/exports, and cases by hand."""

import csv
import tomllib
import unittest

from rebuild import forms, instants, nem12
from rebuild.said import Differs
from tests.packs import REPOSITORY

EXPORTS, FORMS = REPOSITORY / "fixtures" / "exports", REPOSITORY / "reports" / "forms"
METER = {"area": "DE", "series": "site/a/import"}
# What the README's table gives each folder.
ARGUMENTS = {
    "electricity-maps": {"area": "DE"}, "entsoe-load": {"area": "DE"}, "entsoe-generation": {"area": "DE"},
    "neso-mix": {"area": "GB"}, "green-button": {"series": "site/a/import", "time-zone": "America/Los_Angeles"},
    "green-button-xml": {"series": "site/a/import"}, "caiso-renewables": {"area": "CAISO"},
    "caiso-lmp": {"area": "CAISO", "zone": "TH_NP15_GEN-APND"}, "pjm": {"area": "PJM"}, "watttime": {"area": "CAISO"},
    "elexon": {"area": "GB"}, "octopus": {"series": "site/a/load"}, "enedis": {"series": "site/a/load"},
    "nem12": {"series": "site/a/import", "site": "a"}, "eia-balance": {"area": "PJM"},
}
# As books.json holds it where a form says nothing.
MISSING = ["", "-", "--", "N/A", "NA", "NaN", "null", "none", "missing"]
# No pack holds these; each is read here as a series that is rounded as the fixtures round it.
STAND_INS = {"demand": "hydro_issued", "marginal_intensity": "residual_intensity"}


def filled(name, arguments):
    """A form of the repository with its placeholders filled in."""
    text = (FORMS / f"{name}.toml").read_text(encoding="utf-8")
    for key, value in ({"zone": arguments.get("area", "")} | arguments).items():
        text = text.replace("{" + key + "}", value)
    for leaf, other in STAND_INS.items():
        text = text.replace(f'/{leaf}"', f'/{other}"')
    form = tomllib.loads(text)
    return form | ({"missing": MISSING} if form["kind"] == "table" else {})


def read(path, form):
    """What a file says, without the rows it stands in, sorted; None where it is not of the form."""
    try:
        found = forms.facts(path.read_bytes(), form)
    except Differs:
        return None
    return sorted(fact for facts in found.values() for fact in facts)


def expected(path):
    """What must come out of an export."""
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            area, _, leaf = row["series"].rpartition("/")
            name = f"{area}/{STAND_INS.get(leaf, leaf)}"
            found.append((name, instants.read(row["start"]), instants.read(row["end"]), int(row["wh_or_base"]),
                          row["quality"]))
    return sorted(found)


def of_folder(folder):
    """The forms for a folder's files: those of its name, and of its name with a year or `site` behind it."""
    return sorted(path.stem for path in FORMS.glob("*.toml")
                  if path.stem == folder or path.stem.removeprefix(folder + "-") in ("2023", "2024", "2025"))


class Exports(unittest.TestCase):
    def test_every_export(self):
        """One form of its folder reads it, and reads just what is expected."""
        read_by = set()
        for folder, arguments in ARGUMENTS.items():
            for export in sorted(EXPORTS.joinpath(folder).glob("export*")):
                wanted = expected(EXPORTS / folder / f"{export.stem.replace('export', 'expected')}.csv")
                found = {name: read(export, filled(name, arguments)) for name in of_folder(folder)}
                found = {name: facts for name, facts in found.items() if facts is not None}
                self.assertEqual(len(found), 1, f"{folder}/{export.name}: {list(found)}")
                for name, facts in found.items():
                    self.assertEqual([fact[:4] + fact[5:] for fact in facts], wanted, f"{folder}/{export.name}")
                    read_by.add(name)
        meters = filled("nem12-site", ARGUMENTS["nem12"])
        facts = read(EXPORTS / "nem12" / "export.csv", meters)
        self.assertEqual([fact[:4] + fact[5:] for fact in facts], expected(EXPORTS / "nem12" / "expected-site.csv"))
        self.assertEqual(read_by | {"nem12-site"}, {path.stem for path in FORMS.glob("*.toml")})
        self.assertEqual(set(ARGUMENTS), {path.name for path in EXPORTS.iterdir() if path.is_dir()})


if __name__ == "__main__":
    unittest.main()
