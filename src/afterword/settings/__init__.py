"""The settings file, and the locations of all files."""
