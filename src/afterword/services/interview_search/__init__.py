"""Suggest interviews from the user's calendars, and follow those that were added."""
