"""Dates, times and lengths as people type them or write them into cells, in several languages."""
