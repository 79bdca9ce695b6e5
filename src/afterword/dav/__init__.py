"""CalDAV client."""
