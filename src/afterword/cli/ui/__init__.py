"""Shared options, output and views of the command line."""
