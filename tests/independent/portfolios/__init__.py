"""Random portfolios: definitions, readings and registers, deterministic by seed."""
