"""The options and the shared values of a sync, and its patience with a server.

The pauses have jitter: clients with timers start in the same minute, and would all come back
together.
"""

from __future__ import annotations

import datetime as dt
import random  # noqa: TID251 - a pause is not part of any output
import time
from collections.abc import Callable, Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

import attrs

from afterword.dav.interface import BusyError, Calendar, UnresponsiveError
from afterword.domain.merge.three_way import DesiredState
from afterword.domain.merge.user_edits import TitleKeywords
from afterword.errors import TryLaterError
from afterword.storage.state.sync_rows import SyncRow
from afterword.sync.session import SyncSession

LONGEST_PAUSE = 60.0
"""The longest wait, in seconds, for which a run obeys a Retry-After."""

_PAUSES = (1.0, 2.0)
_MAX_RETRY_AFTER = 30 * 86_400.0
_SPREAD = 0.5

Progress = Callable[[int, int], None]
T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Backoff:
    """A sleep with jitter of up to half its length. `chance` returns a number from 0 to 1."""

    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.SystemRandom().random

    def __call__(self, seconds: float) -> None:
        """Wait for `seconds` plus the jitter."""
        self.sleep(seconds * (1 + _SPREAD * self.chance()))


@attrs.frozen(kw_only=True)
class Options:
    """The options of a sync.

    `words` are the title prefixes that log something, `over` is the prefix of an edited event
    that is over.
    `remove_orphans`: remove the events with our marks that belong to no application here, if
    `confirm_orphans` allows it, given their titles.
    `adopt`: take over events that were written for an application of the same id in another
    store.
    `first_rows`: the rows of a calendar that was never synced, as after an export into it.
    `connections` is the number of concurrent writes.
    """

    words: TitleKeywords
    over: str
    dry_run: bool = False
    allow_mass_delete: bool = False
    remove_orphans: bool = False
    confirm_orphans: Callable[[tuple[str, ...]], bool] | None = None
    adopt: bool = False
    first_rows: Mapping[str, SyncRow] = attrs.field(factory=dict)
    connections: int = 4
    sleep: Callable[[float], None] = attrs.field(factory=Backoff)
    progress: Progress | None = None


@attrs.frozen(kw_only=True)
class SyncContext:
    """The shared values of a sync."""

    calendar: Calendar
    session: SyncSession
    options: Options
    desired: DesiredState
    now: dt.datetime

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the plan."""
        return self.desired.zone

    def marks(self, uid: str) -> str:
        """Return the X-AFTERWORD-MARKS of an object as last fetched or sent."""
        from afterword.formats import ics_patch

        body = self.session.body(uid)
        return ics_patch.parse_event(body, self.zone).marks if body else ""

    def with_retries(self, read: Callable[[], T]) -> T:
        """Return the result of a read, tried up to three times if the server fails.

        If the server asks for a longer wait than LONGEST_PAUSE, the error names the end of the
        wait.
        """
        for pause in _PAUSES:
            try:
                return read()
            except BusyError as error:
                if error.seconds is not None and error.seconds > LONGEST_PAUSE:
                    raise self.busy_error(error.seconds) from None
                self.options.sleep(pause if error.seconds is None else error.seconds)
            except UnresponsiveError:
                raise
            except TryLaterError:
                self.options.sleep(pause)
        return read()

    def busy_error(self, seconds: float) -> TryLaterError:
        """Return the error for a server that asks to come back after so many seconds."""
        later = self.now + dt.timedelta(seconds=min(seconds, _MAX_RETRY_AFTER))
        back = f"{later.astimezone(self.zone):%Y-%m-%d %H:%M}"
        return TryLaterError(
            f"{self.calendar.url} is busy; try again after {back}. Nothing is lost."
        )
