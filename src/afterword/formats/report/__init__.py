"""Reports as HTML pages and CSV tables."""
