"""Received files as text. Section 9."""

import codecs

WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def decoded(data, stated="utf-8"):
    """A file as text: a byte order mark tells before what its form states, and stays. What is no text becomes surrogates."""
    if data[:2] in WIDE:
        return data.decode(WIDE[data[:2]], "surrogatepass")
    if data.startswith(codecs.BOM_UTF8) or stated == "utf-8":
        return data.decode("utf-8", "surrogateescape")
    if stated == "utf-16":
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "surrogatepass")
    # The five bytes that stand for nothing are control characters.
    return "".join(bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
                   for byte in data)
