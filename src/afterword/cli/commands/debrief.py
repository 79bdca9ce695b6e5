"""`afterword debrief`: five questions right after an interview, and where answers go."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import attrs
import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.interview_options import parse_person
from afterword.cli.ui.log_actions import save_and_print
from afterword.cli.ui.output import status
from afterword.cli.ui.workspace_options import with_application
from afterword.domain import log_validation
from afterword.domain.model import Application, Channel, Interview, LogEntry, Person
from afterword.domain.people import fold_name, may_be_same_person, with_contact_details
from afterword.domain.rounds import replace_interview
from afterword.domain.sanitize import clean_line
from afterword.errors import UsageError
from afterword.messages.improvement_hints import DEBRIEF_QUESTIONS
from afterword.services.date_format import reader_locale
from afterword.services.workspace import Workspace

_SEVERAL = {"interviewer", "discussed", "fit"}


@click.command(
    cls=CommandWithExample,
    example="""
    afterword debrief karoo
    afterword debrief karoo --discussed "the move to podcasts"
    """,
)
@with_application
@click.option(
    "--interviewer",
    type=options.LINE,
    multiple=True,
    metavar="NAME",
    help="Who was there, or a part of the name.",
)
@click.option(
    "--discussed", type=options.LINE, multiple=True, metavar="TEXT", help="What was talked about."
)
@click.option(
    "--fit", type=options.LINE, multiple=True, metavar="TEXT", help="What of yours answers to it."
)
@click.option("--decision-by", metavar="DAY", help="The day by which they want to decide.")
@click.option("--channel", type=options.CHANNEL, help="How they like to be reached.")
def debrief(
    workspace: Workspace,
    application: Application,
    interviewer: tuple[str, ...],
    discussed: tuple[str, ...],
    fit: tuple[str, ...],
    decision_by: str | None,
    channel: Channel | None,
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
    by_flags = any(told.values())
    if not by_flags:
        told = _asked(workspace)
    held = _held(application, workspace)
    after, entries = _noted(application, held, told, workspace, by_flags=by_flags)
    if after == application and not entries:
        status("nothing was noted")
        return
    save_and_print(workspace, application, attrs.evolve(after, log=(*after.log, *entries)))
    status(f"noted in {application.id}")


def _asked(workspace: Workspace) -> dict[str, tuple[str, ...]]:
    if not sys.stdin.isatty():
        raise UsageError("say what you noted: --discussed TEXT, --fit TEXT, --decision-by DAY ...")
    language = reader_locale(workspace.context)
    told: dict[str, tuple[str, ...]] = {}
    for question in DEBRIEF_QUESTIONS:
        status(language.translate(question.text))
        answers: list[str] = []
        while answer := _answer():
            answers.append(answer)
            if question.key not in _SEVERAL:
                break
        told[question.key] = tuple(answers)
    return told


def _answer() -> str:
    return clean_line(
        click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True)
    )


def _held(application: Application, workspace: Workspace) -> Interview:
    """Return the interview that was held last."""
    held = [i for i in application.interviews if i.start <= workspace.context.now]
    return (
        max(held, key=lambda i: i.start) if held else log_validation.latest_interview(application)
    )


def _noted(
    application: Application,
    held: Interview,
    told: Mapping[str, tuple[str, ...]],
    workspace: Workspace,
    *,
    by_flags: bool,
) -> tuple[Application, list[LogEntry]]:
    """Return the application with what was noted, and the entries of it.

    The points are those of the first of the panel, or who was named beside them by flags.
    """
    people = list(held.interviewers)
    named = [_placed(parse_person(text), people) for text in told["interviewer"]]
    if (told["discussed"] or told["fit"]) and not people:
        raise UsageError("say who was there, so that the points have their person: --interviewer")
    if people:
        place = named[0] if named and by_flags else 0
        people[place] = attrs.evolve(
            people[place],
            discussed=(*people[place].discussed, *told["discussed"]),
            fit=(*people[place].fit, *told["fit"]),
        )
    after = replace_interview(application, attrs.evolve(held, interviewers=tuple(people)))
    for name in told["channel"]:
        try:
            after = attrs.evolve(after, channel=Channel(name.strip().casefold()))
        except ValueError:
            raise UsageError(f"{name!r} is none of {', '.join(Channel)}") from None
    at = workspace.parse_past_moment(None, application)
    entries = [
        LogEntry(at=at, interview=held.id, decision_by=workspace.parse_future_day(day))
        for day in told["decision_by"]
    ]
    return after, entries


def _placed(told: Person, panel: list[Person]) -> int:
    """Return the place in the panel of who was named; who is not in it yet is put there.

    Raises UsageError where the name is a part of several.
    """
    found = [place for place, known in enumerate(panel) if may_be_same_person(known, told)]
    whole = [place for place in found if fold_name(panel[place].name) == fold_name(told.name)]
    if len(whole or found) > 1:
        names = ", ".join(panel[place].name for place in found)
        raise UsageError(f"{told.name!r} may be each of {names}; say more of the name")
    if not found:
        panel.append(told)
        return len(panel) - 1
    (place,) = whole or found
    known = panel[place]
    if not whole:
        status(f"{told.name} is taken to be {known.name}")
    panel[place] = with_contact_details(known, told)
    return place
