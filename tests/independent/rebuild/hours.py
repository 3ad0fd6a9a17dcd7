"""Site-hours and proofs: section 5."""

from rebuild import tree, wire
from rebuild.manifest import HASH, Manifest, signature_holds
from rebuild.said import need

SITE_COLUMNS = ["site,start,boundary,load_wh,metered_load_wh,matched_wh,grid_cfe_wh,inventory_allocated_wh,quality",
                "site,start,boundary,load_wh,metered_load_wh,purchased_wh,scope_1_wh,matched_wh,grid_cfe_wh,"
                "inventory_allocated_wh,quality"]
ALLOCATION_COLUMNS = "site,contract,start,wh,ledger,rule"
KEYS = """schema site start columns row allocation_columns allocations path manifest_head head_path merkle_root
    signature""".split()


class Hours:
    """The site-hours of a pack, in order."""

    def __init__(self, sites, allocations):
        self.columns, *rows = _lines(sites, "site_intervals.csv")
        self.allocation_columns, *parts = _lines(allocations, "allocations.csv")
        self.rows = {}
        for row in rows:
            site, start = row.split(",")[:2]
            need((start, site) not in self.rows, f"site_intervals.csv: {site} at {start} stands twice")
            self.rows[start, site] = (row, [])
        need(list(self.rows) == sorted(self.rows, key=_bytewise), "site_intervals.csv is not sorted by start and site")
        before = None
        for part in parts:
            site, _, start = part.split(",")[:3]
            need((start, site) in self.rows, f"allocations.csv: {site} at {start} is no site-hour")
            need(before is None or _bytewise(before) <= _bytewise((start, site)), "allocations.csv is not sorted")
            before = start, site
            self.rows[start, site][1].append(part)

    def leaves(self):
        return [leaf_of(row, parts) for row, parts in self.rows.values()]

    def root(self):
        return tree.root(self.leaves()).hex()


def _bytewise(pair):
    return [part.encode() for part in pair]


def _lines(data, name):
    need(data.endswith(b"\n"), f"{name}: its last line has no end")
    return data.decode("utf-8").split("\n")[:-1]


def leaf_of(row, parts):
    """The leaf of a site-hour: its row and its allocations, each with a line end."""
    return tree.leaf("".join(line + "\n" for line in [row, *parts]).encode())


def proof_of(pack, hours, site, start):
    """The proof of a site-hour, as the value of its JSON."""
    place = list(hours.rows).index((start, site))
    row, parts = hours.rows[start, site]
    return {"schema": "hourmatch/proof/1", "site": site, "start": start, "columns": hours.columns, "row": row,
            "allocation_columns": hours.allocation_columns, "allocations": parts,
            "path": _path(hours.leaves(), place), "manifest_head": pack.head().decode(),
            "head_path": _path(pack.leaves(), 0), "merkle_root": pack.root, "signature": pack.value["signature"]}


def _path(leaves, place):
    return [{"left": left, "hash": sibling.hex()} for left, sibling in tree.path(leaves, place)]


def _climbed(start, siblings, name):
    found = []
    for sibling in siblings:
        sibling = wire.shaped(sibling, ["left", "hash"], name)
        need(isinstance(sibling["left"], bool) and HASH.fullmatch(sibling["hash"]), f"{name}: a sibling is no hash")
        found.append((sibling["left"], bytes.fromhex(sibling["hash"])))
    return tree.climb(start, found).hex()


def proof_holds(data, key):
    """The proof, where it holds by itself: what it discloses, of which root."""
    proof = {"signature": None} | wire.shaped(wire.read(data, "proof"), KEYS, "proof", optional=["signature"])
    need(proof["schema"] == "hourmatch/proof/1", f"proof: {proof['schema']!r} is no form known here")
    lines = [proof["row"], *proof["allocations"]]
    need(not any("\n" in line or "\r" in line for line in lines), "proof: a row has a line break in it")
    need(proof["columns"] in SITE_COLUMNS and proof["allocation_columns"] == ALLOCATION_COLUMNS, "proof: other columns")
    widths = [proof["columns"].count(",")] + [ALLOCATION_COLUMNS.count(",")] * len(proof["allocations"])
    need([line.count(",") for line in lines] == widths, "proof: a row has more cells than columns, or fewer")
    need(proof["row"].split(",")[:2] == [proof["site"], proof["start"]], "proof: its row is of another site or start")
    of_allocations = {(part.split(",")[0], part.split(",")[2]) for part in proof["allocations"]}
    need(of_allocations <= {(proof["site"], proof["start"])}, "proof: an allocation is of another site or start")
    head = Manifest(proof["manifest_head"].encode(), "proof: manifest_head")
    need(head.head() == proof["manifest_head"].encode(), "proof: manifest_head is none")
    reached = _climbed(leaf_of(proof["row"], proof["allocations"]), proof["path"], "proof: path")
    need(reached == head.value["site_intervals_root"], f"proof: the row leads to {reached}, not to the head's root")
    reached = _climbed(head.leaves()[0], proof["head_path"], "proof: head_path")
    need(reached == proof["merkle_root"], f"proof: the head leads to {reached}, not to merkle_root")
    return proof, signature_holds(proof["signature"], proof["merkle_root"], key)
