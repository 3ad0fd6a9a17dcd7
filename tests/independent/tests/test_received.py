"""Received files read as docs/pack-format.md has it, and time-stamps."""

import gzip
import json
import unittest

from rebuild import instants, stamp, units
from rebuild.received import Received
from rebuild.records import records
from rebuild.said import Differs

DAY = 1_767_225_600  # 2026-01-01T00:00:00Z
HEADER = "series,start,end,value,unit\n"
HOUR = "2026-01-01T00:00:00Z,2026-01-01T01:00:00Z"


def says(text, row=2, way="exclusive", series=None):
    """What a row of a file says."""
    return Received(text.encode() if isinstance(text, str) else text).says(row, way, series)


class Records(unittest.TestCase):
    def test_numbers(self):
        """The line a record begins in, counted by hand; and line feeds up to where the record before ended, and one."""
        for text, wanted in (
            ("h\na\nb\n", [(1, 1, "h"), (2, 2, "a"), (3, 3, "b")]),
            ("h\na\nb", [(1, 1, "h"), (2, 2, "a"), (3, 3, "b")]),
            ("h\r\na\r\nb\r\n", [(1, 1, "h"), (2, 1, "a"), (3, 2, "b")]),
            ("h\ra\rb\r", [(1, 1, "h"), (2, 1, "a"), (3, 1, "b")]),
            ("\nh\na\n\n\nb\nc\n", [(2, 1, "h"), (3, 3, "a"), (6, 4, "b"), (7, 7, "c")]),
            ("\r\nh\r\n\r\na\r\nb", [(2, 1, "h"), (4, 2, "a"), (5, 4, "b")]),
            ('h\n"a\n\nx"\nb\n', [(1, 1, "h"), (2, 2, "a\n\nx"), (5, 5, "b")]),
            ('h\r\n"a\r\nx"\r\nb\r\n', [(1, 1, "h"), (2, 1, "a\r\nx"), (4, 3, "b")]),
            ('h\n"a\rx"\nb\n', [(1, 1, "h"), (2, 2, "a\rx"), (4, 3, "b")]),
            ("h\r\na\n\r\rb", [(1, 1, "h"), (2, 1, "a"), (5, 3, "b")]),
            ("", []), ("\n\n", []),
        ):
            found = [(line, earlier, cells[0]) for line, earlier, cells in records(text)]
            self.assertEqual(found, wanted, repr(text))

    def test_cells(self):
        for line, wanted in ((',"a, ""b""",c', ["", 'a, "b"', "c"]), ('a"b,', ['a"b', ""]), ('"a"b,c', ["ab", "c"])):
            self.assertEqual([cells for _, _, cells in records(line)], [wanted])


class Values(unittest.TestCase):
    def test_rounding(self):
        """Half a Wh, a share of three, a pound a MWh, prices just above and below zero: by hand."""
        for series, value, unit, wanted in (
            ("site/s/load", "0.5", "Wh", (1, "Wh")), ("site/s/export", "0.5", "Wh", (0, "Wh")),
            ("plant/p/generation", "-0.5", "Wh", (-1, "Wh")), ("storage/b/charge", "1e-9", "Wh", (1, "Wh")),
            ("grid/A/wind_issued", "1.9999", "Wh", (1, "Wh")), ("contract/c/resold", "1.0001", "kWh", (1001, "Wh")),
            ("grid/A/cfe_share", "33.3333333333333333", "percent", (333333333333333333, "1e-18")),
            ("grid/A/residual_intensity", "1", "lb/MWh", (454, "mg/kWh")),
            ("grid/A/price", "1.0000005", "currency/MWh", (1000001, "1e-6/MWh")),
            ("grid/A/price", "-1.0000005", "currency/MWh", (-1000000, "1e-6/MWh")),
        ):
            self.assertEqual(units.based(series, units.number(value), unit, 3600), wanted, series)
        self.assertEqual(units.based("site/s/load", units.number("1000"), "W", 7), (2, "Wh"))  # 1.94
        for unit in ("gCO2eq/kWh", "g CO2e/kWh", "gCO\u2082/kWh", "kgCO2/MWh"):
            self.assertEqual(units.based("grid/A/carbon_intensity", 2, unit, 3600), (2000, "mg/kWh"), unit)
        self.assertEqual(units.based("grid/A/carbon_intensity", 1, "lbs CO2/MWh", 3600), (454, "mg/kWh"))
        for unit in ("CO2/kWh", "gCO2", "gCO2/MWh", "stCO2/MWh", "gCO2eCO2/kWh", "lbs"):
            with self.assertRaises(Differs):
                units.based("grid/A/carbon_intensity", 1, unit, 3600)
        for text in ("1_000", "", "NaN", "0x1", "1,5", "٣"):
            with self.assertRaises(Differs):
                units.number(text)

    def test_times(self):
        for text in ("2026-01-01T00:00:00Z", "2026-01-01 01:00:00+01:00", "2025-12-31t19:00:00.000-05:00"):
            self.assertEqual(instants.given(text), DAY)
        for text in ("2026-01-01T00:00Z", "2026-01-01 01:00+01:00"):
            self.assertEqual(instants.given(text, short=True), DAY)
        for text in ("2026-01-01T00:00", "2026-01-01T00:00+00", "2026-01-01T00Z"):
            with self.assertRaises(Differs):
                instants.given(text, short=True)
        for text in ("2026-01-01T00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.5Z", "2026-01-01",
                     "2026-02-30T00:00:00Z", "2025-12-31T24:00:00Z"):
            with self.assertRaises(Differs):
                instants.given(text)


