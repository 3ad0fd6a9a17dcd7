"""Files read by forms as docs/pack-format.md has it: every export of fixtures/exports, and cases by hand."""

import csv
import json
import tomllib
import unittest

from rebuild import forms, instants, wire
from rebuild.said import Differs
from tests.packs import COMMITTED, REPOSITORY, altered, run, sealed

EXPORTS, FORMS = REPOSITORY / "fixtures" / "exports", REPOSITORY / "reports" / "forms"
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


def filled(name, arguments):
    """A form of the repository with its placeholders filled in."""
    text = (FORMS / f"{name}.toml").read_text(encoding="utf-8")
    for key, value in ({"zone": arguments.get("area", "")} | arguments).items():
        text = text.replace("{" + key + "}", value)
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
            found.append((row["series"], instants.read(row["start"]), instants.read(row["end"]),
                          int(row["wh_or_base"]), row["quality"]))
    return sorted(found)


def of_folder(folder):
    """The forms for a folder's files: those of its name, and of its name with a year or `cet` behind it."""
    return sorted(path.stem for path in FORMS.glob("*.toml")
                  if path.stem == folder or path.stem.removeprefix(folder + "-") in ("2023", "2024", "2025", "cet"))


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


    def test_what_is_refused(self):
        """Nothing is read of it. That an hourly form has rows a day apart is for whoever takes the file in."""
        for folder, arguments in ARGUMENTS.items():
            for wrong in sorted(EXPORTS.joinpath(folder).glob("wrong-*")):
                found = [facts for name in of_folder(folder) if (facts := read(wrong, filled(name, arguments)))]
                self.assertEqual(bool(found), wrong.name == "wrong-daily.csv", wrong)


SERIES = "plant/p/generation"


def table(text, time, series=None, **keys):
    """What a table says: start and end in minutes of 1 June 2024 UTC, value in Wh and row of each reading, by row. Its
    series reads the column `v` in Wh unless said."""
    series = series or [{"series": SERIES, "column": "v", "unit": "Wh"}]
    form = {"kind": "table", "missing": MISSING, "time": time, "series": series} | keys
    return [((start - DAY) / 60, (end - DAY) / 60, value, row)
            for row, facts in sorted(forms.facts(text.encode(), form).items()) for _, start, end, value, _, _ in facts]


def rows(*cells, header="t,v"):
    return header + "\n" + "".join(f"2024-06-01 {line}\n" for line in cells)


def lists(found):
    """Starts and ends alone."""
    return [reading[:2] for reading in found]


DAY = instants.read("2024-06-01T00:00:00Z")
HOURLY = {"start": "t", "step": "1h"}


class Headers(unittest.TestCase):
    def test_where_it_stands(self):
        body = rows("00:00,7", "01:00,8")
        wanted = [(0, 60, 7, 2), (60, 120, 8, 3)]
        self.assertEqual(table(body, HOURLY), wanted)
        for above in ("\ufeffnote,x\n", '"two\nlines",x\n', "\n" * 60, "t,v,v\n", "t,q\n"):
            optional = [{"series": SERIES, "column": "v", "unit": "Wh", "optional": True}]
            below = above.count("\n")
            found = table(above + body, HOURLY, optional)
            self.assertEqual(found, [(*reading[:3], reading[3] + below) for reading in wanted], above)
        self.assertEqual(len(table("x,y\n" * 39 + body, HOURLY)), 2)
        with self.assertRaises(Differs):
            table("x,y\n" * 40 + body, HOURLY)

    def test_names(self):
        for name, cell in (("Wert [kW]", " wert\u00a0 [KW]"), ("Load*", "load of all"), ("Load *", "load  of all"),
                           ("\u00c9nergie", "\u00e9NERGIE")):
            text = rows("00:00,7", header=f"t,{cell}")
            self.assertEqual(table(text, HOURLY, [{"series": SERIES, "column": [name], "unit": "Wh"}]), [(0, 60, 7, 2)])
        for name, cell in (("Load *", "loads"), ("Load", "load of all"), ("Load*", "a load")):
            with self.assertRaises(Differs):
                table(rows("00:00,7", header=f"t,{cell}"), HOURLY, [{"series": SERIES, "column": [name], "unit": "Wh"}])

    def test_rows_of_another_width(self):
        text = rows("00:00,7", "01:00,8,", "02:00", "03:00,9,,", "04:00,9,,x", header="t,v,w") + ",,\n"
        self.assertEqual([row for *_, row in table(text, HOURLY)], [3])

    def test_stated(self):
        keys = {"stated": {"Unit": ["W*"]}}
        for above in ("Unit,Wh\n", "a,Unit\nb,W\n", "Unit,\n", "Unit of it,kWh\n", "Unit,MWh\nUnit,Wh\n"):
            self.assertEqual(len(table(above + rows("00:00,7"), HOURLY, **keys)), 1, above)
        for above in ("Unit,kWh\n", "a,unit\nb,kWh\n"):
            with self.assertRaises(Differs):
                table(above + rows("00:00,7"), HOURLY, **keys)

    def test_what_no_form_says(self):
        one = {"series": SERIES, "column": ["v"], "unit": "Wh"}
        for series, time, keys in (
            ([one], HOURLY, {"colour": 1}), ([one], HOURLY | {"colour": 1}, {}), ([one | {"colour": 1}], HOURLY, {}),
            ([one, one], HOURLY, {}), ([one | {"column": ["v", "v"]}], HOURLY, {}), ([one], HOURLY, {"decimal": ";"}),
            ([one], HOURLY | {"format": "%F %Q"}, {}), ([one], HOURLY | {"zone": "Nowhere"}, {}),
        ):
            with self.assertRaises(Differs):
                table(rows("00:00,7"), time, series, **keys)


