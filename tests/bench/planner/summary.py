"""What the results say: ratios against the fastest method of HiGHS, a table, and whether methods contradict each other."""
from itertools import groupby

OURS = "hourmatch"
# How far, as a part of the objective, methods may be apart that both claim the optimum: their own tolerances.
APART = 1e-6


def groups(results):
    """The results of each instance, ours first."""
    key = lambda r: (r["kind"], r["sites"], r["pieces"], r["instance"])
    ordered = sorted(results, key=lambda r: (*key(r), r["method"] != OURS))
    return [list(rows) for _, rows in groupby(ordered, key)]


def reached(result, gap):
    return result["gap"] is not None and result["gap"] <= gap * (1.0 + 1e-9)


def ratio(group, gap, limit):
    """How many times faster ours reached the gap than the fastest method of HiGHS; where none did in its time, at least so
    many times, as (ratio, at least). None where ours did not reach it, or nothing of HiGHS was tried."""
    ours = next((r for r in group if r["method"] == OURS), None)
    others = [r for r in group if r["method"] != OURS and r["runs"]]
    if ours is None or not ours["seconds"] or not reached(ours, gap):
        return None
    ended = [r["seconds"] for r in others if r["status"] == "optimal" and r["seconds"]]
    if ended:
        return min(ended) / ours["seconds"], False
    if any(r["status"] in ("time_limit", "ended") for r in others):
        return limit / ours["seconds"], True
    return None


def contradictions(results):
    """Plans cheaper than what another method proves no plan is."""
    found = []
    for group in groups(results):
        bounds = [r for r in group if r["bound"] is not None]
        for plan in (r for r in group if r["objective"] is not None):
            for proof in bounds:
                slack = APART * max(1.0, abs(proof["bound"]))
                if plan["objective"] < proof["bound"] - slack:
                    found.append(f"{plan['instance']}: {plan['method']} found {plan['objective']:.6f}, and "
                                 f"{proof['method']} says that no plan is below {proof['bound']:.6f}")
    return found


def seconds(value):
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def portion(value):
    if value is None:
        return ""
    if value < 5e-10:
        return "0"
    return f"{value:.1%}".replace("%", " %") if value >= 1e-3 else f"{value:.1e}".replace("e-0", "e-")


def number(value):
    return "" if value is None else f"{value:.6g}" if abs(value) < 1e5 else f"{value:.0f}"


HEAD = ("kind", "pieces", "sites", "method", "status", "seconds", "memory, MB", "objective", "bound", "gap", "times faster")


def rows(results, gaps, limit):
    for group in groups(results):
        for r in group:
            times = ratio(group, gaps[r["kind"]], limit) if r["method"] == OURS else None
            faster = "" if times is None else ("over " if times[1] else "") + f"{times[0]:.3g}"
            memory = str(r["memory_mb"]) if r["runs"] else ""
            status = r["status"].replace("_", " ")
            yield (r["kind"], str(r["pieces"]), str(r["sites"]), r["method"], status, seconds(r["seconds"]), memory,
                   number(r["objective"]), number(r["bound"]), portion(r["gap"]), faster)


def table(results, gaps, limit):
    """In Markdown, padded so that it reads as text too."""
    lines = [HEAD, *rows(results, gaps, limit)]
    wide = [max(len(line[c]) for line in lines) for c in range(len(HEAD))]
    shown = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(line, wide)) + " |" for line in lines]
    rule = "|" + "|".join("-" * (w + 2) for w in wide) + "|"
    return "\n".join([shown[0], rule, *shown[1:]])


def notes(results):
    """Why methods have no figures, each reason once."""
    why = {}
    for r in results:
        if r["note"]:
            why.setdefault((r["method"], r["note"]), []).append(r["instance"])
    return [f"{method}: {note} ({', '.join(names)})." for (method, note), names in why.items()]
