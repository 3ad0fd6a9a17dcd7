"""Times every step of the product as whole processes: medians of repeated runs, on synthetic and, if there, real data.

usage: bench.py TARGET/release [STEP ...]   (run by ./dev bench; HOURMATCH_DATA names the real data, HOURMATCH_TEST_POSTGRES a server)
"""
import csv
import gzip
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

RUNS = 5
RELEASE = Path(sys.argv[1]).resolve()
HOURMATCH, VERIFY = RELEASE / "hourmatch", RELEASE / "hourmatch-verify"
SOLVE = RELEASE / "examples" / "solve_instance"
HOUR = timedelta(hours=1)


def stamp(t):
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")


def timed(name, command, cwd, runs=RUNS, before=None, env=None, note=None):
    """Median wall seconds; the first failure ends the bench."""
    seconds = []
    for _ in range(runs):
        if before:
            before()
        start = time.monotonic()
        done = subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, env=env)
        seconds.append(time.monotonic() - start)
        if done.returncode:
            sys.exit(f"{name} failed:\n{done.stdout}{done.stderr}")
    median = statistics.median(seconds)
    extra = f"  {note(median)}" if note else ""
    print(f"{name:<44} median {median:7.3f} s  (min {min(seconds):.3f}, max {max(seconds):.3f}, {runs} runs){extra}", flush=True)
    return done


def clear(folder, pattern):
    for path in folder.glob(pattern):
        path.unlink()


def many(path, series, each, unit="kWh", first=0):
    """Five-minute rows of some series, `each` of every one."""
    start, step = datetime(2020, 1, 1, tzinfo=timezone.utc), timedelta(minutes=5)
    marks = [stamp(start + (first + i) * step) for i in range(each + 1)]
    with open(path, "w") as file:
        file.write("series,start,end,value,unit\n")
        for number, name in enumerate(series):
            file.writelines(f"{name},{marks[i]},{marks[i + 1]},{100 + (i + number) % 7}.5,{unit}\n" for i in range(each))


def ingest(folder):
    """Readings a second on both engines: loads go through every check at the door, prices through none."""
    sites = [f"s{i:04}" for i in range(2_000)]
    text = '[portfolio]\nname = "bench"\nsynthetic = true\n[[boundary]]\nid = "A"\n'
    text += "".join(f'[[boundary]]\nid = "B{i}"\n' for i in range(4))
    text += "".join(f'[[site]]\nid = "{site}"\nboundary = "A"\nit_capacity_mw = 9.0\n' for site in sites)
    (folder / "hourmatch.toml").write_text(text)
    loads = [f"site/{site}/load" for site in sites]
    many(folder / "checked.csv", loads[:4], 250_000)
    many(folder / "prices.csv", [f"grid/B{i}/price" for i in range(4)], 250_000, "currency/MWh")
    # Half a day of each of many series, and one reading more of each.
    many(folder / "wide.csv", loads, 144)
    many(folder / "next.csv", loads, 1, first=144)
    engines = [("SQLite", None, lambda: clear(folder, "hourmatch.db*"))]
    url = os.environ.get("HOURMATCH_TEST_POSTGRES")
    if url:
        wipe = "drop schema public cascade; create schema public"
        empty = lambda: subprocess.run(["psql", url, "-qc", wipe], check=True, capture_output=True)
        engines.append(("PostgreSQL", dict(os.environ, HOURMATCH_STORE=url), empty))
    else:
        print("ingest on PostgreSQL: skipped, no HOURMATCH_TEST_POSTGRES")
    for engine, env, empty in engines:
        for what, name, rows in [
            ("1 000 000 readings, checked", "checked.csv", 1_000_000),
            ("1 000 000 readings, no checks", "prices.csv", 1_000_000),
            ("288 000 readings of 2 000 series", "wide.csv", 288_000),
        ]:
            rate = lambda s, rows=rows: f"{rows / s:,.0f} readings a second"
            timed(f"{engine}: {what}", [HOURMATCH, "ingest", name], folder, 3, empty, env=env, note=rate)
        timed(f"{engine}: one more of each of 2 000", [HOURMATCH, "ingest", "next.csv"], folder, 1, env=env,
              note=lambda s: f"{2_000 / s:,.0f} readings a second")