class Texts(unittest.TestCase):
    def test_encodings(self):
        series = [{"series": SERIES, "column": "Z\u00e4hler \u20ac", "unit": "Wh"}]
        form = {"kind": "table", "missing": MISSING, "time": HOURLY, "series": series}
        text = rows("00:00,7", header="t,Z\u00e4hler \u20ac")
        for stated, data in (("utf-8", text.encode()), ("cp1252", text.encode("cp1252")),
                             ("utf-16", text.encode("utf-16-le")), ("utf-16", text.encode("utf-16-be")),
                             ("cp1252", text.encode("utf-8-sig")), ("utf-8", text.encode("utf-16"))):
            self.assertEqual(list(forms.facts(data, form | {"encoding": stated})), [2], stated)

    def test_headers_of_two_rows(self):
        text = "x,,\n,A,\nt,v,w\n2024-06-01 00:00,7,8\n"
        self.assertEqual(table(text, HOURLY, [{"series": SERIES, "column": "A w", "unit": "Wh"}], header_rows=2),
                         [(0, 60, 8, 4)])

    def test_ignored(self):
        text = rows("00:00,7", "01:00,8") + "Total,x,y\n"
        found = table(text, HOURLY, ignore={"t": ["Total", "2024-06-01 01:00"]})
        self.assertEqual(found, [(0, 60, 7, 2)])

    def test_epochs(self):
        for form, text in (("epoch-s", "1717200000"), ("epoch-ms", "1717200000000")):
            self.assertEqual(table(f"t,v\n{text},7\n{text}1x,8\n", HOURLY | {"format": form}), [(0, 60, 7, 2)], form)

    def test_days_across(self):
        names = [f"HE{hour:02}" for hour in range(1, 25)]
        series = [{"series": SERIES, "column": names, "unit": "Wh"}]
        time = {"start": "d", "step": "1h", "across": True}
        day = ",".join(str(hour) for hour in range(24))
        text = f"d,{','.join(names)}\n2024-06-01,{day}\n"
        self.assertEqual(table(text, time, series), [(60 * hour, 60 * hour + 60, hour, 2) for hour in range(24)])
        turned = text.replace("2024-06-01", "2024-10-27")
        self.assertEqual(table(turned, time | {"zone": "Europe/Berlin"}, series), [])


class Cells(unittest.TestCase):
    def test_numbers(self):
        for cell, keys, wanted in (
            ("-7", {}, -7), ("+.7e1", {}, 7), ("1,234", {}, None), ("0x1", {}, None), (" N/a ", {}, None),
            ("1,234.5", {"thousands": ","}, 1234), ("12,34", {"thousands": ","}, None),
            ("1234", {"thousands": ","}, 1234),
            ("1.234,9", {"thousands": ".", "decimal": ","}, 1234), ("1.5", {"decimal": ","}, None),
            ("-0,5", {"decimal": ","}, -1), ("9", {"missing": ["9"]}, None), ("9", {"absent": ["9"]}, None),
        ):
            found = table(rows(f'00:00,"{cell}"'), HOURLY, **keys)
            self.assertEqual([value for _, _, value, _ in found], [] if wanted is None else [wanted], cell)

    def test_units_behind_numbers(self):
        series = [{"series": SERIES, "column": "v", "unit": "kWh", "suffix": "kWh"}]
        found = table(rows("00:00,7 kWh", "01:00,8kWh", "02:00,9 MWh", "03:00,9"), HOURLY, series)
        self.assertEqual([reading[2] for reading in found], [7000, 8000])

    def test_separators(self):
        for separator in ";|\t":
            text = rows("00:00;7,5", header="t;v").replace(";", separator)
            self.assertEqual(table(text, HOURLY, separator=separator, decimal=","), [(0, 60, 7, 2)])

    def test_rows_taken(self):
        text = rows("00:00,a,1,7", "01:00,A ,2,8", "02:00,b,1,9", header="t,k,l,v")
        self.assertEqual([row for *_, row in table(text, HOURLY, only={"k": ["a"], "l": ["1", "2"]})], [2, 3])
        series = [{"series": SERIES, "column": "v", "unit": "Wh", "where": {"k": "a", "l": "2"}}]
        self.assertEqual([row for *_, row in table(text, HOURLY, series)], [3])


