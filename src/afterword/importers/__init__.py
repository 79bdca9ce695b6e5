"""Invitations and spreadsheets of others, applied to applications."""
