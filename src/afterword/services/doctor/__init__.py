"""The checks of `afterword doctor`."""
