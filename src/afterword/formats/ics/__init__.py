"""iCalendar objects that afterword writes, and patches on a server."""
