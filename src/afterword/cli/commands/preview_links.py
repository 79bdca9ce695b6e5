"""`afterword preview` and `links`: write a page to look at; print links that add events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from afterword.cli.ui import options, views
from afterword.cli.ui.command_help import command
from afterword.cli.ui.history_view import describe_log_entry, describe_silence
from afterword.cli.ui.output import echo, echo_bytes, echo_json, status, styled, terminal_width
from afterword.cli.ui.views import format_moment
from afterword.domain.applications import NO_APPLICATIONS_YET, short_name
from afterword.domain.model import Application, StepKind
from afterword.domain.planning.plan import Plan
from afterword.domain.sanitize import pluralize
from afterword.domain.step_names import resolve_step
from afterword.errors import ExitCode, UsageError
from afterword.messages.i18n import DateFormatter
from afterword.page.calendar_links import LINK_FORMATS, LinkTarget, utc_text
from afterword.services import input_files
from afterword.services.application_plan import applications_of_client, plan_application
from afterword.services.input_files import InvitationHints
from afterword.services.preview_page import (
    EventLinks,
    PageWording,
    build_page,
    event_links,
    write_page,
)
from afterword.services.run_context import RunContext
from afterword.services.workspace import Workspace, open_workspace

_REST_IS_LONG = (
    "{rest} to come, whose links fill many screens. To see those of a step:  "
    "afterword links {app} STEP  or with a button for each:  afterword preview --open"
)
_NO_RING = (
    "A link adds one event, which rings as your calendar is set. It does not update: a second "
    "click makes a double."
)

_WORDING = PageWording(
    step=views.step_label,
    window=views.format_window,
    log_entry=describe_log_entry,
    question=views.unconfirmed_question,
    conflict=views.conflict_warning,
    silence=describe_silence,
)


@command("""
    afterword preview --open
    afterword preview samples/week.toml -o week.html
    """)
@click.argument("paths", type=options.FILE, nargs=-1, metavar="[FILE]...")
@options.invitation_hints
@click.option(
    "-o",
    "--output",
    metavar="FILE|-",
    help="The page, or - for standard output.  [default: beside FILE, else job-search.html]",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in your browser, too.")
@options.client
@click.option("--force", is_flag=True, help="Overwrite a file that afterword did not write.")
@options.with_context
def preview(
    paths: tuple[str, ...],
    hints: InvitationHints,
    output: str | None,
    opens: bool,
    client: str | None,
    force: bool,
    context: RunContext,
) -> None:
    """Write a page to look at: what is due, timeline, months and history.

    The page is a single HTML file for any browser. It loads nothing from the
    network, and sends nothing. Drafts can be copied or mailed from it, and
    events added to a calendar. FILE is an application file (TOML), an
    invitation (.ics) or its mail (.eml). Without FILE, all stored applications
    are shown.
    """
    target = output or _default_output(paths)
    if opens and target == input_files.STDIN:
        raise UsageError("--open needs a file: -o FILE.html")
    applications, damaged = _applications(paths, hints, context)
    of_client = context.ui.track(applications_of_client(applications, client), "planning")
    plans = [plan_application(application, context) for application in of_client]
    if not plans:
        status(NO_APPLICATIONS_YET if not damaged else "no application can be read")
        click.get_current_context().exit(ExitCode.PARTLY if damaged else ExitCode.OK)
    page = build_page(plans, _WORDING, context).encode()
    if target == input_files.STDIN:
        echo_bytes([page])
    else:
        write_page(Path(target), page, force=force)
        status(f"wrote {pluralize(len(plans), 'application')} to {target}")
        if opens and click.launch(str(Path(target).absolute())) != 0:
            status(f"no browser could be started; open {target} in one")
            damaged = True
    click.get_current_context().exit(ExitCode.PARTLY if damaged else ExitCode.OK)


def _applications(
    paths: tuple[str, ...], hints: InvitationHints, context: RunContext
) -> tuple[Sequence[Application], bool]:
    """Return the applications of the files, or all stored ones and if any file is damaged."""
    if paths:
        return list(input_files.load_applications(paths, hints, context)), False
    loaded = open_workspace(context).load()
    return loaded.applications, bool(loaded.damaged)


def _default_output(paths: Sequence[str]) -> str:
    """Return the path beside FILE. Raises UsageError for several files."""
    if not paths:
        return "job-search.html"
    if len(paths) > 1 or paths[0] == input_files.STDIN:
        raise UsageError("name the output: -o FILE.html or -o -")
    return str(Path(paths[0]).with_suffix(".html"))


@command(
    """
    afterword links karoo
    afterword links karoo thank-you --calendar google
    """,
    name="links",
)
@options.with_application
@click.argument("step", type=options.STEP, metavar="[STEP]", required=False)
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
        echo_json({"application": application.id, "events": rows})
        return
    if not events:
        status(f"{short_name(application)}: no event is still to come")
        return
    formatter = workspace.context.formatter
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
