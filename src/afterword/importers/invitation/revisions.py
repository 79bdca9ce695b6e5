"""Select the revision of an event that counts (RFC 5545 3.8.7.4, RFC 5546 2.1.5)."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Sequence

import attrs

from afterword.domain.sanitize import clean_line
from afterword.importers.invitation.html_text import has_cancelled_prefix
from afterword.importers.invitation.ical_parser import Component
from afterword.importers.invitation.invitation_model import CliFlag
from afterword.importers.invitation.times import (
    parse_ical_instant,
    parse_modified,
    parse_stamp,
)
from afterword.importers.invitation.zone_resolver import AmbiguousTimeError, ZoneResolver

_NO_STAMP = dt.datetime.min.replace(tzinfo=dt.UTC)
_MAX_SEQUENCE_DIGITS = 9
# Recruiters mark a slot that they reserve before they know which one it will be.
_HOLD = re.compile(r"\[?(?:hold|tentative|platzhalter|blocker)\]?\s*[-:\u2013]", re.IGNORECASE)
_SINGLE_DATE = ("it is one date of a repeating meeting",)


@attrs.frozen(kw_only=True)
class EventRevision:
    """A VEVENT, with the method and the time zones of its calendar object."""

    event: Component
    method: str
    zones: ZoneResolver

    @property
    def sequence(self) -> int:
        """Return its SEQUENCE; 0 where it is missing or invalid."""
        text = self.event.text("SEQUENCE", "X-MICROSOFT-CDO-APPT-SEQUENCE")
        is_valid = text.isascii() and text.isdigit() and len(text) <= _MAX_SEQUENCE_DIGITS
        return int(text) if is_valid else 0

    @functools.cached_property
    def cancelled(self) -> bool:
        """True if the interview is cancelled: by method, by status or by a prefix of the title."""
        return (
            self.method == "CANCEL"
            or self.event.text("STATUS").upper() == "CANCELLED"
            or has_cancelled_prefix(clean_line(self.event.text("SUMMARY")))
        )

    @property
    def identity(self) -> str:
        """Return the UID, else start and title."""
        uid = clean_line(self.event.text("UID"))
        return uid or "\n".join(("", self.event.text("DTSTART"), self.event.text("SUMMARY")))

    @property
    def tentative(self) -> bool:
        """True if the time is only a proposal."""
        title = clean_line(self.event.text("SUMMARY"))
        return not self.cancelled and (
            self.event.text("STATUS").upper() == "TENTATIVE" or bool(_HOLD.match(title))
        )

    def rank(self) -> tuple[int, dt.datetime, dt.datetime, bool]:
        """Return the sort key among the revisions of an event; the greatest counts."""
        stamp, modified = parse_stamp(self.event), parse_modified(self.event)
        return self.sequence, stamp or _NO_STAMP, modified or _NO_STAMP, self.cancelled


@attrs.frozen(kw_only=True)
class SelectedRevision:
    """The revision that counts, and warnings about those that do not."""

    revision: EventRevision
    warnings: tuple[str, ...] = ()


def group_by_uid(revisions: Iterable[EventRevision]) -> list[list[EventRevision]]:
    """Return the revisions of each event, in the order of the file."""
    groups: dict[str, list[EventRevision]] = {}
    for revision in revisions:
        groups.setdefault(revision.identity, []).append(revision)
    return list(groups.values())


def latest_revision(revisions: Sequence[EventRevision], at: dt.datetime | None) -> SelectedRevision:
    """Return the revision that counts among those of an event.

    An interview does not recur, so of a recurring meeting it is the date with an event of its own
    (RECURRENCE-ID), else the first date.

    Raises AmbiguousTimeError where several dates have their own event and none of them is at `at`,
    and where the first date is cancelled.
    """
    masters = [r for r in revisions if not r.event.text("RECURRENCE-ID")]
    master = max(masters, key=EventRevision.rank, default=None)
    overrides = _latest_by_date(r for r in revisions if r.event.text("RECURRENCE-ID"))
    active = [r for r in overrides if not r.cancelled]
    if master and (master.cancelled or not overrides):
        warnings = (*_older_warnings(master, masters), *_recurrence_warnings(master))
        return SelectedRevision(revision=master, warnings=warnings)
    if active:
        return SelectedRevision(revision=_override_at(active, at), warnings=_SINGLE_DATE)
    if master is None:
        return SelectedRevision(revision=max(overrides, key=EventRevision.rank))
    if at is None and _first_date_is_overridden(master, overrides):
        raise AmbiguousTimeError(
            "the first date of this repeating meeting is cancelled; which is yours?", CliFlag.AT
        )
    return SelectedRevision(revision=master, warnings=_recurrence_warnings(master))


def _override_at(active: Sequence[EventRevision], at: dt.datetime | None) -> EventRevision:
    """Return the only revision, or that which starts at `at`."""
    if len(active) == 1:
        return active[0]
    for revision in active:
        if at is not None and parse_ical_instant(revision.event, "DTSTART", revision.zones) == at:
            return revision
    raise AmbiguousTimeError(f"it has {len(active)} dates; which is yours?", CliFlag.AT)


def _latest_by_date(revisions: Iterable[EventRevision]) -> list[EventRevision]:
    latest: dict[str, EventRevision] = {}
    for revision in revisions:
        date = revision.event.text("RECURRENCE-ID")
        if date not in latest or revision.rank() >= latest[date].rank():
            latest[date] = revision
    return list(latest.values())


def _older_warnings(master: EventRevision, masters: Sequence[EventRevision]) -> tuple[str, ...]:
    if all(revision is master or revision.rank() == master.rank() for revision in masters):
        return ()
    return ("the file holds older versions of this event too; the newest counts",)


def _recurrence_warnings(master: EventRevision) -> tuple[str, ...]:
    if not master.event.first("RRULE", "RDATE"):
        return ()
    return ("it repeats (RRULE); only its first date was read as an interview",)


def _first_date_is_overridden(master: EventRevision, overrides: Sequence[EventRevision]) -> bool:
    first = parse_ical_instant(master.event, "DTSTART", master.zones)
    return any(parse_ical_instant(o.event, "RECURRENCE-ID", o.zones) == first for o in overrides)
