"""The events of a calendar file to the invitations that they are.

Each question that cannot be answered without guessing is kept until all events
are read, so that one error asks them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.core.text import clean_line
from afterword.errors import InputError
from afterword.formats.invitation import companies, places, roles, stated
from afterword.formats.invitation.blocks import Block, parse
from afterword.formats.invitation.decoding import decode
from afterword.formats.invitation.lines import logical_lines
from afterword.formats.invitation.people import Cast, cast
from afterword.formats.invitation.prose import plain, title_of, without_conference
from afterword.formats.invitation.times import Slot, slot, stamp
from afterword.formats.invitation.values import (
    Guess,
    Invitation,
    Limits,
    NeedsAnswerError,
    Question,
    Reading,
    interview_id,
)
from afterword.formats.invitation.versions import Chosen, Version, choose, groups
from afterword.formats.invitation.zones import UnclearError, Zones

_OURS = "-//afterword//afterword//EN"
_NO_ZONE = "the time is given in UTC; if their time zone is not yours, give it with --employer-zone"
_LONGEST_TITLE = 300
# Answers to an invitation and proposals: they tell of no interview that stands.
_NO_INVITATION = {
    "REPLY": "is an answer to an invitation; import the invitation itself",
    "COUNTER": "only proposes another time; import the invitation that comes of it",
    "DECLINECOUNTER": "only declines another time; import the invitation itself",
    "REFRESH": "only asks for an invitation; import the invitation itself",
}


@attrs.frozen(kw_only=True)
class Told:
    """What the reader of the invitations says of them.

    `me` are their own addresses, `hints` others that may be; `at` is the start
    of the one interview whose start they told.
    """

    me: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    employer_zone: ZoneInfo | None = None
    at: dt.datetime | None = None


def versions_in(
    data: bytes, *, source: str, told: Told, limits: Limits, charset: str | None = None
) -> tuple[list[Version], tuple[str, ...]]:
    """Return the events of a calendar file, and what was odd about it.

    Raises InputError for what is no calendar, holds no event, or exceeds the limits.
    """
    text, notices = decode(data, source=source, size=limits.size, charset=charset)
    lines = logical_lines(text, source=source, most=limits.lines)
    root, odd = parse(lines, source=source, limits=limits)
    calendars = root.within("VCALENDAR") or ([root] if root.within("VEVENT") else [])
    if not calendars:
        raise InputError(f"{source}: is no calendar file (it has no BEGIN:VCALENDAR)")
    if any(calendar.text("PRODID") == _OURS for calendar in calendars):
        raise InputError(f"{source}: was written by afterword; import the invitation itself")
    found = [version for calendar in calendars for version in _versions(calendar, told)]
    if not found:
        raise InputError(f"{source}: {_why_none(calendars)}")
    return found, (*notices, *odd)


def invitations(
    versions: Iterable[Version], *, source: str, told: Told, most: int, notices: Iterable[str]
) -> Reading:
    """Return the invitations that stand, by start.

    Raises NeedsAnswerError with the questions of all of them, and InputError
    for more than `most`.
    """
    every = groups(versions)
    if len(every) > most:
        raise InputError(f"{source}: holds more than {most} events; save the interview's alone")
    start = told.at if len(every) == 1 else None
    found, open_questions = [], []
    for group in every:
        try:
            found.append(_invitation(choose(group, start), attrs.evolve(told, at=start)))
        except UnclearError as unclear:
            open_questions.append((group, unclear))
    if len(open_questions) == 1 and told.at and start is None:
        # The one that asks is the one that was meant.
        group, _ = open_questions.pop()
        found.append(_invitation(choose(group, told.at), told))
    if open_questions:
        raise NeedsAnswerError(
            source, [_question(group, unclear) for group, unclear in open_questions]
        )
    never = dt.datetime.max.replace(tzinfo=dt.UTC)
    found.sort(key=lambda it: it.start.astimezone(dt.UTC) if it.start else never)
    return Reading(source=source, invitations=tuple(found), notices=tuple(notices))


def _question(group: list[Version], unclear: UnclearError) -> Question:
    title = _title(group[0]) or "an event without a title"
    return Question(event=title, text=unclear.text, flag=unclear.flag)


def _versions(calendar: Block, told: Told) -> Iterator[Version]:
    method = calendar.text("METHOD").upper()
    if method in _NO_INVITATION:
        return
    zones = Zones(
        definitions=tuple(calendar.within("VTIMEZONE")),
        calendar_zone=calendar.text("X-WR-TIMEZONE"),
        employer=told.employer_zone,
    )
    for event in calendar.within("VEVENT"):
        yield Version(event=event, method=method, zones=zones)


def _why_none(calendars: Iterable[Block]) -> str:
    for calendar in calendars:
        if message := _NO_INVITATION.get(calendar.text("METHOD").upper()):
            return message
        if calendar.blocks and calendar.within("VTODO"):
            return "holds a task and no event; import the invitation itself"
    return "holds no event; save the invitation again"


def _invitation(chosen: Chosen, told: Told) -> Invitation:
    version, event = chosen.version, chosen.version.event
    title = _title(version)
    text = plain(event.text("DESCRIPTION") or event.text("X-ALT-DESC"))
    words = without_conference(text)
    when = _when(version, told)
    people = cast(event, f"{title}\n{words}", me=told.me, hints=told.hints)
    link = places.link_of(event)
    facts = _guesses(title, words, people)
    uid = clean_line(event.text("UID")) or None
    return Invitation(
        id=interview_id(uid, when.start if when else None, title),
        uid=uid,
        sequence=version.sequence,
        stamp=stamp(event),
        method=version.method or None,
        cancelled=version.cancelled,
        start=when.start if when else None,
        end=when.end if when else None,
        zone=when.zone if when else None,
        summary=title,
        description=text,
        location=places.place_of(event),
        link=link[0] if link else None,
        me=people.me,
        interviewers=people.interviewers,
        declined=people.declined,
        organizer=people.organizer,
        domain=people.domain,
        company=facts["company"],
        role=facts["role"],
        round=facts["round"],
        guessed=(*(name for name, guess in facts.items() if guess), *people.guessed)
        + (when.guessed if when else ()),
        sources=_sources(facts, people, link, when),
        warnings=(*chosen.warnings, *_warnings(when, words), *people.warnings),
    )


def _when(version: Version, told: Told) -> Slot | None:
    """Return when it takes place; of a cancelled one it need not be known."""
    try:
        return slot(version.event, version.zones, at=told.at)
    except UnclearError:
        if version.cancelled:
            return None
        raise


def _title(version: Version) -> str:
    return title_of(clean_line(plain(version.event.text("SUMMARY"))))[:_LONGEST_TITLE]


def _guesses(title: str, words: str, people: Cast) -> dict[str, Guess | None]:
    return {
        "company": companies.company(title, words, domain=people.domain, people=people.names),
        "role": roles.role(title, words),
        "round": roles.round_of(title, words),
    }


def _sources(
    facts: dict[str, Guess | None], people: Cast, link: tuple[str, str] | None, when: Slot | None
) -> dict[str, str]:
    guessed = {name: guess.source for name, guess in facts.items() if guess}
    linked = {"link": link[1]} if link else {}
    return {**(when.sources if when else {}), **linked, **people.sources, **guessed}


def _warnings(when: Slot | None, words: str) -> Iterator[str]:
    if when is None:
        return
    yield from when.warnings
    if when.zone is None:
        yield _NO_ZONE
    if conflict := stated.conflict(words, when.start, when.zone):
        yield conflict
