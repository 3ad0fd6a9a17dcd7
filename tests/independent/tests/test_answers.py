"""Kept answers of providers read as docs/pack-format.md has it: values and their numbers, worked out by hand."""

import hashlib
import json
import unittest
from pathlib import Path

from rebuild import instants
from rebuild.feeds import KINDS
from rebuild.received import Received
from rebuild.said import Differs

HTTP = Path(__file__).parents[3] / "fixtures" / "http"
ENTSOE = "10Y1001A1001A82H"
FUELS = "biomass coal gas geothermal hydro nuclear oil other solar wind".split()


def fixture(name):
    """A body of fixtures/http."""
    return (HTTP / name).read_text(encoding="utf-8")


def answer(path, body, span, fetched, **more):
    """A line of a kept file."""
    line = {"path": path, "query": more.pop("query", []), "from": span[0], "to": span[1], "status": 200,
            "type": "application/json", "fetched": fetched} | more
    return line | {"sha256": hashlib.sha256(body.encode()).hexdigest(), "body": body}


def kept(kind, zone, leaves, *answers, settings=None):
    """A question for series of A, or of the names given, and its answers."""
    head = {"received": "hourmatch/exchange/1", "kind": kind, "area": "A", "zone": zone,
            "series": [leaf if "/" in leaf else f"grid/A/{leaf}" for leaf in leaves], "settings": settings or {},
            "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z", "now": "2026-01-02T00:00:00Z"}
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in (head, *answers))
    return Received(text.encode()).numbered["lines"]


def rows(numbered):
    """`number leaf start minutes value quality` of all readings, and how many numbers there are."""
    found = []
    for number, facts in sorted(numbered.items()):
        for series, start, end, value, _, quality in facts:
            at = f"{instants.written(start)[:16]} {(end - start) // 60}"
            found.append(f"{number} {series.rpartition('/')[2]} {at} {value} {quality}")
    return found, len(numbered)