class Times(unittest.TestCase):
    def test_texts(self):
        for text, forms_of_time, wanted in (
            ("2024-06-01", [], 0), ("2024-06-01T02:00", [], 120), ("2024-06-01 02:00:00.000 +0100", [], 60),
            ("2024-6-1 2:00Z", [], 120), ("2024-06-01T24:00", [], 1440), ("2024-06-01T02", [], None),
            ("01.06.2024 24:00", ["%d.%m.%Y %H:%M"], 1440), ("6/1/2024 9:00 PM", ["%-m/%-d/%Y %-I:%M %p"], 1260),
            ("2024-06-01T02:00-03", ["%Y-%m-%dT%H:%M%#z"], 300), ("1717207200", ["%s"], 120),
            ("1 Jun 2024 02:00", ["%F", "%d %b %Y %R"], 120), ("01.06.2024", ["%d/%m/%Y"], None),
            ("2024-06-01T24:00:00", [], 1440), ("2024-06-01+01:00", [], None), ("9999-12-31T24:00", [], None),
            ("2024-06-01 9:05", ["%F %-H:%M"], 545), ("2024-06-01 9:05:00 PM", ["%F %l:%M:%S %p"], 1265),
            ("06/01/24 02:00:00", ["%D %X"], 120), ("6/1/2024 9:00pm", ["%x %r", "%m/%d/%Y %I:%M %p"], 1260),
            ("Sat, 01 june 2024 02:00", ["%a, %d %B %Y %R"], 120), ("Saturday, 1 Jun", ["%A, %e %B"], None),
            ("Sun 01 June 2024 02:00", ["%A %d %B %Y %R"], None), ("153/24 02:00", ["%j/%y %k:%M"], 120),
            ("202406010200", ["%Y%m%d%H%M"], 120), ("20240601", ["%Y%m%d"], 0),
            ("2024-06-01 12:30 AM", ["%F %I:%M %P"], 30), ("2024-06-01 02:00 CEST", ["%F %R %Z"], 120),
            ("2024-06-01 02:00 +01:00", ["%F%R%z"], 60), ("2024-06-01T02:00:00.000Z", ["%+"], 120),
            ("2024-06-01 02:00:00", ["%F %T%.f"], 120), ("2024-06-01 02:00:00.5", ["%F %T%.f"], None),
            ("2024-06-01 9", ["%F %H"], None),
            ("2024-06-01 9:05", ["%F %I:%M"], None), ("2024-06-01 13:05 PM", ["%F %I:%M %p"], None),
        ):
            time = HOURLY | ({"format": forms_of_time} if forms_of_time else {})
            found = lists(table(f't,v\n"{text}",7\n', time))
            self.assertEqual(found, [] if wanted is None else [(wanted, wanted + 60)], text)

    def zoned(self, time, *lines, header="t,v", day="2024-10-27"):
        """Hours of UTC that intervals start at, and how long they are, in Berlin, on the day that clocks go back."""
        text = header + "\n" + "".join(f"{line},7\n".replace("D", day) for line in lines)
        zero = (instants.read(f"{day}T00:00:00Z") - DAY) / 60
        found = lists(table(text, {"zone": "Europe/Berlin"} | time))
        return [((start - zero) / 60, end - start) for start, end in found]

    def test_clocks(self):
        """02:00 comes twice on 27 October, at 0 and at 1 UTC; on 31 March it does not come."""
        for hours, wanted in ((("01", "02", "02", "03"), [-1, 0, 1, 2]), (("03", "02", "02", "01"), [2, 1, 0, -1]),
                              (("02", "03"), [2]), (("03", "02"), [2]), (("02",), []), (("02",) * 3, []),
                              # Whether a list runs backwards is told by its first and its last row.
                              (("00", "03", "02", "02", "04"), [-2, 2, 0, 1, 3]),
                              (("04", "01", "02", "02", "00"), [3, -1, 1, 0, -2])):
            found = self.zoned(HOURLY, *(f"D {hour}:00" for hour in hours))
            self.assertEqual([start for start, _ in found], wanted, hours)
        found = self.zoned(HOURLY, "D 01:00,1", "D 02:00,x", "D 02:00,1", header="t,v,w")
        self.assertEqual([start for start, _ in found], [-1, 1])
        found = self.zoned(HOURLY, "D 01:00", "D 02:00", "D 03:00", day="2024-03-31")
        self.assertEqual([start for start, _ in found], [0, 1])

    def test_marks(self):
        """02:00 (CEST) is at 0 UTC, 02:00 (CET) at 1; without a mark it is none. At 3 there is no summer time."""
        time = HOURLY | {"marks": {"(CET)": "+01:00", "(CEST)": "+02:00"}}
        found = self.zoned(time, "D 01:00", "D 02:00 (CET)", "D 02:00 (CEST)", "D 02:00 (CEST)", "D 03:00", "D 02:00",
                           "D 02:00", "D 03:00 (CEST)")
        self.assertEqual([start for start, _ in found], [-1, 1, 0, 0, 2])
        ranged = {"range": "t", "marks": time["marks"]}
        found = self.zoned(ranged, "D 02:45 (CEST) - D 02:00 (CET)", "D 02:45 (CET) - D 03:00", "D 01:45 - D 02:00")
        self.assertEqual(found, [(0.75, 15), (1.75, 15), (-0.25, 15)])
        for marks in ({"": "+01:00"}, {"(CET)": "1"}, {"(CET)": "+0100"}):
            with self.assertRaises(Differs):
                self.zoned(HOURLY | {"marks": marks}, "D 01:00")

    def test_both_edges(self):
        time = {"start": ["d", "a"], "end": ["d", "b"]}
        found = self.zoned(time, "D,01:30,02:00", "D,02:30,02:00", "D,02:00,02:30", "D,02:30,03:00", header="d,a,b,v")
        self.assertEqual(found, [(-0.5, 30), (0.5, 30), (1.5, 30)])
        found = self.zoned(time, "D,01:30,02:00", "D,01:00,03:00", header="d,a,b,v", day="2024-03-31")
        self.assertEqual(found, [(0.5, 30), (0, 60)])
        found = self.zoned(time, "D,23:30,00:00", "D,23:00,24:00", "D,02:00,01:00", header="d,a,b,v")
        self.assertEqual(found, [(22.5, 30), (22, 60)])
        self.assertEqual(self.zoned(time, "D,00:00,00:00", header="d,a,b,v", day="2024-07-01"), [(-2, 1440)])
        self.assertEqual(self.zoned({"start": "a", "end": "b"}, "D 23:30,D 00:00", header="a,b,v"), [])
        found = self.zoned({"range": "t", "zone": "UTC"}, "D 01:00 - D 02:00", "D 03:00 - D 02:00", "D 04:00-D 05:00")
        self.assertEqual(found, [(1, 60)])

    def test_allowed_lengths(self):
        time = {"start": ["d", "a"], "end": ["d", "b"], "step": ["30min", "2h"]}
        found = self.zoned(time, "D,04:00,04:30", "D,04:30,05:30", "D,06:00,08:00", header="d,a,b,v")
        self.assertEqual(found, [(3, 30), (5, 120)])

    def test_inclusive(self):
        time = {"start": "a", "end": "b", "inclusive": True}
        text = "a,b,v\n" + "".join(f"2024-06-01 {start},2024-06-01 {end},7\n" for start, end in (
            ("00:00", "00:29"), ("00:30", "00:59:59"), ("01:00", "01:30"), ("02:00:00", "02:00:59")))
        self.assertEqual(lists(table(text, time)), [(0, 30), (30, 60), (120, 121)])

    def test_periods(self):
        time = {"start": "d", "period": "p", "step": "30min"}
        found = self.zoned(time, "D,1", "D,5", "D,50", "D,51", "D,0", header="d,p,v")
        self.assertEqual(found, [(-2, 30), (0, 30), (22.5, 30)])
        self.assertEqual(self.zoned(time, "D,46", "D,47", header="d,p,v", day="2024-03-31"), [(21.5, 30)])

    def test_several_steps(self):
        for edge, times, wanted in (
            ("end", "01:00 01:30 02:00 03:00 04:00", [30, 30, 30, 60, 60]),
            ("end", "01:00 02:00 02:30 03:00", [60, 30, 30, 30]),
            ("end", "01:00 01:30 02:30 03:00", [30, 30, 30, 30]),
            ("start", "01:00 02:00 03:00 03:30", [60, 60, 30, 30]),
            ("start", "01:00 01:30 02:30 03:00", [30, 30, 30, 30]),
            ("start", "01:00 05:00 05:30", [30, 30]),
            # In order of time, whatever the values, `-` being none.
            ("end", "04:00 03:00 02:00 01:30 01:00", [60, 60, 30, 30, 30]),
            ("start", "03:00 01:00 02:00 04:00 01:30", [60, 30, 60, 60, 30]),
            ("end", "01:00 01:30- 02:00 03:00", [30, 30, 60]), ("end", "01:00 01:00 01:30", [30, 30]),
        ):
            text = rows(*(f"{time.rstrip('-')},{'x' if '-' in time else 7}" for time in times.split()))
            found = [end - start for start, end in lists(table(text, {edge: "t", "step": ["30min", "1h"]}))]
            self.assertEqual(found, wanted, (edge, times))


