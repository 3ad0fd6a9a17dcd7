"""What a soak found, as a document and in words."""

import statistics

import ask
import checks

# What counts as flat, over the second half of the soak; shorter ones cannot tell.
MOST_MIB_PER_MIN, MOST_HANDLES_PER_MIN = 1.0, 0.5
SHORTEST_S = 300
TIMED = ("windows", "reserve")


def fitted(points):
    """Slope per minute of least squares."""
    if len(points) < 3:
        return 0.0
    times, values = [t / 60 for t, _ in points], [v for _, v in points]
    middle, mean = statistics.fmean(times), statistics.fmean(values)
    spread = sum((t - middle) ** 2 for t in times)
    return sum((t - middle) * (v - mean) for t, v in zip(times, values)) / spread if spread else 0.0


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(part * len(values)))] * 1000 if values else None


class Flat:
    """Memory and handles of the process that lived through the second half."""

    def __init__(self, soak):
        rows = soak.sampler.rows
        last = rows[-1][1] if rows else 0
        half = rows[-1][0] / 2 if rows else 0
        # Clients of a fault hold hundreds of connections open: what is flat is what stays between faults.
        late = [row for row in rows if row[0] >= half and row[1] == last and row[5]]
        self.long_enough = bool(late) and late[-1][0] - late[0][0] >= SHORTEST_S
        self.spans = {}
        for what, column, scale in (("memory, MiB", 2, 1024), ("open handles", 3, 1), ("threads", 4, 1)):
            values = [row[column] / scale for row in rows]
            slope = fitted([(row[0], row[column] / scale) for row in late])
            self.spans[what] = {"first": values[0], "median": statistics.median(values), "last": values[-1],
                                "max": max(values), "per_min": slope} if values else {}

    def judge(self, findings):
        for what, most in (("memory, MiB", MOST_MIB_PER_MIN), ("open handles", MOST_HANDLES_PER_MIN)):
            slope = self.spans[what].get("per_min", 0.0)
            if self.long_enough and slope > most:
                findings.add(f"{what.split(',')[0]} grows", f"{slope:.2f} a minute over the second half, at most {most}")


def document(soak):
    flat = Flat(soak)
    flat.judge(soak.findings)
    requests, latency, faults = {}, {}, {}
    for kind, status, phase, seconds in soak.tally.rows:
        statuses = requests.setdefault(kind, {})
        # A process's exit status, and "none" for a question without an answer.
        label = str(status) if status or kind.startswith("hourmatch") else "none"
        statuses[label] = statuses.get(label, 0) + 1
        if kind in TIMED and status and status < 500:
            latency.setdefault((kind, phase == ask.QUIET), []).append(seconds)
    for row in soak.faults:
        faults.setdefault(row["fault"], []).append(row)
    return {
        "schema": "hourmatch/soak/1", "synthetic": True, "store": soak.store.name, "minutes": soak.minutes,
        "seed": soak.seed, "held": not soak.findings.counts, "requests": requests,
        "acknowledged": soak.ledger.counts(), "audits": soak.audits, "starts": soak.service.starts,
        "faults": [recovery(name, rows) for name, rows in sorted(faults.items())], "impossible": soak.impossible,
        "process": flat.spans, "flat_judged": flat.long_enough, "log": soak.log_levels,
        "latency_ms": [
            {"request": kind, "when": "outside of faults" if quiet else "in faults", "count": len(values),
             **{f"p{part:g}": percentile(values, part / 100) for part in (50, 95, 99)}}
            for (kind, quiet), values in sorted(latency.items(), key=lambda pair: (pair[0][0], not pair[0][1]))],
        "findings": [{"what": kind, "count": count, "examples": soak.findings.examples[kind]}
                     for kind, count in sorted(soak.findings.counts.items())],
        "notes": soak.findings.notes, "runs": soak.faults,
    }


def recovery(name, rows):
    worst = {}
    for what in ("reads", "writes", "ready"):
        values = [row[what] for row in rows]
        worst[what] = None if None in values else max(values)
    return {"fault": name, "times": len(rows), "longest_s": worst, "within": checks.RECOVERS_IN_S,
            "median_s": statistics.median(max(row[w] if row[w] is not None else checks.PATIENCE_S
                                              for w in ("reads", "writes", "ready")) for row in rows),
            "stopped_s": max((row.get("stopped_s", 0.0) for row in rows), default=0.0)}


def shown(value, form=".1f"):
    return "never" if value is None else format(value, form)


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"
    yield ""


def markdown(document):
    yield f"### {document['store']}, {document['minutes']:g} minutes, seed {document['seed']}"
    yield ""
    kept = ", ".join(f"{count} {what}" for what, count in document["acknowledged"].items())
    yield f"Acknowledged and held against the store {document['audits']} times: {kept}. The service was started " \
        f"{document['starts']} times and logged {document['log']['ERROR']} errors and {document['log']['WARN']} warnings."
    yield ""
    yield "**All held.**" if document["held"] else "**Not all held:**"
    yield ""
    for found in document["findings"]:
        yield f"- {found['what']}, {found['count']} times: " + "; ".join(found["examples"])
    yield from [""] if document["findings"] else []
    yield from table(["fault", "times", "reads after, s", "writes after, s", "ready after, s", "median, s"], [
        [row["fault"], row["times"], *[shown(row["longest_s"][w]) for w in ("reads", "writes", "ready")],
         shown(row["median_s"])] for row in document["faults"]])
    stops = [row["stopped_s"] for row in document["faults"] if row["stopped_s"]]
    if stops:
        yield f"The longest of all times but for the medians. SIGTERM was obeyed within {max(stops):.1f} s."
        yield ""
    for name, why in document["impossible"].items():
        yield f"Not tried: {name} ({why})."
        yield ""
    for note in document["notes"]:
        yield f"Note: {note}."
        yield ""
    yield from table(["the service's", "first", "median", "last", "max", "per minute, second half"], [
        [what, *[shown(span[key], ".0f") for key in ("first", "median", "last", "max")], shown(span["per_min"], "+.2f")]
        for what, span in document["process"].items() if span])
    if not document["flat_judged"]:
        yield "Too short to tell whether memory and handles stay flat."
        yield ""
    yield from table(["request", "when", "count", "p50, ms", "p95, ms", "p99, ms"], [
        [row["request"], row["when"], row["count"], *[shown(row[p]) for p in ("p50", "p95", "p99")]]
        for row in document["latency_ms"]])
    yield from table(["request or command", "count", "status or exit × count"], [
        [kind, sum(statuses.values()), ", ".join(f"{s} × {n}" for s, n in sorted(statuses.items()))]
        for kind, statuses in sorted(document["requests"].items())])