class Forms(unittest.TestCase):
    def test_readings(self):
        wanted = [("site/s/load", DAY, DAY + 3600, 1500, "Wh", "measured")]
        row = f"site/s/load,{HOUR},1.5,kWh\n"
        for text in (HEADER + row, "\ufeff" + HEADER.replace(",", " , ") + row.replace(",", ", "),
                     gzip.compress(HEADER.encode()) + gzip.compress(row.encode()),
                     HEADER[:-1] + ",quality,issued\n" + row[:-1] + ",,\n",
                     HEADER[:-1] + ",reject_line,reject_reason\n" + row[:-1] + ',7,"no, really"\n'):
            self.assertEqual(says(text), wanted)
        self.assertEqual(says(HEADER[:-1] + ",quality\n" + row[:-1] + ",profiled\n")[0][5], "profiled")
        self.assertEqual(says(HEADER[:-1] + ",issued\n" + row[:-1] + ",2025-12-31T00:00:00Z\n"), [])
        self.assertEqual(says(f"{HEADER}oops\n{row}", row=3), wanted)
        with self.assertRaises(Differs):
            says(HEADER + row, row=3)

    def test_rows_by_lines_and_as_earlier(self):
        """Behind `\\r\\n` and an empty line: line 3, or the row that the header's end is followed by."""
        wanted = [("site/s/load", DAY, DAY + 3600, 1500, "Wh", "measured")]
        for mark in ("", "\ufeff"):
            file = Received(f"{mark}{HEADER}\nsite/s/load,{HOUR},1.5,kWh\n".replace("\n", "\r\n").encode())
            self.assertEqual(file.says(3, "exclusive"), wanted)
            self.assertEqual(file.says(1, "exclusive", numbers="earlier"), wanted)
            for row, numbers in ((1, "lines"), (2, "lines"), (2, "earlier"), (3, "earlier")):
                with self.assertRaises(Differs):
                    file.says(row, "exclusive", numbers=numbers)

    def test_inclusive_ends(self):
        for end, wanted in (("00:59:59Z", 3600), ("00:59:00Z", 3600), ("00:00:59Z", 60), ("00:04:00Z", 300),
                            ("00:00:00Z", 60)):
            found = says(f"{HEADER}site/s/load,2026-01-01T00:00:00Z,2026-01-01T{end},3600,W\n", way="inclusive")
            self.assertEqual(found, [("site/s/load", DAY, DAY + wanted, wanted, "Wh", "measured")])
        for start, end in (("00:00:00Z", "00:00:09Z"), ("00:00:00Z", "00:01:29Z"), ("00:00:00Z", "01:00:00Z"),
                           ("00:01:00Z", "00:02:59Z")):
            with self.assertRaises(Differs, msg=end):
                says(f"{HEADER}site/s/load,2026-01-01T{start},2026-01-01T{end},1,Wh\n", way="inclusive")

    def test_bills(self):
        wanted = ("a, b", "s", DAY, DAY + 3600, 101)
        self.assertEqual(says(f'invoice,site,start,end,wh\n"a, b",s,{HOUR},101\n'), [wanted])
        self.assertEqual(says(f'unit,value,invoice,site,start,end\nkWh,0.1002,"a, b",s,{HOUR}\n'), [wanted])
        for wh in ("1e2", "100.0", "-1", ""):
            with self.assertRaises(Differs):
                says(f"invoice,site,start,end,wh\na,s,{HOUR},{wh}\n")

    def test_fuels(self):
        text = "ts_utc,coal_mw,nat_gas_mw,wind_mw\n2026-01-01T01:00:00Z,10.5,,-3\n"
        for way, start in (("start", DAY + 3600), ("end", DAY)):
            self.assertEqual(says(text, way=way, series="grid/PJM/wind"), [
                ("grid/PJM/coal", start, start + 3600, 10_500_000, "Wh", "measured"),
                ("grid/PJM/wind", start, start + 3600, -3_000_000, "Wh", "measured")])

    def test_captures(self):
        text = "from,intensity.forecast,intensity.actual\n2026-01-01T00:00Z,1,2.0001\n2026-01-01T00:30Z,1,\n"
        wanted = [("grid/GB/carbon_intensity", DAY, DAY + 1800, 2001, "mg/kWh", "calculated")]
        self.assertEqual(says(text, way="", series="grid/GB/carbon_intensity"), wanted)
        self.assertEqual(says(text, row=3, way="", series="grid/GB/carbon_intensity"), [])

    def test_answers(self):
        """Nuclear 17.3, hydro 1.7, solar 2.04 to 2.0, wind 19.25 to 19.3: 40.3 percent, without biomass and imports."""
        mix = {"biomass": "6.1", "imports": "9.2", "nuclear": "17.3", "hydro": "1.7", "solar": "2.04", "wind": "19.25"}
        perc = ",".join(f'{{"fuel":"{fuel}","perc":{value}}}' for fuel, value in mix.items())
        half = {"from": "2026-01-01T00:00Z", "to": "2026-01-01T00:30Z"}
        actual = json.dumps({"data": [half | {"intensity": {"forecast": 1, "actual": value}} for value in (268, None)]})
        share = f'{{"data":[{{"from":"2026-01-01T00:00Z","to":"2026-01-01T00:30Z","generationmix":[{perc}]}}]}}'
        text = f"{actual}\n{share}\n"
        self.assertEqual(says(text, row=1, way="", series="grid/GB/cfe_share"), [
            ("grid/GB/carbon_intensity", DAY, DAY + 1800, 268_000, "mg/kWh", "calculated"),
            ("grid/GB/cfe_share", DAY, DAY + 1800, 403 * 10**15, "1e-18", "calculated")])
        self.assertEqual(says(text, row=2, way="", series="grid/GB/cfe_share"), [])

    def test_no_form(self):
        for text in ("one two three", "", "a,a\n", b"\x1f\x8bnone", '{"error": 1}'):
            with self.assertRaises(Differs):
                Received(text if isinstance(text, bytes) else text.encode())