class Answers(unittest.TestCase):
    maxDiff = None

    def test_every_folder_of_answers_has_a_kind(self):
        """Answers of every feed are read."""
        folders = {folder.name for folder in HTTP.iterdir() if folder.is_dir()}
        self.assertEqual(folders - set(KINDS), set())

    def test_gb(self):
        """Each half-hour an actual and, ahead of the answer, a forecast; those outside of what is asked for have no
        number. 17.3 + 1.7 + 2.0 + 20.1 percent."""
        span = "2026-01-20T12:00:00Z", "2026-01-20T14:00:00Z"
        fetched = "2026-01-20T13:10:00Z"
        found = kept("gb", "", ["carbon_intensity", "cfe_share"],
                     answer("/intensity/a/b", fixture("gb/intensity.json"), span, fetched),
                     answer("/generation/a/b", fixture("gb/generation.json"), span, fetched))
        self.assertEqual(rows(found), ([
            "1 carbon_intensity 2026-01-20T12:00 30 263000 calculated",
            "2 carbon_intensity 2026-01-20T12:30 30 259000 calculated",
            "3 carbon_intensity 2026-01-20T13:00 30 255000 calculated",
            "6 cfe_share 2026-01-20T12:00 30 411000000000000000 calculated",
            "7 cfe_share 2026-01-20T12:30 30 421000000000000000 calculated",
            "8 cfe_share 2026-01-20T13:00 30 431000000000000000 calculated",
            "9 cfe_share 2026-01-20T13:30 30 441000000000000000 calculated"], 9))

    def test_gb_at_fault(self):
        """A time that is none has a number wherever it lies; a mix that lacks a part is no reading."""
        spans = [("2026-01-20T12:00Z", "2026-01-20T13:00Z"), ("soon", "2026-01-20T13:00Z"),
                 ("2026-01-20T12:00Z", "2026-01-20T12:30Z")]
        mix = {"generationmix": [{"fuel": "wind", "perc": None}]}
        entries = [{"from": start, "to": end} | mix for start, end in spans]
        found = kept("gb", "", ["cfe_share"], answer(
            "/generation/a/b", json.dumps({"data": entries}), ("2026-01-20T12:00:00Z", "2026-01-20T14:00:00Z"),
            "2026-01-20T14:00:00Z"))
        self.assertEqual(rows(found), ([], 3))

    def test_electricity_maps(self):
        """Of the last day: an estimate, null, 0; the hours around have no number. The clock change is one of UTC."""
        path = "/v3/carbon-intensity/"
        changes = "2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z"
        found = kept("electricity-maps", "DE", ["carbon_intensity", "cfe_share", "price"],
                     answer(path + "history", fixture("electricity-maps/history.json"),
                            ("2026-01-20T20:00:00Z", "2026-01-21T00:00:00Z"), "2026-01-21T16:00:00Z"),
                     answer(path + "past-range", fixture("electricity-maps/past-range.json"), changes,
                            "2026-04-02T10:00:00Z"),
                     answer(path + "forecast", fixture("electricity-maps/forecast.json"),
                            ("2025-06-17T15:00:00Z", "2025-06-17T18:00:00Z"), "2025-06-17T15:10:00Z"),
                     answer("/v3/carbon-free-energy/latest", fixture("electricity-maps/latest.json"),
                            ("2018-04-25T17:00:00Z", "2018-04-25T19:00:00Z"), "2018-04-25T19:10:00Z"),
                     answer("/v3/price-day-ahead/past-range", fixture("electricity-maps/price.json"),
                            ("2026-01-20T11:00:00Z", "2026-01-20T15:00:00Z"), "2026-01-21T00:00:00Z"))
        self.assertEqual(rows(found), ([
            "1 carbon_intensity 2026-01-20T20:00 60 599000 calculated",
            "2 carbon_intensity 2026-01-20T21:00 60 601500 estimated",
            "4 carbon_intensity 2026-01-20T23:00 60 0 calculated",
            "5 carbon_intensity 2026-03-29T00:00 60 410000 calculated",
            "6 carbon_intensity 2026-03-29T01:00 60 405000 calculated",
            "7 carbon_intensity 2026-03-29T02:00 60 400000 calculated",
            "11 cfe_share 2018-04-25T18:00 60 910000000000000000 estimated",
            "12 price 2026-01-20T11:00 60 -5010000 measured",
            "14 price 2026-01-20T13:00 60 0 measured",
            "15 price 2026-01-20T14:00 60 61205000 measured"], 15))

    def test_electricity_maps_mixes(self):
        """Fuels by the provider's names, unknown ones behind them; a mix that is null is one value."""
        found = kept("electricity-maps", "DE", FUELS, answer(
            "/v3/power-breakdown/past-range", fixture("electricity-maps/power-breakdown.json"),
            ("2026-01-20T19:00:00Z", "2026-01-20T21:00:00Z"), "2026-01-21T10:00:00Z"))
        self.assertEqual(rows(found), ([
            "1 biomass 2026-01-20T19:00 60 666000000 measured",
            "2 coal 2026-01-20T19:00 60 260500000 measured",
            "3 gas 2026-01-20T19:00 60 213000000 measured",
            "5 hydro 2026-01-20T19:00 60 0 measured",
            "6 nuclear 2026-01-20T19:00 60 0 measured",
            "8 solar 2026-01-20T19:00 60 -1000000 measured",
            "9 other 2026-01-20T19:00 60 3000000 measured",
            "10 wind 2026-01-20T19:00 60 176000000 measured"], 11))
        # Of another zone, nothing is read; `wave` is the sixth of the mix.
        span, fetched = ("2024-05-28T00:00:00Z", "2024-05-28T01:00:00Z"), "2024-05-29T00:00:00Z"
        mix = answer("/v3/electricity-mix/past-range", fixture("electricity-maps/electricity-mix.json"), span, fetched)
        found = kept("electricity-maps", "FR", ["hydro", "nuclear"], mix)
        self.assertEqual(rows(found), (["2 hydro 2024-05-28T00:00 60 5485000000 estimated",
                                        "3 nuclear 2024-05-28T00:00 60 27258000000 estimated"], 6))
        with self.assertRaises(Differs):
            kept("electricity-maps", "DE", ["hydro"], mix)

    def test_electricity_maps_hours_that_run(self):
        """The latest hour is a forecast until it is over; a price of the hour that runs is a fact; what was forecast for
        an hour that was over has no number."""
        span = "2018-04-25T17:00:00Z", "2018-04-25T19:00:00Z"
        latest = fixture("electricity-maps/latest.json")
        found = kept("electricity-maps", "DE", ["cfe_share"],
                     answer("/v3/carbon-free-energy/latest", latest, span, "2018-04-25T18:30:00Z"))
        self.assertEqual(rows(found), ([], 1))
        priced = json.dumps({"unit": "EUR / MWh", "data": [{"datetime": "2018-04-25T18:00:00Z", "value": 1}]})
        found = kept("electricity-maps", "DE", ["price"],
                     answer("/v3/price-day-ahead/past-range", priced, span, "2018-04-25T18:30:00Z"))
        self.assertEqual(rows(found), (["1 price 2018-04-25T18:00 60 1000000 measured"], 1))
        over = fixture("electricity-maps/forecast.json").replace("15:06:20.012Z", "16:00:00.000Z")
        found = kept("electricity-maps", "DE", ["carbon_intensity"],
                     answer("/v3/carbon-intensity/forecast", over, ("2025-06-17T15:00:00Z", "2025-06-17T18:00:00Z"),
                            "2025-06-17T16:10:00Z"))
        self.assertEqual(rows(found), ([], 2))

    def test_watttime(self):
        """870 lb/MWh are 394625.3619 mg/kWh, rounded up. Null and NaN have a number, the point at the end none; a
        forecast of a step that was over when it was made has none."""
        span = "2026-01-20T00:00:00Z", "2026-01-20T01:00:00Z"
        found = kept("watttime", "CAISO_NORTH", ["marginal_intensity"],
                     answer("/v3/historical", fixture("watttime/historical.json"), span, "2026-01-21T00:00:00Z"),
                     answer("/v3/forecast", fixture("watttime/forecast.json"),
                            ("2026-01-20T00:00:00Z", "2026-01-20T00:20:00Z"), "2026-01-20T00:06:40Z"),
                     answer("/v3/forecast/historical", fixture("watttime/forecast-historical.json"),
                            ("2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z"), "2026-01-30T00:00:00Z"),
                     answer("/v3/historical", fixture("watttime/historical.json").replace("00:00:00+", "00:02:00+"),
                            span, "2026-01-21T00:00:00Z"))
        first = ["1 marginal_intensity 2026-01-20T00:00 5 394626 calculated",
                 "2 marginal_intensity 2026-01-20T00:05 5 394853 estimated",
                 "5 marginal_intensity 2026-01-20T00:20 5 0 calculated",
                 "6 marginal_intensity 2026-01-20T00:50 5 453593 calculated"]
        # Six points, three of the forecast, three of issues; then a point that begins no step is the 13th.
        again = ["14 marginal_intensity 2026-01-20T00:05 5 394853 estimated",
                 "17 marginal_intensity 2026-01-20T00:20 5 0 calculated",
                 "18 marginal_intensity 2026-01-20T00:50 5 453593 calculated"]
        self.assertEqual(rows(found), (first + again, 18))

    def test_open_meteo(self):
        """Two sites of one place, a third elsewhere. Hours that are over are readings; what is null has one number."""
        sites = ["site/a/temperature", "site/b/temperature", "site/c/temperature"]
        settings = {sites[0]: "39.04,-77.49", sites[1]: "39.04, -77.49", sites[2]: "0,0"}
        query = [["latitude", "39.04"], ["longitude", "-77.49"]]
        body = fixture("open-meteo/forecast.json")
        line = answer("/v1/forecast", body, ("2026-01-20T00:00:00Z", "2026-01-20T05:00:00Z"), "2026-01-20T04:10:00Z",
                      query=query)
        found = kept("open-meteo", "", sites, line, settings=settings)
        self.assertEqual(rows(found), ([
            "1 temperature 2026-01-20T00:00 60 -1500 estimated", "2 temperature 2026-01-20T00:00 60 -1500 estimated",
            "3 temperature 2026-01-20T01:00 60 -1000 estimated", "4 temperature 2026-01-20T01:00 60 -1000 estimated",
            "6 temperature 2026-01-20T03:00 60 0 estimated", "7 temperature 2026-01-20T03:00 60 0 estimated"], 9))
        # A time that is none has a number wherever it lies.
        bad = body.replace("[1768867200,", "[1768867201,")
        line = answer("/v1/archive", bad, ("2026-01-20T03:00:00Z", "2026-01-20T05:00:00Z"), "2026-01-22T00:00:00Z",
                      query=query)
        found = kept("open-meteo-archive", "", sites[:1], line, settings=settings)
        self.assertEqual(rows(found), (["2 temperature 2026-01-20T03:00 60 0 estimated",
                                        "3 temperature 2026-01-20T04:00 60 500 estimated"], 3))

    def test_energy_charts(self):
        """The time behind the hole does not tell, and comes first; then sums by name. A MW is 250 kWh in a
        quarter-hour."""
        power = answer("/public_power", fixture("energy-charts/public-power.json"),
                       ("2026-01-20T10:00:00Z", "2026-01-20T12:00:00Z"), "2026-01-20T11:40:00Z")
        found = kept("energy-charts", "DE", ["coal", "hydro", "solar", "wind"], power)
        quarters = [f"2026-01-20T10:{minute:02} 15" for minute in (0, 15, 30, 45)]
        wanted = [f"{2 + at} coal {quarters[at]} {value} measured"
                  for at, value in ((0, 1750075000), (2, 1750125000), (3, 1750150000))]
        # Demand is not asked for, and has numbers 6 to 9.
        wanted += [f"{10 + at} hydro {quarters[at]} {250250000 + at * 250000} measured" for at in range(4)]
        solar = (-75000, 3125000, 0)
        wanted += [f"{14 + at} solar {quarters[at]} {value} measured" for at, value in enumerate(solar)]
        self.assertEqual(rows(found), (wanted, 21))

    def test_energy_charts_prices_and_days(self):
        prices = answer("/price", fixture("energy-charts/price.json"), ("2025-09-30T20:00:00Z", "2025-10-01T00:00:00Z"),
                        "2025-10-02T00:00:00Z")
        times = [1_768_953_600 + 3_600 * hour for hour in range(-24, 3)]
        kinds = [("Wind onshore", [100] * 27), ("Wind offshore", [None] * 27), ("Fusion", [1] * 27)]
        types = [{"name": name, "data": data} for name, data in kinds]
        body = json.dumps({"unix_seconds": times, "production_types": types})
        day = answer("/public_power", body, ("2026-01-21T00:00:00Z", "2026-01-21T02:00:00Z"), "2026-01-22T00:00:00Z")
        found = kept("energy-charts", "at", ["price", "wind"], prices, day)
        self.assertEqual(rows(found), ([
            "1 price 2025-09-30T20:00 60 80500000 measured", "2 price 2025-09-30T21:00 60 71250000 measured",
            "3 price 2025-09-30T22:00 15 -3004000 measured", "5 price 2025-09-30T22:30 15 12000000 measured",
            # What nobody knows comes first, and a part without any value for a day is none.
            "7 wind 2026-01-21T00:00 60 100000000 measured", "8 wind 2026-01-21T01:00 60 100000000 measured"], 8))

    def test_entsoe(self):
        """Lignite and hard coal add up, omitted points repeat where the curve is A03, and of A01 an absent one is a gap."""
        query = [["documentType", "A75"], ["processType", "A16"]]
        night = "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z"
        generation = answer("/api", fixture("entsoe/generation.xml"), night, "2026-03-29T04:15:00Z", query=query)
        nothing = answer("/api", fixture("entsoe/no-data.xml"), night, "2026-03-29T04:15:00Z", query=query)
        found = kept("entsoe", ENTSOE, FUELS, nothing, generation)
        quarters = [f"2026-03-29T{at // 4:02}:{at % 4 * 15:02} 15" for at in range(8)]
        wanted = ["1 coal 2026-03-29T00:00 60 1500000000 measured", "2 coal 2026-03-29T01:00 60 1610000000 measured",
                  "3 nuclear 2026-03-29T00:00 60 900000000 measured", "4 nuclear 2026-03-29T01:00 60 900000000 measured"]
        solar, wind = (0, 0, 3, 4, 4, 4, 5, 5), (12, 13, 14, 15, None, 17, 18, 19)
        wanted += [f"{5 + at} solar {quarters[at]} {mwh * 1000000} measured" for at, mwh in enumerate(solar)]
        wanted += [f"{13 + at} wind {quarters[at]} {mwh * 1000000} measured" for at, mwh in enumerate(wind) if mwh]
        self.assertEqual(rows(found), (wanted, 20))

    def test_entsoe_demand_prices_and_forecasts(self):
        load = answer("/api", fixture("entsoe/load.xml"), ("2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z"),
                      "2026-03-29T04:15:00Z", query=[["documentType", "A65"], ["processType", "A16"]])
        ahead = answer("/api", fixture("entsoe/forecast.xml"), ("2026-03-29T10:00:00Z", "2026-03-31T11:00:00Z"),
                       "2026-03-29T10:31:00Z", query=[["documentType", "A69"], ["processType", "A01"]])
        price = answer("/api", fixture("entsoe/price.xml"), ("2026-01-14T23:00:00Z", "2026-01-15T00:00:00Z"),
                       "2026-01-14T13:05:00Z", query=[["documentType", "A44"]])
        found = kept("entsoe", ENTSOE, ["price", "solar", "wind"], load, ahead, price)
        # Seven of demand, one of them not known, and three hours ahead of two fuels.
        self.assertEqual(rows(found), ([
            "14 price 2026-01-14T23:00 15 64800000 measured", "15 price 2026-01-14T23:15 15 64800000 measured",
            "16 price 2026-01-14T23:30 15 -1500000 measured", "17 price 2026-01-14T23:45 15 -1500000 measured"], 17))
        # What is twice there with different values has a number, and so has its sum.
        second, first = "<position>2</position><quantity>40100", "<position>1</position><quantity>1"
        twice = answer("/api", fixture("entsoe/load.xml").replace(second, first), (load["from"], load["to"]),
                       load["fetched"], query=load["query"])
        found = kept("entsoe", ENTSOE, ["price"], twice)
        self.assertEqual(len(found), 1 + 7)

    def test_eia(self):
        """Hours end at their period. 05:00 lacks solar with batteries, 06:00 is all zeros but for a battery, 07:00 lacks
        wind with batteries."""
        night, fetched = ("2024-07-01T02:00:00Z", "2024-07-01T09:00:00Z"), "2024-07-01T09:00:00Z"
        fuels = answer("/v2/electricity/rto/fuel-type-data/data/", fixture("eia/fuels.json"), night, fetched)
        found = kept("eia", "PJM", ["oil", "solar", "wind"], fuels)
        said, count = rows(found)
        leaf = {leaf: [row.split()[2:] for row in said if f" {leaf} " in row] for leaf in ("oil", "solar", "wind")}
        for name, values in (("solar", {2: 400, 3: 500, 4: 700, 7: 800, 8: 1000}),
                             ("wind", {2: 6000, 3: 6100, 4: 6500, 5: 6600, 8: 6800}),
                             ("oil", {2: 100, 3: 100, 4: 100, 5: 100, 7: 125, 8: 0})):
            wanted = [[f"2024-07-01T{hour:02}:00", "60", str(mwh * 10_000), "measured"] for hour, mwh in values.items()]
            self.assertEqual(leaf[name], wanted)
        # The gap is 1. Coal 2 to 7, gas 8 to 13 with one that lacks, geothermal 14 to 17, hydro, nuclear, oil from 30.
        self.assertEqual([row.split()[0] for row in said if " oil " in row], ["30", "31", "32", "33", "34", "35"])
        self.assertEqual(count, 53)

    def test_eia_pages_and_faults(self):
        """A page that is not the last ends with the hour before its last; rows at fault come first, then each thing that
        is not known once, then what is there twice."""
        def page(total, offset, *given):
            data = [{"period": f"2024-07-01T{hour:02}", "fueltype": code, "value": value}
                    for hour, code, value in given]
            return answer("/v2/electricity/rto/fuel-type-data/data/",
                          json.dumps({"response": {"total": total, "data": data}}),
                          ("2024-07-01T02:00:00Z", "2024-07-01T09:00:00Z"), "2024-07-10T00:00:00Z",
                          query=[["offset", str(offset)]])

        given = [(3, "SUN", "1"), (3, "SNB", "2"), (4, "SUN", 3), (4, "SNB", 4)]
        found = kept("eia", "PJM", ["solar"], page("4", 0, *given[:3]), page("4", 2, *given[2:]))
        self.assertEqual(rows(found), (["1 solar 2024-07-01T02:00 60 3000000 measured",
                                        "2 solar 2024-07-01T03:00 60 7000000 measured"], 2))
        found = kept("eia", "PJM", ["coal"], page(7, 0, (3, "XYZ", 1), (4, "XYZ", 1), (4, "COL", "abc"), (5, "COL", 2),
                                                  (5, "COL", "2.0"), (6, "COL", 2), (6, "COL", 3)))
        self.assertEqual(rows(found), (["5 coal 2024-07-01T04:00 60 2000000 measured"], 6))
        demand = answer("/v2/electricity/rto/region-data/data/", fixture("eia/region.json"),
                        ("2024-07-01T02:00:00Z", "2024-07-01T12:00:00Z"), "2024-07-01T07:30:00Z")
        # Two zeros alone, four hours of demand with null among them, two of a forecast.
        self.assertEqual(rows(kept("eia", "PJM", ["demand"], demand))[1], 2 + 4 + 2)