class Sums(unittest.TestCase):
    def test_columns(self):
        """A part that never is a number is not needed; an absent one counts nothing; an unknown one leaves no sum."""
        series = [{"series": SERIES, "column": ["a", "b", "c"], "unit": "Wh"}]
        text = rows("00:00,1,2,", "01:00,1,,", "02:00,n/e,2,-", "03:00,n/e,n/e,", "04:00,1,x,", header="t,a,b,c")
        found = table(text, HOURLY, series, absent=["n/e"])
        self.assertEqual(found, [(0, 60, 3, 2), (120, 180, 2, 4)])

    def test_rounded_once(self):
        series = [{"series": SERIES, "column": ["a", "b"], "unit": "Wh"}]
        self.assertEqual(table(rows("00:00,0.5,0.5", header="t,a,b"), HOURLY, series), [(0, 60, 1, 2)])

    def test_rows(self):
        """In the first of its rows; not without a row that is needed."""
        series = [{"series": SERIES, "column": "v", "unit": "Wh", "where": {"f": ["x", "y", "z"]}}]
        text = rows("00:00,z,", "00:00,x,1", "00:00,y,2", "01:00,x,3", "02:00,x,4", "02:00,q,9", "02:00,y,5",
                    header="t,f,v")
        self.assertEqual(table(text, HOURLY, series, add_up="f"), [(0, 60, 3, 2), (120, 180, 9, 6)])

    def test_parts_that_stand_already(self):
        """Such a row is at fault, for every series; parts are told apart as they are written."""
        series = [{"series": f"grid/A/{leaf}", "column": leaf, "unit": "Wh", "where": {"f": words}}
                  for leaf, words in (("wind", ["x", "y"]), ("coal", ["x"]))]
        text = rows("00:00,x,1,8", "00:00,X,2,8", "00:00,y,4,8", "00:00,y,9,8", header="t,f,wind,coal")
        self.assertEqual(table(text, HOURLY, series, add_up="f"), [(0, 60, 7, 2), (0, 60, 16, 2)])
        series = [{"series": "grid/A/wind", "column": ["a", "b"], "unit": "Wh"},
                  {"series": "grid/A/coal", "column": "a", "unit": "Wh"}]
        text = rows("00:00,1,2", "00:00,4,5", header="t,a,b")
        self.assertEqual(table(text, HOURLY, series), [(0, 60, 3, 2), (0, 60, 1, 2)])

    def test_registers(self):
        """What a register rose by, in the later row; not over a gap, not where it falls or shows two values."""
        series = [{"series": SERIES, "column": "v", "unit": "Wh", "register": True}]
        ends = {"end": "t", "step": ["1h"]}
        text = rows("01:00,7", "02:00,9.5", "03:00,9.5", "04:00,", "05:00,11", "06:00,12", "07:00,3", "08:00,4",
                    "09:00,5", "09:00,6", "10:00,7", "11:00,9")
        self.assertEqual(table(text, ends, series), [
            (60, 120, 2, 3), (120, 180, 0, 4), (300, 360, 1, 7), (420, 480, 1, 9), (600, 660, 2, 13)])
        marked = rows("01:00,7,", "02:00,8,yes", "03:00,9,", "04:00,9,", header="t,v,e")
        form = {"kind": "table", "missing": MISSING, "time": ends, "series": series, "estimated": {"e": ["yes"]}}
        self.assertEqual([facts[0][5] for facts in forms.facts(marked.encode(), form).values()],
                         ["estimated", "estimated", "measured"])
        for time, keys, column in ((HOURLY, {}, "v"), (ends, {"add_up": "t"}, "v"), (ends, {"zeros_are_a_gap": True}, "v"),
                                   (ends, {}, ["v", "t"])):
            with self.assertRaises(Differs):
                table(text, time, [series[0] | {"column": column}], **keys)

    def test_quality(self):
        """Estimated where any of its rows is."""
        form = {"kind": "table", "missing": MISSING, "time": HOURLY, "add_up": "f", "estimated": {"e": ["yes"]},
                "series": [{"series": SERIES, "column": "v", "unit": "Wh", "quality": "validated"}]}
        text = rows("00:00,x,1,", "00:00,y,2,Yes", "01:00,x,1,no", "01:00,y,2,", header="t,f,v,e")
        found = forms.facts(text.encode(), form)
        self.assertEqual([facts[0][5] for facts in found.values()], ["estimated", "validated"])

    def test_zeros(self):
        """Generation of zeros alone is left out, and likewise the rest of a row."""
        series = [{"series": f"grid/A/{leaf}", "column": leaf, "unit": unit} for leaf, unit in
                  (("wind", "Wh"), ("coal", "Wh"), ("carbon_intensity", "mg/kWh"))]
        text = rows("00:00,0,0,5", "01:00,0,1,0", "02:00,0,,5", header="t,wind,coal,carbon_intensity")
        found = table(text, HOURLY, series, zeros_are_a_gap=True)
        self.assertEqual([(value, row) for _, _, value, row in found], [(5, 2), (0, 3), (1, 3), (5, 4)])

    def test_a_price_is_no_generation(self):
        series = [{"series": f"grid/A/{leaf}", "column": leaf, "unit": unit} for leaf, unit in
                  (("wind", "Wh"), ("price", "currency/MWh"))]
        text = rows("00:00,0,5", "01:00,3,0", header="t,wind,price")
        found = table(text, HOURLY, series, zeros_are_a_gap=True)
        self.assertEqual([(value, row) for _, _, value, row in found], [(5_000_000, 2), (3, 3)])

    def test_forecasts(self):
        self.assertEqual(table(rows("00:00,2024-05-31,7", header="t,i,v"), HOURLY, issued="i"), [])


