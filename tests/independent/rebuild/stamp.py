"""The time-stamp: section 4. Its signature is left to `openssl`."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from rebuild.said import Differs, need

SIGNED_DATA, TST_INFO = "2a864886f70d010702", "2a864886f70d0109100104"
SHA_256 = "608648016503040201"
TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d*[1-9])?Z", re.ASCII)


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


def _opened(data):
    """The token of an answer, and the parts of TSTInfo in it: TimeStampResp, ContentInfo, SignedData, its content."""
    whole = parts(data)
    need(len(whole) == 1 and whole[0][0] == 0x30, "is no answer")
    (_, status), *token = parts(whole[0][1])
    need(_inside(status, 0) in (b"\0", b"\1"), "was not granted")
    need(len(token) == 1 and _inside(token[0][1], 0).hex() == SIGNED_DATA, "has no signed data in it")
    content = _inside(token[0][1], 1, 0, 2)
    need(_inside(content, 0).hex() == TST_INFO, "signs something else than a time-stamp")
    return whole[0][1][-_length(token[0][1]):], parts(_inside(content, 1, 0, 0))


def _length(content):
    """How long a value with this content is, tag and length included."""
    size = (len(content).bit_length() + 7) // 8 if len(content) > 127 else 0
    return 2 + size + len(content)


def stated(data, root):
    """The second that an answer states for a root, `2026-01-01T00:00:00Z`."""
    try:
        _, info = _opened(data)
        need(_inside(info[2][1], 0, 0).hex() == SHA_256, "has an imprint by another hash")
        imprint = _inside(info[2][1], 1).hex()
        need(imprint == root, f"stamps {imprint}, not the root")
        time = TIME.fullmatch(info[4][1].decode("ascii", "replace"))
        need(time, "states no time in UTC")
    except (Differs, IndexError) as found:
        raise Differs(f"timestamp.tsr: {found}") from found
    return "{}-{}-{}T{}:{}:{}Z".format(*time.groups()[:6])


def whose(data, root, trusted):
    """What `openssl` says: that the signature holds, and where certificates are given, that one leads to them."""
    if not shutil.which("openssl"):
        return "signature not checked: the tool `openssl` is not there"
    with tempfile.TemporaryDirectory(prefix="stamp-") as there:
        answer, token = Path(there, "answer"), Path(there, "token")
        answer.write_bytes(data)
        token.write_bytes(_opened(data)[0])
        if trusted is None:
            command = ["cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", token, "-out", answer]
        else:
            command = ["ts", "-verify", "-digest", root, "-in", answer, "-CAfile", trusted]
        done = subprocess.run(["openssl", *command], capture_output=True, text=True, check=False)
    need(done.returncode == 0, f"timestamp.tsr: openssl says {' '.join((done.stdout + done.stderr).split())[:200]}")
    return f"its certificate leads to one of {trusted}" if trusted else "whose it is only its own certificate says"
