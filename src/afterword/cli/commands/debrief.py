"""`afterword debrief`: questions right after an interview; drafts and later rounds use them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import click

from afterword.cli.ui import options, prompts
from afterword.cli.ui.command_help import command
from afterword.cli.ui.interview_details import parse_person, print_fact_remarks
from afterword.cli.ui.log_actions import save_and_print
from afterword.cli.ui.output import status
from afterword.domain import log_validation
from afterword.domain.applications import replace_interview
from afterword.domain.model import Application, Channel, Interview, LogEntry, Person
from afterword.domain.people import fold_name, may_be_same_person, with_contact_details
from afterword.errors import UsageError
from afterword.messages.advice import CALL_QUESTION, DEBRIEF_QUESTIONS, DebriefQuestion
from afterword.services.workspace import Workspace

_POINTS = ("discussed", "fit")
_SEVERAL = {"interviewer", *_POINTS, "went_well", "do_differently"}
_CHANNEL_WORDS = {
    "e-mail": Channel.EMAIL,
    "mail": Channel.EMAIL,
    "by email": Channel.EMAIL,
    "call": Channel.PHONE,
    "telephone": Channel.PHONE,
    "telefon": Channel.PHONE,
}


@attrs.define
class _Answers:
    """The answers so far: the panel with its points, and the others by their question's key."""

    workspace: Workspace
    panel: list[Person]
    others: dict[str, list[Any]] = attrs.field(factory=dict)
    points: list[str] = attrs.field(factory=list)

    def add(self, key: str, line: str, index: int = 0) -> int:
        """Add an answer, and return the index of the interviewer that it is about.

        Raises UsageError if it cannot be used.
        """
        if key == "interviewer":
            return _index_in_panel(parse_person(line), self.panel)
        if key in _POINTS or key == CALL_QUESTION.key:
            self._add_to_person(key, line, index)
        else:
            self.others.setdefault(key, []).append(self._parse(key, line))
        return index

    def _add_to_person(self, key: str, line: str, index: int) -> None:
        person = self.panel[index]
        value: Any = line
        if key in _POINTS:
            value = _with_new(getattr(person, key), [line])
            self.points.append(line)
        self.panel[index] = attrs.evolve(person, **{key: value})

    def _parse(self, key: str, line: str) -> Any:
        if key == "decision_by":
            return self.workspace.parse_future_day(line)
        return _parse_channel(line) if key == "channel" else line


@command("""
    afterword debrief karoo
    afterword debrief karoo --discussed "the move to podcasts"
    """)
@options.with_application
@options.line(
    "--interviewer",
    multiple=True,
    metavar="NAME",
    help="An interviewer; a part of the name is enough.",
)
@options.line(
    "--discussed", multiple=True, help='What you talked about, as it follows "we talked about".'
)
@options.line(
    "--fit", multiple=True, help='Something you have done that fits: "I ran a launch last year".'
)
@options.line("--call", metavar="NAME", help="How they sign, for the greeting: Thandi.")
@click.option("--decision-by", metavar="DAY", help=options.DECISION_HELP)
@click.option("--channel", type=options.CHANNEL, help="How they like to be reached.")
@options.line("--went-well", multiple=True, help="What went well; for yourself only.")
@options.line(
    "--do-differently",
    multiple=True,
    help="What you would do differently; shown before the next interview.",
)
def debrief(
    workspace: Workspace, application: Application, **given: str | tuple[str, ...] | None
) -> None:
    """Answer a few questions right after an interview; drafts use the answers.

    On a terminal it asks; empty answers leave things as they are, and Ctrl-C
    saves what was answered before it. Points are asked for each interviewer;
    as options they belong to --interviewer, or to the first one.
    """
    interview = _last_held(application, workspace)
    answers = _Answers(workspace, list(interview.interviewers))
    by_options = {
        key: value if isinstance(value, tuple) else (value,)
        for key, value in given.items()
        if value
    }
    if by_options:
        _add_options(by_options, answers)
    finished = bool(by_options) or _ask_questions(answers)
    if not (finished or answers.others or answers.panel != list(interview.interviewers)):
        raise click.Abort
    after = _with_answers(application, interview, answers)
    if after == application:
        status("Nothing was noted.")
    else:
        save_and_print(workspace, application, after)
        status(f"Noted in {application.id}.")
        print_fact_remarks(after, answers.points, workspace)
    if not finished:
        status(f"What you answered is saved; afterword debrief {application.id} asks again.")
        raise click.Abort


