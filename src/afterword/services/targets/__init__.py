"""Files and calendars that have events already: what changes there, and what stays."""
