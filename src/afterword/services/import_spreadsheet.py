"""Import a spreadsheet of interviews: new applications, further rounds, and updates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.applications import full_name
from afterword.domain.sanitize import clean_line, pluralize
from afterword.errors import UsageError, WriteError
from afterword.importers import table_differences
from afterword.importers.apply_spreadsheet import (
    ApplyOptions,
    SpreadsheetChange,
    apply_rows,
    pair_with_stored,
)
from afterword.importers.spreadsheet.cell_dates import DateOrder
from afterword.importers.spreadsheet.column_names import Column, column_named
from afterword.importers.spreadsheet.header import TableOptions, folded_title
from afterword.importers.spreadsheet.spreadsheet_reader import (
    BadRow,
    TableReading,
    UnknownStatusError,
    read_table,
)
from afterword.importers.spreadsheet.status_words import StatusMeaning, status_key
from afterword.services.workspace import Workspace
from afterword.settings import loader
from afterword.system.assumed_country import with_country

_LEAVE_OUT = "skip"
_LISTED = 5


@attrs.frozen(kw_only=True)
class SpreadsheetOptions:
    """Options for reading a spreadsheet: the order of its dates, and `partial` to skip bad rows.

    `zone` is that of rows that name none, where it is not the user's. `company` and `role` are
    those of a table without such a column. `statuses` and `columns` are assignments such as
    "On ice=closed", which are remembered. `update` applies the differences.
    `country` is that of applications for which the table states none; None: that of their zone.
    """

    dates: DateOrder | None = None
    partial: bool = False
    zone: ZoneInfo | None = None
    company: str | None = None
    role: str | None = None
    statuses: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    update: bool = False
    country: str | None = None


@attrs.frozen(kw_only=True)
class SpreadsheetImport:
    """An imported spreadsheet; `changes` end with the applications as they are stored.

    `assumed` has the ids of new applications whose country was assumed by their zone.
    """

    source: str
    changes: tuple[SpreadsheetChange, ...]
    bad_rows: tuple[BadRow, ...]
    is_update: bool
    assumed: frozenset[str] = frozenset()


def import_spreadsheet(
    source: str, data: bytes, options: SpreadsheetOptions, workspace: Workspace
) -> SpreadsheetImport:
    """Save the new interviews. Raises InputError with every bad row; nothing is saved then."""
    context = workspace.context
    reading, remembered = _read(source, data, options, workspace)
    for notice in reading.notices:
        context.ui.notify(f"{reading.source}: {notice}")
    apply_options = ApplyOptions(now=context.local_now, zone=context.zone, update=options.update)
    changes = tuple(
        apply_rows(stored, rows, reading.rows, apply_options)
        for stored, rows in pair_with_stored(workspace.applications(), reading.applications)
    )
    changes = _close_silent(changes, reading.source, workspace)
    stated = [change.after.country for change in changes]
    changes = tuple(_with_country(change, options.country, context.zone) for change in changes)
    changes = _save(changes, workspace)
    assumed = frozenset(
        change.after.id
        for change, country in zip(changes, stated, strict=True)
        if change.after.country != country and options.country is None
    )
    if not workspace.dry_run:
        _remember(remembered, workspace)
    return SpreadsheetImport(
        source=reading.source,
        changes=changes,
        bad_rows=reading.bad,
        is_update=options.update,
        assumed=assumed,
    )


def _with_country(
    change: SpreadsheetChange, country: str | None, user_zone: ZoneInfo
) -> SpreadsheetChange:
    """Return the change with a country, if its application is new."""
    if change.before is not None:
        return change
    after = with_country(change.after, country, user_zone)
    return change if after is change.after else attrs.evolve(change, after=after)


def _read(
    source: str, data: bytes, options: SpreadsheetOptions, workspace: Workspace
) -> tuple[TableReading, dict[str, tuple[str, ...]]]:
    """Read a table; ask for the meaning of statuses where somebody can answer.

    Return it with the settings to remember.
    """
    context = workspace.context
    settings = context.settings
    columns = _assignments((*settings.table_columns, *options.columns), folded_title)
    table_options = TableOptions(
        zone=options.zone or context.zone,
        dates=options.dates,
        partial=options.partial,
        company=options.company,
        role=options.role,
        columns={key: _column(text) for key, text in columns.items()},
        statuses=_statuses((*settings.table_statuses, *options.statuses)),
    )
    answers: tuple[str, ...] = ()
    try:
        reading = _read_table(source, data, table_options, workspace)
    except UnknownStatusError as error:
        if not context.ui.can_ask():
            raise
        answers, left_out = _ask_statuses(error, workspace)
        table_options = attrs.evolve(
            table_options,
            statuses={**table_options.statuses, **_statuses(answers)},
            partial=options.partial or left_out,
        )
        reading = _read_table(source, data, table_options, workspace)
    remembered = {}
    for name, stored, new in (
        ("import.statuses", settings.table_statuses, (*options.statuses, *answers)),
        ("import.columns", settings.table_columns, options.columns),
    ):
        lines = _merged(stored, new)
        if lines != stored:
            remembered[name] = lines
    return reading, remembered


def _read_table(
    source: str, data: bytes, options: TableOptions, workspace: Workspace
) -> TableReading:
    lines = data.count(b"\n")
    with workspace.context.ui.progress("reading") as report:
        return read_table(data, options, source=source, progress=lambda done: report(done, lines))


def _assignments(texts: Iterable[str], key: Callable[[str], str]) -> dict[str, str]:
    """Return the right sides of "text=value" by the key of the left. Raises UsageError."""
    pairs = {}
    for text in texts:
        left, _, right = text.rpartition("=")
        if not left.strip() or not right.strip():
            raise UsageError(f'{text!r} is no pair; write it as "On ice=closed"')
        pairs[key(clean_line(left))] = clean_line(right)
    return pairs


def _statuses(texts: Iterable[str]) -> dict[str, StatusMeaning]:
    return {key: _meaning(text) for key, text in _assignments(texts, status_key).items()}


def _meaning(text: str) -> StatusMeaning:
    try:
        return StatusMeaning(text.casefold())
    except ValueError:
        raise UsageError(f"--status: {text!r} is none of {', '.join(StatusMeaning)}") from None


def _column(text: str) -> Column:
    column = column_named(text)
    if column is None:
        raise UsageError(f"--map: {text!r} is none of {', '.join(Column)}")
    return column


def _merged(stored: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    """Return the assignments, where a new assignment replaces that of the same text."""
    by_left = {text.rpartition("=")[0].strip().casefold(): text for text in (*stored, *new)}
    return tuple(by_left.values())


def _ask_statuses(error: UnknownStatusError, workspace: Workspace) -> tuple[tuple[str, ...], bool]:
    """Ask for the meaning of each status; return the answers, and True if rows are left out."""
    ui = workspace.context.ui
    for note in error.notes:
        ui.notify(note.partition(";")[0])
    answers, left_out = [], False
    words = (*StatusMeaning, _LEAVE_OUT)
    for text in error.statuses.values():
        question = f"{text!r} means ({', '.join(words)})"
        while (answer := ui.ask_text(question).strip().casefold()) not in words:
            ui.notify(f"{answer!r} is none of {', '.join(words)}")
        if answer == _LEAVE_OUT:
            left_out = True
        else:
            answers.append(f"{text}={answer}")
    return tuple(answers), left_out


def _close_silent(
    changes: tuple[SpreadsheetChange, ...], source: str, workspace: Workspace
) -> tuple[SpreadsheetChange, ...]:
    """Close the applications that got no answer for long, unless the user wants to go on."""
    silent = [change for change in changes if change.silence is not None]
    if not silent:
        return changes
    names = [full_name(change.after) for change in silent]
    listed = "; ".join(names[:_LISTED]) + ("; ..." if len(names) > _LISTED else "")
    text = (
        f"{source}: {pluralize(len(silent), 'application')} had the last interview over "
        f"{table_differences.DAYS_OF_SILENCE} days ago and no answer since ({listed})"
    )
    ui = workspace.context.ui
    if ui.can_ask():
        if not ui.confirm(f"{text}. Close them?", default=True):
            return tuple(attrs.evolve(change, silence=None) for change in changes)
    else:
        ui.notify(f"{text}: closed as of this import; afterword reopen APP opens one again")
    return tuple(map(_closed, changes))


def _closed(change: SpreadsheetChange) -> SpreadsheetChange:
    if change.silence is None:
        return change
    return attrs.evolve(change, after=table_differences.with_entries(change.after, change.silence))


def _save(
    changes: tuple[SpreadsheetChange, ...], workspace: Workspace
) -> tuple[SpreadsheetChange, ...]:
    """Save the changes together; return all, with the applications as they are stored."""
    if workspace.dry_run:
        return changes
    is_changed = [change.after != change.before for change in changes]
    pairs = [(c.before, c.after) for c, changed in zip(changes, is_changed, strict=True) if changed]
    saved = iter(workspace.store.save_all(pairs))
    return tuple(
        attrs.evolve(change, after=next(saved)) if changed else change
        for change, changed in zip(changes, is_changed, strict=True)
    )


def _remember(values: Mapping[str, tuple[str, ...]], workspace: Workspace) -> None:
    """Save the answers about columns and statuses in the settings."""
    if not values:
        return
    context = workspace.context
    path = context.locations.settings
    try:
        loader.save_settings(path, {name: list(lines) for name, lines in values.items()})
    except WriteError as error:
        context.ui.notify(f"the answers about the table are not remembered: {error.message}")
    else:
        context.ui.notify(f"remembered in {path}: {', '.join(values)}")