def week(folder, data):
    """The README's sequence on real data."""
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    (folder / "hourmatch.toml").write_text(readme.split("```toml\n")[1].split("```")[0])
    year, monday = datetime(2022, 1, 1, tzinfo=timezone.utc), datetime(2022, 3, 7, tzinfo=timezone.utc)
    with open(folder / "load.csv", "w") as file:
        file.write("series,start,end,value,unit\n")
        for i in range(8760):
            file.write(f"site/dc1/load,{stamp(year + i * HOUR)},{stamp(year + (i + 1) * HOUR)},100,MWh\n")
    with gzip.open(data / "eia930-generation/PJM.csv.gz", "rt") as file:
        rows = {row.pop("ts_utc"): row for row in csv.DictReader(file)}
    with open(folder / "forecast.csv", "w") as file:
        file.write("series,start,end,value,unit,issued\n")
        for i in range(168):
            start, end = stamp(monday + i * HOUR), stamp(monday + (i + 1) * HOUR)
            for name, value in rows[start].items():
                file.write(f"grid/PJM/{name[:-3].replace('nat_gas', 'gas')},{start},{end},{value},MWh,2022-03-06T18:00:00Z\n")
            file.write(f"site/dc1/it_load,{start},{end},70,MWh,2022-03-06T18:00:00Z\n")
    with open(folder / "work.csv", "w") as file:
        file.write("id,release,deadline,energy_mwh\n")
        for i in range(168):
            file.write(f"w{i:03},{stamp(monday + i * HOUR)},{stamp(monday + min(i + 24, 168) * HOUR)},30\n")
    pjm, now = data / "eia930-generation/PJM.csv.gz", ["--now", "2022-03-07T00Z"]
    of_year = ["--from", "2022-01-01", "--to", "2023-01-01"]
    take = [HOURMATCH, "ingest", pjm, "--source", "eia930", "--area", "PJM", "--label", "start"]
    timed("ingest PJM.csv.gz, 281 088 readings", take, folder, before=lambda: clear(folder, "pjm.db*"))
    timed("ingest the same again", take, folder)
    timed("ingest a year of load", [HOURMATCH, "ingest", "load.csv"], folder, 1)
    timed("ingest a week of forecasts", [HOURMATCH, "ingest", "forecast.csv"], folder, 1)
    timed("work import", [HOURMATCH, "work", "import", "work.csv"], folder, 1)
    plan = timed("plan a week, 168 pieces of work", [HOURMATCH, "plan", *now], folder)
    print(plan.stdout.strip())
    timed("explain a piece of it", [HOURMATCH, "explain", "w050", *now], folder)
    timed("capacity curve", [HOURMATCH, "capacity", "--site", "dc1", *now], folder)
    timed("windows", [HOURMATCH, "windows", "--duration", "4h", "--mw", "2", *now], folder)
    timed("report of a year, text", [HOURMATCH, "report", *of_year], folder)
    timed("report of a year, HTML", [HOURMATCH, "report", *of_year, "--format", "html", "-o", "r.html"], folder)
    timed("report of a year, JSON", [HOURMATCH, "report", *of_year, "--format", "json", "-o", "r.json"], folder)
    for form in ("csv", "pdf", "xlsx", "parquet"):
        timed(f"report of a year, {form}", [HOURMATCH, "report", *of_year, "--format", form, "-o", f"r.{form}"], folder)
    timed("pack of a year", [HOURMATCH, "pack", *of_year, "-o", "pack"], folder, before=lambda: subprocess.run(["rm", "-rf", folder / "pack"]))
    timed("hourmatch-verify of a year", [VERIFY, "pack"], folder)


def backtest(folder, data):
    """A year planned again every hour, without foresight, on real data."""
    contracts = "".join(
        f'[[contract]]\nid = "{t}"\nboundary = "PJM"\ntechnology = "{t}"\n'
        f'profile = {{ series = "grid/PJM/{t}", mean_mw = 50.0, over = "2022" }}\n'
        for t in ("solar", "wind")
    )
    (folder / "hourmatch.toml").write_text(
        '[portfolio]\nname = "bench"\n[policy]\ncarbon_price_per_t = 80.0\n[[boundary]]\nid = "PJM"\n[[site]]\nid = "dc"\n'
        f'boundary = "PJM"\nit_capacity_mw = 130.0\ngrid_limit_mw = 130.0\npue = 1.0\nit_load_mw = 70.0\n{contracts}'
    )
    with open(folder / "work.csv", "w") as file:
        file.write("id,release,deadline,energy_mwh,max_mw\n")
        year = datetime(2022, 1, 1, tzinfo=timezone.utc)
        for i in range(8760):
            file.write(f"w{i:04},{stamp(year + i * HOUR)},{stamp(year + (i + 24) * HOUR)},30,60\n")
    pjm = data / "eia930-generation/PJM.csv.gz"
    timed("ingest of it", [HOURMATCH, "ingest", pjm, "--source", "eia930", "--area", "PJM", "--label", "start"], folder, 1)
    timed("work import, 8 760 pieces", [HOURMATCH, "work", "import", "work.csv"], folder, 1)
    done = timed("backtest of a year, a plan an hour", [HOURMATCH, "backtest", "--from", "2022-01-01", "--to", "2023-01-01"], folder, 1)
    print(done.stdout.strip())


