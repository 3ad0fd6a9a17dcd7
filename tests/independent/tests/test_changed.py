"""Rules that changed: each example under the later version, and what the earlier one says of the same inputs."""

import unittest

from audit.certificates import excess
from audit.exact import AuditError
from tests.support import EARLIER, HOUR, START, case, column, given, portfolio

GAS = [{"id": "s", "boundary": "A", "onsite_technology": "gas"}]
SOLAR = [{"id": "s", "boundary": "A", "onsite_technology": "solar"}]
BAT = [{"id": "bat", "site": "s", "efficiency": "17/20"}]


class OwnGeneration(unittest.TestCase):
    SERIES = {"site/s/import": [40], "site/s/onsite_generation": [60], "contract/w/generation": [200],
              "grid/A/cfe_share": ["0.5"], "grid/A/carbon_intensity": ["300"]}

    def test_own_gas_is_not_matched(self):
        f = case(self.SERIES, contracts=[{"id": "w"}], sites=GAS)
        self.assertEqual(column(f, "matched"), [40])
        self.assertEqual(column(f, "surplus"), [160])
        self.assertEqual(column(f, "unmatched"), [60])
        self.assertEqual(column(f, "grid"), [0])
        self.assertEqual(f.scope_1, {("s", 0): ("A", 60, 0, "scope_1")})
        p = portfolio(f)
        self.assertEqual((p["scope_1_wh"], p["scope_1_g"]), (60, 23))
        self.assertEqual((p["location_based_g"], p["market_based_hourly_g"]), (12, 0))
        self.assertEqual(p["intervals_fully_matched"], 0)

    def test_earlier(self):
        f = case(self.SERIES, contracts=[{"id": "w"}], sites=GAS, rules=EARLIER)
        self.assertEqual(column(f, "matched"), [100])

    def test_exported_gas_serves_no_load(self):
        f = case({"site/s/import": [40], "site/s/onsite_generation": [60], "site/s/export": [50],
                  "contract/w/generation": [200]}, contracts=[{"id": "w"}], sites=GAS)
        self.assertEqual((column(f, "load"), column(f, "matched")), ([50], [40]))

    def test_what_charges_a_battery_counts(self):
        # 40 + 60 - 70: L = 30, all of it served by 60 of gas.
        series = dict(self.SERIES, **{"storage/bat/charge": [70], "storage/bat/discharge": [0]})
        f = case(series, contracts=[{"id": "w"}], sites=GAS, storage=BAT)
        p = portfolio(f)
        self.assertEqual((p["load_wh"], p["matched_wh"], p["scope_1_wh"], p["scope_1_g"]), (30, 0, 60, 23))
        self.assertEqual(f.reasons(), {"own_generation_wh": 30, "elsewhere_wh": 0, "other_hours_wh": 0,
                                       "never_contracted_wh": 0})

    def test_losses(self):
        # L' = ceil(100 * 1.04) = 104, of which 60 are served on site.
        f = case(self.SERIES, contracts=[{"id": "w"}], sites=[dict(GAS[0], loss_factor="1/25")])
        self.assertEqual((column(f, "load"), column(f, "matched")), ([104], [44]))


