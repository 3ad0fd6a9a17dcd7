"""CSV as files come in: records, and the number that a pack gives each. Section 9."""

import re

ENDS = re.compile(r"[\r\n]*")
PLAIN = re.compile(r"[^,\r\n]*")


def records(text):
    """Number and cells of every record. Records end at a carriage return or a line feed, and what is empty between
    two is none. The number counts the line feeds up to where the record before ended, whose own line feed behind a
    carriage return is not among them."""
    at = line = counted = 0
    while True:
        line, counted = line + text.count("\n", counted, at), at
        at = ENDS.match(text, at).end()
        if at == len(text):
            return
        cells, at = _cells(text, at)
        yield line + 1, cells
        at += at < len(text)


def _cells(text, at):
    """Cells of the record that starts at `at`, and where its end stands."""
    cells = []
    while True:
        cell, at = _quoted(text, at + 1) if text[at:at + 1] == '"' else ("", at)
        end = PLAIN.match(text, at).end()
        cells.append(cell + text[at:end])
        if text[end:end + 1] != ",":
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
