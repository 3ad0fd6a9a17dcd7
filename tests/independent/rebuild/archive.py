"""The archive of section 6."""

import re
import shutil
import subprocess

from rebuild import wire
from rebuild.said import Differs, need

LIMIT = 1 << 31


class Skipped(Exception):
    """A pack that cannot be read here."""


def files(place):
    """Path to bytes of every file of an archive, and whether it is written as packs are."""
    if not shutil.which("zstd"):
        raise Skipped(f"{place}: not read, the tool `zstd` is not there")
    with subprocess.Popen(["zstd", "-dcq", str(place)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as tool:
        data = tool.stdout.read(LIMIT)
        tool.stdout.close()
        need(tool.wait() == 0 and len(data) < LIMIT, f"{place}: is no zstd, or unpacks to 2 GiB and more")
    found = unpacked(data)
    return found, "archive, " + ("byte for byte as packed" if packed(found) == data else "packed anew by somebody")


def unpacked(data):
    """Path to bytes of a tar of plain files with the manifest first; where it ends there are zeros only."""
    found, at = {}, 0
    while any(data[at:at + 512]):
        name, size = _header(data[at:at + 512])
        need(name not in found, f"{name}: stands twice in the archive")
        found[name] = data[at + 512:at + 512 + size]
        need(len(found[name]) == size, f"{name}: is cut short")
        at += 512 + size + -size % 512
    need(not any(data[at:]), "something stands behind the last file of the archive")
    need(list(found)[:1] == _ordered(found)[:1], f"the archive starts with {list(found)[:1]}")
    return found


def _header(block):
    """Name and size in a header of 512 bytes."""
    try:
        name = block[:100].rstrip(b"\0").decode("utf-8")
        size, total = int(block[124:136].strip(b"\0 "), 8), int(block[148:156].strip(b"\0 "), 8)
    except ValueError as error:
        raise Differs(f"an archive's header is none: {error}") from error
    need(total == sum(block) - sum(block[148:156]) + 256, f"{name}: the sum of its header is another")
    need(block[156:157] in (b"0", b"\0") and not any(block[345:500]), f"{name}: is no plain file, or its name too long")
    bad = [part for part in name.split("/") if part in ("", ".", "..")]
    need(not bad and not re.search(r"[\\:\x00-\x1f\x7f-\x9f]", name), f"{name!r}: is no path of an archive")
    return name, size


def packed(found):
    """The tar of these files as packs are written."""
    blocks = []
    for name in _ordered(found):
        data, header = found[name], bytearray(512)
        for place, text in ((0, name.encode()), (100, b"0000644"), (124, b"%011o" % len(data)), (136, b"0" * 11),
                            (148, b" " * 8), (156, b"0"), (257, b"ustar  ")):
            header[place:place + len(text)] = text
        header[148:156] = b"%07o\0" % sum(header)
        blocks += [bytes(header), data, bytes(-len(data) % 512)]
    return b"".join(blocks) + bytes(1024)


def _ordered(found):
    """Bytewise, and `manifest.json` before all others but in format 2."""
    names = sorted(found, key=str.encode)
    if wire.read(found.get("manifest.json", b"{}"), "manifest.json").get("schema") != "hourmatch/pack/2":
        names.sort(key=lambda name: name != "manifest.json")
    return names
