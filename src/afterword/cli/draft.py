"""`afterword draft`: the message of a step, ready to send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import click

from afterword.cli import options
from afterword.cli.book import Book, on_one
from afterword.cli.command import Command
from afterword.cli.console import say, show, styled
from afterword.cli.here import Here
from afterword.cli.news import next_step
from afterword.cli.planning import desk_of, readers_language
from afterword.core import logbook, timing
from afterword.core.model import Application, Channel, Plan, Step
from afterword.drafts import writing
from afterword.drafts.draft import Draft
from afterword.drafts.links import link
from afterword.drafts.situation import OUT_OF_ORDER, Situation
from afterword.errors import ExitCode, UsageError

_BESIDES = tuple(s.value for s in OUT_OF_ORDER)


@click.command(
    cls=Command,
    example="""
    afterword draft karoo
    afterword draft karoo thank-you --to Pieter --copy
    afterword draft karoo no-show --channel phone
    """,
)
@on_one
@click.argument("what", metavar="[STEP]", required=False)
@click.option("--to", "recipient", metavar="NAME", help="The draft for this one of a panel.")
@click.option("--channel", type=options.CHANNEL, help="For this channel.")
@click.option("--deadline", metavar="DAY", help="With competing-offer: the day to answer it by.")
@click.option("--copy", is_flag=True, help="Copy it to the clipboard, too.")
@click.option("--open", "opens", is_flag=True, help="Open your mail program with it, too.")
def draft(
    book: Book,
    application: Application,
    what: str | None,
    recipient: str | None,
    channel: Channel | None,
    deadline: str | None,
    copy: bool,
    opens: bool,
) -> None:
    """Print the draft of a step: the next one, or STEP.

    Besides the steps, STEP may be reply-offer, next-round, no-show,
    technical-failure, competing-offer or feedback-request: messages for what
    is in no plan, and which count as no follow-up.
    """
    plan = book.plan(application)
    written = _written(plan, what, deadline, channel, book)
    if recipient:
        to = logbook.person(application, recipient).name
        written = tuple(d for d in written if d.to and d.to.name == to)
        if not written:
            raise UsageError(f"this is not written to {to}; leave out --to")
    if channel and channel not in {one.channel for one in written}:
        say(f"there is no text of this for {channel}; this is the one for {written[0].channel}")
    show_drafts(written)
    copied = _copied(written[0]) if copy else True
    if opens:
        _open(written[0], book)
    if not copied:
        click.get_current_context().exit(ExitCode.PARTLY)


def show_draft(plan: Plan, step: Step, here: Here) -> None:
    """Print the drafts of a step."""
    desk = desk_of(plan.application, here)
    show_drafts(writing.drafts(plan, step, desk, on=_today(plan, here)))


def _today(plan: Plan, here: Here) -> dt.date:
    """Return the day at the employer's, where the message is read."""
    return timing.day_of(here.now, plan.employer_zone)


def show_drafts(written: tuple[Draft, ...]) -> None:
    """Print messages; what would make them more personal goes to stderr."""
    for number, one in enumerate(written):
        if number:
            show("")
        if one.heading:
            show(styled(one.heading, bold=True), "\n")
        head = list(_head(one))
        for line in head:
            show(styled(line, bold=True))
        if head:
            show("")
        show(one.body)
    for question in dict.fromkeys(question for one in written for question in one.questions):
        say(f"- {question}")


def _head(one: Draft) -> Iterator[str]:
    if one.to is not None:
        yield f"To: {one.to.name}" + (f" <{one.to.email}>" if one.to.email else "")
    if one.subject and not one.to_oneself:
        yield f"Subject: {one.subject}"


def _written(
    plan: Plan, what: str | None, deadline: str | None, channel: Channel | None, book: Book
) -> tuple[Draft, ...]:
    desk, today = desk_of(plan.application, book.here), _today(plan, book.here)
    if what is not None and what in _BESIDES:
        return writing.out_of_order(
            plan,
            Situation(what),
            desk,
            on=today,
            deadline=book.day(deadline) if deadline else None,
            channel=channel,
        )
    if what is None:
        step = next_step(plan)
    else:
        step = logbook.about(plan, options.STEP.convert(what, None, None), book.here.now)
    if step is None:
        raise UsageError(f"{plan.application.company}: nothing is left to write; name a step")
    return writing.drafts(plan, step, desk, channel=channel, on=today)


def _copied(one: Draft) -> bool:
    """Put a draft on the clipboard, or tell why it is not there."""
    import pyperclip

    try:
        pyperclip.copy(f"{one.subject}\n\n{one.body}" if one.subject else one.body)
    except pyperclip.PyperclipException:
        say(
            "not copied: no program that reaches the clipboard is here; on Linux install "
            "wl-clipboard (Wayland) or xclip (X11). The draft is printed above"
        )
        return False
    say("copied to the clipboard")
    return True


def _open(one: Draft, book: Book) -> None:
    address = link(one, full=True, language=readers_language(book.here))
    if address is None:
        raise UsageError("no address is known to open; afterword edit adds it")
    if click.launch(address) != 0:
        raise UsageError("nothing here opens such links; use --copy, or the text above")
