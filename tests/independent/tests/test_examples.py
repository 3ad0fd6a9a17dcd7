"""Section 7 and the examples of sections 1 to 5 that earlier versions share."""

import unittest

from audit.exact import grams, largest_remainder
from audit.sharing import equal_share, pro_rata_contract
from tests.support import EARLIER, HOUR, LATER, START, case, column, given, portfolio

W = {"id": "w"}


def with_loads(figures_of):
    """Runs a test under both versions."""
    def test(self):
        for rules in (LATER, EARLIER):
            with self.subTest(rules=rules):
                figures_of(self, rules)
    return test


class Examples(unittest.TestCase):
    @with_loads
    def test_e1(self, rules):
        f = case({"site/s/load": [100] * 4, "contract/w/generation": [150, 80, 0, 40],
                  "grid/A/cfe_share": ["0.5", "0.4", "0.3", "0.25"]}, hours=4, contracts=[dict(W)], rules=rules)
        self.assertEqual(column(f, "matched"), [100, 80, 0, 40])
        self.assertEqual(column(f, "surplus"), [50, 0, 0, 0])
        self.assertEqual(column(f, "grid"), [0, 8, 30, 15])
        p = portfolio(f)
        self.assertEqual((p["matched_share"], p["cfe_score"], p["annual_share"]), ("0.550000", "0.682500", "0.675000"))
        self.assertEqual((p["intervals_fully_matched"], p["intervals_with_load"]), (1, 4))

    @with_loads
    def test_e2(self, rules):
        f = case({"site/a/load": [100, 100], "site/b/load": [300, 300], "contract/v/generation": [140, 60],
                  "contract/w/generation": [100, 500], "grid/A/cfe_share": ["0", "0"],
                  "grid/B/cfe_share": ["0.5", "0.25"]}, hours=2, rules=rules,
                 sites=[{"id": "a", "boundary": "A"}, {"id": "b", "boundary": "B"}],
                 boundaries=[{"id": "A"}, {"id": "B"}],
                 contracts=[{"id": "v", "sites": ["a"]}, {"id": "w", "boundary": "B", "sites": ["b"]}])
        printed = f.printed()
        self.assertEqual(printed["boundaries"]["A"]["matched_share"], "0.800000")
        self.assertEqual(printed["boundaries"]["B"]["matched_wh"] + printed["boundaries"]["B"]["grid_cfe_wh"], 500)
        self.assertEqual(portfolio(f)["cfe_score"], "0.825000")
        self.assertEqual(portfolio(f)["intervals_fully_matched"], 0)

    @with_loads
    def test_e4(self, rules):
        f = case({"site/s/load": [0, 10_000], "contract/w/generation": [8_000, 0], "storage/bat/charge": [10_000, 0],
                  "storage/bat/discharge": [0, 8_500], "storage/bat/state": [(-60, 0, 0), (60, 120, 0)]},
                 hours=2, contracts=[dict(W)], storage=[{"id": "bat", "site": "s", "efficiency": "17/20"}], rules=rules)
        self.assertEqual(f.books.matching.storage_rows["bat", 1][3], 6_800)

    def test_e5(self):
        self.assertEqual(largest_remainder(1_000, [1, 1, 1]), [334, 333, 333])
        self.assertEqual(largest_remainder(1_000_001, [50, 30, 20]), [500_001, 300_000, 200_000])

    @with_loads
    def test_e6(self, rules):
        f = case({"site/s/load": [10, 20, 30, 40], "contract/old/generation": [50, 0, 0, 0]}, hours=4, rules=rules,
                 contracts=[{"id": "old", "kind": "legacy"}])
        self.assertEqual(f.books.supply.delivered["old"], [5, 10, 15, 20])

    @with_loads
    def test_e7(self, rules):
        f = case({"site/s/load": [1_000, 1_000], "contract/w/generation": [1_000, 400],
                  "grid/A/carbon_intensity": ["200", "400.5"], "grid/A/residual_intensity": ["500", "500"]}, hours=2,
                 contracts=[dict(W)], rules=rules)
        p = portfolio(f)
        grams = (p["location_based_g"], p["market_based_hourly_g"], p["market_based_annual_g"])
        self.assertEqual(grams, (601, 300, 300))

    @with_loads
    def test_e8(self, rules):
        f = case({"site/s1/load": [100], "site/s2/load": [100], "contract/A/generation": [100],
                  "contract/B/generation": [100]}, rules=rules,
                 sites=[{"id": "s1", "boundary": "A"}, {"id": "s2", "boundary": "A"}],
                 contracts=[{"id": "A", "sites": ["s1", "s2"]}, {"id": "B", "sites": ["s1"]}])
        self.assertEqual(portfolio(f)["matched_wh"], 200)

    @with_loads
    def test_e9(self, rules):
        f = case({"site/s/load": [100, None], "contract/w/generation": [0, 300]}, hours=2, contracts=[dict(W)],
                 missing_load="estimate", rules=rules,
                 extra=[("site/s/load", START - 23 * HOUR, START - 22 * HOUR, 200)])
        self.assertEqual(column(f, "load"), [100, 200])
        self.assertEqual(column(f, "matched"), [0, 0])

    @with_loads
    def test_two_ledgers(self, rules):
        f = case({"site/s/load": [100], "contract/w/generation": [90], "grid/A/sss_share": ["0.2"]},
                 contracts=[dict(W)], rules=rules)
        self.assertEqual(given(f, "matching"), {"w": 90})
        self.assertEqual(given(f, "inventory"), {"sss/A": 20, "w": 80})
        self.assertEqual(f.books.inventory.delivered["w"][0] - 80, 10)

    @with_loads
    def test_channels(self, rules):
        f = case({"site/s/import": [50], "site/s/onsite_generation": [60], "site/s/export": [20]}, rules=rules,
                 sites=[{"id": "s", "boundary": "A", "onsite_technology": "solar"}])
        self.assertEqual(column(f, "load"), [90])
        self.assertEqual(given(f, "matching"), {"onsite/s": 40})

    @with_loads
    def test_rounding(self, rules):
        f = case({"site/s/load": [(0, 15, "0.3"), (15, 30, "0.3"), (30, 45, "0.3"), (45, 60, "0.3")]}, rules=rules)
        self.assertEqual(column(f, "load"), [4])
        f = case({"site/s/load": [(0, 60, 10)]}, minutes=15, rules=rules)
        self.assertEqual(column(f, "load"), [3, 3, 2, 2])
        self.assertEqual(grams(3 * 368_567), 2)

    @with_loads
    def test_corrected_by_quarters(self, rules):
        extra = [("site/s/load", START + i * 900, START + (i + 1) * 900, 240, "measured", 2) for i in range(4)]
        f = case({"site/s/load": [1_000]}, extra=extra, rules=rules)
        self.assertEqual(column(f, "load"), [960])


class Sharing(unittest.TestCase):
    class Contract:
        split = {"a": "1/2", "b": "1/4", "c": "1/5"}

    def test_equal_share(self):
        self.assertEqual(equal_share(52, {"a": 100, "b": 2, "c": 100}, None), {"a": 25, "b": 2, "c": 25})
        self.assertEqual(equal_share(53, {"a": 100, "b": 2, "c": 100}, None), {"a": 26, "b": 2, "c": 25})
        self.assertEqual(equal_share(500, {"a": 100, "b": 2, "c": 100}, None), {"a": 100, "b": 2, "c": 100})
        self.assertEqual(equal_share(2, {"a": 0, "b": 2, "c": 100}, None), {"a": 0, "b": 1, "c": 1})

    def test_pro_rata_contract(self):
        room = dict.fromkeys("abc", 10**6)
        self.assertEqual(pro_rata_contract(2_084, room, self.Contract), {"a": 1_042, "b": 521, "c": 416})


if __name__ == "__main__":
    unittest.main()
