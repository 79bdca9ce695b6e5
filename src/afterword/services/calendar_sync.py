"""The applications while they are synced: what they ask of the calendar, and what it tells them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

import attrs

from afterword.cli.ui import sync_view
from afterword.cli.ui.output import status
from afterword.domain.events.event import Event
from afterword.domain.merge import fields, overrides
from afterword.domain.merge.three_way import DesiredState
from afterword.domain.merge.user_edits import FieldEdited, Moved, UidRejected, Undeleted, UserEdit
from afterword.domain.model import LogEntry
from afterword.domain.planning.plan import Plan, TranslatableText
from afterword.errors import ConflictError, InputError, UsageError
from afterword.services import calendar_log
from afterword.services.calendar_log import EventOwner
from afterword.services.planned_events import build_calendar_events, plan_application, reader_locale
from afterword.services.workspace import Workspace


@attrs.frozen(kw_only=True)
class TextChoices:
    """Whose texts the events of an application should have, by a part of its name.

    `ours`: the plan's again; `theirs`: those that the person gave up so.
    """

    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


class SyncedApplications:
    """All applications of a run. Those of a dry run change in memory alone."""

    def __init__(
        self, workspace: Workspace, wishes: TextChoices | None = None, *, quiet: bool = False
    ) -> None:
        """Read them. `quiet`: tell only what the person has to decide.

        Raises UsageError for a wish that means no application, or contradicts another.
        """
        shelf = workspace.store.applications()
        self._workspace = workspace
        self._quiet = quiet
        self.damaged = tuple(mistake.message for mistake in shelf.damaged)
        self._all = {application.id: application for application in shelf.applications}
        for mistake in shelf.damaged:
            status(str(mistake))
        wishes = wishes or TextChoices()
        self._ours = {workspace.find(part).id for part in wishes.ours}
        self._theirs = {workspace.find(part).id for part in wishes.theirs}
        if both := sorted(self._ours & self._theirs):
            raise UsageError(f"{both[0]}: --take-ours or --take-theirs, not both")
        self._look()

    @property
    def now(self) -> dt.datetime:
        """Return the moment of this run."""
        return self._workspace.context.now

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the titles of the events that are wanted, by UID."""
        return {uid: event.summary for uid, event in self._events.items()}

    def wanted(self) -> DesiredState:
        """Return what they ask of the calendar now."""
        asked = calendar_log.desired_state(
            self._plans, self._events.values(), zone=self._workspace.context.zone
        )
        owners = {uid: place.application.id for uid, place in self._places.items()}
        return attrs.evolve(asked, owners=owners, complete=not self.damaged)

    def note(self, told: Collection[UserEdit]) -> DesiredState:
        """Take what the person did into the log, tell it, and return what is asked for then.

        The calendar has been looked at by then, so that their wishes speak of
        what is there.
        """
        places, events = self._places, self._events
        noted = calendar_log.log_entries_for(told, places, self._workspace.context.zone)
        for name, entries in noted.items():
            self._log(name, entries)
        granted = self._granted()
        if noted or granted:
            self._look()
        self._tell_all(told, places, events)
        # What is done on the phone from here on is newer than the wishes.
        self._ours, self._theirs = set(), set()
        return self.wanted()

    def _tell_all(
        self,
        told: Iterable[UserEdit],
        places: Mapping[str, EventOwner],
        events: Mapping[str, Event],
    ) -> None:
        """Say what the person did, application by application."""
        by_name: dict[str, list[UserEdit]] = {}
        for one in told:
            if one.uid in places and _name(places[one.uid]) in self._all:
                by_name.setdefault(_name(places[one.uid]), []).append(one)
        for name, done in by_name.items():
            said = [one for one in done if self._tell(one, places[one.uid], events.get(one.uid))]
            self._tell_what_helps(name, said)

    def _tell(self, decision: UserEdit, place: EventOwner, event: Event | None) -> bool:
        """Say what the person did, and what the plan thinks of it; return whether it was said."""
        note = self._note_on(decision)
        if _name(place) in self._ours and isinstance(decision, FieldEdited):
            return False
        if self._quiet and not _is_conflict(decision) and note is None:
            return False
        plan = fields.fields_of(event) if event else {}
        status(sync_view.describe_user_edit(decision, place, plan, self._workspace.context.zone))
        if note is not None:
            status(f"  {reader_locale(self._workspace.context).render(note)}")
        return True

    def _tell_what_helps(self, name: str, said: Collection[UserEdit]) -> None:
        """Say once for an application how what was said of it is taken back."""
        if self._workspace.dry_run:
            return
        if any(map(_is_conflict, said)):
            status(f"  to have the plan's: afterword sync --take-ours {name}")
        logged = [
            one
            for one in said
            if not _is_conflict(one) and not isinstance(one, UidRejected | Undeleted)
        ]
        if logged:
            rest = ", which takes back one after another" if len(logged) > 1 else ""
            status(f"  if that is wrong: afterword undo {name}{rest}")

    def _note_on(self, decision: UserEdit) -> TranslatableText | None:
        """Return what the plan thinks of where they moved an event to."""
        place = self._places.get(decision.uid) if isinstance(decision, Moved) else None
        return place.step.note if place and place.step else None

    def _look(self) -> None:
        context = self._workspace.context
        self._plans: list[Plan] = [plan_application(one, context) for one in self._all.values()]
        found = {plan.application.id: build_calendar_events(plan, context) for plan in self._plans}
        self._events = {event.uid: event for events in found.values() for event in events}
        owners = {event.uid: name for name, events in found.items() for event in events}
        self._places = calendar_log.event_owners(self._plans, owners)

    def _granted(self) -> bool:
        """Log the wishes; return whether there was anything to log."""
        context, logged = self._workspace.context, False
        for names, wish in (
            (self._ours, overrides.discard_overrides),
            (self._theirs, overrides.restore_overrides),
        ):
            for application in [self._all[name] for name in sorted(names & self._all.keys())]:
                entries = wish(application.log, now=context.now, zone=context.zone)
                if self._log(application.id, entries):
                    status(
                        sync_view.describe_restored(
                            application, entries, dry_run=self._workspace.dry_run
                        )
                    )
                logged = logged or bool(entries)
        return logged

    def _log(self, name: str, entries: Iterable[LogEntry]) -> bool:
        """Append the entries one by one, so that each can be taken back by itself.

        An application whose file only a person can change is left out of the
        run: nothing of it is lost, and nobody else waits for it.
        """
        application = self._all[name]
        try:
            for entry in entries:
                after = attrs.evolve(application, log=(*application.log, entry))
                application = (
                    after
                    if self._workspace.dry_run
                    else self._workspace.store.replace(application, after)
                )
        except (InputError, ConflictError) as error:
            status(str(error))
            self.damaged = (*self.damaged, error.message)
            del self._all[name]
            return False
        self._all[name] = application
        return True


def _name(place: EventOwner) -> str:
    return place.application.id


def _is_conflict(decision: UserEdit) -> bool:
    return isinstance(decision, FieldEdited) and decision.ours is not None
