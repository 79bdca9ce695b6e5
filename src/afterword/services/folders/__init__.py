"""Calendars in folders: choose and open them, and take over exports into them."""
