"""Machine state in one SQLite file."""
