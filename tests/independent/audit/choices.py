"""Readings taken where the rules leave room, each in one place, with the other readings that can be set here instead.

README.md lists them with their reasons. Only versions with `[rules]` ask for them: earlier ones are read as they were.
"""

# What import counts where a site also exports in the interval. "zero": all of it, and 0 where more is exported than
# imported; "net": import less export, at least 0; "gross": all of it, always.
NET_EXPORTER = "zero"

# What is estimated where a channel other than import is missing. "load": the highest load known at that local time;
# "import": import at that local time (or its own reading), with the channels that are there added.
CHANNEL_ESTIMATE = "load"

# Whether import that was metered stays open to instruments in the inventory ledger where another channel is missing.
METERED_IMPORT_STAYS_OPEN = True

# Whether the quality of a load by channels counts that of charge and discharge.
LOAD_QUALITY_COUNTS_STORAGE = True

# Whether re-issued energy takes the quality of what was charged in the same interval, beside that of the discharge.
REISSUE_QUALITY_COUNTS_CHARGE = False

# Whether a legacy contract that requires certificates counts only what they back.
LEGACY_MAY_REQUIRE = True

# Whose certificates back a contract that names no beneficiary: the reporting entity's, else nobody's.
ENTITY_STANDS_IN = True

# How a mean of ownership is taken for the annual inventory of a boundary: by purchases ("purchased"). Under "none" the
# annual inventory is not multiplied.
ANNUAL_OWNERSHIP = "purchased"
