"""The use cases of the program, without click and without printing."""
