"""Retries of a read, within the patience of a user and the wishes of a server.

The pauses have jitter: clients with timers start in the same minute, and would all come back
together.
"""

from __future__ import annotations

import datetime as dt
import random  # noqa: TID251 - a pause is not part of any output
import time
from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

import attrs

from afterword.dav.interface import BusyError, UnresponsiveError
from afterword.errors import TryLaterError
from afterword.sync.session import SyncContext

LONGEST_PAUSE = 60.0
"""The longest wait, in seconds, for which a run obeys a Retry-After."""

_PAUSES = (1.0, 2.0)
_MAX_RETRY_AFTER = 30 * 86_400.0
T = TypeVar("T")

_SPREAD = 0.5


def with_retries(call: Callable[[], T], context: SyncContext, zone: ZoneInfo) -> T:
    """Return the result of a read, tried up to three times if the server fails.

    If the server asks for a longer wait than LONGEST_PAUSE, the error names the end of the
    wait, in `zone`.
    """
    for pause in _PAUSES:
        try:
            return call()
        except BusyError as error:
            if error.seconds is not None and error.seconds > LONGEST_PAUSE:
                raise busy_error(context, error.seconds, zone) from None
            context.sleep(pause if error.seconds is None else error.seconds)
        except UnresponsiveError:
            raise
        except TryLaterError:
            context.sleep(pause)
    return call()


def busy_error(context: SyncContext, seconds: float, zone: ZoneInfo) -> TryLaterError:
    """Return the error for a server that asks to come back after so many seconds."""
    later = context.now + dt.timedelta(seconds=min(seconds, _MAX_RETRY_AFTER))
    back = f"{later.astimezone(zone):%Y-%m-%d %H:%M}"
    return TryLaterError(
        f"{context.calendar.url} is busy; try again after {back}. Nothing is lost."
    )


@attrs.frozen(kw_only=True)
class Backoff:
    """A sleep with jitter of up to half its length. `chance` returns a number from 0 to 1."""

    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.SystemRandom().random

    def __call__(self, seconds: float) -> None:
        """Wait for `seconds` plus the jitter."""
        self.sleep(seconds * (1 + _SPREAD * self.chance()))
