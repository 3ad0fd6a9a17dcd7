#!/usr/bin/env python3
"""Re-check a solution of a bench instance without any of our code.

usage: recheck_solution.py INSTANCE.json[.gz] SOLUTION.json

Reads what `solve_instance --solution` writes and checks every row of the model of
bench/README.md, the objective, and the bound: by weak duality from the balance, capacity and
target duals, each work's own rows at their best by one sort. Exits 1 naming what fails.
"""
import gzip
import json
import sys

ROW = 1e-6    # rows may miss by this much of their largest term
VALUE = 1e-6  # relative, objective and bound

failures = []


def fail(message):
    failures.append(message)


def finite(value):
    return isinstance(value, (int, float)) and value == value and abs(value) != float("inf")


def load(path):
    opened = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
    with opened as f:
        return json.load(f)


def at_most(what, value, limit, size=1.0):
    if not value <= limit + ROW * max(1.0, abs(limit), size):
        fail(f"{what}: {value!r} > {limit!r}")


def near(what, value, expected, size=1.0):
    at_most(what, value, expected, size)
    at_most(what + " (below)", -value, -expected, size)


class Instance:
    def __init__(self, d):
        self.T, self.h, self.policy = d["steps"], d["step_hours"], d["policy"]
        self.work = {w["id"]: w for w in d["work"]}
        self.sites = {s["id"]: s for s in d["sites"]}
        self.boundaries = {b["id"]: b for b in d["boundaries"]}
        p = self.policy
        self.spare = 1.0 - p["target"]
        self.financial = p.get("settlement") == "financial"
        self.firm = {b: [0.0] * self.T for b in self.boundaries}
        self.most = {b: [0.0] * self.T for b in self.boundaries}
        for s in self.sites.values():
            for t in range(self.T):
                firm = self.series(s["firm_mw"], t)
                cap = max(self.series(s["it_capacity_mw"], t), firm)
                pue = self.series(s["pue"], t)
                self.firm[s["boundary"]][t] += pue * firm
                self.most[s["boundary"]][t] += pue * cap

    @staticmethod
    def series(value, t):
        return value[t] if isinstance(value, list) else value

    def room(self, s, t):
        site = self.sites[s]
        cap, firm = site["it_capacity_mw"], site["firm_mw"]
        return max(0.0, self.series(cap, t) - self.series(firm, t))

    def grid_cost(self, b, t):
        b = self.boundaries[b]
        carbon = self.policy["carbon_price_per_t"] * b["grid_intensity_g_per_kwh"][t] / 1000
        return self.h * (b["grid_price_per_mwh"][t] + carbon)

    def use_cost(self, b, t):
        return self.h * self.boundaries[b]["grid_price_per_mwh"][t] if self.financial else 0.0

    def on_grid(self, b, t):
        return self.h * (1.0 - self.boundaries[b]["grid_cfe_share"][t] - self.spare)

    def delay(self, t):
        return self.h * self.policy["delay_price_per_mwh_step"] * t


def table(name, rows, keys, steps):
    """[key, step, value] rows as a dict; every cell once, finite, not negative."""
    cells = {}
    for key, step, value in rows:
        if key not in keys or not 0 <= step < steps or not finite(value):
            fail(f"{name}: bad cell {key} {step} {value}")
        elif (key, step) in cells:
            fail(f"{name}: cell {key} {step} stands twice")
        else:
            at_most(f"{name} {key} {step} not negative", -value, 0.0)
            cells[key, step] = value
    for key in keys:
        for step in range(steps):
            if (key, step) not in cells:
                fail(f"{name}: cell {key} {step} is missing")
                cells[key, step] = 0.0
    return cells


def check_work(i, solution):
    """Windows, sites, rates, energy; returns IT MW by site and step and the delay cost."""
    energy = {w: 0.0 for w in i.work}
    rate, placed, delay = {}, {}, 0.0
    for w, s, t, mw in solution["x"]:
        if w not in i.work or s not in i.work[w]["sites"] or not finite(mw):
            fail(f"x: work {w} at site {s}, {mw}")
            continue
        if not i.work[w]["release"] <= t < i.work[w]["deadline"]:
            fail(f"x: work {w} at step {t} outside its window")
        at_most(f"x of work {w} not negative", -mw, 0.0)
        energy[w] += i.h * mw
        rate[w, t] = rate.get((w, t), 0.0) + mw
        placed[s, t] = placed.get((s, t), 0.0) + mw
        delay += i.delay(t) * mw
    for (w, t), mw in rate.items():
        at_most(f"rate of work {w} at step {t}", mw, i.work[w]["max_mw"])
    for (s, t), mw in placed.items():
        at_most(f"capacity of site {s} at step {t}", mw, i.room(s, t))
    for w, work in i.work.items():
        miss = solution["miss"].get(w)
        if not finite(miss):
            fail(f"miss of work {w} is {miss}")
            continue
        at_most(f"miss of work {w} not negative", -miss, 0.0)
        near(f"energy of work {w}", energy[w] + miss, work["energy_mwh"])
    return placed, delay


