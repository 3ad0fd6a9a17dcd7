"""A pack rebuilt from docs/pack-format.md: the page's examples, whole packs, and packs that somebody changed."""

import re
import tempfile
import unittest
from pathlib import Path

from rebuild import archive, ed25519, folder, hours, manifest, tree, wire
from rebuild.said import Differs
from tests.packs import COMMITTED, PAGE, altered, run, sealed

ROOT = (COMMITTED.parent / "2.root").read_text(encoding="utf-8").strip()


class Examples(unittest.TestCase):
    """What the page shows of the committed pack."""

    def setUp(self):
        self.files, _ = folder.of(COMMITTED)
        self.manifest = manifest.Manifest(self.files["manifest.json"])

    def test_root(self):
        leaves, head = self.manifest.leaves(), self.manifest.head()
        entry = wire.compact(self.manifest.value["files"][0])
        for shown in (f"head has {len(head)} bytes", f"leaf(head)       {leaves[0].hex()}",
                      f"entry            {entry.decode()}", f"leaf(entry)      {leaves[1].hex()}",
                      f"node of the two  {tree.node(*leaves[:2]).hex()}",
                      f"root of all {len(leaves)}   {tree.root(leaves).hex()}"):
            self.assertIn(shown, PAGE)
        self.assertEqual(tree.root(leaves).hex(), ROOT)

    def test_signature(self):
        lines = dict(re.findall(r"^(message|key|signature)  +(\S+)$", PAGE, re.MULTILINE))
        message = b"hourmatch pack 2\0" + bytes.fromhex(ROOT)
        self.assertEqual(lines["message"], message.hex())
        signature = {"key": lines["key"], "signature": lines["signature"]}
        self.assertIn(lines["key"], manifest.signature_holds(signature, ROOT, lines["key"]))
        for root, key in ((ROOT.replace("b3", "b4"), None), (ROOT, "ed25519:" + "00" * 32)):
            with self.assertRaises(Differs):
                manifest.signature_holds(signature, root, key)

    def test_site_hours(self):
        found = hours.Hours(self.files["site_intervals.csv"], self.files["allocations.csv"])
        row, parts = next(iter(found.rows.values()))
        self.assertIn("\n".join([row, *parts]), PAGE)
        self.assertIn(f"leaf  {found.leaves()[0].hex()}\nroot  {found.root()}", PAGE)

    def test_the_whole_pack(self):
        status, said = run(COMMITTED)
        self.assertEqual(status, 0, said)
        self.assertIn(f"root {ROOT}: 26 leaves", said)
        self.assertIn("received rows: 128 readings and 0 bills in 2 files, 1 bills without a file", said)
        digest = next(line for line in said.split("\n") if line.startswith("inputs sha256 "))
        self.assertIn(digest.split()[2], PAGE)


class Names(unittest.TestCase):
    def test_display_names_are_in_no_digest(self):
        with altered(source=COMMITTED.parent / "3", seal=False) as place:
            path = place / "inputs" / "books.json"
            books = wire.read(path.read_bytes(), "books.json")
            for kind in ("sites", "contracts"):
                rows = books["definitions"][kind]
                rows[0] = {"id": rows[0]["id"], "name": "Ashburn campus"} | rows[0]
            path.write_bytes(wire.pretty(books))
            sealed(place)
            status, said = run(place)
        self.assertEqual(status, 0, said)


class Tree(unittest.TestCase):
    def test_every_leaf_leads_to_the_root(self):
        for count in range(1, 18):
            leaves = [tree.leaf(bytes([place])) for place in range(count)]
            for place in range(count):
                self.assertEqual(tree.climb(leaves[place], tree.path(leaves, place)), tree.root(leaves))
        self.assertEqual(tree.root([]), bytes(32))

    def test_an_odd_leaf_moves_up(self):
        a, b, c = leaves = [tree.leaf(name) for name in (b"a", b"b", b"c")]
        self.assertEqual(tree.root(leaves), tree.node(tree.node(a, b), c))
        self.assertEqual(tree.path(leaves, 2), [(True, tree.node(a, b))])


