"""Machine state in a single SQLite file."""
