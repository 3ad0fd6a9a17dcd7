"""The time-stamp: section 4. Its signature is left to `openssl ts -verify`."""

import re
import subprocess
from datetime import UTC, datetime, timedelta

from rebuild.said import Differs, need

SIGNED_DATA, TST_INFO = "2a864886f70d010702", "2a864886f70d0109100104"
SHA_256 = "608648016503040201"
TIME = re.compile(r"(\d{14})(\.\d*[1-9])?Z", re.ASCII)


def query(root):
    """The query that an authority is sent: version 1, the root as its own imprint, certReq."""
    imprint = _tlv(0x30, _tlv(0x30, _tlv(6, bytes.fromhex(SHA_256)) + _tlv(5, b"")) + _tlv(4, bytes.fromhex(root)))
    return _tlv(0x30, _tlv(2, b"\x01") + imprint + _tlv(1, b"\xff"))


def _tlv(tag, content):
    need(len(content) < 128, "too long for what is written here")
    return bytes([tag, len(content)]) + content


def parts(data):
    """Tag and content of every value that stands in DER, one after the other."""
    found, at = [], 0
    while at < len(data):
        need(at + 2 <= len(data), "is cut short")
        tag, length, at = data[at], data[at + 1], at + 2
        if length > 127:
            size = length - 128
            need(0 < size <= 4, "has a length that is none in DER")
            length, at = int.from_bytes(data[at:at + size], "big"), at + size
        need(at + length <= len(data), "is cut short")
        found.append((tag, data[at:at + length]))
        at += length
    return found


def _inside(data, *places):
    """The content that one goes down to by places."""
    for place in places:
        found = parts(data)
        need(place < len(found), "lacks a part")
        data = found[place][1]
    return data


def _info(data):
    """Parts of TSTInfo in an answer: TimeStampResp, ContentInfo, SignedData, its content."""
    whole = parts(data)
    need(len(whole) == 1 and whole[0][0] == 0x30, "is no answer")
    status, *token = parts(whole[0][1])
    need(_inside(status[1], 0) in (b"\0", b"\1"), "was not granted")
    need(len(token) == 1 and _inside(token[0][1], 0).hex() == SIGNED_DATA, "has no signed data in it")
    content = _inside(token[0][1], 1, 0, 2)
    need(_inside(content, 0).hex() == TST_INFO, "signs something else than a time-stamp")
    return parts(_inside(content, 1, 0, 0))


def holds(data, root, recorded, authority=None):
    """The time that an answer states for a root, after the last row was recorded; by `openssl`, who states it."""
    try:
        info = _info(data)
        need(_inside(info[2][1], 0, 0).hex() == SHA_256, "has an imprint by another hash")
        need(_inside(info[2][1], 1).hex() == root, f"stamps {_inside(info[2][1], 1).hex()}, not the root")
        stated = TIME.fullmatch(info[4][1].decode("ascii", "replace"))
        need(stated, "states no time in UTC")
    except (Differs, IndexError) as found:
        raise Differs(f"timestamp.tsr: {found}") from found
    time = datetime.strptime(stated[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    last = datetime.fromisoformat(recorded) if recorded else time
    until = time + timedelta(seconds=float(stated[2] or 1))
    need(last < until, f"timestamp.tsr: states {time:%FT%TZ}, and the last row was recorded at {recorded}")
    return f"time-stamp: {time:%FT%TZ}" + _who(root, authority)


def _who(root, authority):
    """What `openssl` says of its signature, where a file of trusted certificates is given."""
    if authority is None:
        return ", whose it is not checked"
    answer, trusted = authority
    command = ["openssl", "ts", "-verify", "-digest", root, "-in", str(answer), "-CAfile", str(trusted)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    need(done.returncode == 0, f"timestamp.tsr: openssl says {(done.stdout + done.stderr).strip()[:200]}")
    return f", its certificate leads to one of {trusted}"
