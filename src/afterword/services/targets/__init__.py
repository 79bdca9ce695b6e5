"""Files and calendars that have events already, and the events that remain in them."""
