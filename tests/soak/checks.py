"""What is held to be so once a fault is over, and at the end: what was acknowledged is there, and no room was granted twice."""

import time
from datetime import timedelta

import world
from ask import Asker
from onlookers import listed

# A service must read, write and say that it is ready within this of a fault's end; so long it is waited for.
RECOVERS_IN_S, PATIENCE_S = 10, 30
# Connections that a pool may have opened meanwhile, of up to three files each.
HANDLES_MORE = 18
SETTLES_IN_S = 25


def recovered(run):
    """Seconds after which reads, writes and /readyz worked again; none for what did not."""
    began = time.monotonic()
    found = {"reads": None, "writes": None, "ready": None}
    asker, number = Asker(run, timeout=3), 0
    while time.monotonic() - began < PATIENCE_S and not all(found.values()):
        if found["reads"] is None and asker.ask("windows", "GET", "/v1/windows?duration=2h&mw=1&top=1").status == 200:
            found["reads"] = time.monotonic() - began
        if found["writes"] is None and _write(run, asker, number):
            found["writes"] = time.monotonic() - began
        if found["ready"] is None and (run.no_ready or asker.ask("ready", "GET", "/readyz").status == 200):
            found["ready"] = time.monotonic() - began
        number += 1
        time.sleep(0.1)
    asker.close()
    return found


def _write(run, asker, number):
    """Reserves next to nothing, and releases it."""
    name = f"probe-{run.probes}-{number}"
    terms = {"id": name, "duration": "1h", "mw": 0.001}
    entry = run.ledger.reservation(name, terms)
    entry.there = "unknown"
    answer = asker.ask("reserve", "POST", "/v1/reservations", terms)
    if answer.status != 201:
        return False
    row = answer.json()["reservation"]
    entry.there, entry.granted = "yes", {key: row.get(key) for key in ("id", "site", "start", "end", "mw")}
    entry.released = "unknown"
    released = asker.ask("release", "DELETE", f"/v1/reservations/{name}")
    entry.released = "yes" if released.status == 200 else "unknown"
    return released.status == 200


def handles_back(run, before, starts):
    """Waits for open handles to be where they were before a fault, if the same process lives; how many there are."""
    deadline = time.monotonic() + SETTLES_IN_S
    while run.service.starts == starts:
        measured = run.service.measured()
        if measured and measured[1] <= before + HANDLES_MORE:
            return measured[1]
        if time.monotonic() > deadline:
            run.findings.add("handles that are not given back", f"{before} before, {measured and measured[1]} after")
            return measured and measured[1]
        time.sleep(0.5)
    return None


def audit(run, when):
    """Everything that was acknowledged, against what is listed; nobody else asks meanwhile."""
    asker = Asker(run, timeout=30)
    try:
        reservations = listed(asker, "list", "/v1/reservations?all=true", "reservations")
        work = listed(asker, "list", "/v1/work", "work")
        plan = asker.ask("plan", "GET", "/v1/plans/current")
        if reservations is None or work is None or plan.status not in (200, 404):
            run.findings.add("what is there cannot be listed", f"{when}: plan {plan.text()[:200]}")
            return
        for text in run.ledger.against_reservations(reservations):
            run.findings.add("reservations are not as acknowledged", f"{when}: {text}")
        for text in run.ledger.against_work(work):
            run.findings.add("work is not as acknowledged", f"{when}: {text}")
        for text in granted_twice(reservations, work, plan.json() if plan.status == 200 else None):
            run.findings.add("more is granted than there is room", f"{when}: {text}")
        run.audits += 1
    finally:
        asker.close()


def granted_twice(reservations, work, plan):
    """At every instant from now on, by site: what is reserved, firm and planned against the capacity."""
    live = [row for row in reservations if row["state"] != "released"]
    known = set(plan["reserved"]) if plan else set()
    planned, given_back = _planned(work, plan)
    # The plan's firm load holds those it knows, released or not.
    given_back += [row for row in reservations if row["state"] == "released" and row["id"] in known]
    since = [row for row in live if row["id"] not in known]
    for at in _instants(live, planned):
        hour = world.stamp(at.replace(minute=0, second=0))
        for site, (_, _, most, firm) in world.SITES.items():
            if (site, hour) in planned:
                total = planned[site, hour] + _sum(since, site, at) - _sum(given_back, site, at)
            else:
                total = firm + _sum(live, site, at)
            if total > most + 1e-6:
                yield f"{site} at {world.stamp(at)}: {total:.6f} MW of {most}, by plan {plan and plan['id']}"
        gpus = sum(row.get("gpus") or 0 for row in live if _at(row, at))
        if gpus > world.POOL[2]:
            yield f"{gpus} accelerators of {world.POOL[2]} at {world.stamp(at)}"


def _planned(work, plan):
    """MW by site and hour, firm and placed; and what of it was given back by reports since."""
    if not plan:
        return {}, []
    over = {row["work"]["id"] for row in work if row["state"] in ("done", "cancelled")}
    # What runs may run elsewhere or at another time than planned, and gives back its place there.
    over |= {row["work"]["id"] for row in work if row["state"] == "running" and row["reported"] >= plan["made"]}
    planned = {(row["site"], row["start"]): row["firm_mw"] + row["planned_mw"] for row in plan["capacity"]}
    return planned, [row for row in plan["schedule"] if row["work"] in over]


def _at(row, at):
    return world.instant(row["start"]) <= at < world.instant(row["end"])


def _sum(rows, site, at):
    return sum(row["mw"] for row in rows if row["site"] == site and _at(row, at))


def _instants(reservations, planned):
    """When power may change, from now on."""
    texts = {row[edge] for row in reservations for edge in ("start", "end")} | {hour for _, hour in planned}
    return sorted(at for at in map(world.instant, texts) if at >= world.now())


def plans_there(run):
    """Plans that commands made, and those listed, each whole."""
    asker = Asker(run)
    listing = asker.ask("plans", "GET", "/v1/plans?limit=200")
    names = set(run.ledger.plans) | {row["id"] for row in listing.json().get("plans", [])}
    for name in sorted(names):
        plan = asker.ask("plan", "GET", f"/v1/plans/{name}").json()
        if plan.get("id") != name or not plan.get("capacity"):
            run.findings.add("a plan is not there whole", name)
    newest = max((row["made"] for row in listing.json().get("plans", []) if world.instant(row["made"]) <= world.now()),
                 default=None)
    asker.close()
    late = timedelta(seconds=2 * world.PLANS_EVERY_S + 60)
    if run.minutes >= 10 and (newest is None or world.now() - world.instant(newest) > late):
        run.findings.add("planning on time has ended", f"the newest plan is of {newest}")


def files_there(run):
    """Readings by whole files, and packs that verify."""
    status, held = run.commands.run_one("check")
    if status == 0:
        for text in run.ledger.against_readings(sum(row["readings"] for row in held["series"])):
            run.findings.add("readings are not as acknowledged", text)
    for pack in run.ledger.packs:
        if run.commands.run_one("verify", pack)[0] != 0:
            run.findings.add("a pack does not verify", pack)
