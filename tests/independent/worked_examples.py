"""The packs of all worked examples through the second audit.

`python3 tests/independent/worked_examples.py --bin PATH [NAME...]`: each example of `fixtures/worked/` is taken in, its
commands are run, every period it asks for is packed and the pack audited. Periods that must be refused must be refused
by `pack`. Exits 1 where anything else happens.
"""

import argparse
import contextlib
import io
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from audit.books import Books  # noqa: E402
from audit.compare import differences  # noqa: E402
from audit.exact import AuditError  # noqa: E402
from audit.figures import Figures  # noqa: E402

EXAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "worked"


class Example:
    """One folder of examples, in a home of its own."""

    def __init__(self, binary, source, home):
        self.binary, self.home = binary, home
        self.expected = json.loads((source / "expected.json").read_text(encoding="utf-8"))
        for path in source.iterdir():
            shutil.copy(path, home)
        self.recorded = {}

    def questions(self):
        """What it asks, one report or several."""
        return self.expected.get("reports", [self.expected])

    def run(self, arguments, refused=False):
        """A command, which must be refused or not."""
        done = subprocess.run([self.binary, *arguments], cwd=self.home, capture_output=True, text=True, timeout=120)
        if (done.returncode != 0) != refused:
            raise AuditError(f"{' '.join(arguments)} exits {done.returncode}: {done.stderr.strip()[:300]}")

    def take_in(self):
        """Its files, in order; record times are asked for by the second, where they are."""
        files = ["readings.csv"] + [f"readings-{n}.csv" for n in range(2, 10)] + ["certificates.csv", "invoices.csv"]
        for file in files:
            if not (self.home / file).exists():
                continue
            command = ["certificates", "import", file] if file == "certificates.csv" else ["ingest", file]
            self.run(command, file in self.expected.get("refused", {}))
            if any("as_of" in question for question in self.questions()):
                self.recorded[file] = datetime.now(timezone.utc).replace(microsecond=0).timestamp() + 1
                time.sleep(2.1)

    def packs(self):
        """A pack of every period it asks for that has a report."""
        for i, question in enumerate(self.questions()):
            for command in question.get("commands", ()):
                plain = isinstance(command, list)
                self.run(command if plain else command["run"], not plain)
            if "from" not in question:
                continue
            command = ["pack", "--from", question["from"], "--to", question["to"], "-o", f"pack-{i}"]
            if "as_of" in question:
                instant = datetime.fromtimestamp(self.recorded[question["as_of"]], timezone.utc)
                command += ["--as-of", instant.strftime("%Y-%m-%dT%H:%M:%SZ")]
            self.run(command, "errors" in question)
            if "errors" not in question:
                yield self.home / f"pack-{i}"


def audited(pack):
    """The first differences of a pack."""
    books = Books(pack)
    figures = Figures(books)
    return list(itertools.islice(differences(pack, books, figures, figures.printed()), 8))


def main():
    """0 if every pack agrees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, type=Path, help="the hourmatch binary")
    parser.add_argument("--examples", type=Path, default=EXAMPLES)
    parser.add_argument("names", nargs="*", help="examples to run; all if left out")
    asked = parser.parse_args()
    count = wrong = 0
    for source in sorted(asked.examples.iterdir()):
        if not source.is_dir() or (asked.names and source.name not in asked.names):
            continue
        with tempfile.TemporaryDirectory(prefix="worked-") as home, contextlib.redirect_stderr(io.StringIO()):
            try:
                example = Example(asked.bin.resolve(), source, Path(home))
                example.take_in()
                said = []
                for pack in example.packs():
                    count += 1
                    said += [f"{pack.name}: {line}" for line in audited(pack)]
            except (AuditError, OSError, KeyError, StopIteration) as error:
                said = [f"{type(error).__name__}: {error}"]
        wrong += bool(said)
        for line in said:
            print(f"{source.name}: {line}", flush=True)
    print(f"{count} packs of worked examples audited, {wrong} examples differ")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
