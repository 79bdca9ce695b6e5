"""Shell completion, without an import of the commands that are completed."""
