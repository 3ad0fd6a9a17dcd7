"""What is solved: instances generated from a seed, or read from files, each as one file that every method reads."""
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import runs

KINDS = ("divisible", "gpu", "training")

# Pieces, by kind: for training the jobs beside it, with a run for each hundred of them.
SIZES = {
    "divisible": (500, 2_000, 10_000, 50_000),
    "gpu": (200, 1_000, 5_000, 20_000),
    "training": (50, 200, 500, 2_000),
}
SITES = {"divisible": 10, "gpu": 10, "training": 5}
# Gaps at which a method may stop: what plans ask for.
GAPS = {"divisible": 1e-4, "gpu": 5e-3, "training": 5e-3}
METHODS = {
    "divisible": ("highs-simplex", "highs-ipm", "highs-hipo"),
    "gpu": ("highs-branch",),
    "training": ("highs-branch",),
}


@dataclass
class Instance:
    kind: str
    name: str
    pieces: int
    sites: int
    path: Path
    sha256: str

    def said(self):
        """As it stands in the results: no path of this machine."""
        return {"kind": self.kind, "instance": self.name, "pieces": self.pieces, "sites": self.sites, "sha256": self.sha256}


def traced():
    """Whether durations are those of the Philly trace."""
    data = os.environ.get("HOURMATCH_DATA")
    return bool(data) and (Path(data) / "philly-jobs" / "philly.csv.gz").exists()


def name_of(kind, seed, pieces, sites):
    drawn = "philly-" if traced() else ""
    if kind == "divisible":
        return f"divisible:{seed}:{pieces}:{sites}"
    if kind == "gpu":
        return f"{drawn}queue:{seed}:{pieces}:{sites}"
    return f"{drawn}training:{seed}:{max(1, pieces // 100)}:{pieces}:{sites}"


def made(solve, source, folder):
    """The instance in a file, from a name or from a file in any form that is read."""
    name = Path(source).name.removesuffix(".gz").removesuffix(".json")
    path = folder / (name.replace(":", "-") + ".json.gz")
    counts = runs.asked([solve, source, "--instance", path])
    pieces = counts["work"] + counts["jobs"] + counts["runs"]
    kind = "training" if counts["runs"] else "gpu" if counts["jobs"] else "divisible"
    return Instance(kind, name, pieces, counts["sites"], path, hashlib.sha256(path.read_bytes()).hexdigest())
