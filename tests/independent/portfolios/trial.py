"""One random portfolio through the product, its pack through the second audit."""

import contextlib
import io
import itertools
import re
import shutil
import subprocess
from collections import namedtuple
from pathlib import Path

from audit.books import Books
from audit.compare import differences
from audit.exact import AuditError
from audit.figures import Figures
from portfolios import extras
from portfolios.chance import Chance
from portfolios.definition import Definition
from portfolios.observed import observed
from portfolios.refusals import expected
from portfolios.register import Register
from portfolios.rows import Rows
from portfolios.sites import Sites
from portfolios.supply import Supply

# outcome: agreed, refused, differs, broken (a refusal nobody expects, a panic, a pack that cannot be audited)
Result = namedtuple("Result", "index outcome said features notes folder")


class Trial:
    """A portfolio's files."""

    def __init__(self, seed, index, ruleset, without):
        self.index = index
        self.c = c = Chance(f"{seed}/{index}", without)
        self.d = Definition(c, ruleset)
        self.rows = Rows(c)
        Sites(c, self.d, self.rows)
        Supply(c, self.d, self.rows)
        self.register = Register(c, self.d, self.rows)
        self.corrections = extras.corrections(c, self.rows)
        self.invoices = extras.invoices(c, self.d, self.rows)
        self.others = extras.other_packs(c, self.d)

    def write(self, folder):
        """The files, and the commands that take them in and make the pack."""
        from portfolios.chance import text_of
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        files = {"hourmatch.toml": self.d.toml(), "readings.csv": self.rows.csv()}
        if self.corrections:
            files["readings-2.csv"] = self.rows.csv(self.corrections)
        if self.invoices:
            files["invoices.csv"] = self.invoices
        commands = [["ingest"] + [name for name in files if name.endswith(".csv")]]
        if self.register.lines:
            files["certificates.csv"] = self.register.csv()
            commands.append(["certificates", "import", "certificates.csv"])
        for first, last, name in self.others + [(self.d.start, self.d.end, "pack")]:
            commands.append(["pack", "--from", text_of(first), "--to", text_of(last), "-o", name])
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        script = "\n".join(" ".join(["$HOURMATCH_BIN"] + command) for command in commands)
        head = 'cd "$(dirname "$0")"; rm -rf pack hourmatch.db*'
        (folder / "run.sh").write_text(f"{head}\n{script}\n", encoding="utf-8")
        return commands

    def run(self, binary, folder):
        """The outcome, and what was said."""
        for command in self.write(folder):
            done = subprocess.run([binary, *command], cwd=folder, capture_output=True, text=True, timeout=120)
            if done.returncode == 0:
                continue
            said = done.stderr.strip()
            kind = expected(said, self.c.features, self.d) if done.returncode == 1 else None
            if "panicked" in said or kind is None:
                return "broken", f"{' '.join(command[:2])} exits {done.returncode}: {said[:600]}", set()
            return "refused", kind, set()
        return audited(folder)


def audited(folder):
    """The second audit of a folder's pack."""
    notes = io.StringIO()
    with contextlib.redirect_stderr(notes):
        try:
            books = Books(folder / "pack")
            figures = Figures(books)
            found = list(itertools.islice(differences(folder / "pack", books, figures, figures.printed()), 8))
        except (AuditError, OSError, KeyError) as error:
            return "broken", f"the pack cannot be audited: {type(error).__name__}: {error}", set()
    (folder / "notes.txt").write_text(notes.getvalue(), encoding="utf-8")
    if found:
        return "differs", "\n".join(found), observed(books, figures)
    return "agreed", "", observed(books, figures)


def run(task):
    """A task of the pool: (seed, index, ruleset, left out, binary, folder, keep all)."""
    seed, index, ruleset, without, binary, parent, keep = task
    folder = Path(parent) / f"{seed}-{index}"
    trial = Trial(seed, index, ruleset, without)
    try:
        outcome, said, seen = trial.run(binary, folder)
    except subprocess.TimeoutExpired:
        outcome, said, seen = "broken", "no answer in two minutes", set()
    notes = set()
    if (folder / "notes.txt").exists():
        notes = {re.sub(r"\d+", "N", line)[:160] for line in (folder / "notes.txt").read_text().splitlines()}
    if outcome in ("agreed", "refused") and not keep:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        (folder / "said.txt").write_text(f"{outcome}\n{said}\n", encoding="utf-8")
    return Result(index, outcome, said, trial.c.features | seen, notes, str(folder))
