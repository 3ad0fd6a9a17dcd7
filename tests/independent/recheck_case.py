#!/usr/bin/env python3
"""Re-check a solution of training-run, storage-target or two-boundary-target without any of our code.

usage: recheck_case.py INSTANCE.json SOLUTION.json [VARIANT]

Reads what `solve_instance --solution` writes and checks every statement under the instance's `model`, and the
objective against its own sum and against `expected` where the file has one. Exits 1 naming what fails.
"""
import json
import math
import sys

ROW = 1e-6
failures = []


def at_most(what, value, limit, size=1.0):
    if not value <= limit + ROW * max(1.0, abs(limit), size):
        failures.append(f"{what}: {value!r} > {limit!r}")


def near(what, value, expected, size=1.0):
    at_most(what, value, expected, size)
    at_most(what + " (below)", -value, -expected, size)


def series(value, steps):
    return value if isinstance(value, list) else [value] * steps


def training_run(d, s, variant):
    T, h, pol, run, site = d["steps"], d["step_hours"], d["policy"], d["run"], d["site"]
    [x] = s["runs"]
    on, start, save, q, y = x["on"], x["start"], x["save"], x["train_mw"], x["progress"]
    firm, pue = series(site["firm_mw"], T), series(site["pue"], T)
    cap, limit = series(site["it_capacity_mw"], T), series(site["grid_limit_mw"], T)
    before = 1 if run["on_before"] else 0
    floor = run["cap"] if variant in ("no_throttle", "neither") else run["floor"]
    stop = [0] * T
    cost = 0.0
    for t in range(T):
        previous = on[t - 1] if t else before
        stop[t] = 1 if previous and not on[t] else 0
        if (on[t] and not previous) != bool(start[t]):
            failures.append(f"start at step {t} is {start[t]}")
        at_most(f"save at step {t} only while on", save[t], on[t])
        n = on[t] - run["save_h"] / h * save[t] - run["restart_h"] / h * start[t]
        at_most(f"part of step {t}", -n, 0.0)
        at_most(f"power cap at step {t}", q[t], run["cap"] * run["rated_mw"] * n)
        at_most(f"power floor at step {t}", floor * run["rated_mw"] * n, q[t])
        for (p0, y0), (p1, y1) in zip(run["curve"], run["curve"][1:]):
            slope = (y1 - y0) / (p1 - p0)
            at_most(f"curve at step {t}", y[t], y0 * n + slope * (q[t] / run["rated_mw"] - p0 * n))
        draw = q[t] + run["save_mw"] * run["save_h"] / h * save[t]
        draw += run["restart_mw"] * run["restart_h"] / h * start[t] + run["paused_mw"] * (1 - on[t])
        near(f"draw at step {t}", x["draw_mw"][t], draw)
        at_most(f"IT capacity at step {t}", firm[t] + draw, cap[t])
        at_most(f"connection at step {t}", pue[t] * (firm[t] + draw), limit[t])
        unmatched = max(0.0, pue[t] * (firm[t] + draw) - d["contracted_mw"][t])
        price = d["grid_price_per_mwh"][t] + pol["carbon_price_per_t"] * d["grid_intensity_g_per_kwh"][t] / 1000
        cost += h * unmatched * price
        at_most(f"stop at step {t} needs a save", stop[t], save[t - 1] if t else 0)
    every = run["checkpoint_interval_steps"]
    windows = [(t, t + every) for t in range(T - every + 1)]
    first = every - run["steps_on_since_save"]
    if before and first < every:
        windows.append((0, max(1, first)))
    for a, b in windows:
        at_most(f"a save in steps {a} to {b}", 1 - sum(1 - on[t] for t in range(a, b)), sum(save[a:b]))
    for t in range(T):
        at_most(f"min on at {t}", sum(start[max(0, t - run["min_on_steps"] + 1):t + 1]), on[t])
        at_most(f"min off at {t}", sum(stop[max(0, t - run["min_off_steps"] + 1):t + 1]), 1 - on[t])
    at_most("pauses", sum(stop), run["max_pauses"])
    if variant in ("no_pauses", "neither"):
        near("on throughout", sum(on), T)
    at_most("mean throughput", run["min_mean_throughput"] * T * h, h * sum(y))
    return cost + pol["pause_cost"] * sum(stop) + pol["lost_price_per_rated_hour"] * (T * h - h * sum(y))


