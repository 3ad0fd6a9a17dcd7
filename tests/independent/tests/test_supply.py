"""Plants, profiles, links, residual mixes and local days."""

import unittest

from audit import instants
from tests.support import EARLIER, HOUR, LATER, START, case, column, given, portfolio


class Supply(unittest.TestCase):
    def test_shares_floor(self):
        contracts = [{"id": name, "plant": "p", "share": "1/3"} for name in "abc"]
        f = case({"site/s/load": [5_000], "plant/p/generation": [1_000]}, contracts=contracts)
        self.assertEqual([f.books.supply.delivered[name] for name in "abc"], [[333]] * 3)

    def test_profile(self):
        # 10 W over an hour in the shape 1, 0, 0, 3; and with a negative reading inside the last quarter.
        series = {"site/s/load": [2] * 4, "grid/A/wind": [1_000, 0, 0, 3_000], "grid/A/gas": [1] * 4}
        profile = {"series": "grid/A/wind", "mean_w": 10, "over": [START, START + HOUR]}
        for rules, last in ((LATER, 7), (EARLIER, 6)):
            f = case(series, minutes=15, contracts=[{"id": "w", "profile": profile}], rules=rules)
            self.assertEqual(column(f, "contracted"), [2, 0, 0, 7])
            part = dict(series, **{"grid/A/wind": [(0, 15, 1_000), (15, 30, 0), (30, 45, 0), (45, 50, 3_000),
                                                   (50, 60, -1_000)]})
            f = case(part, minutes=15, contracts=[{"id": "w", "profile": profile}], rules=rules)
            self.assertEqual(column(f, "contracted")[3], last)

    def test_price_test(self):
        # 41 < 1.05 x 40 passes, 42 does not; a non-positive price fails unless the link says otherwise.
        series = {"site/t/load": [100] * 3, "contract/w/generation": [100] * 3,
                  "grid/A/price": [40, 40, 0], "grid/B/price": [41, 42, 0]}
        sites, boundaries = [{"id": "t", "boundary": "B"}], [{"id": "A"}, {"id": "B"}]
        for passes, matched in ((False, 100), (True, 200)):
            f = case(series, hours=3, sites=sites, boundaries=boundaries, contracts=[{"id": "w", "sites": ["t"]}],
                     links=[{"from": "A", "to": "B", "nonpositive_price_passes": passes}])
            self.assertEqual(given(f, "matching").get("w"), matched)

    def test_residual_mix(self):
        # wind 50 - 30 - 10 + 5 = 15 at 0, gas 85 at 370: 31 450 / 100.
        f = case({"site/s/load": [100], "grid/A/wind": [50], "grid/A/gas": [85], "grid/A/wind_issued": [30],
                  "grid/A/wind_sss": [10], "grid/A/wind_expired": [5]})
        self.assertEqual(f.books.markets["A"].fallback, [(314_500, "residual_computed")])

    def test_void_hours(self):
        # Coal is missing in the second hour, gas in the first: no hour has a mix, and no intensity is known.
        f = case({"site/s/load": [100, 100], "grid/A/coal": [50, None], "grid/A/gas": [None, 50]}, hours=2)
        self.assertEqual((portfolio(f)["location_based_g"], f.books.markets["A"].share), (None, [0, 0]))
        f = case({"site/s/load": [100, 100], "grid/A/coal": [50, None], "grid/A/gas": [None, 50]}, hours=2,
                 rules=EARLIER)
        self.assertEqual(portfolio(f)["location_based_g"], 0)

    def test_legacy_requires_certificates(self):
        contract = {"id": "old", "kind": "legacy", "certificates": "required", "beneficiary": "us"}
        series = {"site/s/load": [100], "contract/old/generation": [100]}
        self.assertEqual(given(case(series, contracts=[dict(contract)]), "inventory"), {})
        f = case(series, contracts=[dict(contract)], certificates=[("old", "wind", 0, 1, 30)])
        self.assertEqual(given(f, "inventory"), {"old": 30})
        # A year of 8 760 kWh is 1 000 Wh an hour, of which the meter and the certificate back 100.
        annual = dict(contract, annual_wh=8_760_000)
        f = case(series, contracts=[annual], certificates=[("old", "wind", 0, 1, 300)])
        self.assertEqual((given(f, "inventory"), f.books.supply.short_of_year), ({"old": 100}, {"old": 900}))
        self.assertEqual(given(case(series, contracts=[annual], rules=EARLIER), "inventory"), {"old": 100})
        self.assertEqual(given(case(series, contracts=[dict(contract)], rules=EARLIER), "inventory"), {"old": 100})


class Clocks(unittest.TestCase):
    def test_e3(self):
        def hours(date, zone="Europe/Berlin"):
            near = instants.seconds(f"{date}T00:00:00Z")
            return sum(instants.local(near + h * HOUR, zone).date().isoformat() == date for h in range(-30, 60))
        self.assertEqual((hours("2026-03-29"), hours("2026-10-25"), hours("2026-07-01")), (23, 25, 24))
        march = [instants.seconds(f"2026-0{month}-01T00:00:00+0{month - 2}:00") for month in (3, 4)]
        self.assertEqual((march[1] - march[0]) // HOUR, 743)


if __name__ == "__main__":
    unittest.main()
