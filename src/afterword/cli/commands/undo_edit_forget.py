"""`afterword undo`, `edit` and `forget`: change the file of an application as a whole."""

from __future__ import annotations

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.history_view import describe_log_entry
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.prompts import can_ask, confirm
from afterword.cli.ui.user_programs import edit_until_saved
from afterword.cli.ui.views import print_change
from afterword.domain.applications import full_name
from afterword.domain.model import Application
from afterword.domain.sanitize import pluralize
from afterword.errors import UsageError
from afterword.services.exports.forget_application import forget_application, release_events
from afterword.services.workspace import Workspace
from afterword.storage.stored_names import MAX_BYTES
from afterword.storage.undo_history import BatchKind
from afterword.system import atomic_files


@command("""
    afterword undo karoo
    afterword undo --all
    """)
@options.with_workspace
@click.argument("app", type=options.APP, required=False)
@click.option(
    "--all",
    "last_batch",
    is_flag=True,
    help="Undo the last import of a table, or the last `close --all`.",
)
@click.option(
    "--import", "last_import", is_flag=True, help="Undo the last import of a table as a whole."
)
@click.option("--force", is_flag=True, help="Undo even if the file was edited by hand since.")
def undo(
    workspace: Workspace, app: str | None, last_batch: bool, last_import: bool, force: bool
) -> None:
    """Undo the last change of an application; may be repeated."""
    if bool(app) == (last_batch or last_import):
        raise UsageError(
            "name the application: afterword undo APP, or --all for the last import of a table "
            "or the last close --all"
        )
    if app is None:
        _undo_batch(workspace, BatchKind.IMPORT if last_import else None, force=force)
    else:
        _undo_change(workspace, workspace.find_application(app), force=force)


def _undo_batch(workspace: Workspace, kind: BatchKind | None, *, force: bool) -> None:
    undone = workspace.store.undo_batch(force=force, kind=kind)
    gone = [id for id, application in undone if application is None]
    release_events(gone, workspace)
    subject = "The last import" if kind else "The last change of several applications"
    echo(
        f"{subject} is undone: {pluralize(len(gone), 'application')} removed, "
        f"{pluralize(len(undone) - len(gone), 'application')} restored."
    )


def _undo_change(workspace: Workspace, application: Application, *, force: bool) -> None:
    after = workspace.store.undo(application.id, force=force)
    if after is None:
        release_events([application.id], workspace)
        echo(f"{full_name(application)}: it was new, and is removed again.")
        return
    echo(f"{full_name(application)}: the last change is undone.")
    before, formatter = workspace.plan(application), workspace.context.formatter
    for logged in before.timeline.log:
        if logged.entry not in after.log:
            echo(f"  undone: {describe_log_entry(logged, before, formatter)}")
    print_change(workspace, application, after)


@command("afterword edit karoo")
@click.argument("app", type=options.APP)
@options.with_workspace
def edit(workspace: Workspace, app: str) -> None:
    """Open the file of an application in your editor; it is saved if it has no mistakes."""
    path = workspace.store.locate(app, workspace.notify_of_damage)
    old = atomic_files.read_file(path, at_most=MAX_BYTES)

    def save(text: str) -> None:
        workspace.store.replace_text(path, old, text.encode())

    text = old.decode("utf-8", "replace")
    if edit_until_saved(text, path, save, workspace.context.locations.state):
        status(f"Saved in {path}")


@command("afterword forget karoo --yes")
@options.with_application
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(workspace: Workspace, application: Application, yes: bool) -> None:
    """Delete an application and its history."""
    name = f"{full_name(application)} ({application.id})"
    if not yes:
        if not can_ask():
            raise UsageError(f"{name} would be deleted permanently; confirm with --yes")
        if not confirm(f"Delete {name} permanently?", default=False):
            status("Nothing was changed.")
            return
    remaining = forget_application(application, workspace)
    for path in remaining.export_paths:
        status(f"it has events in {path}: the next export to it cancels them")
    for url in remaining.calendar_urls:
        status(f"it has events in {url}: the next sync removes them")
    echo(f"{name} is deleted.")