def placed(d, s, sites):
    """IT MW by (site, step), and what is missed."""
    h, works = d["step_hours"], {w["id"]: w for w in d["work"]}
    mw, energy, rate = {}, dict.fromkeys(works, 0.0), {}
    for w, at, t, power in s["x"]:
        work = works[w]
        if at not in work.get("sites", sites) or not work["release"] <= t < work["deadline"]:
            failures.append(f"work {w} at {at}, step {t}")
        at_most(f"power of {w}", -power, 0.0)
        energy[w] += h * power
        rate[w, t] = rate.get((w, t), 0.0) + power
        mw[at, t] = mw.get((at, t), 0.0) + power
    for (w, t), power in rate.items():
        at_most(f"rate of {w} at {t}", power, works[w]["max_mw"])
    for w, work in works.items():
        near(f"energy of {w}", energy[w] + s["miss"][w], work["energy_mwh"])
        at_most(f"miss of {w}", -s["miss"][w], 0.0)
    return mw, sum(s["miss"].values())


def storage_target(d, s, variant):
    T, h, pol, site, so_far = d["steps"], d["step_hours"], d["policy"], d["site"], d["so_far"]
    mw, missed = placed(d, s, [site["id"]])
    firm, pue = series(site["firm_mw"], T), series(site["pue"], T)
    cap, limit = series(site["it_capacity_mw"], T), series(site["grid_limit_mw"], T)
    k, none = d["storage"], [0.0] * T
    flows = s["storage"][0] if s["storage"] else None
    cc, cg, dc, do = ([flows[n] for n in ("charge_clean", "charge_grid", "discharge_clean", "discharge_other")]
                      if flows else [none] * 4)
    use, grid = {t: v for _, t, v in s["use"]}, {t: v for _, t, v in s["grid"]}
    clean, other = k["start_clean_mwh"], k["start_mwh"] - k["start_clean_mwh"]
    cost = load = matched = 0.0
    peak = so_far["peak_mw"]
    for t in range(T):
        it = firm[t] + mw.get((site["id"], t), 0.0)
        at_most(f"IT capacity at {t}", it, cap[t])
        total = pue[t] * it
        direct = use[t] - cc[t]
        to_load = grid[t] - cg[t]
        for what, value in (("direct", direct), ("grid to load", to_load), ("charge", cc[t] + cg[t]), ("discharge", dc[t] + do[t])):
            at_most(f"{what} at {t}", -value, 0.0)
        near(f"load at {t}", direct + to_load + dc[t] + do[t], total)
        at_most(f"contracts at {t}", use[t], d["contracted_mw"][t])
        connection = total + cc[t] + cg[t] - dc[t] - do[t]
        at_most(f"export at {t}", -connection, 0.0)
        at_most(f"connection at {t}", connection, limit[t])
        peak = max(peak, connection)
        if flows:
            kept = 1 - k["loss_per_step"]
            clean = kept * clean + h * (k["eff_charge"] * cc[t] - dc[t] / k["eff_discharge"])
            other = kept * other + h * (k["eff_charge"] * cg[t] - do[t] / k["eff_discharge"])
            at_most(f"energy at {t}", clean + other, k["energy_mwh"])
            at_most(f"clean tank at {t}", -clean, 0.0)
            at_most(f"other tank at {t}", -other, 0.0)
            at_most(f"charge at {t}", cc[t] + cg[t], k["charge_mw"])
            at_most(f"discharge at {t}", dc[t] + do[t], k["discharge_mw"])
            if min(cc[t] + cg[t], dc[t] + do[t]) > ROW:
                failures.append(f"charges and discharges at {t}")
        price = d["buy_per_mwh"][t] + pol["carbon_price_per_t"] * d["grid_intensity_g_per_kwh"][t] / 1000
        surplus = d["contracted_mw"][t] - use[t]
        cost += h * (price * grid[t] - d["sell_per_mwh"][t] * surplus + k["wear_per_mwh_discharged"] * (dc[t] + do[t]))
        load += h * total
        matched += h * (direct + dc[t])
    if flows:
        at_most("energy at the end", k["end_min_mwh"], clean + other)
    cost += pol["demand_price_per_mw"] * (peak - so_far["peak_mw"]) + pol["miss_price_per_mwh"] * missed
    if variant != "no_target":
        short = max(0.0, pol["target"] * (so_far["load_mwh"] + load) - so_far["matched_mwh"] - matched)
        near("short", s["short"], short, so_far["load_mwh"] + load)
        cost += pol["shortfall_price_per_mwh"] * short
    return cost


