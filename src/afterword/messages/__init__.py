"""Drafts and event texts in all languages."""