def _add_options(given: Mapping[str, tuple[str, ...]], answers: _Answers) -> None:
    """Add the answers that options state. Raises UsageError for points without a person."""
    indexes = [answers.add("interviewer", name) for name in given.get("interviewer", ())]
    if not answers.panel and given.keys() & {*_POINTS, CALL_QUESTION.key}:
        raise UsageError('name the interviewer that these notes belong to: --interviewer "NAME"')
    for key, lines in given.items():
        for line in lines if key != "interviewer" else ():
            answers.add(key, line, next(iter(indexes), 0))


def _ask_questions(answers: _Answers) -> bool:
    """Fill in the answers; return False if the user stops with Ctrl-C.

    Raises UsageError where nobody can be asked.
    """
    if not prompts.can_ask():
        raise UsageError("give your notes: --discussed TEXT, --fit TEXT, --decision-by DAY ...")
    try:
        for of_a_person, questions in itertools.groupby(DEBRIEF_QUESTIONS, _is_of_a_person):
            # Each interviewer gets a thank-you of their own.
            indexes = range(len(answers.panel)) if of_a_person else [None]
            for index, question in itertools.product(indexes, questions):
                _ask(question, answers, index)
        if answers.panel and not answers.panel[0].call:  # asked only once
            _ask(CALL_QUESTION, answers, 0)
    except (click.Abort, KeyboardInterrupt):
        return False
    return True


def _is_of_a_person(question: DebriefQuestion) -> bool:
    return question.key in _POINTS


def _ask(question: DebriefQuestion, answers: _Answers, index: int | None) -> None:
    """Ask a question, of an interviewer if there is an index, until the answer is empty."""
    text = answers.workspace.context.language.translate(question.text)
    if index is not None and len(answers.panel) > 1:
        text = f"{answers.panel[index].name}: {text}"
    status(text)

    def add(line: str) -> int:
        return answers.add(question.key, line, index or 0)

    while prompts.ask_optional("", add, suffix="> ") is not None:
        if question.key not in _SEVERAL:
            break


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


def _with_new(noted: tuple[str, ...], lines: Iterable[str]) -> tuple[str, ...]:
    """Return the notes with the lines that are not among them: a debrief may be repeated."""
    for line in lines:
        if line.casefold() not in map(str.casefold, noted):
            noted = (*noted, line)
    return noted


def _with_answers(application: Application, interview: Interview, answers: _Answers) -> Application:
    """Return the application with the answers in it."""
    others = answers.others
    noted = attrs.evolve(
        interview,
        interviewers=tuple(answers.panel),
        went_well=_with_new(interview.went_well, others.get("went_well", ())),
        do_differently=_with_new(interview.do_differently, others.get("do_differently", ())),
    )
    after = replace_interview(application, noted)
    at = answers.workspace.parse_past_moment(None, application)
    decisions = (
        LogEntry(at=at, interview=interview.id, decision_by=day)
        for day in others.get("decision_by", ())
    )
    channels = others.get("channel", [application.channel])
    return attrs.evolve(after, channel=channels[-1], log=(*after.log, *decisions))


def _index_in_panel(person: Person, panel: list[Person]) -> int:
    """Return the index of a person in the panel; a new person is appended to it.

    Raises UsageError for a name that is a part of several.
    """
    matches = [i for i, member in enumerate(panel) if may_be_same_person(member, person)]
    exact = [i for i in matches if fold_name(panel[i].name) == fold_name(person.name)]
    if not matches:
        panel.append(person)
        return len(panel) - 1
    index, *others = exact or matches
    if others:
        names = ", ".join(panel[i].name for i in matches)
        raise UsageError(f"{person.name!r} matches {names}; type more of the name")
    if not exact:
        status(f"Assuming that {person.name} is {panel[index].name}.")
    panel[index] = with_contact_details(panel[index], person)
    return index
