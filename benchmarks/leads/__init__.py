"""How well leads tell tactics from lawful collection: `make leads` measures on invented portfolios, and writes what a score means."""