class Described(unittest.TestCase):
    LOAD = "site/s/import"
    DAY = "2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z"

    def read(self, kind, body, span=DAY, **settings):
        line = answer("/readings", body, span, "2026-01-22T00:00:00Z")
        found, count = rows(kept(kind, "", [self.LOAD], line, settings={"unit": "kWh", self.LOAD: "kWh"} | settings))
        return [" ".join(row.split()[part] for part in (0, 2, 4)) for row in found], count

    def test_fixtures(self):
        """At 14:00 there is nothing, at 15:00 no number, at 16:00 a zero: what is missing has no number."""
        wanted = ["1 2026-01-20T12:00 1500", "2 2026-01-20T13:00 2250", "3 2026-01-20T16:00 0"]
        table = {"separator": ";", "decimal": ",", "start": "from", "end": "to"}
        self.assertEqual(self.read("csv", fixture("csv/table.csv"), **table), (wanted, 3))
        items = {"list": "/data", "start": "/time", "step": "1h", self.LOAD: "/value"}
        self.assertEqual(self.read("json", fixture("json/list.json"), **items), (wanted, 3))
        # Of two requests that touch, each value belongs to one.
        noon = "2026-01-20T13:00:00Z", "2026-01-21T00:00:00Z"
        self.assertEqual(self.read("json", fixture("json/list.json"), noon, **items)[1], 2)
        self.assertEqual(self.read("csv", " \n", **table), ([], 0))

    def test_faults_come_first(self):
        """A row of another width, a time that is none and a value that is none; then the rest in its order."""
        body = "t,v\n2026-01-20T01:00Z,1\n1,2,3\nsoon,1\n2026-01-20T02:00Z,many\n2026-01-20T00:00Z,4\n"
        found = self.read("csv", body, start="t", step="1h", **{self.LOAD: "v"})
        self.assertEqual(found, (["4 2026-01-20T01:00 1000", "5 2026-01-20T00:00 4000"], 5))

    def test_forecasts_and_milliseconds(self):
        items = json.dumps({"at": "2026-01-19T00:00:00Z", "rows": [{"t": 1768867200000, "v": [1.5]}, {"v": [2]}]})
        more = {"list": "/rows", "end": "/t", "step": "1h", self.LOAD: "/v/0"}
        early = "2026-01-19T00:00:00Z", "2026-01-21T00:00:00Z"
        found = self.read("json", items, early, format="unix_ms", **more)
        self.assertEqual(found, (["2 2026-01-19T23:00 1500"], 2))
        iso = json.dumps({"at": "2026-01-19T00:00:00Z", "rows": [{"t": "2026-01-20T01:00:00Z", "v": [1.5]}]})
        self.assertEqual(self.read("json", iso, issued="/at", **more), ([], 1))


