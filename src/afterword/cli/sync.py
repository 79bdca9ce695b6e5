"""`afterword sync`: the plan onto the phone, and what the person did there into the log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import click

from afterword import files, phone
from afterword.cli import options
from afterword.cli.book import Book, book_of
from afterword.cli.calendar import calendar_options, open_calendar
from afterword.cli.command import Command
from afterword.cli.console import say, show, show_json
from afterword.cli.here import Here
from afterword.cli.planning import events_of, readers_language
from afterword.core.decisions import Decision
from afterword.core.model import Application, Entry, Event
from afterword.core.reconcile import Wanted
from afterword.state.database import Database
from afterword.sync.report import SyncReport
from afterword.sync.run import Options, synchronise


@click.command(
    cls=Command,
    example="""
    afterword sync
    afterword sync --dry-run
    """,
)
@calendar_options
@click.option("--dry-run", is_flag=True, help="Tell what would be written, and write nothing.")
@click.option("--check", is_flag=True, help="Only look: the same as --dry-run, told more briefly.")
@click.option("--quiet", is_flag=True, help="Say nothing but what went wrong, for timers.")
@click.option(
    "--allow-mass-delete",
    is_flag=True,
    help="Go on where all of our events are gone, or would go.",
)
@click.option(
    "--take-ours",
    multiple=True,
    metavar="APP|UID",
    help="Events that you edited are written as planned again; may be repeated.",
)
@options.here
@options.json
def sync(
    here: Here,
    dry_run: bool,
    check: bool,
    quiet: bool,
    allow_mass_delete: bool,
    take_ours: tuple[str, ...],
    as_json: bool,
    **flags: Any,
) -> None:
    """Bring the plan to your calendar on a server, and what you did there into the log.

    Run it again at any time: it writes only what changed. What you edited,
    moved or deleted on the phone stays as you have it. It touches only its own
    events.
    """
    rehearsal = dry_run or check
    desk = _Desk(book=book_of(here, dry=rehearsal), take_ours=take_ours)
    language = readers_language(here)
    files.make_directory(here.locations.state, private=True)
    with (
        open_calendar(here, **flags) as calendar,
        Database(here.locations.state / "state.sqlite") as database,
        database.locked(),
    ):
        wanted = desk.wanted()
        report = synchronise(
            calendar,
            database,
            wanted,
            Options(
                words=phone.words(language),
                over=phone.over(language),
                rehearsal=rehearsal,
                allow_mass_delete=allow_mass_delete,
                connections=here.settings.connections,
            ),
            now=here.now,
            note=desk.note,
        )
    if as_json:
        show_json(report.document())
    elif not quiet or report.exit_code:
        _tell(report, desk)
    if report.stopped is not None:
        raise report.stopped
    if report.exit_code:
        click.get_current_context().exit(report.exit_code)


@attrs.define(kw_only=True)
class _Desk:
    """The facts in this run: what they ask of the calendar, and what they are told of it."""

    book: Book
    take_ours: tuple[str, ...]
    _applications: dict[str, Application] = attrs.field(factory=dict)
    _where: dict[str, phone.Place] = attrs.field(factory=dict)
    _ours: set[str] = attrs.field(factory=set)

    def wanted(self) -> Wanted:
        """Read the facts, and return what they ask for."""
        self._applications = {a.id: a for a in self.book.all()}
        asked = self._asked()
        for name in self.take_ours:
            self._take_ours(name)
        return self._asked() if self.take_ours else asked

    def note(self, told: tuple[Decision, ...]) -> Wanted:
        """Take what the person did into the log, and return what the facts ask for then."""
        for name, entries in phone.noted(told, self._where, self.book.here.zone).items():
            self._log(name, entries)
        return self._asked()

    def place(self, uid: str) -> phone.Place | None:
        """Return what an event is about."""
        return self._where.get(uid)

    def _asked(self) -> Wanted:
        plans = [self.book.plan(application) for application in self._applications.values()]
        events: list[Event] = []
        owners: dict[str, str] = {}
        for plan in plans:
            for event in events_of(plan, self.book.here):
                events.append(event)
                owners[event.uid] = plan.application.id
        self._where |= phone.places(plans, owners)
        return phone.wanted(plans, events, zone=self.book.here.zone, take_ours=self._ours)

    def _take_ours(self, name: str) -> None:
        """Let go of the person's own version of an event, or of all of an application's."""
        uids = [name] if name in self._where else self._edited(self.book.find(name))
        at = self.book.here.now.replace(microsecond=0).astimezone(self.book.here.zone)
        for uid in uids:
            self._log(self._where[uid].application.id, [Entry(at=at, event=uid, ours=True)])
        self._ours |= set(uids)

    def _edited(self, application: Application) -> list[str]:
        edited = (e.event for e in application.log if e.event and (e.field or e.gone))
        return [uid for uid in dict.fromkeys(edited) if uid in self._where]

    def _log(self, name: str, entries: Iterable[Entry]) -> None:
        before = self._applications[name]
        after = attrs.evolve(before, log=(*before.log, *entries))
        self._applications[name] = (
            after if self.book.dry else self.book.store.replace(before, after)
        )


def _tell(report: SyncReport, desk: _Desk) -> None:
    for decision in report.decisions:
        place = desk.place(decision.uid)
        if place is not None:
            show(phone.told(decision, place))
            say(f"  afterword undo {place.application.id} takes it back")
    show(report.summary())
    if report.actions and not report.rehearsal:
        say("it is on your phone at its next fetch")
