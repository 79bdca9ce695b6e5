"""Pauses before a retry, with jitter.

Clients with timers start in the same minute; without jitter they would all come back together.
"""

from __future__ import annotations

import random  # noqa: TID251 - a pause is not part of any output
import time
from collections.abc import Callable

import attrs

_SPREAD = 0.5


@attrs.frozen(kw_only=True)
class Backoff:
    """A sleep with jitter of up to half its length. `chance` returns a number from 0 to 1."""

    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.SystemRandom().random

    def __call__(self, seconds: float) -> None:
        """Wait for `seconds` plus the jitter."""
        self.sleep(seconds * (1 + _SPREAD * self.chance()))
