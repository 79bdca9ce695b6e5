"""`afterword export`: write the plan as a calendar file, with a draft in every event."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from pathlib import Path

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.invitation_options import invitation_options
from afterword.cli.ui.output import echo_bytes, status
from afterword.domain.model import Application
from afterword.domain.sanitize import pluralize
from afterword.errors import ExitCode, UsageError
from afterword.services import ics_export, input_files
from afterword.services.date_format import reader_locale
from afterword.services.ics_export import ExportOptions, ExportResult, MissingFiles
from afterword.services.input_files import InvitationHints
from afterword.services.run_context import RunContext
from afterword.storage.lookup import NO_APPLICATIONS_YET

_NOTHING_TO_WRITE = "nothing to write: no step is left to do"
_NOTHING_CHANGED = "nothing has changed"


@click.command(
    cls=CommandWithExample,
    example="""
    afterword export -o job-search.ics
    afterword export week.toml -o calendar/
    """,
)
@click.argument("paths", type=options.FILE, nargs=-1, metavar="[FILE]...")
@invitation_options
@click.option(
    "-o",
    "--output",
    metavar="FILE|DIR|-",
    help="A file of all events, a directory with a file for each, or - for standard output."
    "  [default: beside FILE, else job-search.ics]",
)
@click.option(
    "--per-applicant",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="A folder in DIR for each applicant of a coach, with a file of all events.",
)
@click.option(
    "--changes",
    is_flag=True,
    help="Write only what is new or changed since the last export to the same place,"
    " for calendar apps that do not update on import.",
)
@click.option(
    "--missing",
    type=options.EnumChoice("missing", MissingFiles),
    help="What to do with events of applications whose files are gone.  [default: ask]",
)
@click.option("--force", is_flag=True, help="Overwrite files that afterword did not write.")
@options.with_context
def export(
    paths: tuple[str, ...],
    hints: InvitationHints,
    output: str | None,
    per_applicant: Path | None,
    changes: bool,
    missing: MissingFiles | None,
    force: bool,
    context: RunContext,
) -> None:
    """Write a calendar file, with the drafts in it.

    FILE is an application file (TOML), an invitation (.ics) or its mail (.eml);
    - is standard input. It is only read. Without FILE, all stored applications
    are exported. Another export to the same place is an update: changed events
    get a higher sequence number, withdrawn ones are cancelled. If a stored file
    cannot be read, its events stay as they were written last (exit code 3).
    """
    stored, damaged = tuple[Application, ...](), False
    if paths:
        applications: Iterable[Application] = input_files.load_applications(paths, hints, context)
        nothing = _NOTHING_TO_WRITE
    else:
        from afterword.services.workspace import open_workspace

        loaded = open_workspace(context).load()
        stored, damaged = loaded.applications, bool(loaded.damaged)
        applications = context.ui.track(stored, "writing")
        nothing = _NOTHING_TO_WRITE if stored else NO_APPLICATIONS_YET
    if per_applicant is not None and output is not None:
        raise UsageError("-o and --per-applicant are two places; choose one")
    target = output or ("" if per_applicant else _default_output(paths))
    if target == input_files.STDIN:
        if changes:
            raise UsageError("--changes needs a place to remember: -o FILE.ics or -o DIR/")
        _write_stdout(applications, context, nothing)
        click.get_current_context().exit(ExitCode.PARTLY if damaged else ExitCode.OK)
    export_options = ExportOptions(
        complete=not paths,
        stored=frozenset(application.id for application in stored),
        damaged=damaged,
        missing=missing,
        changes_only=changes,
        force=force,
    )
    results: Iterable[ExportResult]
    if per_applicant is not None:
        results = ics_export.export_per_applicant(
            per_applicant, applications, export_options, context
        )
    else:
        is_directory = target.endswith(("/", os.sep)) or Path(target).is_dir()
        write = ics_export.export_to_directory if is_directory else ics_export.export_to_file
        results = [write(Path(target), applications, export_options, context)]
    for result in results:
        _print_result(result, context, nothing=_NOTHING_CHANGED if changes else nothing)
    click.get_current_context().exit(ExitCode.PARTLY if damaged else ExitCode.OK)


def _default_output(paths: tuple[str, ...]) -> str:
    """Return the path beside FILE. Raises UsageError for several files."""
    if not paths:
        return ics_export.DEFAULT_NAME
    if len(paths) > 1 or paths[0] == input_files.STDIN:
        raise UsageError("name the output: -o FILE.ics, -o DIR/ or -o -")
    path = Path(paths[0])
    if path.suffix.casefold() == ics_export.SUFFIX:
        return str(path.with_name(f"{path.stem}-afterword{ics_export.SUFFIX}"))
    return str(path.with_suffix(ics_export.SUFFIX))


def _write_stdout(applications: Iterable[Application], context: RunContext, nothing: str) -> None:
    chunks = ics_export.stream_ics(applications, context)
    first = next(chunks, None)
    if first is None:
        status(nothing)
    else:
        echo_bytes(itertools.chain([first], chunks))


def _print_result(result: ExportResult, context: RunContext, *, nothing: str) -> None:
    if result.unchanged:
        status(f"unchanged in {result.path}: the events of {', '.join(result.unchanged)}")
    if not result.written:
        status(nothing)
        return
    news = [
        f"{count:,} {word}"
        for count, word in ((result.added, "new"), (result.changed, "changed"))
        if count and result.added < result.written
    ]
    news = news or ["nothing new"] * (not result.added and not result.changed)
    message = f"wrote {pluralize(result.written, 'event')} to {result.path}"
    status(message, f": {', '.join(news)}" if news else "")
    if result.outdated:
        language = reader_locale(context)
        status("delete these by hand where your calendar app does not update on import:")
        for event in result.outdated:
            status(f"  {language.weekday_and_day(event.start)}  {event.summary}")
