"""Log the outcome that the status of a table states, and find applications that got no answer."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import Answer, Application, InterviewStatus, LogEntry, When
from afterword.domain.planning.timeline import build_timeline, employer_zone, to_instant
from afterword.importers.spreadsheet.row_status import RowStatus
from afterword.importers.spreadsheet.status_words import StatusMeaning

DAYS_OF_SILENCE = 30
"""Days after its interview, after which an application without an answer is taken as closed."""

_ANSWERS = {
    StatusMeaning.REJECTED: Answer.REJECTED,
    StatusMeaning.OFFER: Answer.POSITIVE,
    StatusMeaning.POSITIVE: Answer.POSITIVE,
}


def status_entries(
    application: Application, status: RowStatus | None, *, now: dt.datetime, zone: ZoneInfo
) -> tuple[LogEntry, ...]:
    """Return the log entries for a status; none if it has no outcome, or if that is logged.

    Nothing is followed up after an outcome: an offer closes the application, and so does a
    rejection that is too old for a reply or has no date. `zone` is the user's.
    """
    if status is None or not status.meaning.is_outcome or _is_logged(application, status.meaning):
        return ()
    if status.meaning is StatusMeaning.CANCELLED:
        return ()
    at, moment = _when(application, status.at, now, zone)
    answer = _ANSWERS.get(status.meaning)
    note = f"Status in the table: {status.text}"
    if answer is None:
        return (LogEntry(at=at, closed=True, note=note),)
    held = [i for i in application.interviews if i.status is InterviewStatus.HELD]
    heard = LogEntry(at=at, heard=answer, note=note)
    if status.meaning is StatusMeaning.POSITIVE:
        return (heard,) if any(i.start <= moment for i in held) else ()
    is_recent = at != now and now < moment + 24 * datemath.HOUR
    is_over = all(i.end <= moment for i in held)
    if status.meaning is StatusMeaning.REJECTED and is_recent and is_over:
        return (heard,)
    return heard, LogEntry(at=at, closed=True)


def silence_entry(application: Application, *, now: dt.datetime, zone: ZoneInfo) -> LogEntry | None:
    """Return the entry that closes an application whose last interview got no answer for long.

    None where it is closed, an answer came, or the day by which they decide is still to come.
    """
    held = [i for i in application.interviews if i.status is InterviewStatus.HELD]
    if not held:
        return None
    last = max(held, key=lambda i: i.end.timestamp())
    today = datemath.day_of(now, zone)
    is_recent = datemath.elapsed(last.end, now) <= DAYS_OF_SILENCE * datemath.DAY
    if is_recent or (last.decision_by and last.decision_by >= today):
        return None
    timeline = build_timeline(
        application, zone=zone, employer_zone=employer_zone(application, zone)
    )
    if timeline.closing_entry() or any(a.at >= last.start for a in timeline.answers):
        return None
    note = f"The interview ended over {DAYS_OF_SILENCE} days ago, without an answer."
    return LogEntry(at=now, closed=True, note=note)


def with_entries(application: Application, *entries: LogEntry) -> Application:
    """Return the application with more log entries."""
    if not entries:
        return application
    return attrs.evolve(application, log=(*application.log, *entries))


def _is_logged(application: Application, meaning: StatusMeaning) -> bool:
    answer = _ANSWERS.get(meaning)
    return any(
        entry.heard is answer if answer is not None else entry.closed for entry in application.log
    )


def _when(
    application: Application, at: When | None, now: dt.datetime, zone: ZoneInfo
) -> tuple[When, dt.datetime]:
    """Return `at` of an entry and its instant: never in the future, nor before an interview's end.

    Otherwise an interview that was held would still wait for the answer.
    """
    if at is None:
        return now, now
    moment = to_instant(at, application.interviews, zone)
    ends = [i.end for i in application.interviews if i.start <= now]
    latest = max(ends, default=moment)
    if moment < latest:
        at = moment = latest.astimezone(zone)
    return (at, moment) if moment <= now else (now, now)
