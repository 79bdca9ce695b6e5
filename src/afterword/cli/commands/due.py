"""`afterword` without a command: show the due steps, and log them with single keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from afterword.cli.ui import options, prompts
from afterword.cli.ui.command_help import command
from afterword.cli.ui.log_actions import ApplicationLog, log_answer, log_sent
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.user_programs import copy_draft, open_draft
from afterword.cli.ui.views import format_moment, print_agenda, print_step_drafts
from afterword.domain.agenda import AgendaItem, UnconfirmedStep, Urgency, build_agenda
from afterword.domain.applications import full_name
from afterword.domain.model import Answer, Application, LogEntry, StepKind
from afterword.domain.planning.plan import Plan
from afterword.errors import UsageError
from afterword.services.application_plan import DAYS_AHEAD, applications_to_plan, find_due_steps
from afterword.services.workspace import Workspace, open_workspace
from afterword.settings.paths import find_locations

if TYPE_CHECKING:
    from afterword.messages.draft_model import Draft

AskedItem = AgendaItem | UnconfirmedStep

_ANSWERS = {"p": Answer.POSITIVE, "n": Answer.NEUTRAL, "r": Answer.REJECTED}
_DRAFT_KEYS = "[d]raft: show it  [c]opy it  [m]ail it"
_KEYS = "[s]ent {when}  [o]n another day  [a]nswered  s[k]ip  [n]ot yet  [q]uit"
_MOVE_ON_KEYS = "[c]lose it  [k]eep it open  [a]nswered  [n]ot now  [q]uit"
_FIRST_STEPS = """\
Had an interview? Add it in one of these ways:

  afterword add "COMPANY" "ROLE" --at "tue 14:00" --with "NAME <ADDRESS>"
  afterword import INVITATION.ics
  afterword plan FILE.toml

afterword --help lists all commands."""


@command("afterword")
@options.context_options
def due_command(now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None) -> None:
    """Show the due steps of all applications; ask about each on a terminal."""
    folder = find_locations(data).data
    if not folder.is_dir() or not any(folder.glob("*.toml")):
        echo(_FIRST_STEPS)
        return
    workspace = open_workspace(options.terminal_context(now, zone, data))
    stored = workspace.applications()
    applications = applications_to_plan(stored, workspace.context, days=DAYS_AHEAD)
    plans = workspace.plans(applications)
    due = find_due_steps(plans, workspace.context, days=DAYS_AHEAD)
    is_empty = not stored and workspace.is_empty()
    print_agenda(due, workspace.context.formatter, is_empty=is_empty)
    if prompts.can_ask():
        _ask_about_all(plans, workspace)


def _ask_about_all(plans: Iterable[Plan], workspace: Workspace) -> None:
    """Ask about each unconfirmed and each due step, a key each, until `q`.

    An answer may change the steps after it, so the next one is looked up anew; no step is
    asked about twice.
    """
    current = {plan.application.id: plan for plan in plans}
    asked: set[tuple[object, ...]] = set()
    while (item := _next_item(current.values(), asked, workspace)) is not None:
        asked.add(_key_of(item))
        id = item.plan.application.id
        if not _ask_about(item, workspace.find_application(id), workspace):
            return
        current[id] = workspace.plan(workspace.find_application(id))


def _next_item(
    plans: Iterable[Plan], asked: set[tuple[object, ...]], workspace: Workspace
) -> AskedItem | None:
    agenda = build_agenda(plans, now=workspace.context.now, days=0)
    items: list[AskedItem] = [*agenda.questions]
    items += [item for item in agenda.items if item.urgency is not Urgency.COMING]
    return next((item for item in items if _key_of(item) not in asked), None)


def _key_of(item: AskedItem) -> tuple[object, ...]:
    step = item.step
    return item.plan.application.id, step.interview, step.kind, step.episode


def _ask_about(item: AskedItem, application: Application, workspace: Workspace) -> bool:
    """Ask about a step and log the answer; return False if the user quits."""
    now = workspace.parse_past_moment(None, application)
    actions = _actions(item, ApplicationLog(workspace, application, now))
    day = format_moment(item.step.send_at, item.plan, workspace.context.formatter)
    draft_actions = _draft_actions(item, workspace)
    is_move_on = item.step.kind is StepKind.MOVE_ON
    when = "now" if isinstance(item, AgendaItem) else "that day"
    keys = _MOVE_ON_KEYS if is_move_on else _KEYS.format(when=when)
    status()
    status(f"{full_name(application)}: {item.step.kind}, {day}?")
    while True:
        status(f"  {keys}")
        if draft_actions:
            status(f"  {_DRAFT_KEYS}")
        key = prompts.read_key()
        if key == "q":
            return False
        if key == "n":
            return True
        action = actions.get(key) or draft_actions.get(key)
        if action is None:
            continue
        try:
            action()
        except UsageError as error:
            status(error.message)
            continue
        if key in actions:
            return True


def _draft_actions(item: AskedItem, workspace: Workspace) -> dict[str, Callable[[], object]]:
    """Return the action of each key that uses the draft, and logs nothing."""
    if item.step.kind is StepKind.MOVE_ON:
        return {}
    context = workspace.context

    def first_draft() -> Draft:
        from afterword.services.planned_events import step_drafts

        return step_drafts(item.plan, item.step, context)[0]

    return {
        "d": lambda: print_step_drafts(item.plan, item.step, context),
        "c": lambda: copy_draft(first_draft()),
        "m": lambda: open_draft(first_draft(), context),
    }


def _actions(item: AskedItem, log: ApplicationLog) -> dict[str, Callable[[], object]]:
    """Return the action of each key."""
    step, workspace, application = item.step, log.workspace, log.application

    def sent(on: str | None = None) -> bool:
        at = log.at
        if on:
            at = workspace.parse_past_moment(on, application)
        elif isinstance(item, UnconfirmedStep):
            at = min(at, step.send_at.astimezone(at.tzinfo))
        log_sent(log._replace(at=at), step.kind)
        return True

    def sent_on_day() -> None:
        if prompts.ask_optional('When, such as "tue" or "2026-11-30"', sent) is None:
            raise UsageError("no day was given")

    def answered() -> None:
        status("  [p]ositive  [n]eutral  [r]ejected")
        answer = _ANSWERS.get(prompts.read_key())
        if answer is None:
            raise UsageError("no answer was logged")
        log_answer(log, answer)

    def skip() -> None:
        log.append(LogEntry(at=log.at, interview=step.interview, skipped=step.kind))

    def close() -> None:
        message = f"{full_name(application)}: closed."
        log.append(LogEntry(at=log.at, closed=True), message=message)

    is_move_on = step.kind is StepKind.MOVE_ON
    more: dict[str, Callable[[], object]] = (
        {"c": close, "k": sent} if is_move_on else {"k": skip, "o": sent_on_day}
    )
    return {"s": sent, "a": answered, **more}  # of a move-on, s is the earlier name of k
