"""Packs to check: the committed one, and what a forger makes of it."""

import contextlib
import io
import shutil
import tempfile
from pathlib import Path

from rebuild import hours, tree, wire
from rebuild.__main__ import main
from rebuild.manifest import measured

REPOSITORY = Path(__file__).resolve().parents[3]
COMMITTED = REPOSITORY / "fixtures" / "packs" / "2"
PAGE = (REPOSITORY / "docs" / "pack-format.md").read_text(encoding="utf-8")


def run(*arguments):
    """Exit status and what was printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = main([str(argument) for argument in arguments])
    return status, out.getvalue()


@contextlib.contextmanager
def altered(changes=(), seal=True, source=COMMITTED):
    """A copy of a pack in which texts of files stand otherwise: (path, old, new) each; sealed again or not."""
    with tempfile.TemporaryDirectory(prefix="pack-") as place:
        folder = Path(place, "pack")
        shutil.copytree(source, folder)
        for path, old, new in changes:
            data = (folder / path).read_bytes()
            if old not in data:
                raise AssertionError(f"{path} holds no {old!r}")
            (folder / path).write_bytes(data.replace(old, new, 1))
        if seal:
            sealed(folder)
        yield folder


def sealed(folder):
    """Hashes, totals and roots as whoever changed a pack would write them."""
    manifest = wire.read((folder / "manifest.json").read_bytes(), "manifest.json")
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    manifest["files"] = [measured(path, (folder / path).read_bytes()) for path in paths if path != "manifest.json"]
    found = hours.Hours((folder / "site_intervals.csv").read_bytes(), (folder / "allocations.csv").read_bytes())
    manifest |= {"site_intervals_root": found.root(), "signature": None}
    head = wire.pretty(manifest | {"files": [], "merkle_root": ""})
    leaves = [tree.leaf(head)] + [tree.leaf(wire.compact(entry)) for entry in manifest["files"]]
    manifest["merkle_root"] = tree.root(leaves).hex()
    (folder / "manifest.json").write_bytes(wire.pretty(manifest))
