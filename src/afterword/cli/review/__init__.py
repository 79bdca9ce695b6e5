"""Views of silences, timelines and reports."""
