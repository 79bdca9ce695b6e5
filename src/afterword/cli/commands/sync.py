"""`afterword sync`: write the plan to the calendar, and log the user's edits there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import attrs
import click

from afterword.cli.ui import options, progress, prompts
from afterword.cli.ui.calendar_options import calendar_options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import echo, echo_json, status
from afterword.cli.ui.sync_view import SyncPrinter
from afterword.domain.sanitize import clean_line
from afterword.errors import AfterwordError, UsageError
from afterword.services import calendar_log
from afterword.services.calendar_login import Access
from afterword.services.calendar_search import open_calendar
from afterword.services.calendar_sync import SyncedApplications, TextChoices
from afterword.services.date_format import reader_locale
from afterword.services.run_context import RunContext
from afterword.services.workspace import open_workspace
from afterword.storage.state import sync_rows
from afterword.storage.state.database import Database

if TYPE_CHECKING:
    from afterword.dav.interface import Calendar
    from afterword.sync.engine import Options
    from afterword.sync.report import SyncReport


_A_FEW = 8
_A_FEW_ALIKE = 3
_VERBS = {"create": "+", "update": "~", "delete": "-"}


@click.command(
    cls=CommandWithExample,
    example="""
    afterword sync
    afterword sync --dry-run
    afterword sync --take-ours karoo
    """,
)
@calendar_options
@click.option("--dry-run", is_flag=True, help="Tell what would be written, and write nothing.")
@click.option("--check", is_flag=True, help="Only look, and tell in one line how things stand.")
@click.option(
    "--take-ours",
    multiple=True,
    metavar="APP",
    help="Give the events of this application the plan's texts instead of yours.",
)
@click.option(
    "--take-theirs",
    multiple=True,
    metavar="APP",
    help="Give them your own texts again, which --take-ours replaced.",
)
@click.option(
    "--allow-mass-delete",
    is_flag=True,
    help="Go on although all events, or the calendar itself, are gone, or would go.",
)
@click.option("--quiet", is_flag=True, help="Tell only what needs you, for timers.")
@options.json
@options.with_context
def sync(
    context: RunContext,
    dry_run: bool,
    check: bool,
    take_ours: tuple[str, ...],
    take_theirs: tuple[str, ...],
    allow_mass_delete: bool,
    quiet: bool,
    as_json: bool,
    calendar_url: str | None,
    **access: Any,
) -> None:
    """Write the plan to your calendar, and log your edits from there.

    Your edits are never undone, and other events are never touched. You may
    interrupt it at any time and run it again.
    """
    from afterword.sync.engine import Options

    workspace = open_workspace(context, dry_run=dry_run or check)
    if workspace.dry_run and not (calendar_url or context.settings.calendar_url):
        raise UsageError("no calendar is chosen yet to look at; choose one: afterword calendars")
    choices = TextChoices(ours=take_ours, theirs=take_theirs)
    reporter = SyncPrinter(context=context, dry_run=workspace.dry_run, quiet=quiet)
    with (
        open_calendar(
            context, calendar_url=calendar_url, access=Access(**access), questions=prompts
        ) as calendar,
        _locked_state(context) as database,
        progress.line("writing", long=_A_FEW) as progress_line,
    ):
        settings = Options(
            words=calendar_log.title_keywords(reader_locale(context)),
            over=calendar_log.over_prefix(reader_locale(context)),
            dry_run=workspace.dry_run,
            allow_mass_delete=allow_mass_delete,
            connections=context.settings.connections,
            unlisted=not sync_rows.has_synced(database, calendar.url),
            progress=_no_progress if quiet or as_json else progress_line,
        )
        # Not before the state is ours: another run may just be logging.
        applications = SyncedApplications(workspace, reporter, choices)
        report = _synchronize(calendar, database, applications, settings, as_json=as_json)
    if not as_json:
        _print_report(report, applications, quiet=quiet, brief=check)
    if report.stopped is not None:
        raise report.stopped
    click.get_current_context().exit(report.exit_code)


def _synchronize(
    calendar: Calendar,
    database: Database,
    applications: SyncedApplications,
    settings: Options,
    *,
    as_json: bool,
) -> SyncReport:
    """Sync, and print the document, on failure too."""
    from afterword.sync.engine import synchronize
    from afterword.sync.report import SyncReport

    earlier_calendars = sync_rows.calendars(database)
    try:
        report = synchronize(
            calendar,
            database,
            applications.desired_state(),
            settings,
            now=applications.now,
            record_edits=applications.apply_edits,
        )
    except AfterwordError as error:
        report = SyncReport(calendar=calendar.url, requests=calendar.requests, stopped=error)
    report = attrs.evolve(report, damaged=applications.damaged)
    if report.actions and calendar.url not in earlier_calendars and not settings.dry_run:
        for url in earlier_calendars:
            status(
                f"an earlier sync has put its events into {url}: remove them there, or both ring"
            )
    if as_json:
        echo_json(report.document())
    return report


@contextmanager
def _locked_state(context: RunContext) -> Iterator[Database]:
    """Open the sync state, locked for this process."""
    with Database(context.locations.database) as database, database.locked():
        yield database


def _no_progress(done: int, total: int) -> None:
    del done, total


def _print_report(
    report: SyncReport, applications: SyncedApplications, *, quiet: bool, brief: bool
) -> None:
    """Print the changes, made or planned, and the failures."""
    if report.recreated:
        status(f"there was no calendar at {report.calendar} any more: it is made anew")
    titles = {**report.titles, **applications.titles}
    if report.dry_run and not brief:
        for action in report.actions:
            title = titles.get(action.uid) or "an event that is no longer wanted"
            echo(f"{_VERBS[action.kind]} {clean_line(title)}")
    for line in _failures(report.failed, titles):
        status(line)
    if report.stopped is not None or (quiet and not report.exit_code):
        return
    nothing = not report.actions and not report.user_edits and not report.exit_code
    echo("Nothing to do: the calendar is as the plan." if nothing else f"{report.summary()}.")
    if report.actions and not report.dry_run:
        status("This is on your phone at its next fetch.")


def _failures(failed: Mapping[str, str], titles: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each failed event, or a common line for many with the same reason."""
    alike: dict[str, list[str]] = {}
    for uid, reason in failed.items():
        alike.setdefault(reason, []).append(clean_line(titles.get(uid) or "an event"))
    for reason, names in alike.items():
        if len(names) <= _A_FEW_ALIKE:
            yield from (f"{name}: {reason}" for name in names)
        else:
            yield f"{names[0]}, and {len(names) - 1:,} more events: {reason}"
