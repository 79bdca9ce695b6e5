"""`afterword debrief`: five questions right after an interview, and where answers go."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import attrs
import click

from afterword.cli.book import Book, on_one
from afterword.cli.choose import with_interview
from afterword.cli.command import Command
from afterword.cli.console import say
from afterword.cli.planning import readers_language
from afterword.cli.told import person_typed
from afterword.core import logbook
from afterword.core.model import Application, Channel, Entry, Interview
from afterword.core.text import clean_line
from afterword.drafts.debrief import QUESTIONS
from afterword.errors import UsageError

_SEVERAL = {"interviewer", "discussed", "fit"}


@click.command(
    cls=Command,
    example="""
    afterword debrief karoo
    afterword debrief karoo --discussed "the move to podcasts"
    """,
)
@on_one
@click.option("--interviewer", multiple=True, metavar="NAME", help="Who was there.")
@click.option("--discussed", multiple=True, metavar="TEXT", help="What was talked about.")
@click.option("--fit", multiple=True, metavar="TEXT", help="What of yours answers to it.")
@click.option("--decision-by", metavar="DAY", help="The day by which they want to decide.")
@click.option("--channel", metavar="CHANNEL", help="How they like to be reached.")
def debrief(
    book: Book,
    application: Application,
    interviewer: tuple[str, ...],
    discussed: tuple[str, ...],
    fit: tuple[str, ...],
    decision_by: str | None,
    channel: str | None,
) -> None:
    """Answer five questions right after an interview; drafts use the answers.

    On a terminal it asks; empty answers leave things as they are.
    """
    told: dict[str, tuple[str, ...]] = {
        "interviewer": interviewer,
        "discussed": discussed,
        "fit": fit,
        "decision_by": (decision_by,) if decision_by else (),
        "channel": (channel,) if channel else (),
    }
    if not any(told.values()):
        told = _asked(book)
    held = _held(application, book)
    after, entries = _noted(application, held, told, book)
    if after == application and not entries:
        say("nothing was noted")
        return
    book.save(application, attrs.evolve(after, log=(*after.log, *entries)))
    say(f"noted in {application.id}")


def _asked(book: Book) -> dict[str, tuple[str, ...]]:
    if not sys.stdin.isatty():
        raise UsageError("say what you noted: --discussed TEXT, --fit TEXT, --decision-by DAY ...")
    language = readers_language(book.here)
    told: dict[str, tuple[str, ...]] = {}
    for question in QUESTIONS:
        say(language.translate(question.text))
        answers: list[str] = []
        while answer := click.prompt(
            "", default="", show_default=False, prompt_suffix="> ", err=True
        ):
            answers.append(answer)
            if question.fact not in _SEVERAL:
                break
        told[question.fact] = tuple(answers)
    return told


def _held(application: Application, book: Book) -> Interview:
    """Return the interview that was held last."""
    held = [i for i in application.interviews if i.start <= book.here.now]
    return max(held, key=lambda i: i.start) if held else logbook.latest_interview(application)


def _noted(
    application: Application, held: Interview, told: Mapping[str, tuple[str, ...]], book: Book
) -> tuple[Application, list[Entry]]:
    known = {person.name.casefold() for person in held.interviewers}
    fresh = [person_typed(text) for text in told["interviewer"]]
    people = [*held.interviewers, *(p for p in fresh if p.name.casefold() not in known)]
    if (told["discussed"] or told["fit"]) and not people:
        raise UsageError("say who was there, so that the points have their person: --interviewer")
    if people:
        first = people[0]
        people[0] = attrs.evolve(
            first,
            discussed=(*first.discussed, *map(clean_line, told["discussed"])),
            fit=(*first.fit, *map(clean_line, told["fit"])),
        )
    after = with_interview(application, attrs.evolve(held, interviewers=tuple(people)))
    for name in told["channel"]:
        try:
            after = attrs.evolve(after, channel=Channel(name.strip().casefold()))
        except ValueError:
            raise UsageError(f"{name!r} is none of {', '.join(Channel)}") from None
    at = book.moment(None, application)
    entries = [
        Entry(at=at, interview=held.id, decision_by=book.day(day)) for day in told["decision_by"]
    ]
    return after, entries
