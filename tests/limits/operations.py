"""Count what a call does, which unlike time is the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable


def count_calls(act: Callable[[], object]) -> int:
    """Return how many functions are called, those written in C included."""
    count = 0

    def note(_frame: object, kind: str, _argument: object) -> None:
        nonlocal count
        count += kind in {"call", "c_call"}

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count
