"""`afterword links`: links that add the events of an application to a calendar on the web."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import echo, echo_json, status, styled, terminal_width
from afterword.cli.ui.views import format_moment
from afterword.cli.ui.workspace_options import with_application
from afterword.domain.applications import short_name
from afterword.domain.model import Application, StepKind
from afterword.domain.planning.plan import Plan
from afterword.domain.sanitize import pluralize
from afterword.domain.step_names import resolve_step
from afterword.page.calendar_links import LINK_FORMATS, LinkTarget, utc_text
from afterword.services.date_format import DateFormatter, formatter_for
from afterword.services.preview_page import EventLinks, event_links
from afterword.services.workspace import Workspace

_REST_IS_LONG = (
    "{rest} to come, whose links fill many screens. To see those of a step:  "
    "afterword links {app} STEP  or with a button for each:  afterword preview --open"
)
_NO_RING = (
    "A link adds one event, which rings as your calendar is set. It does not update: a second "
    "click makes a double."
)


@click.command(
    "links",
    cls=CommandWithExample,
    example="""
    afterword links karoo
    afterword links karoo thank-you --calendar google
    """,
)
@with_application
@click.argument("step", type=options.StepName(), metavar="[STEP]", required=False)
@click.option(
    "--calendar",
    type=options.EnumChoice("calendar", LinkTarget),
    help="Only links of this calendar.",
)
@options.json
def links(
    workspace: Workspace,
    application: Application,
    step: str | None,
    calendar: LinkTarget | None,
    as_json: bool,
) -> None:
    """Print links that add the events of an application to a calendar.

    They open Google Calendar or Outlook on the web with an event filled in:
    title, time and draft. A draft that is too long for a link is shortened at
    a sentence. Events that are over are left out. On a terminal, only the next
    event is printed, unless you name a STEP or a --calendar.
    """
    plan = workspace.plan(application)
    kind = StepKind(resolve_step(step, plan)) if step else None
    events = list(event_links(plan, workspace.context, step=kind))
    targets = [calendar] if calendar else list(LinkTarget)
    if as_json:
        rows = [_document(each, targets) for each in events]
        echo_json({"version": 1, "application": application.id, "events": rows})
        return
    if not events:
        status(f"{short_name(application)}: no event is still to come")
        return
    formatter = formatter_for(workspace.context)
    # A link holds a draft, and is a thousand characters long and more.
    is_summary = terminal_width() is not None and step is None and calendar is None
    printed = events[:1] if is_summary else events
    for number, each in enumerate(printed):
        if number:
            echo()
        _print(each, targets, plan, formatter)
    if rest := len(events) - len(printed):
        status(_REST_IS_LONG.format(rest=pluralize(rest, "more event"), app=application.id))
    status(_NO_RING)


def _print(
    each: EventLinks, targets: list[LinkTarget], plan: Plan, formatter: DateFormatter
) -> None:
    """Print an event and its links; each is on its own line, to be copied."""
    start = each.event.start
    when = (
        format_moment(start, plan, formatter)
        if isinstance(start, dt.datetime)
        else formatter.format_day(start)
    )
    echo(styled(f"{when}  {each.event.summary}", bold=True))
    for target in targets:
        echo(f"{LINK_FORMATS[target].label}: {each.links[target]}")


def _document(each: EventLinks, targets: list[LinkTarget]) -> dict[str, Any]:
    return {
        "uid": each.event.uid,
        "step": each.step,
        "title": each.event.summary,
        "start": utc_text(each.event.start),
        "end": utc_text(each.event.end),
        "links": {target.value: each.links[target] for target in targets},
    }
