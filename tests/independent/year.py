"""A second computation of a year's report, from the raw data and accounting.md alone; shares no code.

usage: year.py AREA.csv.gz start|end flat|daily REPORT.json
"""
import csv
import gzip
import json
import sys
from datetime import datetime, timedelta, timezone

LIFE_CYCLE = {"coal": 820, "nat_gas": 490, "oil": 650, "nuclear": 12, "hydro": 24, "solar": 45, "wind": 11, "other": 700}
CARBON_FREE = ("nuclear", "hydro", "solar", "wind")
FOSSIL = ("coal", "nat_gas", "oil")
CONTRACTS = ("solar", "wind")


def hours(path, label):
    """Generation in Wh by fuel for each hour of 2022, keyed by the start of the hour."""
    shift = timedelta(hours=1) if label == "end" else timedelta(0)
    rows = {}
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            start = datetime.fromisoformat(row.pop("ts_utc").replace("Z", "+00:00")) - shift
            rows[start] = {k[:-3]: max(0, int(v)) * 10**6 for k, v in row.items() if v}
    first = datetime(2022, 1, 1, tzinfo=timezone.utc)
    return [rows[first + timedelta(hours=i)] for i in range(8760)]


def claimed(volumes, load):
    """Micrograms of energy claimed at its technology's own factor, contracts by id, at most the load."""
    total = 0
    for fuel in CONTRACTS:
        used = min(volumes[fuel], load)
        load -= used
        total += used * LIFE_CYCLE[fuel] * 1000
    return total


def main():
    path, label, shape, report_path = sys.argv[1:]
    year = hours(path, label)
    load = [(100 if shape == "flat" else 60 + i % 24 * 3) * 10**6 for i in range(8760)]
    plants = {}
    for fuel in CONTRACTS:
        total = sum(h[fuel] for h in year)
        plants[fuel] = [h[fuel] * 50 * 10**6 * 8760 // total for h in year]
    supply = [sum(plant[i] for plant in plants.values()) for i in range(8760)]
    matched = [min(a, b) for a, b in zip(load, supply)]
    grid, location, hourly, weighted = 0, 0, 0, 0
    for i, h in enumerate(year):
        mix = sum(h.values())
        rest = load[i] - matched[i]
        grid += sum(h.get(f, 0) for f in CARBON_FREE) * rest // mix
        intensity = -(-sum(LIFE_CYCLE[f] * 1000 * v for f, v in h.items()) // mix)
        fossil = sum(h.get(f, 0) for f in FOSSIL)
        factor = -(-sum(LIFE_CYCLE[f] * 1000 * h.get(f, 0) for f in FOSSIL) // fossil)
        location += load[i] * intensity
        hourly += rest * factor + claimed({fuel: plant[i] for fuel, plant in plants.items()}, load[i])
        weighted += load[i] * factor
    volumes = {fuel: sum(plant) for fuel, plant in plants.items()}
    annual = max(0, sum(load) - sum(supply)) * -(-weighted // sum(load)) + claimed(volumes, sum(load))
    grams = lambda micrograms: -(-micrograms // 10**6)
    share = lambda top: f"{top * 10**6 // sum(load) / 10**6:.6f}"
    expected = {
        "load_wh": sum(load),
        "contracted_wh": sum(supply),
        "matched_wh": sum(matched),
        "surplus_wh": sum(supply) - sum(matched),
        "unmatched_wh": sum(load) - sum(matched),
        "grid_cfe_wh": grid,
        "matched_share": share(sum(matched)),
        "cfe_score": share(sum(matched) + grid),
        "annual_share": share(sum(supply)),
        "intervals_fully_matched": sum(m == l for m, l in zip(matched, load)),
    }
    emissions = {"location_based_g": grams(location), "market_based_hourly_g": grams(hourly), "market_based_annual_g": grams(annual)}
    with open(report_path) as file:
        totals = json.load(file)["portfolio"]
    wrong = [f"{k}: report {totals[k]}, computed {v}" for k, v in expected.items() if totals[k] != v]
    wrong += [f"{k}: report {totals['emissions'][k]}, computed {v}" for k, v in emissions.items() if totals["emissions"][k] != v]
    print("\n".join(wrong) or "agrees to the Wh and the gram")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
