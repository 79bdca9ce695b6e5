"""`afterword import`: invitations, mails and files of facts become applications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import click

from afterword.cli import options, sources
from afterword.cli.book import Book, book_of
from afterword.cli.command import Command
from afterword.cli.console import say, show, show_bytes, show_json
from afterword.cli.here import Here
from afterword.cli.invited import Days, Deciding
from afterword.cli.news import show_news
from afterword.cli.reader import reader_of
from afterword.cli.tables import Tables, is_table, stated, take_table
from afterword.core.model import Application
from afterword.errors import ExitCode, InputError, UsageError
from afterword.formats import facts, invitation, table
from afterword.formats.table import Order
from afterword.intake.invitations import Action, Outcome


@attrs.frozen(kw_only=True)
class Taken:
    """What one file came to: its events, or why it was not taken."""

    file: str
    events: tuple[dict[str, Any], ...] = ()
    error: InputError | None = None


def _show_template(ctx: click.Context, _: click.Parameter, wanted: str | None) -> None:
    if wanted:
        show_bytes([table.template().encode()])
        ctx.exit()


@click.command(
    "import",
    cls=Command,
    example="""
    afterword import invite.ics --role "Marketing Manager"
    afterword import mail.eml clients.toml --json
    """,
)
@click.argument("paths", nargs=-1, metavar="FILE...")
@sources.answers
@click.option("--dates", type=options.ORDER, help="The order of dates in a table.")
@click.option("--partial", is_flag=True, help="Leave out the bad rows of a table.")
@click.option(
    "--template",
    type=click.Choice(["csv"]),
    is_eager=True,
    expose_value=False,
    callback=_show_template,
    help="Print a table to begin with: a header and two rows.",
)
@click.option(
    "--panel-day/--rounds",
    "panel_day",
    default=None,
    help="Several interviews of one day are one (one set of follow-ups), or rounds.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be kept, and keep nothing.")
@options.here
@options.json
def take(
    paths: tuple[str, ...],
    answers: sources.Answers,
    dates: Order | None,
    partial: bool,
    panel_day: bool | None,
    dry_run: bool,
    here: Here,
    as_json: bool,
) -> None:
    """Read interviews from invitations (.ics), mails (.eml), tables (.csv) and facts (.toml).

    An invitation that comes again changes the interview that it is about: a
    newer one moves it, a cancellation cancels it, an older copy does nothing.
    What is guessed is said, and asked about on a terminal. - is standard input.
    """
    if not paths:
        raise UsageError("say what to read: afterword import FILE...")
    taking = _Taking(
        book=book_of(here, dry=dry_run),
        said=answers,
        days=Days(panel_day),
        tables=Tables(dates=dates, partial=partial, zone=answers.employer_zone),
        quiet=as_json,
    )
    taken = [_file(path, taking) for path in paths]
    if dry_run and any(one.error is None for one in taken):
        say("nothing is kept: a dry run")
    if as_json:
        show_json(
            {
                "version": 1,
                "files": [
                    {"file": one.file, "events": list(one.events)}
                    | ({"error": str(one.error)} if one.error else {})
                    for one in taken
                ],
            }
        )
    _end(taken)


@attrs.frozen(kw_only=True)
class _Taking:
    """What holds for all files of a run."""

    book: Book
    said: sources.Answers
    days: Days
    tables: Tables
    quiet: bool


def _file(path: str, how: _Taking) -> Taken:
    """Take one file whole, or nothing of it."""
    try:
        return Taken(file=path, events=tuple(_events(path, sources.content(path), how)))
    except InputError as error:
        return Taken(file=path, error=error)


def _events(path: str, data: bytes, how: _Taking) -> Iterator[dict[str, Any]]:
    sources.refuse_other_programs(path, data)
    if sources.is_invitation(path, data):
        reading = sources.read_invitations(path, data, how.said, how.book.here)
        for notice in reading.notices:
            say(f"{reading.source}: {notice}")
        outcomes = Deciding(book=how.book, said=how.said, days=how.days).decide(reading)
        return (_event(one, how) for one in outcomes)
    if is_table(path, data):
        return take_table(sources.name_of(path), data, how.tables, how.book, quiet=how.quiet)
    return _facts(facts.read(data, sources.name_of(path)), how.book, quiet=how.quiet)


def _event(outcome: Outcome, how: _Taking) -> dict[str, Any]:
    """Keep what an invitation came to, tell it, and return it as an event of the document."""
    invited, book = outcome.invitation, how.book
    guessed = [key for key in invited.guessed if not _is_certain(key, outcome, how.said)]
    after = outcome.after
    if after is not None and outcome.changes and not book.dry:
        before = outcome.before
        after = book.store.add(after) if before is None else book.store.replace(before, after)
    if not how.quiet:
        _tell(outcome, after, book, guessed)
    event = invitation.as_json(invited) | {"guessed": guessed}
    if after is not None:
        event["company"], event["role"] = after.company, after.role
    warnings = [*invited.warnings, *outcome.warnings]
    return {
        "action": outcome.action.value,
        "application": after.id if after else None,
        **event,
        "interview": outcome.interview or event["interview"],
        "warnings": warnings,
    }


def _is_certain(key: str, outcome: Outcome, said: sources.Answers) -> bool:
    """Whether it was said, or is kept of the application already."""
    kept = outcome.before is not None and key in {"company", "role"}
    return kept or bool(getattr(said, key, None))


def _tell(outcome: Outcome, after: Application | None, book: Book, guessed: Sequence[str]) -> None:
    invited = outcome.invitation
    name = f"{after.company}, {after.role}" if after else invited.summary
    when = f" on {book.shown(invited.start)}" if invited.start else ""
    show(f"{outcome.action}: {name}{when}")
    for key in guessed if outcome.action is Action.ADDED else ():
        source = invited.sources.get(key)
        # Who the reader is stands in no file: it only says who is not thanked.
        stored = after if key != "me" else None
        way = f"afterword edit {stored.id} corrects it" if stored else f"--{key} says it"
        say(f"  {key} is a guess{f', from {source}' if source else ''}; {way}")
    for warning in (*invited.warnings, *outcome.warnings):
        say(f"  {warning}")
    if after is not None and outcome.changes:
        before = outcome.before
        old = book.plan(before) if before is not None else None
        show_news(old, book.plan(after), reader_of(book.here))


def _facts(found: tuple[Application, ...], book: Book, *, quiet: bool) -> Iterator[dict[str, Any]]:
    """Keep the applications of a file of facts; one that is known and the same is left alone."""
    known = {a.id: a for a in book.all()}
    clash = [a.id for a in found if a.id in known and known[a.id] != a]
    if clash:
        raise InputError(
            "the file has applications that are kept already, and say something else",
            [f"{id}: afterword edit {id} changes it" for id in clash],
        )
    if not book.dry:
        book.store.add_all(a for a in found if a.id not in known)
    for application in found:
        action = Action.UNCHANGED if application.id in known else Action.ADDED
        if not quiet:
            show(f"{action}: {application.company}, {application.role}")
        for interview in application.interviews:
            yield stated(application, interview, action)


def _end(taken: list[Taken]) -> None:
    """End with the code of what happened: all taken, some (partly done), or none (bad input)."""
    wrong = [one.error for one in taken if one.error is not None]
    if not wrong:
        return
    if len(wrong) == 1 and len(taken) == 1:
        raise wrong[0]
    for error in wrong:
        say(f"not taken: {error}")
    count = f"{len(wrong)} of {len(taken)} files were not taken"
    if len(wrong) == len(taken):
        raise InputError(count)
    say(f"afterword: {count}")
    click.get_current_context().exit(ExitCode.PARTLY)