class Purchases(unittest.TestCase):
    BATTERY = {"site/s/import": [11_000, 0], "storage/bat/charge": [10_000, 0], "storage/bat/discharge": [0, 8_500],
               "grid/A/carbon_intensity": ["100", "900"], "grid/A/residual_intensity": ["200", "200"]}

    def test_inventories_weigh_import(self):
        f = case(self.BATTERY, hours=2, storage=BAT)
        p = portfolio(f)
        self.assertEqual((p["purchased_wh"], p["load_wh"], p["storage_losses_wh"]), (11_000, 9_500, 1_500))
        self.assertEqual((p["location_based_g"], p["market_based_hourly_g"], p["market_based_annual_g"]),
                         (1_100, 2_200, 2_200))

    def test_instruments_meet_import_in_the_hour_it_is_drawn(self):
        series = dict(self.BATTERY, **{"contract/w/generation": [10_500, 9_000]})
        f = case(series, hours=2, storage=BAT, contracts=[{"id": "w"}])
        self.assertEqual(given(f, "inventory"), {"w": 10_500})
        self.assertEqual(f.books.inventory.unmatched["s"], [500, 0])
        self.assertEqual(column(f, "stored"), [9_500, 0])

    def test_own_solar_through_a_battery_is_no_purchase(self):
        f = case({"site/s/import": [0, 10], "site/s/onsite_generation": [100, 0], "storage/bat/charge": [60, 0],
                  "storage/bat/discharge": [0, 54], "grid/A/carbon_intensity": ["500", "500"]}, hours=2,
                 storage=[{"id": "bat", "site": "s"}], sites=SOLAR)
        p = portfolio(f)
        self.assertEqual((p["load_wh"], p["matched_wh"], p["purchased_wh"]), (104, 94, 10))
        self.assertEqual(given(f, "inventory"), {})
        self.assertEqual(p["location_based_g"], 5)

    def test_stated_load_is_import(self):
        f = case({"site/s/load": [100, 200], "storage/bat/charge": [50, 0], "storage/bat/discharge": [0, 40]}, hours=2,
                 storage=BAT)
        self.assertEqual(f.books.loads["s"].bought, [100, 200])

    def test_net_exporter(self):
        f = case({"site/s/import": [50, 10, 30], "site/s/onsite_generation": [60, 60, 60],
                  "site/s/export": [20, 30, 30]}, hours=3, sites=SOLAR)
        self.assertEqual(f.books.loads["s"].bought, [50, 0, 30])

    def test_standard_supply_and_legacy_go_by_import(self):
        f = case({"site/s/import": [100, 50], "storage/bat/charge": [50, 0], "storage/bat/discharge": [0, 40],
                  "grid/A/sss_share": ["0.2", "0.2"], "contract/old/generation": [90, 0]}, hours=2, storage=BAT,
                 contracts=[{"id": "old", "kind": "legacy"}])
        self.assertEqual(given(f, "inventory"), {"sss/A": 30, "old": 90})
        self.assertEqual(f.books.supply.delivered["old"], [60, 30])

    def test_invoices_against_import(self):
        f = case(self.BATTERY, hours=2, storage=BAT, invoices=[(0, 2, 11_000)])
        self.assertEqual([(row["hourly_wh"], row["within"]) for row in f.printed()["invoices"]], [(11_000, True)])

    def test_invoices_of_a_net_exporter(self):
        f = case({"site/s/import": [50, 10], "site/s/onsite_generation": [60, 60], "site/s/export": [20, 30]}, hours=2,
                 sites=SOLAR, invoices=[(0, 2, 50)])
        self.assertEqual([(row["hourly_wh"], row["within"]) for row in f.invoices()], [(50, True)])

    def test_re_issued_energy_has_the_quality_of_its_discharge(self):
        series = {"site/s/load": [10, 50], "contract/w/generation": [100, 0], "storage/bat/discharge": [0, 50],
                  "storage/bat/state": [(-60, 0, 0), (60, 120, 60)],
                  "storage/bat/charge": [(0, 60, 90), (60, 120, 20, "estimated")]}
        for rules, share in ((None, "1.000000"), (EARLIER, "0.166666")):
            asked = {"rules": rules} if rules else {}
            f = case(series, hours=2, storage=[{"id": "bat", "site": "s"}], contracts=[{"id": "w"}], **asked)
            self.assertEqual(portfolio(f)["matched_metered_share"], share)

    def test_why_load_went_unmatched(self):
        # E1: 20, 100 and 60 are unmatched, 50 were surplus in the first hour.
        f = case({"site/s/load": [100] * 4, "contract/w/generation": [150, 80, 0, 40]}, hours=4,
                 contracts=[{"id": "w"}])
        self.assertEqual(list(f.reasons().values()), [0, 0, 50, 130])


class Factors(unittest.TestCase):
    SERIES = {"site/s/load": [1_000], "contract/w/generation": [600], "grid/A/gas": [10_000]}

    def grams(self, **asked):
        f = case(self.SERIES, contracts=[{"id": "w", "technology": "solar"}], **asked)
        return portfolio(f)["market_based_hourly_g"]

    def test_claimed_energy_has_its_own_factor(self):
        self.assertEqual(self.grams(factor_basis="life-cycle"), 223)
        self.assertEqual(self.grams(factor_basis="direct"), 148)
        self.assertEqual(self.grams(factor_basis="life-cycle", rules=EARLIER), 196)


