"""afterword: follow up after a job interview without being pushy, from your own calendar."""

__version__ = "0.2.0"