class Meters(unittest.TestCase):
    def nem12(self, *lines, nmi=None):
        """Half-hours read, and how many of them are estimated."""
        form = {"kind": "nem12", "series": {"E1": SERIES}} | ({"nmi": nmi} if nmi else {})
        found = forms.facts("".join(f"{line}\n" for line in lines).encode(), form)
        facts = [fact for row in found.values() for fact in row]
        return len(facts), sum(fact[5] == "estimated" for fact in facts)

    def test_nem12(self):
        stream, day = "200,600,E1,1,E1,N1,M,KWH,30,", "300,20240601," + "1," * 48
        for quality, more, wanted in (
            ("A", [], (48, 0)), ("S14", [], (48, 48)), ("N", [], (0, 0)), ("V", [], (0, 0)),
            ("V", ["400,1,40,A", "400,41,46,F14", "400,47,48,N"], (46, 6)), ("V", ["400,1,40,A"], (0, 0)),
            ("A", ["400,1,2,E52"], (48, 2)), ("1", [], (0, 0)),
            # `V` stands in a 300 only; one 400 at fault is enough; one that does not follow is none of the day's.
            ("A", ["400,1,2,V"], (0, 0)), ("V", ["400,1,2,V", "400,1,48,A"], (0, 0)), ("A", ["400,1,2,Q"], (0, 0)),
            *(("A", [wrong], (0, 0)) for wrong in ("400,1,49,A", "400,2,1,A", "400,1,2", "400", "400,,2,A")),
            ("A", ["400,x,2,A", "400,1,48,A"], (0, 0)), ("A", ["500,x", "400,1,2,E52"], (48, 0)),
            ("A", ["400,0,2,A", day.replace("0601", "0602") + "A"], (48, 0)),
        ):
            self.assertEqual(self.nem12("100,NEM12", stream, day + quality, *more, "900"), wanted, (quality, more))
        self.assertEqual(self.nem12(stream, day + "A", nmi="601"), (0, 0))
        self.assertEqual(self.nem12(stream.replace("E1,N1", "B1,N1"), day + "A"), (0, 0))
        self.assertEqual(self.nem12(stream.replace("KWH", "kVArh"), day + "A"), (0, 0))


