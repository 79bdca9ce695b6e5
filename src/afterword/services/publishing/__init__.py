"""Calendars that apps fetch: feeds behind a web server, and a server on this computer."""
