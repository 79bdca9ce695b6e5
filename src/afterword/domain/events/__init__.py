"""The calendar events of a plan."""
