"""Where finished calendars are put: bytes in, bytes out."""
