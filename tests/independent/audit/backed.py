"""How much of what was allocated cancelled certificates back, hour by hour."""

from audit.exact import largest_remainder


def backed(ledger, laid):
    """(site, interval) to Wh: what was allocated of each contract, as far as certificates are laid on it then."""
    given = {}
    for t, site, instrument, wh, _ in ledger.rows:
        if instrument in laid and laid[instrument][t]:
            given.setdefault((instrument, t), {})[site] = wh
    found = {}
    for (instrument, t), by_site in given.items():
        sites = sorted(by_site, key=str.encode)
        weights = [by_site[site] for site in sites]
        for site, wh in zip(sites, largest_remainder(min(laid[instrument][t], sum(weights)), weights)):
            found[site, t] = found.get((site, t), 0) + wh
    return found
