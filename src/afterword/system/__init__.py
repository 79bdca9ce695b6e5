"""Access to the machine: clock, files, locks, passwords, business days."""
