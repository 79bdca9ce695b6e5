"""Calendars in folders with a file for each event, as khal and vdirsyncer use them (vdir)."""
