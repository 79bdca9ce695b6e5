"""Machine state: one SQLite file that may be deleted at any time; the facts live elsewhere."""
