"""The user's applications in a run: stored, planned, logged, and typed dates checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

import attrs

from afterword.domain import datemath
from afterword.domain.model import Application, Interview, When
from afterword.domain.planning.plan import Plan
from afterword.domain.planning.timeline import to_instant
from afterword.errors import InputError, UsageError
from afterword.services.application_plan import plan_application
from afterword.services.run_context import RunContext
from afterword.storage.repository import ApplicationRepository, LoadedApplications
from afterword.storage.undo_history import BatchKind

_SECOND = dt.timedelta(seconds=1)
_MOST_RECENT_PLANS = 8


@attrs.frozen(kw_only=True)
class Workspace:
    """The stored applications in this run; with `dry_run` nothing is saved."""

    context: RunContext
    store: ApplicationRepository
    dry_run: bool = False
    _named: set[str] = attrs.field(factory=set, init=False, repr=False, eq=False)
    """The messages about damaged files so far: a run names each file once."""
    _recent_plans: dict[int, Plan] = attrs.field(factory=dict, init=False, repr=False, eq=False)

    def applications(self) -> list[Application]:
        """Return all applications; the user is notified of each damaged file."""
        return list(self.load().applications)

    def load(self) -> LoadedApplications:
        """Return all applications and the damage; the user is notified of each damaged file."""
        loaded = self.store.applications()
        for error in loaded.damaged:
            self.notify_of_damage(error)
        return loaded

    def notify_of_damage(self, error: InputError) -> None:
        """Name a damaged file to the user, once in a run."""
        if str(error) not in self._named:
            self._named.add(str(error))
            self.context.ui.notify(str(error))

    def is_empty(self) -> bool:
        """True if nothing is stored, not even a damaged file."""
        loaded = self.store.applications()
        return not loaded.applications and not loaded.damaged

    def find_application(self, text: str) -> Application:
        """Return the application whose name has the text; each damaged file is named.

        Raises UsageError.
        """
        return self.store.find_application(text, self.notify_of_damage)

    def plan(self, application: Application) -> Plan:
        """Return the plan of an application; a command asks for the same few again and again."""
        plan = self._recent_plans.get(id(application))
        if plan is None or plan.application is not application:
            if len(self._recent_plans) == _MOST_RECENT_PLANS:
                self._recent_plans.clear()
            plan = plan_application(application, self.context)
            self._recent_plans[id(application)] = plan
        return plan

    def plans(self, applications: Collection[Application] | None = None) -> list[Plan]:
        """Return the plans of these applications, by default of all."""
        if applications is None:
            applications = self.applications()
        return [self.plan(each) for each in self.context.ui.track(applications, "planning")]

    def stored_plans(self) -> Iterator[Plan]:
        """Yield the plans of all applications; none is read before the first is asked for."""
        yield from map(self.plan, self.applications())

    def add(self, application: Application) -> Application:
        """Save a new application; return the stored application, whose id may differ."""
        return application if self.dry_run else self.store.add(application)

    def add_missing(self, applications: Sequence[Application]) -> set[str]:
        """Save the applications that are not stored yet; return their ids.

        Raises InputError if a stored application has one of the ids and other content.
        """
        stored = {application.id: application for application in self.applications()}
        different = [a.id for a in applications if a.id in stored and stored[a.id] != a]
        if different:
            raise InputError(
                "the file has applications that are stored already with other content",
                [f"to change it: afterword edit {id}" for id in different],
            )
        missing = [application for application in applications if application.id not in stored]
        if not self.dry_run:
            self.store.add_all(missing)
        return {application.id for application in missing}

    def save(self, before: Application, after: Application) -> Application:
        """Replace a stored application; return it merged with concurrent changes."""
        return after if self.dry_run else self.store.replace(before, after)

    def save_batch(self, changes: Sequence[tuple[Application, Application]]) -> None:
        """Replace stored applications together; `undo --all` undoes that."""
        if not self.dry_run:
            self.store.save_all(changes, kind=BatchKind.CLOSE)

    def is_closed(self, application: Application) -> bool:
        """True if the application was closed and not reopened."""
        return self.plan(application).timeline.closing_entry() is not None

    def parse_past_moment(self, typed: str | None, application: Application) -> dt.datetime:
        """Return when something happened: now, or the time typed after --on.

        A day stands for its noon, or for the end of an interview that ends later that day, as
        in the application file; where today's noon is still to come, now is meant. What is
        logged for a day comes after what is already logged for it, because an answer ends the
        silence in which a message was sent. Raises UsageError for a moment in the future.
        """
        context = self.context
        now, zone = context.local_now, context.zone
        timeline = self.plan(application).timeline
        logged = {entry.at for entry in timeline.log}
        parsed: When = now
        if typed:
            from afterword.formats.dates.date_forms import DateUse
            from afterword.services import typed_dates

            parsed = typed_dates.parse_when(typed, context, DateUse.PAST)
        at = to_instant(parsed, timeline.interviews, zone).astimezone(zone)
        if not isinstance(parsed, dt.datetime):
            that_day = [m for m in logged if datemath.day_of(m, zone) == parsed]
            at = max([at, *(m.astimezone(zone) for m in that_day)])
            at = min(at, now) if parsed == now.date() else at
        if at > now:
            raise UsageError(
                f"{self.format_moment(at)} is in the future; log it when it has happened"
            )
        while at in logged:
            at += _SECOND
        return at

    def parse_future_day(self, typed: str) -> dt.date:
        """Return a day in the future; for a week or a month, its end. Raises UsageError."""
        from afterword.formats.dates.date_forms import DateUse
        from afterword.services import typed_dates

        return typed_dates.parse_day(typed, self.context, DateUse.DEADLINE)

    def parse_decision_day(self, typed: str, *interviews: Interview) -> dt.date:
        """Return the day by which they decide. Raises UsageError if it precedes all interviews."""
        day = self.parse_future_day(typed)
        start = min(interview.start.astimezone(dt.UTC) for interview in interviews)
        if day < datemath.day_of(start, self.context.zone) - datemath.DAY:
            raise UsageError(
                f"{self.format_day(day)} is before the interview of {self.format_moment(start)}; "
                "is the year right?"
            )
        return day

    def format_moment(self, at: dt.datetime) -> str:
        """Return a moment with weekday, year and zone, so that a misreading is noticed."""
        zone = self.context.zone
        local = at.astimezone(zone)
        return f"{self.context.formatter.moment_with_year(local)} ({zone.key})"

    def format_day(self, day: dt.date) -> str:
        """Return a day with weekday and year, so that a misreading is noticed."""
        return self.context.formatter.day_with_year(day)


def open_workspace(context: RunContext, *, dry_run: bool = False) -> Workspace:
    """Return the user's applications in this run."""
    locations = context.locations
    store = ApplicationRepository(locations.data, locations.state, progress=context.ui.track)
    return Workspace(context=context, store=store, dry_run=dry_run)
