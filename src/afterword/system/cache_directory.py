"""Directories in the user's cache, for results that take long to compute again."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def cache_directory(name: str) -> Path | None:
    """Return the directory of a cache, which may not exist; None without a home directory."""
    try:
        return platformdirs.user_cache_path("afterword", appauthor=False) / name
    except RuntimeError:
        return None


def make_cache_directory(name: str) -> Path | None:
    """Create the directory of a cache, for the user alone; None where it cannot be created."""
    directory = cache_directory(name)
    if directory is None:
        return None
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return directory
