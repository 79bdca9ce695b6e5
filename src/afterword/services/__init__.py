"""Use cases: what each command does, without click and without printing."""
