"""The machine: clock, files, locks, passwords, business days."""
