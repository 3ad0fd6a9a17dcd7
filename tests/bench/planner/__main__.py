"""The planner's methods and HiGHS on the same instances in one run: time, memory, gap, and how many times faster.

usage: planner SOLVE_INSTANCE [options]     (run by ./dev bench planner; --help lists the options)
"""
import argparse
import json
import os
import re
import sys
import time
from pathlib import Path

import instances
import page
import runs
import summary

ROOT = Path(__file__).resolve().parents[3]


def numbers(text):
    values = [int(part) for part in text.split(",")]
    if min(values) < 1:
        raise argparse.ArgumentTypeError(f"{text}: whole numbers from 1 on, separated by commas")
    return values


def options():
    parse = argparse.ArgumentParser(prog="./dev bench planner", description=__doc__.splitlines()[0])
    parse.add_argument("solve", type=Path, nargs="?", help=argparse.SUPPRESS)
    parse.add_argument("--kinds", default=",".join(instances.KINDS), help="divisible,gpu,training (all of them)")
    parse.add_argument("--sizes", type=numbers, help="pieces of work, such as 1000,5000 (by kind, from seconds to minutes)")
    parse.add_argument("--sites", type=numbers, help="sites, such as 1,10,50 (10; 5 for training)")
    parse.add_argument("--seed", type=int, default=1, help="of the generator (1)")
    parse.add_argument("--instances", nargs="+", default=[], metavar="NAME|FILE",
                       help="these, such as tight-divisible:7:2000:10, in place of those by kind, size and site")
    parse.add_argument("--repeats", type=int, default=3, help="runs of each, of which the median counts (3)")
    parse.add_argument("--limit", type=float, default=300.0, help="seconds for a run (300)")
    parse.add_argument("--gap", type=float, help="gap at which a method may stop (1e-4 divisible, 5e-3 else)")
    parse.add_argument("--highspy", default=sys.executable, metavar="PYTHON",
                       help="a Python with highspy and HiPO, for builds of HiGHS without (this one)")
    parse.add_argument("--out", type=Path, default=Path("target/bench-planner"), metavar="DIR",
                       help="where planner.json, instances and charts go (target/bench-planner)")
    parse.add_argument("--write", type=Path, metavar="DIR", help=f"put charts and figures into {page.PAGE} of a folder too")
    parse.add_argument("--redraw", type=Path, metavar="JSON", help="tables and charts of an earlier run; nothing is measured")
    chosen = parse.parse_args()
    chosen.kinds = chosen.kinds.split(",")
    if unknown := set(chosen.kinds) - set(instances.KINDS):
        parse.error(f"--kinds: {', '.join(sorted(unknown))} is none of {', '.join(instances.KINDS)}")
    if not (chosen.repeats >= 1 and chosen.limit > 0.0 and 0 <= chosen.seed < 2 ** 64):
        parse.error("--repeats and --limit must be above zero, --seed a whole number below 2^64")
    if chosen.solve:
        chosen.solve = chosen.solve.resolve()
    elif not chosen.redraw:
        parse.error("the path of solve_instance is missing: ./dev bench planner builds it and says where it is")
    return chosen


def sources(chosen):
    """What is solved, small before large, so that what takes too long is left out of the larger."""
    if chosen.instances:
        return chosen.instances
    return [
        instances.name_of(kind, chosen.seed, pieces, sites)
        for kind in chosen.kinds
        for sites in chosen.sites or [instances.SITES[kind]]
        for pieces in sorted(chosen.sizes or instances.SIZES[kind])
    ]


def one(chosen, instance, method, gap, hipo):
    """A method on an instance, whatever build of HiGHS has it."""
    asked = "auto" if method == summary.OURS else method
    command = [chosen.solve, instance.path, "--method", asked, "--gap", gap, "--time-limit", chosen.limit]
    result = runs.measured(instance, method, command, chosen.limit, chosen.repeats)
    if result["status"] != "absent":
        return result
    if hipo:
        return runs.elsewhere(instance, chosen.solve, chosen.highspy, chosen.limit, chosen.repeats)
    return runs.left_out(instance, method, "this build of HiGHS lacks it, and so does --highspy")


def measure(chosen, run):
    """Every method on every instance; what has been measured is kept after each, for this may take hours."""
    work = chosen.out / "instances"
    work.mkdir(parents=True, exist_ok=True)
    slow, hipo = set(), runs.highspy(chosen.highspy)
    for source in sources(chosen):
        instance = instances.made(chosen.solve, source, work)
        for method in (summary.OURS, *instances.METHODS[instance.kind]):
            key = (instance.kind, instance.sites, method)
            if key in slow:
                result = runs.left_out(instance, method, "not tried: it ran out of time on fewer pieces")
            else:
                result = one(chosen, instance, method, run["run"]["gaps"][instance.kind], hipo)
            if result["status"] in ("time_limit", "ended") and method != summary.OURS and not chosen.instances:
                slow.add(key)
            print(f"{instance.name:<28} {method:<14} {result['status']:<10} {summary.seconds(result['seconds']):>7} s  "
                  f"gap {summary.portion(result['gap'])}  {result['note']}", file=sys.stderr, flush=True)
            run["results"].append(result)
            keep(chosen, run)


def keep(chosen, run):
    (chosen.out / "planner.json").write_text(json.dumps(run, indent=1) + "\n")


def highs():
    lock = (ROOT / "Cargo.lock").read_text()
    found = re.search(r'name = "highs-sys"\nversion = "([^"]+)"', lock)
    return found.group(1) if found else "of unknown version"


def described(chosen, gaps):
    return {
        "day": time.strftime("%Y-%m-%d", time.gmtime()),
        "cores": os.cpu_count(),
        "highs": highs(),
        "seed": chosen.seed,
        "limit": chosen.limit,
        "gaps": gaps,
        "durations": "the Philly trace" if instances.traced() else "a stated distribution",
    }


def main():
    chosen = options()
    chosen.out.mkdir(parents=True, exist_ok=True)
    if chosen.redraw:
        run = json.loads(chosen.redraw.read_text())
        keep(chosen, run)
    else:
        gaps = {kind: chosen.gap or instances.GAPS[kind] for kind in instances.KINDS}
        run = {"run": described(chosen, gaps), "results": []}
        measure(chosen, run)
    page.draw(run, chosen.out)
    if chosen.write:
        page.write(run, chosen.write)
    print(summary.table(run["results"], run["run"]["gaps"], run["run"]["limit"]))
    for note in summary.notes(run["results"]):
        print(note)
    if wrong := summary.contradictions(run["results"]):
        sys.exit("methods contradict each other:\n" + "\n".join(wrong))


if __name__ == "__main__":
    main()
