"""What arrives later: corrections of readings, and bills."""

from portfolios.chance import text_of

UPWARDS = ("/load", "/import", "/charge")


def corrections(c, rows):
    """A second file: values changed, readings replaced by shorter ones, generation retracted."""
    found = []
    energy = [row for row in rows.rows if row[0].endswith(UPWARDS + ("/generation", "/onsite_generation"))]
    if not energy or not c.has("corrections", 0.25):
        return None
    for series, start, end, _, _, _ in c.sample(energy, min(len(energy), c.randint(1, 4))):
        kind = c.weighted(changed=3, shorter=2, retracted=1)
        if kind == "retracted" and series.endswith("/generation"):
            found.append((series, start, end, "", "Wh", "missing"))
            c.mark("retracted")
        elif kind == "shorter" and (end - start) % 120 == 0:
            half = (start + end) // 2
            parts = [(start, half), (half, end)]
            if c.chance(0.05) and series.endswith("/generation"):
                # A part of what is stored cannot be replaced: refused.
                parts = parts[1:]
                c.mark("corrected_in_part")
            for begin, finish in parts:
                found.append((series, begin, finish, str(rows.wh() + 400), "Wh", ""))
            c.mark("corrected_by_shorter")
        else:
            found.append((series, start, end, str(rows.wh() + 800), "Wh", ""))
    # Import raised never makes a load negative; generation raised may, where the site has channels.
    kept, spans = [], {}
    for row in found:
        if row[0].endswith("/charge") or any(row[1] < b and a < row[2] for a, b in spans.get(row[0], ())):
            continue
        spans.setdefault(row[0], []).append((row[1], row[2]))
        kept.append(row)
    return kept or None


def invoices(c, definition, rows):
    """Bills of some sites, right, nearly right or wrong, most of them inside the period."""
    if not c.has("invoices", 0.3):
        return None
    lines = ["invoice,site,start,end,wh"]
    for i, site in enumerate(definition.sites):
        first = c.randint(0, definition.count - 1)
        last = c.randint(first + 1, definition.count)
        start, end = definition.start + first * definition.step, definition.start + last * definition.step
        if c.chance(0.1):
            start -= definition.step
        name = c.choice(("load", "import", "import"))
        series = f"site/{site['id']}/{name}"
        wh = sum(float(row[3]) * (1000 if row[4] == "kWh" else 1) for row in rows.rows
                 if row[0] == series and row[1] >= start and row[2] <= end)
        wh = int(wh) * c.choice((1000, 1000, 1004, 1006, 996, 900)) // 1000
        lines.append(f"INV-{i},{site['id']},{text_of(start)},{text_of(end)},{wh}")
    return "\n".join(lines) + "\n"


def other_packs(c, definition):
    """[(start, end, name)] of packs made before, of a part of the period, with other ends or none."""
    if not c.has("overlap", 0.1):
        return []
    first = c.randint(0, definition.count - 1)
    last = c.randint(first + 1, definition.count)
    if last - first == definition.count:
        return []
    c.mark("overlapping_pack")
    return [(definition.start + first * definition.step, definition.start + last * definition.step, "part")]
