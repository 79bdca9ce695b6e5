"""Which VEVENT counts, where a file holds several of one UID (RFC 5545 3.8.7.4, RFC 5546 2.1.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import attrs

from afterword.core.text import clean_line
from afterword.formats.invitation.blocks import Block
from afterword.formats.invitation.prose import says_cancelled
from afterword.formats.invitation.times import instant, stamp
from afterword.formats.invitation.values import Flag
from afterword.formats.invitation.zones import UnclearError, Zones

_NEVER = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@attrs.frozen(kw_only=True)
class Version:
    """One VEVENT, with the method and the clocks of the calendar object that it stands in."""

    event: Block
    method: str
    zones: Zones

    @property
    def sequence(self) -> int:
        """Return its SEQUENCE; 0 where there is none that counts."""
        text = self.event.text("SEQUENCE", "X-MICROSOFT-CDO-APPT-SEQUENCE")
        return int(text) if text.isascii() and text.isdigit() and len(text) < len("1" * 10) else 0

    @property
    def cancelled(self) -> bool:
        """Tell whether the interview is off: by method, by status, or by its title."""
        return (
            self.method == "CANCEL"
            or self.event.text("STATUS").upper() == "CANCELLED"
            or says_cancelled(clean_line(self.event.text("SUMMARY")))
        )

    @property
    def identity(self) -> str:
        """Return the UID, or what an event without one is known by."""
        name = clean_line(self.event.text("UID"))
        return name or "\n".join(("", self.event.text("DTSTART"), self.event.text("SUMMARY")))

    def rank(self) -> tuple[int, dt.datetime, bool]:
        """Order the versions of one event, the one that counts last."""
        return self.sequence, stamp(self.event) or _NEVER, self.cancelled


@attrs.frozen(kw_only=True)
class Chosen:
    """The version that counts, and what was left aside for it."""

    version: Version
    warnings: tuple[str, ...] = ()


def groups(versions: Iterable[Version]) -> list[list[Version]]:
    """Return the versions by identity, in the order of the file."""
    found: dict[str, list[Version]] = {}
    for version in versions:
        found.setdefault(version.identity, []).append(version)
    return list(found.values())


def choose(versions: Sequence[Version], at: dt.datetime | None) -> Chosen:
    """Return the version that counts of one event.

    An interview does not recur: of a repeating meeting the date that stands by
    itself (RECURRENCE-ID) is meant, else its first.

    Raises UnclearError where several dates stand by themselves and `at` is none of them.
    """
    masters = [v for v in versions if not v.event.text("RECURRENCE-ID")]
    master = max(masters, key=Version.rank, default=None)
    dates = _newest_by_date(v for v in versions if v.event.text("RECURRENCE-ID"))
    live = [v for v in dates if not v.cancelled]
    if master and (master.cancelled or not dates):
        return Chosen(version=master, warnings=(*_older(master, masters), *_repeats(master)))
    if len(live) == 1:
        return Chosen(version=live[0], warnings=("it is one date of a repeating meeting",))
    if live:
        return _one_of(live, at)
    if master is None:
        return Chosen(version=max(dates, key=Version.rank))
    if _first_is_off(master, dates) and at is None:
        raise UnclearError(
            "the first date of this repeating meeting is cancelled; which is yours?", Flag.AT
        )
    return Chosen(version=master, warnings=_repeats(master))


def _one_of(live: Sequence[Version], at: dt.datetime | None) -> Chosen:
    for version in live:
        if at is not None and instant(version.event, "DTSTART", version.zones) == at:
            return Chosen(version=version, warnings=("it is one date of a repeating meeting",))
    raise UnclearError(f"it stands on {len(live)} dates; which is yours?", Flag.AT)


def _newest_by_date(versions: Iterable[Version]) -> list[Version]:
    found: dict[str, Version] = {}
    for version in versions:
        date = version.event.text("RECURRENCE-ID")
        if date not in found or version.rank() >= found[date].rank():
            found[date] = version
    return list(found.values())


def _older(master: Version, masters: Sequence[Version]) -> tuple[str, ...]:
    if all(v.rank() == master.rank() for v in masters):
        return ()
    return ("the file holds older versions of this event too; the newest counts",)


def _repeats(master: Version) -> tuple[str, ...]:
    if not master.event.first("RRULE", "RDATE"):
        return ()
    return ("it repeats (RRULE); only its first date was read as an interview",)


def _first_is_off(master: Version, dates: Sequence[Version]) -> bool:
    first = instant(master.event, "DTSTART", master.zones)
    return any(instant(v.event, "RECURRENCE-ID", v.zones) == first for v in dates)
