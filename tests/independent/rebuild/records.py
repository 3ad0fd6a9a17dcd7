"""CSV as files come in: records, and the numbers that a pack may give each. Section 9."""

import re

BREAK = re.compile(r"\r\n?|\n")
ENDS = re.compile(r"[\r\n]*")


def records(text, separator=","):
    """Line, earlier number and cells of every record. Records end at a carriage return or a line feed, and what is empty
    between two is none. The line is the one the record begins in, of lines that end at either or at both together. The
    earlier number counts the line feeds up to where the record before ended, whose own line feed behind a carriage
    return is not among them."""
    at = line = begun = feeds = ended = 0
    plain = re.compile(rf"[^{re.escape(separator)}\r\n]*")
    while True:
        feeds, ended = feeds + text.count("\n", ended, at), at
        at = ENDS.match(text, at).end()
        if at == len(text):
            return
        # Where a record begins stands neither of the two, so none is cut in two.
        line, begun = line + sum(1 for _ in BREAK.finditer(text, begun, at)), at
        cells, at = _cells(text, at, separator, plain)
        yield line + 1, feeds + 1, cells
        at += at < len(text)


def _cells(text, at, separator, plain):
    """Cells of the record that starts at `at`, and where its end stands."""
    cells = []
    while True:
        cell, at = _quoted(text, at + 1) if text[at:at + 1] == '"' else ("", at)
        end = plain.match(text, at).end()
        cells.append(cell + text[at:end])
        if text[end:end + 1] != separator:
            return cells, end
        at = end + 1


def _quoted(text, at):
    """What stands up to the closing quote, and where it goes on behind it."""
    parts = []
    while True:
        end = text.find('"', at)
        if end < 0:
            return "".join(parts) + text[at:], len(text)
        parts.append(text[at:end])
        if text[end + 1:end + 2] != '"':
            return "".join(parts), end + 1
        parts.append('"')
        at = end + 2