class Forms(unittest.TestCase):
    """A table whose source states a form: the order of what it gives, counted by hand."""
    DAY = "2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z"
    TIME = {"start": "t", "step": "1h"}

    def read(self, body, *series, span=DAY, **form):
        return self.read_by(json.dumps({"time": self.TIME, "series": series} | form), body, series, span)

    def read_by(self, form, body, series, span=DAY):
        line = answer("/export", body, span, "2026-01-22T00:00:00Z", type="text/csv")
        found, count = rows(kept("csv", "", [one["series"] for one in series], line, settings={"form": form}))
        return [" ".join(row.split()[part] for part in (0, 1, 2, 4)) for row in found], count

    def of(self, leaf, column, **more):
        return {"series": f"grid/A/{leaf}", "column": column, "unit": "MW"} | more

    def test_rows_of_several_series(self):
        """A row of another width and one that no series takes come first; then coal's rows, then wind's."""
        body = "t,fuel,mw\n2026-01-20T00:00Z,wind,5\n2026-01-20T00:00Z,coal,1\nx\n2026-01-20T01:00Z,steam,1\n" \
               "2026-01-20T01:00Z,coal,2\n2026-01-20T02:00Z,total,9\n"
        fuels = [self.of(fuel, "mw", where={"fuel": [fuel]}) for fuel in ("coal", "wind")]
        found = self.read(body, *fuels, ignore={"fuel": ["total"]})
        self.assertEqual(found, (["3 coal 2026-01-20T00:00 1000000", "4 coal 2026-01-20T01:00 2000000",
                                  "5 wind 2026-01-20T00:00 5000000"], 5))
        # Of two requests that touch, each value belongs to one; rows at fault have a number in both.
        later = "2026-01-20T01:00:00Z", "2026-01-21T00:00:00Z"
        found = self.read(body, *fuels, span=later, ignore={"fuel": ["total"]})
        self.assertEqual(found, (["3 coal 2026-01-20T01:00 2000000"], 3))

    def test_sums_come_last(self):
        """At 01:00 a part is unknown, at 02:00 both are there again: that row is at fault. Demand stands alone."""
        body = "t,on,off,load\n2026-01-20T00:00Z,1,2,7\n2026-01-20T01:00Z,1,-,8\n2026-01-20T02:00Z,1,1,9\n" \
               "2026-01-20T02:00Z,1,1,9\n"
        found = self.read(body, self.of("wind", ["on", "off"]), self.of("demand", "load"))
        self.assertEqual(found, (["1 demand 2026-01-20T00:00 7000000", "2 demand 2026-01-20T01:00 8000000",
                                  "3 demand 2026-01-20T02:00 9000000", "6 wind 2026-01-20T00:00 3000000",
                                  "7 wind 2026-01-20T02:00 2000000"], 7))

    def test_registers(self):
        """The first value and one that fell give none, and come before what rose."""
        body = "t,v\n2026-01-20T01:00Z,10\n2026-01-20T02:00Z,12.5\n2026-01-20T03:00Z,1\n2026-01-20T04:00Z,2\n"
        meter = {"series": "site/s/import", "column": "v", "unit": "kWh", "register": True}
        found = self.read(body, meter, time={"end": "t", "step": "1h"})
        self.assertEqual(found, (["3 import 2026-01-20T01:00 2500", "4 import 2026-01-20T03:00 1000"], 4))

    def test_gaps_and_days(self):
        """A row of zeros has a number ahead of all values; a row of a day has a value an hour."""
        body = "t,coal,wind,load\n2026-01-20T00:00Z,0,0,5\n2026-01-20T01:00Z,0,3,6\n"
        found = self.read(body, self.of("coal", "coal"), self.of("wind", "wind"), self.of("demand", "load"),
                          zeros_are_a_gap=True)
        self.assertEqual(found, (["2 demand 2026-01-20T00:00 5000000", "3 coal 2026-01-20T01:00 0",
                                  "4 wind 2026-01-20T01:00 3000000", "5 demand 2026-01-20T01:00 6000000"], 5))
        hours = [f"h{hour}" for hour in range(24)]
        body = f"day,{','.join(hours)}\n2026-01-20,-{',1' * 23}\n"
        found = self.read(body, self.of("coal", hours), time={"start": "day", "step": "1h", "across": True})
        self.assertEqual((found[0][0], found[1]), ("1 coal 2026-01-20T01:00 1000000", 23))

    def test_nem12(self):
        """A day too short, and one whose quality is nowhere told, have a number each; of a day told by its `400` rows, what
        is no reading has none; a number that is none has one; behind a `400` at fault nothing of its day counts."""
        values = ",".join(["1"] * 46)
        body = "\n".join(["100,NEM12,202601210000,M,R", "200,6001,E1,E1,E1,N1,S,kWh,30,20260201", "300,20260119,1,A",
                          f"300,20260118,1,1,{values},V", f"300,20260120,many,2,{values},V", "400,1,2,A", "400,3,4,S",
                          "400,5,48,N", f"300,20260121,1,1,{values},V", "400,9,1,A", "400,1,48,A", "900", ""])
        form = json.dumps({"kind": "nem12", "series": {"E1": "site/s/import"}})
        span = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
        found = self.read_by(form, body, [{"series": "site/s/import"}], span)
        self.assertEqual(found, (["4 import 2026-01-19T14:30 2000", "5 import 2026-01-19T15:00 1000",
                                  "6 import 2026-01-19T15:30 1000"], 7))

    def test_green_button(self):
        """Of seven readings the second has an exponent and the third no value."""
        body = (HTTP.parent / "exports" / "green-button-xml" / "export.xml").read_text(encoding="utf-8")
        parts = body.split("<value>")
        parts[2], parts[3] = "1e3" + parts[2][parts[2].index("<"):], parts[3][parts[3].index("<"):]
        form = json.dumps({"kind": "green-button-xml", "series": "site/s/import"})
        span = "2024-07-01T00:00:00Z", "2024-07-02T07:15:00Z"
        found, count = self.read_by(form, "<value>".join(parts), [{"series": "site/s/import"}], span)
        self.assertEqual((count, [row.split()[0] for row in found]), (4, ["1", "3", "4"]))

    def test_the_form_of_several_that_an_answer_has(self):
        one = {"time": self.TIME, "series": [self.of("coal", "old")]}
        other = {"time": self.TIME, "series": [self.of("coal", "new")]}
        body = "t,new\n2026-01-20T00:00Z,1\n"
        found = self.read_by(json.dumps([one, other]), body, other["series"])
        self.assertEqual(found, (["1 coal 2026-01-20T00:00 1000000"], 1))
        with self.assertRaises(Differs):
            self.read_by("pjm", body, other["series"])


