"""`python3 -m rebuild PACK [--key PUB] [--proof FILE] [--tsa-ca FILE]`: a pack checked from docs/pack-format.md alone.

Exits 0 with a line for each thing that held, 1 with the differences, 2 where the command line is none or the archive
cannot be read here."""

import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from rebuild import digest, folder, hours, manifest, rows, stamp, wire  # noqa: E402
from rebuild.archive import Skipped  # noqa: E402
from rebuild.said import Differs, Said, need  # noqa: E402


class Pack:
    """A pack whose manifest could be read, and what is checked of it."""

    def __init__(self, place, options):
        self.files, self.came = folder.of(place)
        self.stamp = self.files.pop(folder.STAMP, None)
        need("manifest.json" in self.files, "has no manifest.json")
        self.bytes = self.files.pop("manifest.json")
        self.manifest = manifest.Manifest(self.bytes)
        self.options = options

    def checks(self):
        """In the page's order."""
        found = [lambda: f"{self.came}, manifest.json: written again to the same {len(self.bytes)} bytes",
                 self.manifest.root_holds, self._signature, self._measured, self._names, self._hours, self._earlier,
                 self._json, self._received, self._digest]
        return found + [self._proof] * bool(self.options.proof) + [self._stamp] * (self.stamp is not None)

    def _signature(self):
        return manifest.signature_holds(self.manifest.value["signature"], self.manifest.root, self.options.key)

    def _measured(self):
        listed = self.manifest.files
        need(set(listed) == set(self.files), f"listed or there, not both: {sorted(set(listed) ^ set(self.files))[:5]}")
        for path, data in self.files.items():
            found = manifest.measured(path, data)
            need(found == listed[path], f"{path}: listed as {listed[path]}, is {found}")
        return f"files: {len(listed)}, each of the hash, size, rows and control total listed"

    def _names(self):
        folder.names_hold(self.manifest.files, self.manifest.form, self.manifest.value["previous"] is not None)

    def _hours(self):
        found = self.hours().root()
        wanted = self.manifest.value["site_intervals_root"]
        need(found == wanted, f"site_intervals_root is {wanted}, the site-hours lead to {found}")
        return f"site-hours: {len(self.hours().rows)} lead to {found}"

    def hours(self):
        return hours.Hours(self.files["site_intervals.csv"], self.files["allocations.csv"])

    def _earlier(self):
        """Manifests of the pack that this one replaces, and of those it overlaps."""
        inner = {path: data for path, data in self.files.items() if path.endswith("manifest.json")}
        for path, data in inner.items():
            other = manifest.Manifest(data, path)
            root = self.manifest.value["previous"] if "previous" in path else path.split("/")[2].partition(".")[0]
            need(other.root == root, f"{path}: is of root {other.root}, not {root}")
            other.root_holds()
            manifest.signature_holds(other.value["signature"], root, None)
            for name in ["intervals.csv", "results.json"][:2 if "previous" in path else 1]:
                place = path.removesuffix("manifest.json") + name
                need(place in self.files, f"{place} is not there")
                found = manifest.measured(name, self.files[place])
                need(found == other.files[name], f"{place}: listed as {other.files[name]}, is {found}")
        return f"manifests of {len(inner)} other packs, with their roots" if inner else None

    def _json(self):
        for path in ("inputs/books.json", "results.json"):
            data = self.files[path]
            need(wire.pretty(wire.read(data, path)) == data, f"{path}: written again it is of other bytes")
        return "books.json, results.json: written again to the same bytes"

    def _received(self):
        return rows.compared(self.files, self.manifest.form)

    def _digest(self):
        found = digest.of(self.files)
        wanted = wire.read(self.files["results.json"], "results.json").get("inputs_sha256")
        need(wanted == found or (wanted is None and self.manifest.form == 2), f"inputs_sha256 is {wanted}, not {found}")
        return f"inputs sha256 {found}"

    def _proof(self):
        data = self.options.proof.read_bytes()
        proof, signed = hours.proof_holds(data, self.options.key)
        need(proof["merkle_root"] == self.manifest.root, f"the proof is of root {proof['merkle_root']}")
        again = hours.proof_of(self.manifest, self.hours(), proof["site"], proof["start"])
        need(again | {"signature": proof["signature"]} == proof, "the proof made again from the pack is another")
        same = "made again to the same bytes" if wire.pretty(again) == data else "made again to the same values"
        return f"proof: {proof['site']} at {proof['start']}, {len(proof['allocations'])} allocations, {same}, {signed}"

    def _stamp(self):
        need(self.manifest.form == 3, "timestamp.tsr: is no file of format 2")
        need(len(self.stamp) <= folder.STAMP_LIMIT, "timestamp.tsr: is longer than 64 KiB")
        lines = self.files["inputs/revisions.csv"].decode().split("\n")[1:-1]
        last = max((line.partition(",")[0] for line in lines), default="")
        time = stamp.stated(self.stamp, self.manifest.root)
        need(time >= last[:19], f"timestamp.tsr: states {time}, and the last row was recorded at {last}")
        return f"time-stamp: {time}, {stamp.whose(self.stamp, self.manifest.root, self.options.tsa_ca)}"


def _key(text):
    """A public key, or that of a file."""
    return text if text.startswith("ed25519:") else Path(text).read_text(encoding="utf-8").strip()


def main(arguments):
    """Checks a pack, prints what held or what did not."""
    parser = argparse.ArgumentParser(prog="rebuild", description=__doc__.partition("\n")[0])
    parser.add_argument("pack", type=Path, help="a pack's folder, or its archive")
    parser.add_argument("--key", type=_key, help="the key it must be signed with, or a file that holds it")
    parser.add_argument("--proof", type=Path, help="a proof of this pack")
    parser.add_argument("--tsa-ca", type=Path, help="certificates of authorities whose time-stamps are trusted")
    options = parser.parse_args(arguments)
    said = Said()
    try:
        pack = Pack(options.pack, options)
        for check in pack.checks():
            said.check(check)
    except Skipped as skipped:
        print(f"note: {skipped}", file=sys.stderr)
        return 2
    except Differs as found:
        said.differences.append(str(found))
    print("\n".join(f"differs: {text}" for text in said.differences) or "\n".join(said.held))
    return 1 if said.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
