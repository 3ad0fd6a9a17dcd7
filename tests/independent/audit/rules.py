"""The switches of `[rules]`: what versions of a ruleset answer differently. Without the table the first word holds."""

from audit.exact import AuditError
from audit.names import note

_WORDS = {
    "own_generation": ("beside", "first"),
    "inventory_load": ("consumption", "purchased"),
    "claimed_factor": ("zero", "technology"),
    "leftovers": ("step", "split"),
    "certificates": ("volume", "hour"),
    "partial_generation": ("missing", "sum"),
    "missing_channel": ("zero", "missing"),
    "ownership": ("printed", "applied"),
    "factor_basis": ("life-cycle", "direct"),
    "factor_source": ("boundary", "origin"),
    "excess_issuance": ("silent", "listed"),
    "reissued_quality": ("charge_and_discharge", "discharge"),
    "void_intensity": ("zero", "unknown"),
    "above_limit": ("counted", "left_out"),
}


class Rules:
    """One flag a rule: whether the later wording holds."""

    def __init__(self, table):
        for name, words in _WORDS.items():
            word = table.get(name, words[0])
            if word not in words:
                raise AuditError(f"rule {name} = {word!r} is not known; it is one of {words}")
            setattr(self, name, word == words[1])
        for name in sorted(table.keys() - _WORDS.keys()):
            note(f"rule {name} = {table[name]!r} of the ruleset is not known here")
