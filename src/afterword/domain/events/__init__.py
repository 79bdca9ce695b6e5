"""From a plan to calendar events."""