class Parts(unittest.TestCase):
    QUARTERS = [(0, 15, 100), (15, 30, 100), (30, 45, 100)]

    def test_generation_adds_up(self):
        series = {"site/s/load": [1_000], "contract/w/generation": self.QUARTERS}
        self.assertEqual(column(case(series, contracts=[{"id": "w"}]), "contracted"), [300])
        self.assertEqual(column(case(series, contracts=[{"id": "w"}], rules=EARLIER), "contracted"), [0])

    def test_missing_part_of_load_blocks(self):
        with self.assertRaises(AuditError):
            case({"site/s/load": self.QUARTERS})

    def test_missing_part_of_load_is_estimated_alone(self):
        day = [("site/s/load", START - 24 * HOUR + i * 900, START - 24 * HOUR + (i + 1) * 900, 70) for i in range(4)]
        f = case({"site/s/load": self.QUARTERS, "contract/w/generation": [1_000], "grid/A/cfe_share": ["1"]},
                 contracts=[{"id": "w"}], missing_load="estimate", extra=day)
        self.assertEqual((column(f, "load"), column(f, "matched"), column(f, "grid")), ([370], [300], [0]))
        f = case({"site/s/load": self.QUARTERS}, missing_load="estimate", extra=day, rules=EARLIER)
        self.assertEqual(column(f, "load"), [280])

    def test_no_estimate_is_above_what_a_connection_carries(self):
        """102 % of 200 W counts, what is above does not; of a load with a storage behind it nothing is known."""
        before = [("site/s/load", START - d * 24 * HOUR, START - d * 24 * HOUR + HOUR, wh)
                  for d, wh in ((1, 300), (2, 204), (3, 205), (4, 170))]
        limited = [{"id": "s", "boundary": "A", "limit_w": 200}]
        load = {"site/s/load": [None], "contract/w/generation": [1]}
        made = dict(contracts=[{"id": "w"}], missing_load="estimate", extra=before)
        self.assertEqual(column(case(load, sites=limited, **made), "load"), [204])
        self.assertEqual(column(case(load, **made), "load"), [300])
        self.assertEqual(column(case(load, sites=limited, rules="hourly-2026@3.toml", **made), "load"), [300])
        self.assertEqual(column(case(load, sites=limited, storage=BAT, **made), "load"), [300])

    def test_negative_readings_count_one_by_one(self):
        f = case({"site/s/load": [1_000], "contract/w/generation": [(0, 30, 100), (30, 60, -30)],
                  "grid/A/gas": [(0, 30, 50), (30, 60, -50)], "grid/A/wind": [50]}, contracts=[{"id": "w"}])
        self.assertEqual((column(f, "contracted"), column(f, "grid")), ([100], [450]))
        f = case({"site/s/import": [50], "site/s/onsite_generation": [(0, 30, 20), (30, 60, -5)]}, sites=SOLAR)
        self.assertEqual(column(f, "load"), [70])

    def test_off_the_grid(self):
        f = case({"site/s/load": [(-30, 30, 100), (30, 90, 51)]}, minutes=30)
        self.assertEqual(column(f, "load"), [50, 26])
        # Load is spread at 60 minutes too, an hourly plant from half past only at 30.
        self.assertEqual(column(case({"site/s/load": [(-30, 30, 100), (30, 90, 51)]}), "load"), [76])
        plant = {"site/s/load": [(0, 60, 100)], "contract/w/generation": [(-30, 30, 101), (30, 90, 11)]}
        self.assertEqual(column(case(plant, minutes=30, contracts=[{"id": "w"}]), "contracted"), [50, 6])
        with self.assertRaises(AuditError):
            case(plant, contracts=[{"id": "w"}])

    def test_the_series_that_covers_an_interval_goes_before_one_that_covers_a_part(self):
        series = {"site/s/load": [1_000], "plant/p/generation": [40], "contract/w/generation": [(0, 30, 90)]}
        self.assertEqual(column(case(series, contracts=[{"id": "w", "plant": "p"}]), "contracted"), [40])
        del series["plant/p/generation"]
        self.assertEqual(column(case(series, contracts=[{"id": "w", "plant": "p"}]), "contracted"), [90])


