"""Synchronize a calendar on a server with the plans."""