def der(tag, *parts):
    """A value of DER."""
    content = b"".join(parts)
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (length if len(content) < 128 else bytes([128 + len(length)]) + length) + content


def answer(root, time, status=0, imprint=stamp.SHA_256):
    """An answer as an authority gives it, without certificate and signature."""
    hashed = der(0x30, der(0x30, der(6, bytes.fromhex(imprint)), der(5)), der(4, bytes.fromhex(root)))
    info = der(0x30, der(2, b"\1"), der(6, b"\x2a\3\4\1"), hashed, der(2, b"\7"), der(0x18, time.encode()))
    content = der(0x30, der(6, bytes.fromhex(stamp.TST_INFO)), der(0xA0, der(4, info)))
    signed = der(0x30, der(2, b"\3"), der(0x31), content, der(0x31, bytes(200)))
    token = der(0x30, der(6, bytes.fromhex(stamp.SIGNED_DATA)), der(0xA0, signed))
    return der(0x30, der(0x30, der(2, bytes([status]))), token)


class Stamps(unittest.TestCase):
    def test_the_query(self):
        """As `openssl ts -query -digest ROOT -sha256 -no_nonce -cert` writes it."""
        wanted = "30390201013031300d060960864801650304020105000420" + "ab" * 32 + "0101ff"
        self.assertEqual(stamp.query("ab" * 32).hex(), wanted)

    def test_what_an_answer_states(self):
        root = "ab" * 32
        for time in ("20260101000000Z", "20260101000000.25Z"):
            self.assertEqual(stamp.stated(answer(root, time), root), "2026-01-01T00:00:00Z")
        good = answer(root, "20260101000000Z")
        for bad in (answer("cd" * 32, "20260101000000Z"), answer(root, "20260101000000"),
                    answer(root, "20260101000000Z", status=2),
                    answer(root, "20260101000000Z", imprint="608648016503040203"),
                    good[:-1], good + b"\0", b"", b"text\n"):
            with self.assertRaises(Differs):
                stamp.stated(bad, root)


if __name__ == "__main__":
    unittest.main()