class Signatures(unittest.TestCase):
    def test_rfc_8032(self):
        """Tests 1 and 2 of section 7.1."""
        for key, message, signature in (
            ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
             "d25bf5f0595bbe24655141438e7a100b"),
            ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
             "387b2eaeb4302aeeb00d291612bb0c00"),
        ):
            key, message, signature = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
            self.assertTrue(ed25519.holds(key, signature, message))
            self.assertFalse(ed25519.holds(key, signature, message + b"!"))
            more = int.from_bytes(signature[32:], "little") + ed25519.ORDER
            self.assertFalse(ed25519.holds(key, signature[:32] + more.to_bytes(32, "little"), message))

    def test_keys_of_small_order_sign_nothing(self):
        """Under the neutral point anything is signed by R = S B, if it were let through; so R = 1, S = 0."""
        neutral = (1).to_bytes(32, "little")
        self.assertFalse(ed25519.holds(neutral, neutral + bytes(32), b"anything"))


class Totals(unittest.TestCase):
    def test_control_totals(self):
        for table, total in (
            (b"a,wh,load_wh\nx,1,9\nx,-3,9\n", "-2"), (b"a,load_wh\n", "0"), (b"a,b\n1,2\n", None),
            (b"wh\n1\nx\n", None), (b"wh\n1\n\n", None), (b"value,unit\n5,Wh\nx,mg/kWh\n7,Wh\n", "12"),
            (b"code,wh,message\nc,5,\"a, b\"\n", "5"), (b"charge_wh,delivered_wh\n1,2\n", "2"),
            (b"wh\n99999999999999999999\n1\n", "100000000000000000000"),
        ):
            self.assertEqual(manifest.control_total(table), total, table)


class Writing(unittest.TestCase):
    def test_strings(self):
        text = '"\\/\b\t\n\f\r\x1b\x7f\u2028é'
        self.assertEqual(wire.compact([text]).decode(), '["\\"\\\\/\\b\\t\\n\\f\\r\\u001b\x7f\u2028é"]')
        wanted = b'{\n  "a": [],\n  "b": {},\n  "c": [\n    1\n  ]\n}\n'
        self.assertEqual(wire.pretty({"a": [], "b": {}, "c": [1]}), wanted)

    def test_what_is_no_json_of_a_pack(self):
        for text in (b'{"a": 1, "a": 2}', b"[1.5]", b"[NaN]", b"[1", b"\xff"):
            with self.assertRaises(Differs):
                wire.read(text, "it")


class Changed(unittest.TestCase):
    def test_one_byte_of_any_file(self):
        files, _ = folder.of(COMMITTED)
        for path, data in files.items():
            place = len(data) // 2
            with altered(seal=False) as pack:
                (pack / path).write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1:])
                status, said = run(pack)
            self.assertEqual(status, 1, f"{path}: {said}")

    def test_files_more_or_less(self):
        with altered() as pack:
            (pack / "notes.txt").write_text("of no pack\n", encoding="utf-8")
            self.assertIn("notes.txt", run(pack)[1])
        with altered() as pack:
            (pack / "price_tests.csv").unlink()
            self.assertIn("price_tests.csv", run(pack)[1])
        with altered() as pack:
            (pack / "timestamp.tsr").write_bytes(b"0")
            self.assertIn("is no file of format 2", run(pack)[1])

    def test_a_manifest_written_otherwise(self):
        with altered([("manifest.json", b'"synthetic": true', b'"synthetic":  true')], seal=False) as pack:
            self.assertIn("of other bytes", run(pack)[1])

    def test_sealed_again(self):
        """Whoever seals a pack again has a root that holds; rows of received files do not change with it."""
        reading = b"contract/old/generation,2026-03-29T00:00:00Z,2026-03-29T01:00:00Z,50000,"
        for path, old, new, wanted in (
            ("inputs/readings.csv", reading, reading.replace(b"50000", b"500000"), "does not stand in its row"),
            ("inputs/readings.csv", b",42\n", b",43\n", "does not stand in its row"),
            ("inputs/readings.csv", b",42\n", b",042\n", "numbers"),
            ("inputs/readings.csv", b",measured,", b",validated,", "does not stand in its row"),
            ("inputs/previous/manifest.json", b'"version": 1', b'"version": 3', "the leaves lead to"),
            ("inputs/previous/intervals.csv", b"1100000", b"1100001", "listed as"),
            ("inputs/revisions.csv", b"meter desk", b'"meter desk"', "of other bytes"),
        ):
            with altered([(path, old, new)]) as pack:
                status, said = run(pack)
            self.assertEqual(status, 1, path)
            self.assertIn(wanted, said)