def check_plan(i, solution):
    """Every row; returns the objective."""
    placed, cost = check_work(i, solution)
    use = table("use", solution["use"], i.boundaries, i.T)
    grid = table("grid", solution["grid"], i.boundaries, i.T)
    load = {(b, t): i.firm[b][t] for b in i.boundaries for t in range(i.T)}
    for (s, t), mw in placed.items():
        load[i.sites[s]["boundary"], t] += i.series(i.sites[s]["pue"], t) * mw
    activity = size = 0.0
    for (b, t), mw in load.items():
        near(f"balance of {b} at step {t}", use[b, t] + grid[b, t], mw)
        at_most(f"use of {b} at step {t}", use[b, t], i.boundaries[b]["contracted_mw"][t])
        cost += i.grid_cost(b, t) * grid[b, t] + i.use_cost(b, t) * use[b, t]
        for term in (i.on_grid(b, t) * grid[b, t], -i.h * i.spare * use[b, t]):
            activity += term
            size = max(size, abs(term))
    short = solution["short"]
    if not finite(short):
        fail(f"short is {short}")
        short = 0.0
    at_most("short not negative", -short, 0.0)
    at_most("target", activity - short, 0.0, max(size, short))
    cost += i.policy["shortfall_price_per_mwh"] * short
    miss = sum(m for m in solution["miss"].values() if finite(m))
    return cost + i.policy["miss_price_per_mwh"] * miss


def best_of_work(i, w, power, room):
    """Least cost of one work at prices: its cheapest site per step, cheapest steps first."""
    miss, left, cost = i.policy["miss_price_per_mwh"], w["energy_mwh"], 0.0
    offers = []
    for t in range(w["release"], w["deadline"]):
        unit = min(
            i.series(i.sites[s]["pue"], t) * power[i.sites[s]["boundary"], t] + room[s, t]
            for s in w["sites"]
        )
        offers.append((unit + i.delay(t)) / i.h)
    for unit in sorted(offers):
        if unit >= miss or left <= 0.0:
            break
        amount = min(left, i.h * w["max_mw"])
        cost += unit * amount
        left -= amount
    return cost + miss * max(0.0, left)


def duals_of(i, solution):
    """Prices of power and room and of the target, wrong signs counted as none."""
    duals = solution["duals"]
    power = {(d["boundary"], d["step"]): -d["value"] for d in duals["balance"]}
    room = {(d["site"], d["step"]): max(0.0, -d["value"]) for d in duals["capacity"]}
    target = duals["target"] if duals["target"] is not None else 0.0
    for name, cells, keys in (("balance", power, i.boundaries), ("capacity", room, i.sites)):
        for key in keys:
            for t in range(i.T):
                if not finite(cells.get((key, t))):
                    fail(f"dual of {name} {key} {t} is {cells.get((key, t))}")
                    cells[key, t] = 0.0
    if not finite(target):
        fail(f"dual of target is {target}")
        target = 0.0
    price = min(max(0.0, -target), i.policy["shortfall_price_per_mwh"])
    return power, room, price


def proved_bound(i, solution):
    power, room, price = duals_of(i, solution)
    bound = sum(best_of_work(i, w, power, room) for w in i.work.values())
    for s in i.sites:
        bound -= sum(room[s, t] * i.room(s, t) for t in range(i.T))
    for b, boundary in i.boundaries.items():
        for t in range(i.T):
            p = power[b, t]
            bound += p * i.firm[b][t]
            use = i.use_cost(b, t) - price * i.h * i.spare - p
            bound += boundary["contracted_mw"][t] * min(0.0, use)
            grid = i.grid_cost(b, t) + price * i.on_grid(b, t) - p
            # All load of a boundary at its capacity is the most its grid column can be.
            bound += i.most[b][t] * min(0.0, grid)
    return bound


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    i, solution = Instance(load(arguments[0])), load(arguments[1])
    objective = check_plan(i, solution)
    claimed = solution["objective"]
    tolerance = VALUE * max(1.0, abs(objective))
    if not abs(objective - claimed) <= tolerance:
        fail(f"objective: claimed {claimed!r}, columns cost {objective!r}")
    proved = proved_bound(i, solution)
    if not solution["bound"] <= proved + tolerance:
        fail(f"bound: claimed {solution['bound']!r}, the duals prove {proved!r}")
    if not proved <= objective + tolerance:
        fail(f"bound: {proved!r} proved above the objective {objective!r}")
    for message in failures[:20]:
        print(f"FAILED {message}")
    if failures:
        print(f"{len(failures)} checks failed")
        return 1
    gap = (objective - proved) / max(1.0, abs(objective))
    print(f"ok objective {objective:.4f} bound {proved:.4f} gap {gap:.2e}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
