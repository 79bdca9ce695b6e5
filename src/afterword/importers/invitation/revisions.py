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
from afterword.importers.invitation.times import parse_ical_instant, parse_utc
from afterword.importers.invitation.zone_resolver import AmbiguousTimeError, ZoneResolver

_NO_STAMP = dt.datetime.min.replace(tzinfo=dt.UTC)
_MAX_SEQUENCE_DIGITS = 9
# Recruiters mark a slot that they reserve before they know which one it will be.
_HOLD = re.compile(r"\[?(?:hold|tentative|platzhalter|blocker)\]?\s*[-:\u2013]", re.IGNORECASE)
_OLDER = "the file holds older versions of this event too; the newest counts"
_RECURRING = "it repeats (RRULE); only its first date was read as an interview"
_SINGLE_DATE = "it is one date of a repeating meeting"


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

    @property
    def recurrence_id(self) -> str:
        """Return the date of a recurring meeting that this event replaces, "" for the meeting."""
        return self.event.text("RECURRENCE-ID")

    @property
    def stamp(self) -> dt.datetime | None:
        """Return its DTSTAMP (in UTC), or LAST-MODIFIED where it is missing."""
        return parse_utc(self.event, "DTSTAMP") or self.modified

    @property
    def modified(self) -> dt.datetime | None:
        """Return its LAST-MODIFIED (in UTC)."""
        return parse_utc(self.event, "LAST-MODIFIED")

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

    def instant(self, name: str) -> dt.datetime | None:
        """Return the UTC instant of a property, None where it is missing or ambiguous."""
        return parse_ical_instant(self.event, name, self.zones)

    def rank(self) -> tuple[int, dt.datetime, dt.datetime, bool]:
        """Return the sort key among the revisions of an event; the greatest counts."""
        return self.sequence, self.stamp or _NO_STAMP, self.modified or _NO_STAMP, self.cancelled


def group_by_uid(revisions: Iterable[EventRevision]) -> list[list[EventRevision]]:
    """Return the revisions of each event, in the order of the file."""
    groups: dict[str, list[EventRevision]] = {}
    for revision in revisions:
        groups.setdefault(revision.identity, []).append(revision)
    return list(groups.values())


def latest_revision(
    revisions: Sequence[EventRevision], at: dt.datetime | None
) -> tuple[EventRevision, tuple[str, ...]]:
    """Return the revision that counts among those of an event, and warnings about the others.

    An interview does not recur, so of a recurring meeting it is the date with an event of its own
    (RECURRENCE-ID), else the first date.

    Raises AmbiguousTimeError where several dates have their own event and none of them is at `at`,
    and where the first date is cancelled.
    """
    masters = [r for r in revisions if not r.recurrence_id]
    master = max(masters, key=EventRevision.rank, default=None)
    dated = sorted((r for r in revisions if r.recurrence_id), key=EventRevision.rank)
    overrides = list({r.recurrence_id: r for r in dated}.values())
    active = [r for r in overrides if not r.cancelled]
    if active and not (master and master.cancelled):
        return _override_at(active, at), (_SINGLE_DATE,)
    if master is None:
        return dated[-1], ()
    first = master.instant("DTSTART")
    replaced = (override.instant("RECURRENCE-ID") for override in overrides)
    if not master.cancelled and at is None and first in replaced:
        raise AmbiguousTimeError(
            "the first date of this repeating meeting is cancelled; which is yours?"
        )
    has_older = any(r.rank() != master.rank() for r in masters)
    recurs = master.event.first("RRULE", "RDATE")
    return master, (*([_OLDER] if has_older else []), *([_RECURRING] if recurs else []))


def _override_at(active: Sequence[EventRevision], at: dt.datetime | None) -> EventRevision:
    """Return the only revision, or that which starts at `at`."""
    if len(active) == 1:
        return active[0]
    for revision in active:
        if at is not None and revision.instant("DTSTART") == at:
            return revision
    raise AmbiguousTimeError(f"it has {len(active)} dates; which is yours?")
