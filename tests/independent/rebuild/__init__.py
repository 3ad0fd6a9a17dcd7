"""An evidence pack checked from docs/pack-format.md alone: bytes, root, signature, site-hours, proof, received rows."""
