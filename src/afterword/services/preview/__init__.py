"""The content of `preview` and `links`."""
