"""Apply the rows of a spreadsheet to stored applications: new ones, further rounds, and updates."""

from __future__ import annotations

import bisect
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Application, Interview, InterviewStatus, LogEntry
from afterword.formats.validators import LONGEST_INTERVIEW
from afterword.importers import table_differences
from afterword.importers.spreadsheet.column_names import Column
from afterword.importers.spreadsheet.row_cells import RowStatus
from afterword.importers.spreadsheet.row_reader import SpreadsheetRow
from afterword.importers.table_differences import (
    Difference,
    update_application,
    update_interview,
)

T = TypeVar("T")
K = TypeVar("K")

# Names of rounds that every interview may have: a stage rather than a round.
_STAGES = frozenset(
    (
        *("interview", "interviews", "interviewing", "interviewed", "scheduled"),
        *("gespräch", "vorstellungsgespräch", "entretien", "entrevista"),
    )
)


@attrs.frozen(kw_only=True)
class ApplyOptions:
    """Options for applying rows: `now` is their `added`, `zone` the user's.

    With `update` the table's values replace the stored ones that differ.
    """

    now: dt.datetime
    zone: ZoneInfo
    update: bool


@attrs.frozen(kw_only=True)
class SpreadsheetChange:
    """The change of an application by its rows.

    `row_ids` are the ids of all its interviews that the table lists, `new_ids` those of new ones,
    `moved_ids` those of interviews at another time than before. `missing` are future interviews
    that the table does not list although it lists a new one: they may have been rescheduled.
    `differences` are applied with `update`, else they are only reported. `status` is the one whose
    outcome is logged, on its own date or, with `is_dated` False, as of the import. `silence` closes
    an application that got no answer, if the user agrees.
    """

    before: Application | None
    after: Application
    row_ids: frozenset[str]
    new_ids: frozenset[str]
    moved_ids: frozenset[str] = frozenset()
    missing: tuple[Interview, ...] = ()
    differences: tuple[Difference, ...] = ()
    status: RowStatus | None = None
    is_dated: bool = False
    silence: LogEntry | None = None


def pair_with_stored(
    stored: Iterable[Application], listed: Iterable[Application]
) -> list[tuple[Application | None, Application]]:
    """Pair each application of a table with the stored application of that role and applicant.

    The same client may have another address or another spelling of the name: the address decides,
    then the name, where only one client has it.
    """
    applications = list(listed)
    groups = _group_by(stored, _role_key)
    pairs: dict[str, Application] = {}
    for key, same_role in _group_by(applications, _role_key).items():
        if key in groups:
            pairs |= _pair_applicants(groups[key], same_role)
    return [(pairs.get(application.id), application) for application in applications]


def apply_rows(
    before: Application | None,
    listed: Application,
    rows: Mapping[str, SpreadsheetRow],
    options: ApplyOptions,
) -> SpreadsheetChange:
    """Return the change by the rows of a table: new interviews, and with `update` all values."""
    if before is None:
        change = _addition(listed, options)
    else:
        change = _change(before, listed, rows, options)
    return _logged(change, listed, rows, options)


def _addition(listed: Application, options: ApplyOptions) -> SpreadsheetChange:
    """Return the change that adds an application."""
    new = tuple(attrs.evolve(row, added=options.now) for row in listed.interviews)
    ids = frozenset(interview.id for interview in new)
    after = attrs.evolve(listed, interviews=new)
    return SpreadsheetChange(before=None, after=after, row_ids=ids, new_ids=ids)


def _change(
    before: Application,
    listed: Application,
    rows: Mapping[str, SpreadsheetRow],
    options: ApplyOptions,
) -> SpreadsheetChange:
    """Return the change of a stored application, without the outcome of its status."""
    pairs = _pair_interviews(before, listed.interviews, options.now)
    new = tuple(
        attrs.evolve(row, added=options.now) for row in listed.interviews if row.id not in pairs
    )
    new_ids = frozenset(interview.id for interview in new)
    row_ids = new_ids | {stored.id for stored, _ in pairs.values()}
    updated, differences = update_application(before, listed)
    by_id = {}
    for stored, row in pairs.values():
        by_id[stored.id], of_interview = update_interview(stored, row, has_end=rows[row.id].has_end)
        differences += of_interview
    after = updated if options.update else before
    interviews = [by_id.get(i.id, i) if options.update else i for i in before.interviews]
    moved_ids = frozenset(
        str(d.interview) for d in differences if options.update and d.column is Column.DATE
    )
    moves = [LogEntry(at=options.now, interview=id, rescheduled=True) for id in sorted(moved_ids)]
    after = attrs.evolve(after, interviews=(*interviews, *new), log=(*after.log, *moves))
    return SpreadsheetChange(
        before=before,
        after=after,
        row_ids=row_ids,
        new_ids=new_ids,
        moved_ids=moved_ids,
        missing=tuple(i for i in after.interviews if new and _is_missing(i, row_ids, options.now)),
        differences=tuple(differences),
    )


def _logged(
    change: SpreadsheetChange,
    listed: Application,
    rows: Mapping[str, SpreadsheetRow],
    options: ApplyOptions,
) -> SpreadsheetChange:
    """Return the change with the outcome of its status logged, and the entry for long silence."""
    status, is_new = _latest_status(change, listed, rows)
    entries = table_differences.status_entries(
        change.after, status, now=options.now, zone=options.zone
    )
    if status and entries and not is_new:
        difference = Difference(column=Column.STATUS, old=None, new=status.text)
        change = attrs.evolve(change, differences=(*change.differences, difference))
        if not options.update:
            return change
    after = table_differences.with_entries(change.after, *entries)
    silence = None
    if change.new_ids:
        silence = table_differences.silence_entry(after, now=options.now, zone=options.zone)
    return attrs.evolve(
        change,
        after=after,
        status=status if entries else None,
        is_dated=bool(entries) and entries[0].at != options.now,
        silence=silence,
    )