class Proofs(unittest.TestCase):
    def test_a_proof(self):
        files, _ = folder.of(COMMITTED)
        pack = manifest.Manifest(files["manifest.json"])
        found = hours.Hours(files["site_intervals.csv"], files["allocations.csv"])
        for start, site in found.rows:
            proof = hours.proof_of(pack, found, site, start)
            self.assertEqual(hours.proof_holds(wire.pretty(proof), None)[0], proof)
        proof = hours.proof_of(pack, found, "one", "2026-03-29T00:00:00Z")
        row, head = proof["row"], proof["manifest_head"]
        for changed in ({"row": row.replace("measured", "validated")}, {"row": row + "\n"}, {"site": "two"},
                        {"path": proof["path"][:-1]}, {"allocations": []}, {"columns": row}, {"head_path": []},
                        {"merkle_root": "0" * 64}, {"manifest_head": head.replace("true", "false")}, {"more": 1},
                        {"schema": "hourmatch/proof/2"}):
            with self.assertRaises(Differs, msg=changed):
                hours.proof_holds(wire.pretty(proof | changed), None)

    def test_a_proof_of_this_pack(self):
        files, _ = folder.of(COMMITTED)
        pack = manifest.Manifest(files["manifest.json"])
        found = hours.Hours(files["site_intervals.csv"], files["allocations.csv"])
        with tempfile.TemporaryDirectory(prefix="proof-") as place:
            proof = Path(place, "proof.json")
            proof.write_bytes(wire.pretty(hours.proof_of(pack, found, "one", "2026-03-29T00:00:00Z")))
            self.assertIn("made again to the same bytes", run(COMMITTED, "--proof", proof)[1])
            with altered([("instruments.csv", b"matched", b"unmatched")]) as other:
                self.assertIn("the proof is of root", run(other, "--proof", proof)[1])


class Archives(unittest.TestCase):
    def test_there_and_back(self):
        files, _ = folder.of(COMMITTED)
        self.assertEqual(archive.unpacked(archive.packed(files)), files)
        self.assertEqual(list(archive.unpacked(archive.packed(files)))[0], "allocations.csv")

    def test_what_is_refused(self):
        data = archive.packed({"manifest.json": b"{}", "a": b"b"})
        first = archive.packed({"manifest.json": b"{}"})[:-1024]
        link, folder_ = bytearray(data), bytearray(data)
        link[156], folder_[156] = ord("2"), ord("5")
        names = ("../a", "a:b", "/a", "a/", "a\\b", "./a")
        named = [archive.packed({"manifest.json": b"{}", name: b""}) for name in names]
        self.assertEqual(len(archive.unpacked(data + bytes(512))), 2)
        for bad in (data + b"x", first + data, data[:513], bytes(link), bytes(folder_), *named,
                    archive.packed({"a": b"b"})[:-1024] + first):
            with self.assertRaises(Differs):
                archive.unpacked(bad)


if __name__ == "__main__":
    unittest.main()