class MissingChannels(unittest.TestCase):
    SERIES = {"site/s/import": [50, 50], "storage/bat/discharge": [50, None], "storage/bat/charge": [0, 0]}

    def test_missing_discharge_blocks(self):
        with self.assertRaises(AuditError):
            case(self.SERIES, hours=2, storage=BAT)
        self.assertEqual(column(case(self.SERIES, hours=2, storage=BAT, rules=EARLIER), "load"), [100, 50])

    def test_missing_discharge_is_estimated(self):
        at = START - 23 * HOUR
        day = [(name, at, at + HOUR, wh) for name, wh in (
            ("site/s/import", 80), ("storage/bat/discharge", 40), ("storage/bat/charge", 10))]
        f = case(self.SERIES, hours=2, storage=BAT, missing_load="estimate", extra=day)
        self.assertEqual(column(f, "load"), [100, 90])
        self.assertEqual(f.books.loads["s"].bought, [50, 50])

    def test_what_lacks_is_estimated_together_on_one_day(self):
        # 60 - 50 on one day, 20 - 0 on the other: not 60 - 0.
        days = [(f"storage/bat/{way}", START + (day * 24 + 1) * HOUR, START + (day * 24 + 2) * HOUR, wh)
                for day, pair in ((-1, (60, 50)), (-2, (20, 0))) for way, wh in zip(("discharge", "charge"), pair)]
        series = {**self.SERIES, "storage/bat/charge": [0, None]}
        f = case(series, hours=2, storage=BAT, missing_load="estimate", extra=days)
        self.assertEqual(column(f, "load"), [100, 70])

    def test_a_storage_never_read_is_a_channel(self):
        series = {"site/s/import": [50]}
        with self.assertRaises(AuditError):
            case(series, storage=BAT)
        self.assertEqual(column(case(series, storage=BAT, rules=EARLIER), "load"), [50])

    def test_a_named_technology_is_a_channel(self):
        with self.assertRaises(AuditError):
            case({"site/s/import": [50]}, sites=SOLAR)

    def test_where_export_lacks_nothing_of_that_part_is_self_generation(self):
        day = [("site/s/export", START - 24 * HOUR + 1800, START - 23 * HOUR, 5)]
        f = case({"site/s/import": [(0, 30, 10), (30, 60, 10)], "site/s/export": [(0, 30, 20)],
                  "site/s/onsite_generation": [(0, 30, 50), (30, 60, 50)]}, sites=SOLAR, missing_load="estimate",
                 extra=day)
        # 10 + 50 - 20 are metered, 10 + 50 - 5 estimated.
        self.assertEqual((column(f, "load"), f.books.loads["s"].guessed), ([95], [55]))
        self.assertEqual(f.books.loads["s"].own, [30])

    def test_missing_import_is_estimated_with_the_others_added(self):
        at = START - 24 * HOUR
        f = case({"site/s/import": [None, 20], "site/s/onsite_generation": [30, 0],
                  "contract/w/generation": [100, 100]}, hours=2, sites=SOLAR, missing_load="estimate",
                 contracts=[{"id": "w"}],
                 extra=[("site/s/import", at, at + HOUR, 70)])
        self.assertEqual((column(f, "load"), column(f, "matched")), ([100, 20], [0, 20]))
        self.assertEqual((f.books.loads["s"].bought, given(f, "inventory")), ([70, 20], {"w": 20}))


