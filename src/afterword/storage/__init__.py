"""Applications on disk, undo history, written calendar files."""
