"""`afterword add` and `round`: tell of an interview in a few words."""

from __future__ import annotations

import datetime as dt
import functools
import re
import sys
from collections.abc import Callable, Sequence
from email.utils import parseaddr
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import attrs
import click

from afterword.cli import options
from afterword.cli.book import Book, book_of, on_one
from afterword.cli.command import Command
from afterword.cli.console import say, show, styled
from afterword.cli.here import Here
from afterword.cli.news import show_news
from afterword.cli.plan import show_plan
from afterword.cli.planning import readers_language
from afterword.core import rounds, spoken
from afterword.core.model import Application, Channel, Interview, Person, StepKind
from afterword.core.text import clean_line
from afterword.errors import UsageError
from afterword.formats import facts_build, values

R = TypeVar("R")

_LENGTH = re.compile(r"(?:(\d+)\s*h)?\s*(?:(\d+)\s*(?:m|min)?)?")
_BEFORE_IT_ENDS = """\
Before it ends, three things:
  - ask what the next steps are, and by which day they want to decide
  - say that you will follow up, and ask by which way they like it
  - note the names of everybody, and one thing that each of them cares about"""


@attrs.frozen(kw_only=True)
class Told:
    """What was typed about one interview."""

    at: str | None
    length: str
    people: tuple[str, ...]
    employer_zone: ZoneInfo | None
    decision_by: str | None
    discussed: tuple[str, ...]
    fit: tuple[str, ...]
    round: str | None
    sent: tuple[str, ...]