class Certificates(unittest.TestCase):
    def backed(self, certificates, **asked):
        contract = {"id": "w", "certificates": "required", "beneficiary": "us"}
        f = case({"site/s/load": [1_000] * 4, "contract/w/generation": [100] * 4}, hours=4, contracts=[contract],
                 certificates=certificates, **asked)
        return column(f, "contracted"), portfolio(f).get("backed_matched_wh")

    def test_only_in_its_hour(self):
        self.assertEqual(self.backed([("w", "wind", 0, 1, 400)]), ([100, 0, 0, 0], 100))

    def test_over_its_period(self):
        self.assertEqual(self.backed([("w", "wind", 0, 4, 200)]), ([50, 50, 50, 50], 200))

    def test_wrong_ones_back_nothing(self):
        wrong = [("other", "wind", 0, 1, 100, "us", "w"), ("w", "solar", 1, 2, 100), ("w", "wind", 2, 3, 100, "them"),
                 ("w", "wind", 3, 4, 100, "us", "", "expired"), ("w", "wind", 5, 6, 100)]
        self.assertEqual(self.backed(wrong), ([0, 0, 0, 0], 0))
        self.assertEqual(self.backed(wrong, rules=EARLIER), ([100, 100, 0, 0], None))

    def test_production_is_backed_once(self):
        twice = [("w", "wind", 0, 1, 60), ("w", "wind", 0, 1, 60), ("w", "wind", 0, 2, 500)]
        self.assertEqual(self.backed(twice), ([100, 100, 0, 0], 200))

    def test_backs_at_most_what_was_allocated(self):
        f = case({"site/s/load": [30, 100], "contract/w/generation": [100, 100]}, hours=2,
                 contracts=[{"id": "w", "beneficiary": "us"}], certificates=[("w", "wind", 0, 1, 100)])
        p = portfolio(f)
        self.assertEqual((p["matched_wh"], p["backed_matched_wh"], p["market_based_hourly_backed_wh"]), (130, 30, 30))
        self.assertEqual((p["market_based_hourly_claimed_wh"], p["backed_annual_share"]), (130, "0.769230"))
        self.assertEqual((p["intervals_fully_matched"], p["intervals_fully_backed"]), (2, 1))

    def test_the_reporting_entity_stands_in(self):
        asked = {"hours": 1, "certificates": [("w", "wind", 0, 1, 100)]}
        series = {"site/s/load": [100], "contract/w/generation": [100]}
        f = case(series, contracts=[{"id": "w"}], disclosure={"reporting_entity": "us"}, **asked)
        self.assertEqual(portfolio(f)["backed_matched_wh"], 100)
        self.assertEqual(portfolio(case(series, contracts=[{"id": "w"}], **asked))["backed_matched_wh"], 0)

    def test_unknown_is_not_zero(self):
        f = case({"site/s/load": [100], "contract/w/generation": [100]}, contracts=[{"id": "w", "beneficiary": "us"}])
        p = portfolio(f)
        self.assertEqual((p["backed_matched_wh"], p["backed_matched_share"], p["market_based_annual_backed_wh"]),
                         (None, None, None))
        self.assertEqual(p["market_based_hourly_claimed_wh"], 100)

    def test_what_is_laid_beyond_the_delivery_moves_to_no_other_hour(self):
        # The plant makes 100 and 100, the contract has half of it; 120 over both hours are 60 and 60.
        f = case({"site/s/load": [100, 100], "plant/p/generation": [100, 100]}, hours=2,
                 contracts=[{"id": "w", "plant": "p", "share": "1/2", "beneficiary": "us"}],
                 certificates=[("p", "wind", 0, 2, 120)])
        self.assertEqual((f.books.supply.laid["w"], f.books.supply.certified["w"]), ([60, 60], [50, 50]))
        self.assertEqual(f.books.supply.laid_by["w"], {"g0": 120})

    def test_production_beyond_the_meter_is_listed(self):
        f = case({"site/s/load": [100], "contract/w/generation": [100]}, contracts=[{"id": "w", "beneficiary": "us"}],
                 certificates=[("w", "wind", 0, 1, 70), ("w", "wind", 0, 1, 70, "them", "", "issued"),
                               ("w", "wind", 1, 2, 5)])
        found = {key[0]: wh for key, wh in excess(f.pack, f.books.supply).items()}
        self.assertEqual(found, {"certificates_issued_twice": 40, "certificates_without_meter": 5})


class Ownership(unittest.TestCase):
    def totals(self, approach, **asked):
        f = case({"site/a/load": [1_000], "site/b/load": [3_000], "grid/A/carbon_intensity": ["400"],
                  "grid/A/residual_intensity": ["500"], "contract/w/generation": [1_000]},
                 sites=[{"id": "a", "boundary": "A", "ownership_share": "1/2"}, {"id": "b", "boundary": "A"}],
                 contracts=[{"id": "w", "sites": ["b"]}], disclosure={"control_approach": approach}, **asked)
        p = portfolio(f)
        return p["load_wh"], p["location_based_g"], p["market_based_hourly_g"], p["market_based_annual_g"]

    def test_equity_share_multiplies_inventories(self):
        # Annual: 3 000 Wh at 500 g/kWh, of which 3 500 / 4 000 are owned: 1 312.5 g.
        self.assertEqual(self.totals("equity share"), (4_000, 1_400, 1_250, 1_313))

    def test_control_approaches_print_it_only(self):
        self.assertEqual(self.totals("operational control"), (4_000, 1_600, 1_500, 1_500))
        self.assertEqual(self.totals("equity share", rules=EARLIER), (4_000, 1_600, 1_500, 1_500))


if __name__ == "__main__":
    unittest.main()
