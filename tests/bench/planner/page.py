"""The results on a page of the docs, between two marks; what stands around them stays."""
import sys

import charts
import summary
from instances import KINDS

PAGE = "planner-bench.md"
BEGINS, ENDS = "<!-- planner bench: from here on written by ./dev bench planner -->", "<!-- planner bench: to here -->"
NAMES = {"divisible": "Divisible work", "gpu": "GPU jobs", "training": "Training"}


def section(run):
    """The run in Markdown."""
    results, said = run["results"], run["run"]
    lines = [f"Run of {said['day']} on {said['cores']} cores, HiGHS {said['highs']}, seed {said['seed']}, a limit of "
             f"{said['limit']:g} s for each run, durations of jobs from {said['durations']}."]
    for kind in (k for k in KINDS if any(r["kind"] == k for r in results)):
        mine = [r for r in results if r["kind"] == kind]
        lines += ["", f"### {NAMES[kind]}, to a gap of {summary.portion(said['gaps'][kind])}", "",
                  f"![Seconds and proved gap against pieces: {NAMES[kind]}](planner-{kind}.svg)", "",
                  summary.table(mine, said["gaps"], said["limit"])]
        lines += [line for note in summary.notes(mine) for line in ("", note)]
    return "\n".join(lines)


def draw(run, folder):
    """The charts, a file each."""
    for kind in KINDS:
        if any(r["kind"] == kind for r in run["results"]):
            picture = charts.chart(kind, run["results"], run["run"]["gaps"][kind], run["run"]["limit"])
            (folder / f"planner-{kind}.svg").write_text(picture)


def write(run, folder):
    """Charts and figures into a folder of the docs that has the page."""
    path = folder / PAGE
    text = path.read_text() if path.exists() else ""
    before, begins, rest = text.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        sys.exit(f"{path}: it needs two lines between which figures are put:\n{BEGINS}\n{ENDS}")
    draw(run, folder)
    path.write_text(f"{before}{BEGINS}\n\n{section(run)}\n\n{ENDS}{after}")
