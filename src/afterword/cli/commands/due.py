"""What a bare `afterword` does: show what is due, and on a terminal log it with one key."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from afterword.cli.commands.heard import log_answer
from afterword.cli.commands.next import DAYS, address_of
from afterword.cli.commands.sent import log_sent
from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.date_format import formatter_for
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.views import format_moment, print_agenda
from afterword.domain import log_validation
from afterword.domain.agenda import AgendaItem, UnconfirmedStep, Urgency, build_agenda
from afterword.domain.contact_conflicts import find_contact_conflicts
from afterword.domain.model import Answer, Application, LogEntry, StepKind
from afterword.domain.planning.plan import Plan
from afterword.errors import UsageError
from afterword.services.run_context import build_context
from afterword.services.workspace import Workspace, open_workspace
from afterword.settings.paths import find_locations

Asked = AgendaItem | UnconfirmedStep

_ANSWERS = {"p": Answer.POSITIVE, "n": Answer.NEUTRAL, "r": Answer.REJECTED}
_KEYS = "[s]ent {when}  [o]n another day  [a]nswered  s[k]ip  [n]ot yet  [q]uit"
_AT_THE_END = "[c]lose it  [s]een  [a]nswered  [n]ot yet  [q]uit"
_NOTHING_IS_KEPT = """\
Had an interview? Tell of it in one of these ways:

  afterword add "COMPANY" "ROLE" --at "tue 14:00" --with "NAME <ADDRESS>"
  afterword import INVITATION.ics
  afterword plan FILE.toml

afterword --help shows all that it can do."""


@click.command(cls=CommandWithExample, example="afterword")
@options.now_and_zone
@options.data
def due_command(now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None) -> None:
    """Show what is due over all applications; ask about each on a terminal."""
    folder = find_locations(data).data
    if not folder.is_dir() or not any(folder.glob("*.toml")):
        echo(_NOTHING_IS_KEPT)
        return
    workspace = open_workspace(build_context(now=now, zone=zone, data=data))
    plans = workspace.plans()
    due = build_agenda(plans, now=workspace.context.now, days=DAYS)
    close = find_contact_conflicts(plans, now=workspace.context.now, address_of=address_of)
    print_agenda(
        due, close, formatter_for(workspace.context), known=bool(plans) or not workspace.is_empty()
    )
    if sys.stdin.isatty():
        ask(plans, workspace)


def ask(plans: Iterable[Plan], workspace: Workspace) -> None:
    """Go through what is not known and what is due, one key each, until `q`.

    A key may change what comes after it, so that each is looked for anew; none
    is asked about twice.
    """
    current = {plan.application.id: plan for plan in plans}
    done: set[tuple[object, ...]] = set()
    while (one := _next(current.values(), done, workspace)) is not None:
        done.add(_name(one))
        id = one.plan.application.id
        if not _ask(one, workspace.find(id), workspace):
            return
        current[id] = workspace.plan(workspace.find(id))


def _next(
    plans: Iterable[Plan], done: set[tuple[object, ...]], workspace: Workspace
) -> Asked | None:
    found = build_agenda(plans, now=workspace.context.now, days=0)
    asked: list[Asked] = [*found.questions]
    asked += [item for item in found.items if item.urgency is not Urgency.COMING]
    return next((one for one in asked if _name(one) not in done), None)


def _name(one: Asked) -> tuple[object, ...]:
    step = one.step
    return one.plan.application.id, step.interview, step.kind, step.episode


def _ask(one: Asked, application: Application, workspace: Workspace) -> bool:
    """Ask about one step and log the answer; return whether to go on."""
    acts = _acts(one, application, workspace)
    day = format_moment(one.step.send_at, one.plan, formatter_for(workspace.context))
    status(f"\n{application.company}, {application.role}: {one.step.kind}, {day}?")
    while True:
        status("  ", _keys(one))
        key = click.getchar().casefold()
        if key == "q":
            return False
        if key == "n":
            return True
        if key in acts:
            try:
                acts[key]()
            except UsageError as error:
                status(error.message)
                continue
            return True


def _keys(one: Asked) -> str:
    if one.step.kind is StepKind.MOVE_ON:
        return _AT_THE_END
    return _KEYS.format(when="now" if isinstance(one, AgendaItem) else "that day")


def _acts(
    one: Asked, application: Application, workspace: Workspace
) -> dict[str, Callable[[], object]]:
    """Return what each key does."""
    step = one.step
    now = workspace.parse_past_moment(None, application)

    def sent(on: str | None = None) -> None:
        at = now if isinstance(one, AgendaItem) else min(now, step.send_at.astimezone(now.tzinfo))
        said = log_validation.SentMessage(
            at=workspace.parse_past_moment(on, application) if on else at
        )
        log_sent(workspace, application, step.kind, said)

    def on_a_day() -> None:
        sent(click.prompt('When, such as "tue" or "2026-11-30"', err=True))

    def answered() -> None:
        status("  [p]ositive  [n]eutral  [r]ejected")
        answer = _ANSWERS.get(click.getchar().casefold())
        if answer is None:
            raise UsageError("no answer was logged")
        log_answer(workspace, application, answer, now)

    def skip() -> None:
        workspace.log(application, LogEntry(at=now, interview=step.interview, skipped=step.kind))

    def close() -> None:
        said = f"{application.company}, {application.role}: closed."
        workspace.log(application, LogEntry(at=now, closed=True), said=said)

    last = {"c": close} if step.kind is StepKind.MOVE_ON else {"k": skip, "o": on_a_day}
    return {"s": sent, "a": answered, **last}
