"""Waiting before a server is asked again.

Many timers begin at the same minute, and a server that stumbles turns all of
them away at once: if each waited as long as the others, they would come back
together.
"""

from __future__ import annotations

import random  # noqa: TID251 - how long to wait is no fact
import time
from collections.abc import Callable

import attrs

_SPREAD = 0.5


@attrs.frozen(kw_only=True)
class Backoff:
    """Waits for as long as it is told at least, and by chance up to half as long again.

    `chance` returns a number from 0 to 1.
    """

    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.SystemRandom().random

    def __call__(self, seconds: float) -> None:
        """Wait for that many seconds, or somewhat longer."""
        self.sleep(seconds * (1 + _SPREAD * self.chance()))
