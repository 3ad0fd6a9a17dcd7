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
    """Equal portions until load or supply is used up, over the loads still open; leftovers over the whole split."""
    found = dict.fromkeys(room, 0)
    sites = sorted((site for site in room if room[site] > 0), key=str.encode)
    while sites:
        level = supply // len(sites)
        full = [site for site in sites if room[site] <= level]
        for site in full or sites:
            found[site] = room[site] if full else level
            supply -= found[site]
        if not full:
            for site in sites[:supply]:
                found[site] += 1
            break
        sites = [site for site in sites if site not in full]
    return found


def equal_share_by_rounds(supply, room, contract):
    """Earlier versions: rounds of equal portions over the loads still open, leftovers in every round."""
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
    """Fixed parts, each capped by the load still unmatched; what a site leaves is not offered again. The Wh that the
    floors leave of the parts together go to the largest remainders."""
    sites = sorted(contract.split, key=str.encode)
    exact = [supply * Fraction(contract.split[site]) for site in sites]
    portions = [floor(part) for part in exact]
    left = floor(sum(exact)) - sum(portions)
    for i in sorted(range(len(sites)), key=lambda i: portions[i] - exact[i])[:left]:
        portions[i] += 1
    return {site: min(portion, room.get(site, 0)) for site, portion in zip(sites, portions)}


def pro_rata_of_floored(supply, room, contract):
    """Earlier versions: the parts together floored first, then shared in proportion to the parts."""
    sites = sorted(contract.split, key=str.encode)
    parts = [Fraction(contract.split[site]) for site in sites]
    common = lcm(*(part.denominator for part in parts)) if parts else 1
    portions = largest_remainder(floor(supply * sum(parts)), [int(part * common) for part in parts])
    return {site: min(portion, room.get(site, 0)) for site, portion in zip(sites, portions)}


RULES = {rule.__name__: rule for rule in (proportional, priority, equal_share, pro_rata_contract)}
EARLIER = {**RULES, "equal_share": equal_share_by_rounds, "pro_rata_contract": pro_rata_of_floored}


def share(supply, room, contract, whole_split=True):
    """Site to Wh, by the contract's own rule."""
    rules = RULES if whole_split else EARLIER
    if contract.sharing not in rules:
        raise AuditError(f"sharing rule {contract.sharing!r} is not known")
    return rules[contract.sharing](supply, room, contract)
