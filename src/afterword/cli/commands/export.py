"""`afterword export`: write the plan as a calendar file, with a draft in every event."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo_bytes, status
from afterword.domain.model import Application
from afterword.domain.sanitize import pluralize
from afterword.errors import ExitCode, UsageError
from afterword.formats.calendar_apps import CALENDAR_APPS, EXPORT_PROFILES, ExportProfile, ImportApp
from afterword.services import input_files
from afterword.services.exports import ics_export
from afterword.services.exports.event_removal import MissingFiles, command_with
from afterword.services.exports.export_target import ExportOptions, ExportResult
from afterword.services.input_files import InvitationHints
from afterword.services.run_context import RunContext

_NOTHING_TO_WRITE = "nothing to write: no step is left to do"


@command("""
    afterword export -o job-search.ics
    afterword export week.toml -o calendar/
    afterword export --for outlook
    """)
@click.argument("paths", type=options.FILE, nargs=-1, metavar="[FILE]...")
@options.invitation_hints
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
    help="For coaches: a folder in DIR for each applicant, with a file of all events.",
)
@click.option(
    "--feed",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="A file in DIR for you, and for each client of a coach, which calendar apps can subscribe"
    " to from a web server; its name cannot be guessed and stays the same.",
)
@click.option(
    "--changes",
    is_flag=True,
    help="Write only what is new or changed since the last export to the same place,"
    " for calendar apps that do not update on import.",
)
@click.option(
    "--for",
    "app",
    type=options.EnumChoice("app", ImportApp),
    help="The app that imports the file: with or without windows and alarms, and with"
    " cancellations or a list of events to delete by hand.",
)
@click.option(
    "--missing",
    type=options.EnumChoice("missing", MissingFiles, hidden=[MissingFiles.DELETE]),
    help="What to do with events of applications whose files are gone.  [default: ask; keep"
    " where nobody can be asked (exit code 3)]",
)
@click.option("--force", is_flag=True, help="Overwrite files that afterword did not write.")
@options.with_context
def export(
    paths: tuple[str, ...],
    hints: InvitationHints,
    output: str | None,
    per_applicant: Path | None,
    feed: Path | None,
    changes: bool,
    app: ImportApp | None,
    missing: MissingFiles | None,
    force: bool,
    context: RunContext,
) -> None:
    """Write a calendar file, with the drafts in it.

    FILE is an application file (TOML), an invitation (.ics) or its mail (.eml);
    - is standard input. It is only read. Without FILE, all stored applications
    are exported. Another export to the same place is an update: changed events
    get a higher sequence number, withdrawn ones are cancelled. If a stored file
    cannot be read, or is gone without afterword forget, its events stay as they
    were written last (exit code 3).
    """
    if feed is not None and any((output, per_applicant, changes, app)):
        raise UsageError(
            "--feed writes whole files, for every app: leave out -o, --per-applicant, --changes "
            "and --for"
        )
    stored, damaged = tuple[Application, ...](), False
    if paths:
        applications: Iterable[Application] = input_files.load_applications(paths, hints, context)
        nothing = _NOTHING_TO_WRITE
    else:
        from afterword.domain.applications import NO_APPLICATIONS_YET
        from afterword.services.workspace import open_workspace

        loaded = open_workspace(context).load()
        stored, damaged = loaded.applications, bool(loaded.damaged)
        applications = context.ui.track(stored, "writing")
        nothing = _NOTHING_TO_WRITE if stored else NO_APPLICATIONS_YET
    profile = EXPORT_PROFILES[app] if app else None
    export_options = ExportOptions(
        complete=not paths,
        stored=frozenset(application.id for application in stored),
        damaged=damaged,
        missing=missing,
        command=_command(output, per_applicant, feed, app),
        changes_only=changes,
        force=force,
        profile=profile,
    )
    if per_applicant is not None and output is not None:
        raise UsageError("give -o or --per-applicant, not both")
    target = output or ("" if feed or per_applicant else _default_output(paths, profile))
    if target == input_files.STDIN:
        if changes:
            raise UsageError(
                "--changes needs a file or a directory to compare with: -o FILE.ics or -o DIR/"
            )
        _write_stdout(ics_export.stream_ics(applications, context, profile), nothing)
        undecided = False
    else:
        results = _write(target, per_applicant, feed, applications, export_options, context)
        undecided = _print_results(results, export_options, context, nothing)
    if profile is not None:
        status(f"{profile.app}: {profile.note}")
    click.get_current_context().exit(ExitCode.PARTLY if damaged or undecided else ExitCode.OK)


def _write(
    target: str,
    per_applicant: Path | None,
    feed: Path | None,
    applications: Iterable[Application],
    export_options: ExportOptions,
    context: RunContext,
) -> Iterator[tuple[ExportResult, str | None]]:
    """Write each file or directory; yield its result, and the name of whose it is."""
    if feed is not None:
        from afterword.services.exports.calendar_feeds import export_feeds

        feeds = list(export_feeds(feed, applications, export_options, context))
        yield from feeds
        if feeds:
            status("Subscribe to the address of the file on your web server. Do alarms ring there?")
            for app in CALENDAR_APPS:
                status(f"  {app.name}: {app.subscribed}")
    elif per_applicant is not None:
        for result in ics_export.export_per_applicant(
            per_applicant, applications, export_options, context
        ):
            # A file that was written is named; where none was, the folder says whose it is.
            yield result, None if result.written else str(result.path.parent)
    else:
        is_directory = target.endswith(("/", os.sep)) or Path(target).is_dir()
        export_to = ics_export.export_to_directory if is_directory else ics_export.export_to_file
        yield export_to(Path(target), applications, export_options, context), None


def _print_results(
    results: Iterable[tuple[ExportResult, str | None]],
    export_options: ExportOptions,
    context: RunContext,
    nothing: str,
) -> bool:
    """Print each result; return True if a decision is open."""
    undecided: list[bool] = []
    for result, client in results:
        _print_result(result, export_options, context, nothing=nothing, client=client)
        undecided.append(result.undecided)
    if not undecided:
        status(nothing)
    return any(undecided)


def _command(
    output: str | None, per_applicant: Path | None, feed: Path | None, app: ImportApp | None
) -> str:
    """Return the command of this export."""
    values = {"-o": output, "--per-applicant": per_applicant, "--feed": feed, "--for": app}
    given = [(option, str(value)) for option, value in values.items() if value is not None]
    return command_with("afterword export", *itertools.chain(*given))


def _default_output(paths: tuple[str, ...], profile: ExportProfile | None) -> str:
    """Return the path beside FILE. Raises UsageError for several files."""
    if not paths:
        return ics_export.default_name(profile)
    if len(paths) > 1 or paths[0] == input_files.STDIN:
        raise UsageError("name the output: -o FILE.ics, -o DIR/ or -o -")
    path = Path(paths[0])
    is_calendar = path.suffix.casefold() == ics_export.SUFFIX
    ending = f"-{profile.app}" if profile else "-afterword" if is_calendar else ""
    return str(path.with_name(f"{path.stem}{ending}{ics_export.SUFFIX}"))


def _write_stdout(chunks: Iterator[bytes], nothing: str) -> None:
    first = next(chunks, None)
    if first is None:
        status(nothing)
    else:
        echo_bytes(itertools.chain([first], chunks))


def _print_result(
    result: ExportResult,
    export_options: ExportOptions,
    context: RunContext,
    *,
    nothing: str,
    client: str | None,
) -> None:
    """Print the number of events, and the events to delete by hand, by date."""
    if result.unchanged:
        status(f"unchanged in {result.path}: the events of {', '.join(result.unchanged)}")
    prefix = f"{client}: " if client else ""
    if result.written:
        status(f"{prefix}{_describe_written(result)}")
    elif not result.outdated:
        no_news = export_options.only_news and nothing == _NOTHING_TO_WRITE
        status(f"{prefix}{'nothing has changed' if no_news else nothing}")
    if result.outdated:
        language = context.language
        status("If your calendar app does not update events on import, delete these by hand:")
        for event in result.outdated:
            status(f"  {language.weekday_and_day(event.start)}  {event.summary}")


def _describe_written(result: ExportResult) -> str:
    news = [
        f"{count:,} {word}"
        for count, word in ((result.added, "new"), (result.changed, "changed"))
        if count and result.added < result.written
    ]
    news = news or ["nothing new"] * (not result.added and not result.changed)
    message = f"wrote {pluralize(result.written, 'event')} to {result.path}"
    return f"{message}: {', '.join(news)}" if news else message
