"""A second computation of hourly matching scores and inventories, sharing no code with the first."""
