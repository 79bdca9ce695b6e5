"""Application files, undo history, exported calendar files, machine state."""
