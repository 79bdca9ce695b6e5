"""File formats that afterword reads and writes."""
