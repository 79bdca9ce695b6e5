"""`afterword import`: invitations, mails and files of facts become applications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.date_format import formatter_for
from afterword.cli.ui.output import echo, echo_bytes, echo_json, status
from afterword.cli.ui.views import print_plan_diff
from afterword.domain.model import Application
from afterword.errors import ExitCode, InputError, UsageError
from afterword.formats.application_file import application_reader
from afterword.importers.apply_invitation import ImportAction, InvitationResult
from afterword.importers.invitation import invitation_model
from afterword.importers.spreadsheet import example_table
from afterword.importers.spreadsheet.date_order import DateOrder
from afterword.services import input_files
from afterword.services.import_invitations import InvitationImporter, PanelDays
from afterword.services.import_spreadsheet import (
    SpreadsheetImporter,
    import_table,
    is_table,
    stated,
)
from afterword.services.run_context import RunContext
from afterword.services.workspace import Workspace, open_workspace


@attrs.frozen(kw_only=True)
class FileResult:
    """What one file came to: its events, or why it was not taken."""

    file: str
    events: tuple[dict[str, Any], ...] = ()
    error: InputError | None = None


def _show_template(ctx: click.Context, _: click.Parameter, wanted: str | None) -> None:
    if wanted:
        echo_bytes([example_table.example_table().encode()])
        ctx.exit()


@click.command(
    "import",
    cls=CommandWithExample,
    example="""
    afterword import invite.ics --role "Marketing Manager"
    afterword import mail.eml clients.toml --json
    """,
)
@click.argument("paths", nargs=-1, metavar="FILE...")
@input_files.invitation_hints
@click.option("--dates", type=options.ORDER, help="The order of dates in a table.")
@click.option("--partial", is_flag=True, help="Leave out the bad rows of a table.")
@click.option(
    "--template",
    type=click.Choice(["csv"]),
    is_eager=True,
    expose_value=False,
    callback=_show_template,
    help="Print a table to begin with: a header and two rows.",
)
@click.option(
    "--panel-day/--rounds",
    "panel_day",
    default=None,
    help="Several interviews of one day are one (one set of follow-ups), or rounds.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be kept, and keep nothing.")
@options.with_context
@options.json
def import_files(
    paths: tuple[str, ...],
    answers: input_files.InvitationHints,
    dates: DateOrder | None,
    partial: bool,
    panel_day: bool | None,
    dry_run: bool,
    context: RunContext,
    as_json: bool,
) -> None:
    """Read interviews from invitations (.ics), mails (.eml), tables (.csv) and facts (.toml).

    An invitation that comes again changes the interview that it is about: a
    newer one moves it, a cancellation cancels it, an older copy does nothing.
    What is guessed is said, and asked about on a terminal. - is standard input.
    """
    if not paths:
        raise UsageError("say what to read: afterword import FILE...")
    taking = _ImportOptions(
        workspace=open_workspace(context, dry_run=dry_run),
        said=answers,
        days=PanelDays(panel_day),
        tables=SpreadsheetImporter(dates=dates, partial=partial, zone=answers.employer_zone),
        quiet=as_json,
    )
    taken = [_file(path, taking) for path in paths]
    if dry_run and any(one.error is None for one in taken):
        status("nothing is kept: a dry run")
    if as_json:
        echo_json(
            {
                "version": 1,
                "files": [
                    {"file": one.file, "events": list(one.events)}
                    | ({"error": str(one.error)} if one.error else {})
                    for one in taken
                ],
            }
        )
    _end(taken)


@attrs.frozen(kw_only=True)
class _ImportOptions:
    """What holds for all files of a run."""

    workspace: Workspace
    said: input_files.InvitationHints
    days: PanelDays
    tables: SpreadsheetImporter
    quiet: bool


def _file(path: str, how: _ImportOptions) -> FileResult:
    """Take one file whole, or nothing of it."""
    try:
        return FileResult(
            file=path, events=tuple(_events(path, input_files.read_content(path), how))
        )
    except InputError as error:
        return FileResult(file=path, error=error)


def _events(path: str, data: bytes, how: _ImportOptions) -> Iterator[dict[str, Any]]:
    input_files.refuse_other_programs(path, data)
    if input_files.is_invitation(path, data):
        reading = input_files.read_invitation_files(path, data, how.said, how.workspace.context)
        for notice in reading.notices:
            status(f"{reading.source}: {notice}")
        outcomes = InvitationImporter(workspace=how.workspace, said=how.said, days=how.days).decide(
            reading
        )
        return (_event(one, how) for one in outcomes)
    if is_table(path, data):
        return import_table(
            input_files.name_of(path), data, how.tables, how.workspace, quiet=how.quiet
        )
    return _facts(
        application_reader.parse_applications(data, input_files.name_of(path)),
        how.workspace,
        quiet=how.quiet,
    )


def _event(outcome: InvitationResult, how: _ImportOptions) -> dict[str, Any]:
    """Keep what an invitation came to, tell it, and return it as an event of the document."""
    invited, workspace = outcome.invitation, how.workspace
    guessed = [key for key in invited.guessed if not _is_certain(key, outcome, how.said)]
    after = outcome.after
    if after is not None and outcome.changes and not workspace.dry_run:
        before = outcome.before
        after = (
            workspace.store.add(after) if before is None else workspace.store.replace(before, after)
        )
    if not how.quiet:
        _tell(outcome, after, workspace, guessed)
    event = invitation_model.as_json(invited) | {"guessed": guessed}
    if after is not None:
        event["company"], event["role"] = after.company, after.role
    warnings = [*invited.warnings, *outcome.warnings]
    return {
        "action": outcome.action.value,
        "application": after.id if after else None,
        **event,
        "interview": outcome.interview or event["interview"],
        "warnings": warnings,
    }


def _is_certain(key: str, outcome: InvitationResult, said: input_files.InvitationHints) -> bool:
    """Whether it was said, or is kept of the application already."""
    kept = outcome.before is not None and key in {"company", "role"}
    return kept or bool(getattr(said, key, None))


def _tell(
    outcome: InvitationResult,
    after: Application | None,
    workspace: Workspace,
    guessed: Sequence[str],
) -> None:
    invited = outcome.invitation
    name = f"{after.company}, {after.role}" if after else invited.summary
    when = f" on {workspace.format_moment(invited.start)}" if invited.start else ""
    echo(f"{outcome.action}: {name}{when}")
    for key in guessed if outcome.action is ImportAction.ADDED else ():
        source = invited.sources.get(key)
        # Who the reader is stands in no file: it only says who is not thanked.
        stored = after if key != "me" else None
        way = f"afterword edit {stored.id} corrects it" if stored else f"--{key} says it"
        status(f"  {key} is a guess{f', from {source}' if source else ''}; {way}")
    for warning in (*invited.warnings, *outcome.warnings):
        status(f"  {warning}")
    if after is not None and outcome.changes:
        before = outcome.before
        old = workspace.plan(before) if before is not None else None
        print_plan_diff(old, workspace.plan(after), formatter_for(workspace.context))


def _facts(
    found: tuple[Application, ...], workspace: Workspace, *, quiet: bool
) -> Iterator[dict[str, Any]]:
    """Keep the applications of a file of facts; one that is known and the same is left alone."""
    known = {a.id: a for a in workspace.applications()}
    clash = [a.id for a in found if a.id in known and known[a.id] != a]
    if clash:
        raise InputError(
            "the file has applications that are kept already, and say something else",
            [f"{id}: afterword edit {id} changes it" for id in clash],
        )
    if not workspace.dry_run:
        workspace.store.add_all(a for a in found if a.id not in known)
    for application in found:
        action = ImportAction.UNCHANGED if application.id in known else ImportAction.ADDED
        if not quiet:
            echo(f"{action}: {application.company}, {application.role}")
        for interview in application.interviews:
            yield stated(application, interview, action)


def _end(taken: list[FileResult]) -> None:
    """End with the code of what happened: all taken, some (partly done), or none (bad input)."""
    wrong = [one.error for one in taken if one.error is not None]
    if not wrong:
        return
    if len(wrong) == 1 and len(taken) == 1:
        raise wrong[0]
    for error in wrong:
        status(f"not taken: {error}")
    count = f"{len(wrong)} of {len(taken)} files were not taken"
    if len(wrong) == len(taken):
        raise InputError(count)
    status(f"afterword: {count}")
    click.get_current_context().exit(ExitCode.PARTLY)
