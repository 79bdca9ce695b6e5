"""The settings file and where files are."""
