"""Collect what `preview` and `links` show."""
