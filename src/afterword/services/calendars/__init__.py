"""Calendars on servers and in folders: log in, find, sync, check and serve them."""