def _latest_status(
    change: SpreadsheetChange, listed: Application, rows: Mapping[str, SpreadsheetRow]
) -> tuple[RowStatus | None, bool]:
    """Return the status of the latest interview with a status, and True if that is new."""
    for row in reversed(listed.interviews):
        if status := rows[row.id].status:
            return status, row.id in change.new_ids
    return None, False


def _pair_interviews(
    before: Application, rows: tuple[Interview, ...], now: dt.datetime
) -> dict[str, tuple[Interview, Interview]]:
    """Return the stored interviews with their rows, by the ids of the rows.

    The id and the time decide first; then the round, of which an application has one.
    """
    stored = _StoredInterviews(before.interviews)
    pairs = {}
    for take in (stored.take_same, stored.take_overlapping):
        for row in rows:
            if row.id not in pairs and (match := take(row)):
                pairs[row.id] = match, row
    by_round = _unique_by(stored.rest(), _round_key)
    unpaired = (row for row in rows if row.id not in pairs)
    for key, row in _unique_by(unpaired, _round_key).items():
        if key in by_round and (match := stored.take(by_round[key].id)):
            pairs[row.id] = match, row
    new = [row for row in rows if row.id not in pairs]
    return pairs | {row.id: (match, row) for match, row in _moves(stored.rest(), new, now)}


def _moves(
    missing: list[Interview], new: list[Interview], now: dt.datetime
) -> list[tuple[Interview, Interview]]:
    """Return the interviews that the table has at another time, in their order.

    None if their numbers differ, or if one was held and the row is still to come: that is the next
    round in a table that has one row for each application.
    """
    in_order = sorted(new, key=lambda row: row.start.timestamp())
    pairs = list(zip(missing, in_order, strict=False))
    may_be_same = all(
        (old.start > now or row.start <= now) and "" in {_round_key(old), _round_key(row)}
        for old, row in pairs
    )
    return pairs if len(missing) == len(new) and may_be_same else []


class _StoredInterviews:
    """The interviews of an application, each taken by at most a single row."""

    def __init__(self, interviews: Iterable[Interview]) -> None:
        self._free = {interview.id: interview for interview in interviews}
        self._by_start = sorted((i.start.timestamp(), i.id) for i in self._free.values())
        self._ids = dict(reversed(self._by_start))

    def take(self, id: str) -> Interview | None:
        """Return the interview with that id, unless a row took it before."""
        return self._free.pop(id, None)

    def take_same(self, row: Interview) -> Interview | None:
        """Return the interview with the row's id or its start."""
        return self.take(row.id) or self.take(self._ids.get(row.start.timestamp(), ""))

    def take_overlapping(self, row: Interview) -> Interview | None:
        """Return the first interview whose time overlaps with that of the row."""
        earliest = row.start.timestamp() - LONGEST_INTERVIEW.total_seconds()
        first = bisect.bisect_left(self._by_start, (earliest, ""))
        last = bisect.bisect_left(self._by_start, (row.end.timestamp(), ""))
        for _, id in self._by_start[first:last]:
            interview = self._free.get(id)
            if interview and interview.end > row.start:
                return self._free.pop(id)
        return None

    def rest(self) -> list[Interview]:
        """Return the interviews to be held that no row took, in the order of time."""
        free = (self._free.get(id) for _, id in self._by_start)
        return [i for i in free if i is not None and i.status is InterviewStatus.HELD]


def _is_missing(interview: Interview, row_ids: Container[str], now: dt.datetime) -> bool:
    is_planned = interview.status is InterviewStatus.HELD and interview.start > now
    return is_planned and interview.id not in row_ids


def _round_key(interview: Interview) -> str:
    """Return the name of the round for comparison, "" for a stage."""
    name = " ".join((interview.round or "").split()).casefold()
    return "" if name in _STAGES else name


def _pair_applicants(
    stored: list[Application], listed: list[Application]
) -> dict[str, Application]:
    """Return the stored application of each listed id; all are for the same role."""
    # Of two that are stored for one client and role, the last one is taken.
    exact = {application.applicant_key: application for application in stored}
    pairs = {a.id: exact[a.applicant_key] for a in listed if a.applicant_key in exact}
    for key in (_email, _name):
        taken = {application.id for application in pairs.values()}
        by_key = _unique_by((a for a in stored if a.id not in taken), key)
        rows = _unique_by((a for a in listed if a.id not in pairs), key)
        pairs |= {row.id: by_key[value] for value, row in rows.items() if value in by_key}
    return pairs


def _group_by(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    groups: dict[K, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def _unique_by(items: Iterable[T], key: Callable[[T], str]) -> dict[str, T]:
    """Return the items by their keys, without items that share a key or have none."""
    groups = _group_by(items, key)
    return {value: group[0] for value, group in groups.items() if value and len(group) == 1}


def _email(application: Application) -> str:
    return application.applicant_key[1]


def _name(application: Application) -> str:
    return application.applicant_key[0]


def _role_key(application: Application) -> tuple[str, str]:
    return application.company.casefold(), application.role.casefold()
