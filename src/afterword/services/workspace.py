"""The person's applications, as commands that look into them or log something use them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import attrs
import click

from afterword.cli.ui import options, progress
from afterword.cli.ui.date_format import formatter_for
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.views import print_plan_diff
from afterword.domain import datemath, parse_datetime
from afterword.domain.model import Application, Interview, LogEntry
from afterword.domain.planning.plan import Plan
from afterword.domain.planning.timeline import to_instant
from afterword.errors import UsageError
from afterword.services.planned_events import plan_application
from afterword.services.run_context import RunContext
from afterword.storage.repository import ApplicationRepository

R = TypeVar("R")

_SECOND = dt.timedelta(seconds=1)


@attrs.frozen(kw_only=True)
class Workspace:
    """The store in this run; with `dry_run` it saves nothing."""

    context: RunContext
    store: ApplicationRepository
    dry_run: bool = False

    def applications(self) -> list[Application]:
        """Return all applications; a damaged file is told, and left as it is."""
        shelf = self.store.applications()
        for mistake in shelf.damaged:
            status(str(mistake))
        return list(shelf.applications)

    def is_empty(self) -> bool:
        """Whether nothing is kept, not even a damaged file."""
        shelf = self.store.applications()
        return not shelf.applications and not shelf.damaged

    def find(self, text: str) -> Application:
        """Return the application of which the text is a part. Raises UsageError."""
        return self.store.find(text)

    def plan(self, application: Application) -> Plan:
        """Return the plan of an application as it stands now."""
        return plan_application(application, self.context)

    def plans(self) -> list[Plan]:
        """Return the plans of all applications."""
        return [self.plan(each) for each in progress.through(self.applications(), "planning")]

    def log(self, application: Application, *entries: LogEntry, said: str = "") -> Application:
        """Append entries, and tell what they changed; return the application after them."""
        after = attrs.evolve(application, log=(*application.log, *entries))
        return self.save(application, after, said=said)

    def save(self, before: Application, after: Application, *, said: str = "") -> Application:
        """Replace an application, and tell what that changed in the plan.

        `said` is told first, but not before it is true.
        """
        if not self.dry_run:
            self.store.replace(before, after)
        if said:
            echo(said)
        print_plan_diff(self.plan(before), self.plan(after), formatter_for(self.context))
        return after

    def parse_past_moment(self, typed: str | None, application: Application) -> dt.datetime:
        """Return when something happened: now, or what was typed after --on.

        A day stands for its noon, or for the end of an interview that ends
        later that day, as in the file of facts; today's noon may be to come,
        and then now is meant. What is told of a day comes after what has been
        told of it before: an answer ends the silence in which a message was
        sent. Raises UsageError for what is to come.
        """
        now = self.context.now.replace(microsecond=0).astimezone(self.context.zone)
        timeline = self.plan(application).timeline
        logged = {entry.at for entry in timeline.log}
        read = (
            parse_datetime.parse_when(typed, now=now, zone=self.context.zone, past=True)
            if typed
            else now
        )
        at = to_instant(read, timeline.interviews, self.context.zone).astimezone(self.context.zone)
        if not isinstance(read, dt.datetime):
            that_day = [m for m in logged if datemath.day_of(m, self.context.zone) == read]
            at = max([at, *(m.astimezone(self.context.zone) for m in that_day)])
            at = min(at, now) if read == now.date() else at
        if at > now:
            raise UsageError(
                f"{self.format_moment(at)} is in the future; log it when it has happened"
            )
        while at in logged:
            at += _SECOND
        return at

    def parse_future_moment(self, typed: str, zone: ZoneInfo) -> dt.datetime:
        """Return a moment to come; a day alone is too little. Raises UsageError."""
        read = parse_datetime.parse_when(typed, now=self.context.now, zone=zone, past=False)
        if not isinstance(read, dt.datetime):
            raise UsageError(f'{typed!r} has no time of the day; write it as "2026-12-01 14:00"')
        return read

    def parse_future_day(self, typed: str) -> dt.date:
        """Return a day to come. Raises UsageError."""
        return parse_datetime.parse_day(
            typed, now=self.context.now, zone=self.context.zone, past=False
        )

    def parse_decision_day(self, typed: str, *interviews: Interview) -> dt.date:
        """Return the day by which they decide; one before all interviews is a slip."""
        day = self.parse_future_day(typed)
        start = min(interview.start.astimezone(dt.UTC) for interview in interviews)
        if day < datemath.day_of(start, self.context.zone) - datemath.DAY:
            raise UsageError(
                f"{self.format_day(day)} is before the interview of {self.format_moment(start)}; "
                "is the year right?"
            )
        return day

    def format_moment(self, at: dt.datetime) -> str:
        """Return a moment as it was understood: with weekday, year and zone."""
        reader = formatter_for(self.context)
        local = at.astimezone(self.context.zone)
        told = f"{reader.dated(local)}, {reader.language.clock(local)}"
        return f"{told} ({self.context.zone.key})"

    def format_day(self, day: dt.date) -> str:
        """Return a day as it was understood: with weekday and year."""
        return formatter_for(self.context).dated(day)

    def is_closed(self, application: Application) -> bool:
        """Whether the application was closed and not opened again."""
        return self.plan(application).timeline.closing_entry() is not None


def with_workspace(command: Callable[..., R]) -> Callable[..., R]:
    """Add --now, --zone and --data, and hand the command the `book` that follows from them."""

    @options.with_context
    @functools.wraps(command)
    def with_book(*args: Any, context: RunContext, **kwargs: Any) -> R:
        return command(*args, workspace=open_workspace(context), **kwargs)

    return with_book


def open_workspace(context: RunContext, *, dry_run: bool = False) -> Workspace:
    """Return the person's applications in this run."""
    store = ApplicationRepository(
        context.locations.data, context.locations.state, progress=progress.through
    )
    return Workspace(context=context, store=store, dry_run=dry_run)


def with_application(command: Callable[..., R]) -> Callable[..., R]:
    """Add APP, and hand the command its `book` and `application`."""

    @click.argument("app")
    @with_workspace
    @functools.wraps(command)
    def with_application(*args: Any, app: str, workspace: Workspace, **kwargs: Any) -> R:
        return command(*args, workspace=workspace, application=workspace.find(app), **kwargs)

    return with_application


def log_command(command: Callable[..., R]) -> Callable[..., R]:
    """Add APP and --on to a command that logs what happened, and --dry-run."""

    @click.argument("app")
    @click.option("--on", metavar="WHEN", help="When it was.  [default: now]")
    @click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
    @options.with_context
    @functools.wraps(command)
    def with_log(*args: Any, app: str, context: RunContext, dry_run: bool, **kwargs: Any) -> R:
        workspace = open_workspace(context, dry_run=dry_run)
        if dry_run:
            status("nothing is changed: a dry run")
        return command(*args, workspace=workspace, application=workspace.find(app), **kwargs)

    return with_log
