"""`afterword debrief`: five questions right after an interview, whose answers drafts use."""

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
    answers: dict[str, tuple[str, ...]] = {
        "interviewer": interviewer,
        "discussed": discussed,
        "fit": fit,
        "decision_by": (decision_by,) if decision_by else (),
        "channel": (channel,) if channel else (),
    }
    by_options = any(answers.values())
    if not by_options:
        answers = _ask_questions(workspace)
    interview = _last_held(application, workspace)
    after = _with_answers(application, interview, answers, by_options=by_options)
    entries = _decision_entries(application, interview, answers["decision_by"], workspace)
    if after == application and not entries:
        status("nothing was noted")
        return
    save_and_print(workspace, application, attrs.evolve(after, log=(*after.log, *entries)))
    status(f"noted in {application.id}")


def _ask_questions(workspace: Workspace) -> dict[str, tuple[str, ...]]:
    """Return the answers by key. Raises UsageError where nobody can be asked."""
    if not sys.stdin.isatty():
        raise UsageError("say what you noted: --discussed TEXT, --fit TEXT, --decision-by DAY ...")
    language = reader_locale(workspace.context)
    answers: dict[str, tuple[str, ...]] = {}
    for question in DEBRIEF_QUESTIONS:
        status(language.translate(question.text))
        lines: list[str] = []
        while line := _read_line():
            lines.append(line)
            if question.key not in _SEVERAL:
                break
        answers[question.key] = tuple(lines)
    return answers


def _read_line() -> str:
    return clean_line(
        click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True)
    )


def _last_held(application: Application, workspace: Workspace) -> Interview:
    """Return the latest interview that has begun, else the latest of all."""
    held = [i for i in application.interviews if i.start <= workspace.context.now]
    return (
        max(held, key=lambda i: i.start) if held else log_validation.latest_interview(application)
    )


def _with_answers(
    application: Application,
    interview: Interview,
    answers: Mapping[str, tuple[str, ...]],
    *,
    by_options: bool,
) -> Application:
    """Return the application with the answers in it.

    The points belong to the first interviewer, or to the one named beside them by an option.
    """
    panel = list(interview.interviewers)
    indexes = [_index_in_panel(parse_person(text), panel) for text in answers["interviewer"]]
    if (answers["discussed"] or answers["fit"]) and not panel:
        raise UsageError("say who was there, so that the points have their person: --interviewer")
    if panel:
        index = indexes[0] if indexes and by_options else 0
        panel[index] = attrs.evolve(
            panel[index],
            discussed=(*panel[index].discussed, *answers["discussed"]),
            fit=(*panel[index].fit, *answers["fit"]),
        )
    after = replace_interview(application, attrs.evolve(interview, interviewers=tuple(panel)))
    for name in answers["channel"]:
        try:
            after = attrs.evolve(after, channel=Channel(name.strip().casefold()))
        except ValueError:
            raise UsageError(f"{name!r} is none of {', '.join(Channel)}") from None
    return after


def _decision_entries(
    application: Application, interview: Interview, days: tuple[str, ...], workspace: Workspace
) -> list[LogEntry]:
    at = workspace.parse_past_moment(None, application)
    return [
        LogEntry(at=at, interview=interview.id, decision_by=workspace.parse_future_day(day))
        for day in days
    ]


def _index_in_panel(person: Person, panel: list[Person]) -> int:
    """Return the index of a person in the panel; a new person is appended to it.

    Raises UsageError for a name that is a part of several.
    """
    matches = [i for i, member in enumerate(panel) if may_be_same_person(member, person)]
    exact = [i for i in matches if fold_name(panel[i].name) == fold_name(person.name)]
    if len(exact or matches) > 1:
        names = ", ".join(panel[i].name for i in matches)
        raise UsageError(f"{person.name!r} may be each of {names}; say more of the name")
    if not matches:
        panel.append(person)
        return len(panel) - 1
    (index,) = exact or matches
    member = panel[index]
    if not exact:
        status(f"{person.name} is taken to be {member.name}")
    panel[index] = with_contact_details(member, person)
    return index
