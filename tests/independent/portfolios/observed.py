"""What really happened in a pack, as the second audit computed it: `saw_...`."""


def observed(books, figures):
    """Names of what occurred in at least one interval."""
    pack, loads = books.pack, books.loads.values()
    matching, inventory = books.matching, books.inventory
    seen = {
        "allocated": bool(matching.rows),
        "own_fossil_served_load": any(any(load.fossil) for load in loads),
        "self_generation_used": any(row[4] == "self_generation" for row in matching.rows),
        "estimate": any(any(load.guessed) for load in loads),
        "estimate_of_a_part": any(0 < guess < wh for load in loads for guess, wh in zip(load.guessed, load.metered)),
        "purchase_differs_from_load": any(load.bought != load.metered for load in loads),
        "net_exporter": any(load.net_export for load in loads),
        "stored_clean": any(row[1] for row in matching.storage_rows.values()),
        "reissued": any(row[3] for row in matching.storage_rows.values()),
        "crossed_a_link": any(matching.crossing) or any(inventory.crossing),
        "standard_supply": any(row[4] == "sss" for row in inventory.rows),
        "legacy": any(row[4] == "legacy" for row in inventory.rows),
        "unbundled": any(row[4] == "unbundled" for row in inventory.rows),
        "backed": bool(figures.backing and (figures.backing.matching or figures.backing.inventory)),
        "backed_in_part": bool(figures.backing) and any(
            0 < sum(backed.values()) < sum(row[3] for row in ledger.rows) for backed, ledger in (
                (figures.backing.matching, matching), (figures.backing.inventory, inventory))),
        "own_fossil_over_load": any(own > wh for load in loads for own, wh in zip(load.fossil, load.metered)),
        "no_certificate_known": bool(figures.backing) and not figures.backing.known,
        "surplus": any(row[5 - 1] > 0 for row in figures.intervals.values()),
        "grid_credit": any(row[6] for row in figures.intervals.values()),
        "fully_matched_interval": any(row[0] and row[0] == row[2] for row in figures.intervals.values()),
        "equity_share_applied": bool(pack.equity) and any(site.owned != 1 for site in pack.sites.values()),
        "invoice_compared": bool(figures.invoices()),
        "losses": any(site.loss for site in pack.sites.values()),
        "several_boundaries": len(pack.boundaries) > 1,
    }
    seen.update({f"tier_{row[3]}": True for row in figures.unmatched.values()})
    seen.update({f"rule_{contract.sharing}": True for contract in pack.contracts
                 if any(row[2] == contract.id for row in matching.rows)})
    return {"saw_" + name for name, held in seen.items() if held}

