"""What law says: rules, standings and places as data (`law/`), read and checked here. No Python names a jurisdiction."""