def two_boundary_target(d, s, variant):
    T, h, pol = d["steps"], d["step_hours"], d["policy"]
    sites = {x["id"]: x for x in d["sites"]}
    mw, missed = placed(d, s, list(sites))
    useful = variant != "allowance_from_all_load" and d.get("allowance") == "useful_load"
    use, grid = ({(b, t): v for b, t, v in s[key]} for key in ("use", "grid"))
    cost, allowed, bad_energy = pol["miss_price_per_mwh"] * missed, {}, {}
    for b in d["boundaries"]:
        mine = [x for x in sites.values() if x["boundary"] == b["id"]]
        for t in range(T):
            load = earns = 0.0
            least = min(series(x["pue"], T)[t] for x in mine)
            for x in mine:
                firm, pue, work = series(x["firm_mw"], T)[t], series(x["pue"], T)[t], mw.get((x["id"], t), 0.0)
                room = min(series(x["it_capacity_mw"], T)[t], series(x["grid_limit_mw"], T)[t] / pue)
                at_most(f"room at {x['id']} {t}", firm + work, room)
                load += pue * (firm + work)
                earns += pue * firm + (least if useful else pue) * work
            M, U = use[b["id"], t], grid[b["id"], t]
            near(f"balance of {b['id']} {t}", M + U, load)
            at_most(f"contracts of {b['id']} {t}", M, b["contracted_mw"][t])
            at_most(f"matched of {b['id']} {t}", -M, 0.0)
            at_most(f"grid of {b['id']} {t}", -U, 0.0)
            spot = U + (M if b["settlement"] == "financial" else 0.0)
            cost += h * (b["grid_price_per_mwh"][t] * spot + pol["carbon_price_per_t"] * b["grid_intensity_g_per_kwh"][t] / 1000 * U)
            allowed[b["id"], t], bad_energy[b["id"], t] = h * earns, (h * U, h * (1 - b["grid_cfe_share"][t]) * U)
    for number, g in enumerate(d["targets"]):
        names = [b["id"] for b in d["boundaries"] if g["scope"] in ("portfolio", b["id"])]
        cfe = g.get("metric", g.get("target_metric")) == "cfe_score"
        so_far = [b["so_far"] for b in d["boundaries"] if b["id"] in names]
        load0 = sum(x["load_mwh"] for x in so_far)
        good0 = sum(x["load_cfe_mwh" if cfe else "matched_mwh"] for x in so_far)
        earned = sum(v for (b, _), v in allowed.items() if b in names)
        bad = sum(v[cfe] for (b, _), v in bad_energy.items() if b in names)
        short = max(0.0, bad - (1 - g["target"]) * (load0 + earned) + (load0 - good0))
        near(f"short of target {number}", s["shorts"][number], short, load0 + earned)
        cost += g["shortfall_price_per_mwh"] * short
    return cost


def main():
    d, s = (json.load(open(path)) for path in sys.argv[1:3])
    variant = sys.argv[3] if len(sys.argv) > 3 else None
    check = {"training-run": training_run, "storage-target": storage_target, "two-boundary-target": two_boundary_target}
    cost = check[d["case"]](d, s, variant)
    if not math.isfinite(cost):
        failures.append(f"the cost is {cost}")
    near("objective", s["objective"], cost, abs(cost))
    at_most("bound", s["bound"], s["objective"], abs(cost))
    expected = d.get("expected", {}).get(variant or "objective")
    if expected is not None:
        near("objective against what is expected", s["objective"], expected, abs(expected))
    for failure in failures[:20]:
        print(failure, file=sys.stderr)
    if failures:
        sys.exit(1)
    print(f"{d['case']} {variant or ''}: {cost:.6f} checked")


if __name__ == "__main__":
    main()