METRIC = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"


class Prometheus(unittest.TestCase):
    def read(self, body, hours, **settings):
        """Readings of hours from 10:00, and how many intervals have a number."""
        covers, gap = hours * 3600, settings.pop("gap", 300)
        settings = {"site/s/load": METRIC, "gap": f"{gap}s"} | settings
        line = answer("/api/v1/query", body, ("2026-01-20T10:00:00Z", f"2026-01-20T{10 + hours}:00:00Z"),
                      "2026-01-20T14:00:00Z", query=[["query", f"{METRIC}[{covers + 2 * gap}s]"], ["time", "0"]])
        found, count = rows(kept("prometheus", "", ["site/s/load"], line, settings=settings))
        return [row.split()[0] + " " + row.split()[4] for row in found], count

    def test_the_fixture(self):
        """Two accelerators at 600 and 300 W, of which one begins again; before and after there are no samples."""
        found = self.read(fixture("prometheus/matrix.json"), 4, unit="mJ", by="gpu", meters="2")
        self.assertEqual(found, (["1 900", "2 900"], 4))

    def samples(self, *values):
        """An answer with one meter's samples by second of 10:00."""
        at = instants.read("2026-01-20T10:00:00Z")
        result = [{"metric": {"a": "b"}, "values": [[at + second, value] for second, value in values]}]
        return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}})

    def test_borders_gaps_and_resets(self):
        """A border takes its part; a gap within one hour counts of a counter that did not fall, and over a border never."""
        hour = {"unit": "J", "gap": 3600}
        # 3 600 J a quarter-hour from -900 s; then it begins again and is at 1 800 J.
        whole = self.samples((-900, "0"), (900, "7200"), (1800, "1800"), (3600, "9000"))
        self.assertEqual(self.read(whole, 1, **hour), (["1 4"], 1))  # 3 600 + 1 800 + 7 200 J are 3.5 Wh.
        short = self.samples((0, "0"), (600, "7200"), (3600, "9000"))
        self.assertEqual(self.read(short, 1, unit="J", gap=600), (["1 3"], 1))
        falls = self.samples((0, "0"), (600, "7200"), (3600, "90"))
        self.assertEqual(self.read(falls, 1, unit="J", gap=600), ([], 1))
        over = self.samples((0, "0"), (3000, "3000"), (7200, "7200"))
        self.assertEqual(self.read(over, 2, unit="J", gap=3000), ([], 2))
        # A line from 1 to 3 kW; what is not known is no sample.
        line = self.samples((0, "1"), (1800, "NaN"), (3600, "3"), (3700, "+Inf"))
        self.assertEqual(self.read(line, 1, unit="kW", gap=3600), (["1 2000"], 1))


if __name__ == "__main__":
    unittest.main()