def fleet(folder):
    """A month of training, jobs and inference to a gap of 1e-4; synthetic."""
    fixture = Path(__file__).parents[2] / "fixtures" / "fleet"
    subprocess.run([sys.executable, fixture / "make.py", folder], check=True, capture_output=True)
    (folder / "hourmatch.toml").write_text((fixture / "hourmatch.toml").read_text())
    timed("ingest the fleet's month", [HOURMATCH, "ingest", "forecasts.csv"], folder, 1)
    timed("work import", [HOURMATCH, "work", "import", "work-all.csv"], folder, 1)
    month = ["--now", "2026-03-01T00:00Z", "--horizon", "720h", "--time-limit", "600s"]
    done = timed("plan the fleet's month", [HOURMATCH, "plan", *month], folder, 1)
    print(done.stdout.strip())


def week_of(pieces, sites, folder):
    """A synthetic week: pieces that may run at one to four of the sites, which they fill to about 85 %."""
    r = random.Random(pieces)
    start = datetime(2026, 3, 2, tzinfo=timezone.utc)
    marks = [stamp(start + i * HOUR) for i in range(169)]
    work = []
    for i in range(pieces):
        release = r.randrange(0, 160)
        deadline = min(168, release + r.randrange(4, 48))
        mwh = (deadline - release) * r.uniform(0.1, 0.6)
        home = r.randrange(sites)
        served = sorted({home, *(r.randrange(sites) for _ in range(r.randrange(4)))})
        work.append((release, deadline, mwh, mwh / (deadline - release) / r.uniform(0.3, 0.9), served))
    power = sum(mwh for _, _, mwh, _, _ in work) / 168 / sites / 0.85
    text = '[portfolio]\nname = "bench"\nsynthetic = true\n[policy]\ncarbon_price_per_t = 80.0\nmiss_price_per_mwh = 5000.0\n'
    text += "".join(f'[[boundary]]\nid = "B{b}"\n' for b in range(3))
    text += "".join(
        f'[[site]]\nid = "s{s}"\nboundary = "B{s % 3}"\nit_capacity_mw = {1.2 * power:.6f}\npue = 1.2\nit_load_mw = {0.2 * power:.6f}\n'
        for s in range(sites)
    )
    text += "".join(f'[[contract]]\nid = "w{b}"\nboundary = "B{b}"\ntechnology = "wind"\n' for b in range(3))
    (folder / "hourmatch.toml").write_text(text)
    with open(folder / "forecasts.csv", "w") as file:
        file.write("series,start,end,value,unit,issued\n")
        for b in range(3):
            blow = 0.5
            for t in range(168):
                blow = min(1.0, max(0.02, blow + r.uniform(-0.12, 0.12)))
                row = f"{marks[t]},{marks[t + 1]}"
                dear = 55.0 + 25.0 * math.sin((t + b) * math.pi / 12.0) + r.uniform(-8.0, 8.0)
                for name, value, unit in [
                    (f"contract/w{b}/generation", blow * power * sites / 2.0, "MW"),
                    (f"grid/B{b}/price", dear, "currency/MWh"),
                    (f"grid/B{b}/cfe_share", 0.3, "share"),
                    (f"grid/B{b}/carbon_intensity", 300.0 + 3.0 * dear, "g/kWh"),
                    (f"grid/B{b}/residual_intensity", 500.0, "g/kWh"),
                ]:
                    file.write(f"{name},{row},{value:.5f},{unit},2026-03-01T18:00:00Z\n")
    with open(folder / "work.csv", "w") as file:
        file.write("id,release,deadline,energy_mwh,max_mw,sites\n")
        for i, (release, deadline, mwh, mw, served) in enumerate(work):
            names = "|".join(f"s{s}" for s in served)
            file.write(f"w{i},{marks[release]},{marks[deadline]},{mwh:.6f},{mw:.6f},{names}\n")


def plans(folder):
    """Plans of a week on ten sites as whole processes; the largest takes minutes and is left out unless BENCH_LARGE is set."""
    for pieces in (1_000, 10_000, 100_000) if os.environ.get("BENCH_LARGE") else (1_000, 10_000):
        clear(folder, "hourmatch.db*")
        week_of(pieces, 10, folder)
        timed("ingest the week", [HOURMATCH, "ingest", "forecasts.csv"], folder, 1)
        timed(f"work import, {pieces} pieces", [HOURMATCH, "work", "import", "work.csv"], folder, 1)
        measured = ["/usr/bin/time", "-f", "    %M KiB at most", HOURMATCH, "plan", "--now", "2026-03-02T00:00Z", "--horizon", "168h"]
        done = timed(f"plan {pieces} pieces on 10 sites", measured, folder, 1)
        print("\n".join(line for line in (done.stdout + done.stderr).splitlines() if "planned in" in line or "KiB" in line or "gap" in line))