def _interview_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options that tell of an interview, handed on as `told`."""
    described = (
        click.option("--at", metavar="WHEN", help='Its start: "2026-11-24 14:00", "tue 14:00".'),
        click.option("--for", "length", default="60m", show_default=True, help="Its length."),
        click.option(
            "--with",
            "people",
            multiple=True,
            metavar='"NAME <ADDRESS>"',
            help="An interviewer; may be repeated. The first one is the main contact.",
        ),
        click.option(
            "--employer-zone",
            type=options.ZONE,
            help="The employer's time zone; WHEN is then on their clock.  [default: yours]",
        ),
        click.option("--decision-by", metavar="DAY", help="The day by which they want to decide."),
        click.option(
            "--discussed",
            multiple=True,
            metavar="TEXT",
            help="What the first of them talked about.",
        ),
        click.option("--fit", multiple=True, metavar="TEXT", help="What of yours answers to it."),
        click.option("--round", metavar="TEXT", help='Which round: "phone screen", "final round".'),
        click.option(
            "--sent",
            multiple=True,
            metavar="STEP[=WHEN]",
            help="What you have written already, such as thank-you or first-follow-up=2026-11-30.",
        ),
    )
    names = [field.name for field in attrs.fields(Told)]

    @functools.wraps(command)
    def with_told(*args: Any, **kwargs: Any) -> R:
        told = Told(**{name: kwargs.pop(name) for name in names})
        return command(*args, told=told, **kwargs)

    for option in reversed(described):
        with_told = option(with_told)
    return with_told


@click.command(
    cls=Command,
    example="""
    afterword add "Karoo Analytics" "Marketing Manager" --at "2026-11-24 14:00"
    afterword add Karoo Designer --at "tue 9:30" --with "Thandi Nkosi"
    """,
)
@click.argument("company", required=False)
@click.argument("role", required=False)
@_interview_options
@click.option("--country", help='The employer\'s, for its holidays: "ZA", "US-CA", "DE-BY".')
@click.option("--channel", type=options.CHANNEL, help="How you write to them.")
@click.option("--new", is_flag=True, help="An application of its own, not the next round of one.")
@click.option("--dry-run", is_flag=True, help="Show the plan, and keep nothing.")
@options.here
def add(
    here: Here,
    company: str | None,
    role: str | None,
    told: Told,
    country: str | None,
    channel: Channel | None,
    new: bool,
    dry_run: bool,
) -> None:
    """Tell of an interview, held or to come, and see what to write when.

    On a terminal it asks for what is missing. A second interview for the same
    company and role is the next round of that application.
    """
    book = book_of(here, dry=dry_run)
    company = clean_line(company or _asked("the company", "COMPANY"))
    role = clean_line(role or _asked("the role", "ROLE"))
    known = book.all()
    _show_lesson(known)
    before = None if new else rounds.same_application(known, company, role)
    if before is not None:
        say(f"{before.id} is known: this is its next round (--new makes it one of its own)")
        _add_round(book, before, told)
        return
    interview = _interview(book, told, None, None)
    application = Application(
        id=_free_id(known, facts_build.default_id(company, role)),
        company=company,
        role=role,
        zone=told.employer_zone or here.zone,
        country=_country(country),
        channel=channel or Channel.EMAIL,
    )
    after = rounds.with_round(application, interview, *_sent(book, told, interview))
    if not dry_run:
        book.store.add(after)
    _tell(book, after, interview)


@click.command(
    "round",
    cls=Command,
    example='afterword round karoo --at "thu 10:00" --with "Pieter Louw <p@k.example>"',
)
@on_one
@_interview_options
def next_round(book: Book, application: Application, told: Told) -> None:
    """Tell of the next interview for an application; earlier follow-ups are retired."""
    _add_round(book, application, told)


def _add_round(book: Book, before: Application, told: Told) -> None:
    interview = _interview(book, told, before, before.zone)
    after = rounds.with_round(before, interview, *_sent(book, told, interview))
    if not book.dry:
        book.store.replace(before, after)
    show_news(book.plan(before), book.plan(after), readers_language(book.here))
    _tell(book, after, interview)


def _interview(
    book: Book, told: Told, application: Application | None, zone: ZoneInfo | None
) -> Interview:
    here = book.here
    place = told.employer_zone or zone or here.zone
    start = spoken.when(
        told.at or _asked('its start, such as "tue 14:00"', "--at"),
        now=here.now,
        zone=place,
        past=False,
    )
    if not isinstance(start, dt.datetime):
        raise UsageError(f'{told.at!r} has no time of the day; write it as "2026-11-24 14:00"')
    length = _length(told.length)
    return Interview(
        id=rounds.next_id(application),
        start=start,
        end=(start.astimezone(dt.UTC) + length).astimezone(place),
        zone=place,
        decision_by=book.day(told.decision_by) if told.decision_by else None,
        added=here.now.replace(microsecond=0).astimezone(here.zone),
        interviewers=_people(told),
        round=told.round,
    )


def _people(told: Told) -> tuple[Person, ...]:
    people = [person_typed(text) for text in told.people]
    if told.discussed or told.fit:
        if not people:
            raise UsageError('say with whom you talked about it: --with "NAME <ADDRESS>"')
        people[0] = attrs.evolve(people[0], discussed=told.discussed, fit=told.fit)
    return tuple(people)


def person_typed(text: str) -> Person:
    """Return the person that "NAME <ADDRESS>", a name or an address means. Raises UsageError."""
    name, address = parseaddr(text) if "@" in text else (text, "")
    try:
        return Person(
            name=values.line(name or address.partition("@")[0]),
            email=values.address(address) if address else None,
        )
    except values.MisreadError as error:
        raise UsageError(f"{text!r}: {error}") from None


def _country(code: str | None) -> str | None:
    try:
        return values.country(code) if code else None
    except values.MisreadError as error:
        raise UsageError(f"--country: {error}") from None


def _length(text: str) -> dt.timedelta:
    match = _LENGTH.fullmatch(text.strip().casefold())
    minutes = int(match[1] or 0) * 60 + int(match[2] or 0) if match else 0
    if not 0 < minutes <= 24 * 60:
        raise UsageError(f"--for {text!r} is no length; write it as 60m, 1h or 1h30m")
    return dt.timedelta(minutes=minutes)


def _sent(book: Book, told: Told, interview: Interview) -> Sequence[Any]:
    here = book.here
    words = told.sent
    if not words and interview.end < here.now and sys.stdin.isatty():
        answer = click.prompt(
            "What have you written already? (thank-you, first-follow-up=DAY, or nothing)",
            default="",
            show_default=False,
            err=True,
        )
        words = tuple(word for word in re.split(r"[,\s]+", answer) if word and word != "nothing")
    entries = []
    for word in words:
        name, _, typed = word.partition("=")
        kind = options.STEP.convert(name, None, None)
        on = spoken.when(typed, now=here.now, zone=here.zone, past=True) if typed else None
        if on is None and kind is not StepKind.THANK_YOU:
            raise UsageError(f"say when you sent it: --sent {kind}=2026-11-30")
        if on is not None and not isinstance(on, dt.datetime):
            on = dt.datetime.combine(on, dt.time(12), tzinfo=here.zone)
        if interview.end > here.now or (on is not None and on < interview.end):
            raise UsageError(f"--sent {word}: nothing can be sent before the interview has ended")
        entries.append(rounds.sent_before(interview, kind, on, now=here.now.astimezone(here.zone)))
    return entries


def _tell(book: Book, application: Application, interview: Interview) -> None:
    show(styled("Understood: ", bold=True), f"{book.shown(interview.start)}")
    show_plan(book.plan(application), readers_language(book.here))
    if interview.end > book.here.now:
        show(_BEFORE_IT_ENDS)
    if book.dry:
        say("nothing is kept: a dry run")
    else:
        say(f"kept as {application.id}")


def _asked(what: str, flag: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(f"{flag} is missing: {what}")
    answer: str = click.prompt(what[:1].upper() + what[1:], err=True)
    return answer


def _free_id(known: Sequence[Application], wanted: str) -> str:
    taken = {application.id.casefold() for application in known}
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _show_lesson(known: Sequence[Application]) -> None:
    lessons = [e.lesson for a in known for e in a.log if e.lesson]
    if lessons:
        say(f"You noted the last time: {lessons[-1]}")
