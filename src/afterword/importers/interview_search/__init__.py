"""Find the events of a calendar that look like job interviews."""
