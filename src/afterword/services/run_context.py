"""The context of a run: time, zone, settings, paths and user.

The user's zone is --zone, else that of the settings, else the machine's, which is then
saved in the settings: a laptop that travels does not move the plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import When
from afterword.errors import UsageError, WriteError
from afterword.messages.i18n import DateFormatter, Language, get_language
from afterword.settings import loader
from afterword.settings.paths import Locations, find_locations
from afterword.system import clock

T = TypeVar("T")


class UserInterface(Protocol):
    """The user, as services notify and ask them; each front end implements it."""

    def notify(self, message: str, /) -> None:
        """Pass on a notice that is not part of the result."""

    def can_ask(self) -> bool:
        """True if somebody is there to answer a question."""

    def ask(self, question: str, parse: Callable[[str], T], /) -> T:
        """Return the answer as `parse` returns it; ask again while that raises UsageError."""

    def ask_text(self, question: str, /, *, default: str | None = None) -> str:
        """Return the answer, or the default for an empty answer."""

    def ask_password(self, question: str, /) -> str:
        """Return the answer, which is not echoed while it is typed."""

    def confirm(self, question: str, /, *, default: bool) -> bool:
        """Return the answer to a question of yes or no."""

    def choose(self, question: str, choices: Sequence[str], /) -> int:
        """Return the index of the choice that the user makes."""

    def open_page(self, url: str, /) -> None:
        """Open a page in the user's browser, if possible."""

    def track(self, items: Collection[T], doing: str, /) -> Iterator[T]:
        """Yield the items, and show how many are done where that takes long."""

    def progress(self, doing: str, /) -> AbstractContextManager[Callable[[int, int], None]]:
        """Open a progress display, and yield a function of how many are done, and of the total."""


@attrs.frozen(kw_only=True, eq=False)
class RunContext:
    """A run: `now` is in UTC, `zone` the user's. Compared by identity, so it can be a key."""

    now: dt.datetime
    zone: ZoneInfo
    settings: loader.Settings
    locations: Locations
    ui: UserInterface

    @property
    def local_now(self) -> dt.datetime:
        """Return `now` in the user's zone, to the second, as log entries are written."""
        return self.now.replace(microsecond=0).astimezone(self.zone)

    @property
    def today(self) -> dt.date:
        """Return today's date in the user's zone."""
        return datemath.day_of(self.now, self.zone)

    def has_passed(self, end: When) -> bool:
        """True if an event with this end has passed, in the user's zone."""
        return datemath.has_passed(end, now=self.now, zone=self.zone)

    @property
    def language(self) -> Language:
        """Return the user's own language; drafts have that of the employer."""
        return get_language(self.settings.language, informal=self.settings.informal)

    @property
    def formatter(self) -> DateFormatter:
        """Return the formatter of dates and sentences for the user."""
        return DateFormatter(self.language, self.today.year)

    @property
    def calendar_name(self) -> str:
        """Return the name for calendar apps, which in private mode does not mention a search."""
        return "Reminders" if self.settings.private else "Job search"


def build_context(
    *, now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None, ui: UserInterface
) -> RunContext:
    """Return the context of this run; a local `now` is read in the user's zone.

    Raises UsageError for wrong settings, and where no zone is given or set.
    """
    locations = find_locations(data)
    settings = loader.load_settings(locations.settings)
    user_zone = zone or settings.zone or _machine_zone(locations, ui)
    context = RunContext(
        now=clock.now() if now is None else datemath.to_utc(now, user_zone),
        zone=user_zone,
        settings=settings,
        locations=locations,
        ui=ui,
    )
    if zone is None and settings.zone:
        _notify_of_journey(context)
    return context


def _machine_zone(locations: Locations, ui: UserInterface) -> ZoneInfo:
    """Return the machine's zone and save it; UTC is not saved, as it may be a server's default."""
    zone = clock.local_zone()
    if zone is None:
        raise UsageError(
            "the time zone of this computer is not set, and a wrong one would move every date; "
            "set yours once: afterword settings set zone Europe/Berlin "
            "(or, for this run, --zone Europe/Berlin)"
        )
    if zone.key in clock.UTC_NAMES:
        ui.notify(
            f"Times are in {zone.key}, as this computer is set; set your own, for example: "
            "afterword settings set zone Europe/Berlin"
        )
    else:
        _save_zone(zone, locations.settings, ui)
    return zone


def _notify_of_journey(context: RunContext) -> None:
    """Notify that the machine's zone differs; a machine set to UTC is a server, not a journey."""
    machine = clock.local_zone()
    if machine is None or machine.key in clock.UTC_NAMES:
        return
    now = context.now
    if now.astimezone(machine).utcoffset() != now.astimezone(context.zone).utcoffset():
        context.ui.notify(
            f"Your plan stays in {context.zone.key}, although this computer is set to "
            f"{machine.key}; if you have moved: afterword settings set zone {machine.key}"
        )


def _save_zone(zone: ZoneInfo, path: Path, ui: UserInterface) -> None:
    try:
        loader.save_first_zone(path, zone.key)
    except WriteError as error:
        ui.notify(f"Using the time zone of this computer, {zone.key} ({error.message})")
    else:
        ui.notify(f"Your time zone is {zone.key}, as this computer is set; it is saved in {path}")
