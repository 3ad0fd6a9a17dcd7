"""How one contract's energy is shared over sites in one interval."""

from fractions import Fraction
from math import lcm

from audit.exact import AuditError, floor, largest_remainder


def proportional(supply, room, contract):
    """In proportion to load still unmatched."""
    sites = sorted(room, key=str.encode)
    taken = largest_remainder(min(supply, sum(room.values())), [room[site] for site in sites])
    return dict(zip(sites, taken))


def priority(supply, room, contract):
    """In the order the contract lists its sites."""
    found = {}
    for site in contract.sites:
        if site in room:
            found[site] = min(supply, room[site])
            supply -= found[site]
    return found


def equal_share(supply, room, contract):
    """Rounds of equal portions over the loads still open."""
    found = dict.fromkeys(room, 0)
    sites = sorted((site for site in room if room[site] > 0), key=str.encode)
    while supply and sites:
        for site, portion in zip(sites, largest_remainder(supply, [1] * len(sites))):
            part = min(portion, room[site] - found[site])
            found[site] += part
            supply -= part
        sites = [site for site in sites if found[site] < room[site]]
    return found


def pro_rata_contract(supply, room, contract):
    """Fixed parts, each capped by the load still unmatched; what a site leaves is not offered again."""
    sites = sorted(contract.split, key=str.encode)
    parts = [Fraction(contract.split[site]) for site in sites]
    common = lcm(*(part.denominator for part in parts)) if parts else 1
    portions = largest_remainder(floor(supply * sum(parts)), [int(part * common) for part in parts])
    return {site: min(portion, room.get(site, 0)) for site, portion in zip(sites, portions)}


RULES = {rule.__name__: rule for rule in (proportional, priority, equal_share, pro_rata_contract)}


def share(supply, room, contract):
    """Site to Wh, by the contract's own rule."""
    if contract.sharing not in RULES:
        raise AuditError(f"sharing rule {contract.sharing!r} is not known")
    return RULES[contract.sharing](supply, room, contract)
