"""Delete an application with its exports and sync rows."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from afterword.domain.build_events import build_interview_reminders
from afterword.domain.calendar_model import EventText
from afterword.domain.model import Application
from afterword.domain.planning.plan import Plan
from afterword.domain.policy import InterviewReminder
from afterword.services.run_context import RunContext
from afterword.services.workspace import Workspace
from afterword.storage.state import sequence_numbers, sync_rows
from afterword.storage.state.database import Database


@attrs.frozen(kw_only=True)
class RemainingEvents:
    """The export files and the calendars that still have events of the application."""

    export_paths: tuple[str, ...] = ()
    calendar_urls: tuple[str, ...] = ()


def forget_application(application: Application, workspace: Workspace) -> RemainingEvents:
    """Delete an application; the next export and the next sync delete its remaining events.

    The state is cleared first: if the run is interrupted, the file remains and it can be
    repeated.
    """
    uids = _event_uids(workspace.plan(application))
    remaining = release_events([application.id], workspace, uids)
    workspace.store.forget(application.id)
    return remaining


def release_events(
    ids: Collection[str], workspace: Workspace, uids: Collection[str] = ()
) -> RemainingEvents:
    """Let the next export and sync remove the events of applications that are deleted."""
    context = workspace.context
    path = context.locations.database
    if not ids or not path.exists():
        return RemainingEvents()
    with Database(path) as database, database.locked():
        urls = sync_rows.forget_events(database, uids, owners=ids)
        paths = [path for id in ids for path in _forget_exports(database, id, context)]
    return RemainingEvents(export_paths=tuple(paths), calendar_urls=tuple(urls))


def _forget_exports(database: Database, application: str, context: RunContext) -> list[str]:
    """Forget the exports of an application, except for events that are still to come.

    Those are remembered until the next export to their target has cancelled them; the paths
    of these targets are returned.
    """
    waiting = []
    for key in sequence_numbers.export_targets(database, ""):
        path, _, name = key.partition("\n")
        if name.removesuffix(sequence_numbers.REMOVED) != application:
            continue
        revisions = sequence_numbers.load_revisions(database, key)
        over = [uid for uid, each in revisions.items() if context.has_passed(each.event.end)]
        with database.transaction():
            sequence_numbers.save_rows(database, (), forget=[(key, uid) for uid in over])
        if len(over) < len(revisions):
            sequence_numbers.mark_removed(database, key)
            waiting.append(path)
    return waiting


def _event_uids(plan: Plan) -> set[str]:
    no_text = EventText(summary="", description="")
    reminders = build_interview_reminders(plan, tuple(InterviewReminder), lambda *_: no_text)
    step_uids = {uid for step in plan.steps for uid in step.uids.values()}
    return step_uids | {event.uid for event in reminders}