def entry(link, content, *others):
    """An entry of a feed, with links."""
    links = "".join(f'<link rel="{relation}" href="{to}"/>' for relation, to in (("self", link), *others))
    return f"<entry>{links}<content>{content}</content></entry>\n"


def kind(name, flow=1, power=0, uom=72, behaviour=None):
    said = {"accumulationBehaviour": behaviour, "flowDirection": flow, "powerOfTenMultiplier": power, "uom": uom}
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in said.items() if value is not None)
    return entry(name, f"<ReadingType>{inner}</ReadingType>")


def meter(link, *related):
    return entry(link, "<MeterReading/>", *(("related", to) for to in related))


def block(up, *qualities, value=7, start=0):
    quality = "".join(f"<ReadingQuality><quality>{one}</quality></ReadingQuality>" for one in qualities)
    period = f"<timePeriod><duration>3600</duration><start>{start}</start></timePeriod>"
    reading = f"<e:IntervalReading>{quality}{period}<value>{value}</value></e:IntervalReading>"
    return entry(f"{up}/1", f"<IntervalBlock>\n{reading}</IntervalBlock>", ("up", up))


class GreenButton(unittest.TestCase):
    def read(self, *entries, **keys):
        """Rows, and the value and quality of the reading in each."""
        form = {"kind": "green-button-xml", "series": SERIES} | keys
        found = forms.facts(f"<feed>\n{''.join(entries)}</feed>".encode(), form)
        self.assertTrue(all(len(facts) == 1 for facts in found.values()))
        return {row: (facts[0][3], facts[0][5]) for row, facts in found.items()}

    def test_flows(self):
        """Meter 11 is not meter 1; what was received is not what was delivered."""
        feed = [kind("/T/1"), kind("/T/2", power=3), kind("/T/3", flow=19), meter("/Meter/1", "/T/1"),
                meter("/Meter/11", "/T/2"), meter("/Meter/2", "/T/3"), block("/Meter/1/Block", 0),
                block("/Meter/11/Block", 8), block("/Meter/2/Block", 0)]
        self.assertEqual(self.read(*feed), {9: (7, "measured"), 11: (7000, "estimated")})
        self.assertEqual(self.read(*feed, flow="received"), {13: (7, "measured")})

    def test_links(self):
        """Related links first, then the first meter that the block lies below."""
        for meters, wanted in (
            ([("/M/1", "/T/1")], 1), ([("/M", "/T/2"), ("/M/1", "/T/1")], 10), ([("/M/", "/T/2"), ("/M/1", "/T/1")], 1),
            ([("/M/1", "/T/1"), ("/N", "/T/2", "/M/1/B")], 10), ([("/M/1", "/T/1", "/M/1/B"), ("/M", "/T/2")], 1),
            ([("/M/1", "/T/1"), ("/N", "/M/1/B")], None), ([("/M/1", "/T/2", "/T/1")], 1),
            ([("/M/11", "/T/1")], None),
        ):
            found = self.read(kind("/T/1"), kind("/T/2", power=1), *(meter(*links) for links in meters),
                              block("/M/1/B", value="1"))
            self.assertEqual([value for value, _ in found.values()], [wanted] if wanted else [], meters)

    def test_qualities(self):
        for qualities, wanted in (((), "measured"), ((0,), "measured"), ((0, 8), "estimated"), ((13, 0), "estimated"),
                                  ((11, 14), "measured")):
            self.assertEqual(self.read(kind("/T"), block("/B", *qualities)), {4: (7, wanted)}, qualities)

    def test_values(self):
        for said, value, wanted in (
            *(({"behaviour": behaviour}, 7, 7) for behaviour in (None, 0, 4)), ({"behaviour": 12}, 7, None),
            ({"behaviour": 3}, 7, None), ({"uom": 38, "behaviour": 12}, 7, 7), ({"uom": 38, "behaviour": 3}, 7, None),
            ({"uom": 119}, 7, None), ({}, "1e1", None), ({}, "-0.5", -1), ({"power": -1}, "25", 2),
        ):
            found = self.read(kind("/T", **said), block("/B", value=value))
            self.assertEqual([value for value, _ in found.values()], [] if wanted is None else [wanted], (said, value))

    def test_text(self):
        """Line feeds alone end lines; a DTD, or bytes of another code, are refused."""
        feed = f"<feed>\r\r\n{kind('/T')}\r{block('/B')}</feed>"
        form = {"kind": "green-button-xml", "series": SERIES}
        self.assertEqual(list(forms.facts(feed.encode(), form)), [4])
        for wrong in (f"<!DOCTYPE feed>\n{feed}".encode(), feed.replace("</feed>", "\u00e9</feed>").encode("latin-1"),
                      feed.encode("utf-16")):
            with self.assertRaises(Differs):
                forms.facts(wrong, form)


