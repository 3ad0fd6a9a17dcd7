"""The binary tree of section 3."""

import hashlib


def leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def _up(level):
    """Pairs from the left; an odd last hash moves up unchanged."""
    paired = [node(*level[at:at + 2]) for at in range(0, len(level) - 1, 2)]
    return paired + level[len(paired) * 2:]


def root(leaves):
    """The root over leaf hashes; 32 zero bytes over none."""
    level = list(leaves)
    while len(level) > 1:
        level = _up(level)
    return level[0] if level else bytes(32)


def path(leaves, place):
    """Siblings of a leaf from below, each with whether it stands to the left."""
    level, found = list(leaves), []
    while len(level) > 1:
        other = place ^ 1
        if other < len(level):
            found.append((other < place, level[other]))
        level, place = _up(level), place // 2
    return found


def climb(start, siblings):
    """Where a leaf leads over its siblings."""
    reached = start
    for left, sibling in siblings:
        reached = node(sibling, reached) if left else node(reached, sibling)
    return reached
