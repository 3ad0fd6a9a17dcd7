"""Refusals that are right, each with the features of which one must be there."""

import re

# (name, words of the message, features of which one is needed)
_KINDS = (
    ("nothing to estimate from", r"to estimate|estimated? from|within 28 days", ("missing_load_estimate",)),
    ("no load", r"no load|missing load|has no reading|blocks|without load|lacks", (
        "missing_load", "missing_import", "missing_onsite_generation", "missing_export", "missing_charge",
        "missing_discharge", "missing_all_channels", "partial_load", "partial_import", "partial_onsite_generation",
        "partial_export", "partial_charge", "partial_discharge", "partial_generation")),
    ("load and channels", r"load and a channel", ("off_grid_refused",)),
    ("negative load", r"negative", (
        "corrections", "decimals", "missing_load_estimate", "missing_discharge", "missing_import",
        "partial_discharge")),
    ("partial overlap", r"overlaps the stored reading .* in part", ("corrected_in_part",)),
    ("correction off the grid", r"crosses the edges", ("corrected_by_shorter",)),
    ("profile has holes", r"profile's base period", ("profile",)),
    ("lists cross", r"site lists overlap", ("lists_cross", "site_moves", "link")),
    ("no beneficiary", r"beneficiary", ("required_without_beneficiary",)),
    ("off the grid", r"grid|resolution|crosses|interval", ("off_grid_refused",)),
    ("long generation", r"longer than", ("long_generation",)),
    ("oversold", r"add up to more than", ("plant_shared",)),
)


def expected(said, features, definition):
    """The name of the kind a refusal is of, None if it is of none, or of one the portfolio gives no reason for."""
    for name, words, reasons in _KINDS:
        if re.search(words, said) and features & set(reasons):
            return name
    return None
