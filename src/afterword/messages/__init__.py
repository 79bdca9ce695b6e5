"""Drafts and event texts, in every language."""
