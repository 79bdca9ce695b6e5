"""`afterword debrief`: five questions right after an interview, whose answers drafts use."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import attrs
import click

from afterword.cli.ui import options, prompts
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.interview_options import parse_person, print_fact_remarks
from afterword.cli.ui.log_actions import save_and_print
from afterword.cli.ui.output import status
from afterword.cli.ui.workspace_options import with_application
from afterword.domain import log_validation
from afterword.domain.model import Application, Channel, Interview, LogEntry, Person
from afterword.domain.people import fold_name, may_be_same_person, with_contact_details
from afterword.domain.rounds import replace_interview
from afterword.errors import UsageError
from afterword.messages.improvement_hints import CALL_QUESTION, DEBRIEF_QUESTIONS, DebriefQuestion
from afterword.services.date_format import reader_locale
from afterword.services.workspace import Workspace

_POINTS = {"discussed", "fit"}
_OF_A_PERSON = {*_POINTS, "call"}
_SEVERAL = {"interviewer", *_POINTS}
_CHANNEL_WORDS = {
    "e-mail": Channel.EMAIL,
    "mail": Channel.EMAIL,
    "by email": Channel.EMAIL,
    "call": Channel.PHONE,
    "telephone": Channel.PHONE,
    "telefon": Channel.PHONE,
}


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
    "--discussed",
    type=options.LINE,
    multiple=True,
    metavar="TEXT",
    help='What you talked about, as it follows "we talked about".',
)
@click.option(
    "--fit",
    type=options.LINE,
    multiple=True,
    metavar="TEXT",
    help='Something you have done that fits: "I ran a launch last year".',
)
@click.option(
    "--call", type=options.LINE, metavar="NAME", help="How they sign, for the greeting: Thandi."
)
@click.option("--decision-by", metavar="DAY", help=options.DECISION_HELP)
@click.option("--channel", type=options.CHANNEL, help="How they like to be reached.")
def debrief(
    workspace: Workspace,
    application: Application,
    interviewer: tuple[str, ...],
    discussed: tuple[str, ...],
    fit: tuple[str, ...],
    call: str | None,
    decision_by: str | None,
    channel: Channel | None,
) -> None:
    """Answer five questions right after an interview; drafts use the answers.

    On a terminal it asks; empty answers leave things as they are, and Ctrl-C
    saves what was answered before it.
    """
    answers: dict[str, tuple[str, ...]] = {
        "interviewer": interviewer,
        "discussed": discussed,
        "fit": fit,
        "call": (call,) if call else (),
        "decision_by": (decision_by,) if decision_by else (),
        "channel": (channel,) if channel else (),
    }
    by_options = any(answers.values())
    interview = _last_held(application, workspace)
    finished = by_options or _ask_questions(workspace, interview, answers)
    if not finished and not any(answers.values()):
        raise click.Abort
    after = _with_answers(application, interview, answers, by_options=by_options)
    entries = _decision_entries(application, interview, answers["decision_by"], workspace)
    if after == application and not entries:
        status("nothing was noted")
    else:
        save_and_print(workspace, application, attrs.evolve(after, log=(*after.log, *entries)))
        status(f"noted in {application.id}")
        print_fact_remarks(after, (*answers["discussed"], *answers["fit"]), workspace)
    if not finished:
        status(f"What you answered is saved; afterword debrief {application.id} asks again.")
        raise click.Abort


def _ask_questions(
    workspace: Workspace, interview: Interview, answers: dict[str, tuple[str, ...]]
) -> bool:
    """Fill in the answers by key; return False if the user stops with Ctrl-C.

    Raises UsageError where nobody can be asked.
    """
    if not prompts.can_ask():
        raise UsageError("give your notes: --discussed TEXT, --fit TEXT, --decision-by DAY ...")
    language = reader_locale(workspace.context)
    for question in _questions(interview):
        if question.key in _OF_A_PERSON and not (interview.interviewers or answers["interviewer"]):
            continue  # a point belongs to a person
        status(language.translate(question.text))
        check = functools.partial(_check_answer, question.key, workspace, interview)
        try:
            while line := prompts.ask_optional("", check, suffix="> "):
                answers[question.key] += (line,)
                if question.key not in _SEVERAL:
                    break
        except (click.Abort, KeyboardInterrupt):
            return False
    return True


def _questions(interview: Interview) -> tuple[DebriefQuestion, ...]:
    """Return the questions; how the first interviewer signs is asked only once."""
    if interview.interviewers and interview.interviewers[0].call:
        return DEBRIEF_QUESTIONS
    return (*DEBRIEF_QUESTIONS, CALL_QUESTION)


def _check_answer(key: str, workspace: Workspace, interview: Interview, line: str) -> str:
    """Return the answer to a question. Raises UsageError if it cannot be used."""
    if key == "interviewer":
        _matching_index(parse_person(line), interview.interviewers)
    elif key == "decision_by":
        workspace.parse_future_day(line)
    elif key == "channel":
        _parse_channel(line)
    return line


def _parse_channel(name: str) -> Channel:
    word = name.strip(" .!").casefold()
    try:
        return _CHANNEL_WORDS.get(word) or Channel(word)
    except ValueError:
        raise UsageError(f"{name!r} is none of {', '.join(Channel)}") from None


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
    if any(answers[key] for key in _OF_A_PERSON) and not panel:
        raise UsageError("say who was there, so that the points have their person: --interviewer")
    if panel:
        index = indexes[0] if indexes and by_options else 0
        panel[index] = attrs.evolve(
            panel[index],
            discussed=(*panel[index].discussed, *answers["discussed"]),
            fit=(*panel[index].fit, *answers["fit"]),
            call="".join(answers["call"]) or panel[index].call,
        )
    after = replace_interview(application, attrs.evolve(interview, interviewers=tuple(panel)))
    for name in answers["channel"]:
        after = attrs.evolve(after, channel=_parse_channel(name))
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
    index = _matching_index(person, panel)
    if index is None:
        panel.append(person)
        return len(panel) - 1
    member = panel[index]
    if fold_name(member.name) != fold_name(person.name):
        status(f"Assuming that {person.name} is {member.name}.")
    panel[index] = with_contact_details(member, person)
    return index


def _matching_index(person: Person, panel: Sequence[Person]) -> int | None:
    """Return the index of a person in the panel. Raises UsageError if there may be several."""
    matches = [i for i, member in enumerate(panel) if may_be_same_person(member, person)]
    exact = [i for i in matches if fold_name(panel[i].name) == fold_name(person.name)]
    if len(exact or matches) > 1:
        names = ", ".join(panel[i].name for i in matches)
        raise UsageError(f"{person.name!r} may be each of {names}; say more of the name")
    return next(iter(exact or matches), None)
