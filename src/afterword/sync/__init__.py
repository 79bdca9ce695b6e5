"""The plan and one calendar brought together, again and again, without losing anything."""
