"""The page of `afterword preview`: a single HTML file made from the plans."""
