"""The manifest, its head, its leaves and its root: section 3."""

import hashlib
import re

from rebuild import ed25519, tree, wire
from rebuild.said import need

KEYS = """schema engine synthetic portfolio as_of time_zone_database ruleset period version previous
    site_intervals_root files merkle_root signature""".split()
INNER = {"ruleset": ["id", "version", "title", "headline", "sha256"], "period": ["start", "end", "intervals"]}
ENTRY = ["path", "sha256", "bytes", "rows", "control_total_wh"]
ADDS_UP = ["wh", "load_wh", "delivered_wh", "charge_wh"]
HASH = re.compile(r"[0-9a-f]{64}")
WHOLE = re.compile(r"-?[0-9]+")


class Manifest:
    """A manifest that is written as packs write it."""

    def __init__(self, data, name="manifest.json"):
        self.value = self._shaped(wire.read(data, name), name)
        need(wire.pretty(self.value) == data, f"{name}: written again from what it says, it is of other bytes")
        self.files = {entry["path"]: entry for entry in self.value["files"]}
        paths = [path.encode() for path in self.files]
        once = len(paths) == len(self.value["files"])
        need(once and paths == sorted(paths), f"{name}: files are not sorted, each once")
        self.form = int(self.value["schema"][-1])
        self.root = self.value["merkle_root"]

    @staticmethod
    def _shaped(value, name):
        form = value.get("schema") if isinstance(value, dict) else None
        need(form in ("hourmatch/pack/2", "hourmatch/pack/3"), f"{name}: {form!r} is no format known here")
        keys = [key for key in KEYS if form[-1] == "3" or key not in ("portfolio", "as_of")]
        value = wire.shaped(value, keys, name, optional=["as_of"])
        for key, keys in INNER.items():
            value[key] = wire.shaped(value[key], keys, f"{name}: {key}")
        value["files"] = [wire.shaped(entry, ENTRY, f"{name}: an entry") for entry in value["files"]]
        if value["signature"] is not None:
            value["signature"] = wire.shaped(value["signature"], ["key", "signature"], f"{name}: signature")
        return value

    def head(self):
        """The first leaf's bytes: nothing of files, root and signature."""
        return wire.pretty(self.value | {"files": [], "merkle_root": "", "signature": None})

    def leaves(self):
        """Leaf hashes: the head's, then each entry's."""
        return [tree.leaf(self.head())] + [tree.leaf(wire.compact(entry)) for entry in self.value["files"]]

    def root_holds(self):
        """The root, computed again."""
        found = tree.root(self.leaves()).hex()
        need(found == self.root, f"merkle_root is {self.root}, the leaves lead to {found}")
        return f"root {found}: {len(self.files) + 1} leaves"


def signature_holds(signature, root, key):
    """What is to be said of a signature over a root, and of the key known from elsewhere, if one is."""
    if signature is None:
        need(key is None, "not signed, and a key was given")
        return "not signed"
    whose = re.fullmatch(r"ed25519:([0-9a-f]{64})", signature["key"])
    need(whose and re.fullmatch(r"[0-9a-f]{128}", signature["signature"]), "the signature is not of its form")
    message = b"hourmatch pack 2\x00" + bytes.fromhex(root)
    held = ed25519.holds(bytes.fromhex(whose[1]), bytes.fromhex(signature["signature"]), message)
    need(held, "the signature does not hold for the root")
    need(key in (None, signature["key"]), f"signed with {signature['key']}, not with the key given")
    return f"signature of {signature['key']}" + (", the key given" if key else "")


def measured(path, data):
    """The entry of a file as it is."""
    rows = total = None
    if path.endswith(".csv") and not path.startswith("inputs/received/"):
        rows, total = data.count(b"\n") - 1, control_total(data)
    return {"path": path, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "rows": rows,
            "control_total_wh": total}


def control_total(data):
    """The sum over a table's rows, as text; None where there is nothing to add, or a cell that is no integer."""
    header, *rows = [line.split(",") for line in data.decode("utf-8", "replace").split("\n")[:-1]]
    by_unit = "unit" in header and "value" in header
    column = "value" if by_unit else next((name for name in ADDS_UP if name in header), None)
    if column is None:
        return None
    place, total = header.index(column), 0
    for row in rows:
        if by_unit and row[header.index("unit"):][:1] != ["Wh"]:
            continue
        cell = row[place] if place < len(row) else ""
        if not WHOLE.fullmatch(cell):
            return None
        total += int(cell)
    return str(total)