class Packs(unittest.TestCase):
    """The committed pack of format 3, as if one of its files had been read by a form."""

    SOURCE = COMMITTED.parent / "3"
    REVISION = "2026-11-28T08:27:15.952350Z", "a808ab43e72e83eccc9e74dd9b01fb339a436e4b44c54b55803cd5820e7b721e"
    FORM = {"decimal": ".", "kind": "table", "missing": [""], "separator": ",", "series": [
        {"column": ["value"], "quality": "validated", "series": "site/t/load", "unit": "MWh",
         "where": {"series": ["site/t/load"]}}], "time": {"end": ["end"], "start": ["start"], "zone": "UTC"}}

    def of(self, *entries):
        """What is said of the pack with these entries of `forms`."""
        with altered(source=self.SOURCE, seal=False) as folder:
            path = folder / "inputs" / "books.json"
            books = wire.read(path.read_bytes(), "books.json")
            path.write_bytes(wire.pretty(books | {"forms": list(entries)}))
            sealed(folder)
            return run(folder)

    def entry(self, **changes):
        recorded, sha256 = self.REVISION
        return {"recorded": recorded, "file_sha256": sha256, "form": json.loads(json.dumps(self.FORM)) | changes}

    def test_it_is_read_by_its_form(self):
        status, said = self.of(self.entry())
        self.assertEqual(status, 0, said)
        for old, new in (("MWh", "kWh"), ("validated", "measured"), ('["value"]', '["quality"]'),
                         ('{"series": ["site/t/load"]}', '{"series": ["site/s/load"]}'), ("table", "nem12")):
            form = json.loads(json.dumps(self.FORM).replace(old, new))
            status, said = self.of(self.entry() | {"form": form})
            self.assertEqual(status, 1, f"{new}: {said}")

    def test_the_list(self):
        other = self.entry() | {"recorded": "2026-11-28T08:27:16.000000Z"}
        turned = self.entry() | {"form": dict(reversed(self.FORM.items()))}
        for entries, wanted in (([self.entry(), self.entry()], "two forms"), ([other], "that no reading names"),
                                ([other, self.entry()], "not by recorded"), ([turned], "not sorted"),
                                ([self.entry(colour=1)], "not sorted"), ([self.entry(zones=1)], "the unknown zones")):
            status, said = self.of(*entries)
            self.assertEqual(status, 1)
            self.assertIn(wanted, said)

    def test_the_one_way_of_writing(self):
        form = json.dumps(self.FORM)
        for old, new, wanted in (
            ('"decimal": ".", ', "", "lacks decimal"), (', "zone": "UTC"', "", "lacks zone"),
            ('"quality": "validated", ', "", "lacks quality"),
            ('{"decimal"', '{"absent": [], "decimal"', "so anyway: absent"),
            ('"start": ["start"]', '"inclusive": false, "start": ["start"]', "so anyway: inclusive"),
            ('{"column"', '{"column": ["value"], "optional": false, "x"', "so anyway: optional"),
            ('"missing": [""]', '"missing": ""', "no list"), ('["site/t/load"]', '"site/t/load"', "no list"),
        ):
            with self.assertRaises(Differs) as found:
                forms.written(json.loads(form.replace(old, new)))
            self.assertIn(wanted, str(found.exception))
        for well in (self.FORM, {"kind": "nem12", "series": {}}, {"kind": "green-button-xml", "series": SERIES}):
            forms.written(well)
        form = dict(sorted((self.FORM | {"add_up": None}).items()))
        status, said = self.of(self.entry() | {"form": form})
        self.assertEqual(status, 1)
        self.assertIn("so anyway: add_up", said)

    def test_what_no_figure_reads(self):
        """Forms may have it, packs no readings of it."""
        with altered(source=self.SOURCE, seal=False) as folder:
            path = folder / "inputs" / "readings.csv"
            path.write_bytes(path.read_bytes().replace(b"site/t/load", b"grid/A/demand"))
            sealed(folder)
            status, said = run(folder)
        self.assertEqual(status, 1)
        self.assertIn("no figure reads", said)


if __name__ == "__main__":
    unittest.main()