def portfolio_of(sites, contracts, each):
    """Sites in one boundary; contracts of `each` sites, or of all where 0."""
    text = '[portfolio]\nname = "bench"\nsynthetic = true\n[[boundary]]\nid = "A"\n'
    text += "".join(f'[[site]]\nid = "s{i:04}"\nboundary = "A"\nit_capacity_mw = 9.0\n' for i in range(sites))
    for c in range(contracts):
        served = "" if not each else "sites = [" + ", ".join(f'"s{(c * each + k) % sites:04}"' for k in range(each)) + "]\n"
        text += f'[[contract]]\nid = "c{c:03}"\nboundary = "A"\ntechnology = "wind"\n{served}'
    return text


def settle(folder, sites, contracts, each, runs=RUNS):
    """Every load-interval of a year matched, and every non-zero figure of both ledgers committed to SQLite."""
    year = datetime(2022, 1, 1, tzinfo=timezone.utc)
    marks = [stamp(year + i * HOUR) for i in range(8761)]
    (folder / "hourmatch.toml").write_text(portfolio_of(sites, contracts, each))
    clear(folder, "hourmatch.db*")
    names = [(f"site/s{i:04}/load", 900 + i % 50) for i in range(sites)]
    supply = 900 * sites // contracts
    names += [(f"contract/c{c:03}/generation", supply) for c in range(contracts)]
    with open(folder / "rows.csv", "w") as file:
        file.write("series,start,end,value,unit\n")
        for number, (name, kwh) in enumerate(names):
            file.writelines(f"{name},{marks[h]},{marks[h + 1]},{kwh + (h * 7 + number * 13) % 400},kWh\n" for h in range(8760))
    timed(f"ingest {len(names)} series of a year", [HOURMATCH, "ingest", "rows.csv"], folder, 1)
    os.rename(folder / "hourmatch.db", folder / "held.db")
    fresh = lambda: subprocess.run("rm -f hourmatch.db*; cp held.db hourmatch.db", shell=True, cwd=folder, check=True)
    who = f"each of {each} sites" if each else "each of every site"
    cells = lambda s: f"{sites * 8760:,} load-intervals, {sites * 8760 / s:,.0f} a second"
    done = timed(f"settle {sites} sites, {contracts} contracts {who}", [HOURMATCH, "settle", "--from", "2022-01-01", "--to", "2023-01-01"],
                 folder, runs, fresh, note=cells)
    print(f"    {done.stderr.strip()}")


def audit(folder):
    settle(folder, 100, 20, 5, 3)
    settle(folder, 100, 20, 0, 3)
    if os.environ.get("BENCH_LARGE"):
        for sites in (10, 300, 1000):
            settle(folder, sites, max(2, sites // 5), 5, 1)
        packed = ["/usr/bin/time", "-f", "    %M KiB at most", HOURMATCH, "pack", "--from", "2022-01-01", "--to", "2023-01-01", "-o", "pack"]
        done = timed("pack of 1000 sites", packed, folder, 1)
        print(done.stderr.strip())
        done = timed("verify of 1000 sites", ["/usr/bin/time", "-f", "    %M KiB at most", VERIFY, "pack"], folder, 1)
        print(done.stderr.strip())


def instances(bench):
    for name in ["jobs-500", "jobs-500-target", "jobs-2000", "jobs-2000-target"]:
        path = bench / f"{name}.json.gz"
        if path.exists():
            done = timed(f"solve_instance {name}", [SOLVE, path], bench, 1)
            print(f"    {done.stdout.strip()}")


def demo(folder):
    timed("demo, whole", [HOURMATCH, "demo", "d"], folder, 3)


# Those that read real data are given its folder.
STEPS = {"demo": demo, "plans": plans, "ingest": ingest, "audit": audit, "fleet": fleet}
REAL = {"week": week, "backtest": backtest, "instances": lambda _, data: instances(data.parent / "bench")}


def main():
    asked = sys.argv[2:] or [*STEPS, *REAL]
    if unknown := [step for step in asked if step not in STEPS and step not in REAL]:
        sys.exit(f"no such step: {', '.join(unknown)}; there are {', '.join([*STEPS, *REAL])}")
    data = os.environ.get("HOURMATCH_DATA")
    for step in asked:
        with tempfile.TemporaryDirectory() as folder:
            if step in STEPS:
                STEPS[step](Path(folder))
            elif data:
                REAL[step](Path(folder), Path(data))
            else:
                print(f"{step}: skipped, HOURMATCH_DATA is not set")


if __name__ == "__main__":
    main()
