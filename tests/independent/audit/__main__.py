"""`python3 tests/independent/audit PACKDIR... [--json]`: recompute a pack from its inputs alone, and compare."""

import itertools
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from audit.books import Books  # noqa: E402
from audit.compare import differences  # noqa: E402
from audit.exact import AuditError  # noqa: E402
from audit.figures import Figures  # noqa: E402


def main(arguments):
    """0 if every pack says what was computed here, 1 if not, 2 if one cannot be audited."""
    folders = [argument for argument in arguments if not argument.startswith("--")]
    if not folders or set(arguments) - set(folders) - {"--json"}:
        print("usage: audit PACKDIR... [--json]", file=sys.stderr)
        return 2
    return max(audit(folder, "--json" in arguments) for folder in folders)


def audit(folder, as_json):
    """One pack."""
    try:
        books = Books(folder)
        figures = Figures(books)
        printed = figures.printed()
        if as_json:
            print(json.dumps(printed, indent=2))
            return 0
        found = list(itertools.islice(differences(folder, books, figures, printed), 20))
    except (AuditError, OSError, KeyError) as error:
        print(f"{folder}: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    for line in found:
        print(f"{folder}: {line}")
    if not found:
        print(json.dumps(printed["portfolio"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
