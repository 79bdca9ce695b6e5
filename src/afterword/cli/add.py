"""`afterword add` and `round`: tell of an interview in a few words."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import click

from afterword.cli import options
from afterword.cli.book import Book, book_of, on_one
from afterword.cli.command import Command
from afterword.cli.console import say, show, styled
from afterword.cli.here import Here
from afterword.cli.news import show_news
from afterword.cli.plan import show_plan
from afterword.cli.reader import reader_of
from afterword.cli.told import Told, asked, interview_of, interview_options, sent_before
from afterword.core import rounds
from afterword.core.model import Application, Channel, Interview, Status
from afterword.errors import UsageError
from afterword.formats import facts_build, values

_BEFORE_IT_ENDS = """\
Before it ends, three things:
  - ask what the next steps are, and by which day they want to decide
  - say that you will follow up, and ask by which way they like it
  - note the names of everybody, and one thing that each of them cares about"""


@click.command(
    cls=Command,
    example="""
    afterword add "Karoo Analytics" "Marketing Manager" --at "2026-11-24 14:00"
    afterword add Karoo Designer --at "tue 9:30" --with "Thandi Nkosi"
    """,
)
@click.argument("company", type=options.LINE, required=False)
@click.argument("role", type=options.LINE, required=False)
@interview_options
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
    company = company or asked('the company, such as "Karoo Analytics"', "COMPANY")
    role = role or asked('the role, such as "Marketing Manager"', "ROLE")
    known = book.all()
    _show_lesson(known)
    before = None if new else rounds.same_application(known, company, role)
    if before is not None:
        say(f"{before.id} is known: this is its next round (--new makes it one of its own)")
        _add_round(book, before, told)
        return
    interview = interview_of(book, told, None, None)
    application = Application(
        id=_free_id(known, facts_build.default_id(company, role)),
        company=company,
        role=role,
        zone=told.employer_zone or here.zone,
        country=_country(country),
        channel=channel or Channel.EMAIL,
    )
    after = _with_round(book, told, application, interview)
    if not dry_run:
        book.store.add(after)
    _tell(book, None, after, interview)


@click.command(
    "round",
    cls=Command,
    example='afterword round karoo --at "thu 10:00" --with "Pieter Louw <p@k.example>"',
)
@on_one
@interview_options
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
def next_round(book: Book, application: Application, told: Told, dry_run: bool) -> None:
    """Tell of the next interview for an application; earlier follow-ups are retired."""
    _add_round(book_of(book.here, dry=dry_run), application, told)


def _add_round(book: Book, before: Application, told: Told) -> None:
    interview = interview_of(book, told, before, before.zone)
    _refuse_known(book, before, interview)
    after = _with_round(book, told, before, interview)
    if not book.dry:
        book.store.replace(before, after)
    _tell(book, before, after, interview)


def _with_round(
    book: Book, told: Told, application: Application, interview: Interview
) -> Application:
    """Return the application with the interview, and with what was written since."""
    after = rounds.with_round(application, interview)
    return attrs.evolve(after, log=(*after.log, *sent_before(book, told, after, interview)))


def _refuse_known(book: Book, application: Application, interview: Interview) -> None:
    """Refuse an interview that was told of before: its follow-ups would begin anew."""
    known = rounds.at_the_same_time(application, interview)
    if known is None:
        return
    told = f"{application.company}: the interview of {book.shown(known.start)} is known, as"
    if known.status is Status.CANCELLED:
        back = f"afterword move {application.id} {known.id} --to WHEN brings it back"
        raise UsageError(f"{told} {known.id}, and was cancelled; {back}")
    raise UsageError(f"{told} {known.id}; a further round has a time of its own (--at)")


def _tell(
    book: Book, before: Application | None, application: Application, interview: Interview
) -> None:
    show(styled("Understood: ", bold=True), f"{book.shown(interview.start)}")
    reader, plan = reader_of(book.here), book.plan(application)
    if before is None:
        show_plan(plan, reader)
    else:
        show_news(book.plan(before), plan, reader)
    if interview.end > book.here.now:
        show(_BEFORE_IT_ENDS)
    if book.dry:
        say("nothing is kept: a dry run")
    else:
        say(f"kept as {application.id}")


def _country(code: str | None) -> str | None:
    try:
        return values.country(code) if code else None
    except values.MisreadError as error:
        raise UsageError(f"--country: {error}") from None


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
