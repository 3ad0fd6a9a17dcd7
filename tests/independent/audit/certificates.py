"""Certificates: whose they are, and how they lie over the meter of their device."""

from audit import instants
from audit.exact import largest_remainder


def span(row):
    """(start, end) of production."""
    return instants.seconds(row["start"]), instants.seconds(row["end"])


def volume(row):
    """Wh of a certificate, whose range includes both ends."""
    return int(row["last_wh"]) - int(row["first_wh"]) + 1


def place(row):
    """Where it comes in the order in which certificates are laid: shortest period first, then start, then id."""
    start, end = span(row)
    return end - start, start, row["id"].encode()


def belongs(pack, contract, row):
    """Whether a certificate is one of a contract's: of its device and technology, and naming it, or nobody where its
    device serves no other. In earlier versions whatever names it, or is of its device alone."""
    def of_device(other):
        known = (other.device,) if pack.rules.certificates else (other.id, other.plant)
        return row["device"] in known

    alone = sum(of_device(other) for other in pack.contracts) == 1
    if row["contract"] != contract.id and (row["contract"] or not alone):
        return False
    if not pack.rules.certificates:
        return row["contract"] == contract.id or of_device(contract)
    return of_device(contract) and row["technology"] == contract.technology


def counts(pack, contract, row):
    """Whether it backs claims of a contract: its own, cancelled, for the contract's beneficiary, else for the reporting
    entity (in earlier versions for anybody)."""
    if row["status"] != "cancelled" or not belongs(pack, contract, row):
        return False
    if not pack.rules.certificates:
        return contract.beneficiary is None or row["beneficiary"] == contract.beneficiary
    entity = pack.entity_of(contract)
    return entity is not None and row["beneficiary"] == entity


def touched(pack, row):
    """Indices of the intervals its period touches."""
    start, end = span(row)
    return range(start // pack.step, -(-end // pack.step))


def _take(left, touched_by, wh, given):
    """Lays a volume over what is left of a meter: scaled down by largest remainder, never up. Returns what is laid."""
    inside = [at for at in touched_by if left.get(at)]
    weights = [left[at] for at in inside]
    laid = min(wh, sum(weights))
    for at, part in zip(inside, largest_remainder(laid, weights)):
        left[at] -= part
        given[at] = given.get(at, 0) + part
    return laid


def laid(pack, contract, meter):
    """(index to Wh, certificate id to Wh) of what a contract's certificates are laid on: each over what those before it
    left of the meter; in earlier versions those of one period together."""
    left, given, by_certificate, together = dict(meter), {}, {}, {}
    for row in sorted((row for row in pack.certificates if counts(pack, contract, row)), key=place):
        if pack.rules.certificates:
            by_certificate[row["id"]] = _take(left, touched(pack, row), volume(row), given)
        else:
            key = place(row)[:2]
            together[key] = (touched(pack, row), together.get(key, (None, 0))[1] + volume(row))
    for over, wh in together.values():
        _take(left, over, wh, given)
    return given, by_certificate


def excess(pack, supply):
    """(code, device's series, start, end) to Wh that stand beyond a meter, whoever holds the certificates: one issuance
    alone is larger than what it shows, several stand over the same production, or there is no meter, or none of a part
    outside the period."""
    found = {}
    for device, contract in {c.device: c for c in reversed(pack.defined)}.items():
        meter = supply.meters[contract.id]
        series = f"plant/{device}/generation" if contract.plant else f"contract/{device}/generation"
        issued = {}
        for row in pack.certificates:
            if row["device"] == device and row["status"] != "withdrawn":
                of_span = issued.setdefault(place(row)[:2], (row, {}))[1]
                of_span[row["issuance"]] = of_span.get(row["issuance"], 0) + volume(row)
        left = dict(meter)
        for _, (row, issuances) in sorted(issued.items()):
            over, whole = touched(pack, row), sum(issuances.values())
            shown = sum(meter.get(at, 0) for at in over)
            beyond = whole - _take(left, over, whole, {})
            key = series, *span(row)
            if not any(at in meter for at in over):
                found["certificates_without_meter", *key] = whole
                continue
            if beyond:
                larger = any(wh > shown for wh in issuances.values())
                found["certificates_over_meter" if larger else "certificates_issued_twice", *key] = beyond
            inside = range(pack.first, pack.first + pack.count)
            if any(at not in meter and at not in inside for at in over):
                found["certificates_partly_metered", *key] = whole
    return found


def used(pack, supply):
    """Rows of certificates_used.csv: (contract, certificate) to what it says, by the contract it is one of."""
    return {(contract.id, row["id"]): {
        "wh": volume(row), "status": row["status"], "counted": str(counts(pack, contract, row)).lower(),
        "laid_wh": supply.laid_by[contract.id].get(row["id"], 0)}
        for contract in pack.contracts for row in pack.certificates if belongs(pack, contract, row)}
