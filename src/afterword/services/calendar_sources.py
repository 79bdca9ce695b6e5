"""Read the user's calendars: on the server or beside the folder of the chosen calendar, in files.

Nothing is ever written there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from afterword.domain.sanitize import for_terminal
from afterword.errors import AfterwordError, InputError, UsageError
from afterword.importers.calendar_events import CALENDAR_LIMITS, CalendarText
from afterword.services import input_files

if TYPE_CHECKING:
    from afterword.dav.discovery import CalendarInfo
    from afterword.dav.interface import Calendar
    from afterword.dav.remote_calendar import RemoteCalendar

_SUFFIX = ".ics"
_MOST_FOLDERS = 100


@attrs.frozen(kw_only=True)
class ReadRange:
    """The range of time that is read."""

    start: dt.datetime
    end: dt.datetime


@attrs.frozen(kw_only=True)
class CalendarTexts:
    """The texts of calendars, the names of these, and why others could not be read."""

    texts: tuple[CalendarText, ...]
    names: tuple[str, ...]
    failures: tuple[str, ...] = ()


def read_files(paths: Sequence[str]) -> CalendarTexts:
    """Return the texts of exported calendars, and of folders with a file for each event.

    Raises InputError.
    """
    texts: list[CalendarText] = []
    for path in paths:
        name = input_files.display_name(path)
        if path != "-" and Path(path).is_dir():
            texts += _folder_texts(Path(path), name)
        else:
            data = input_files.read_content(path, at_most=CALENDAR_LIMITS.size)
            texts.append(CalendarText(calendar=name, source=name, data=data))
    return CalendarTexts(texts=tuple(texts), names=tuple(map(input_files.display_name, paths)))


def read_user_calendars(
    calendar: Calendar, names: Collection[str], span: ReadRange, *, strict: bool = True
) -> CalendarTexts:
    """Return the texts of the named calendars beside the chosen calendar; of all without names.

    Raises UsageError for a name of no calendar. Unless `strict`, this and any other error is
    a failure of the calendar alone.
    """
    is_folder = Path(calendar.url).is_absolute()
    sources = _folders(calendar.url) if is_folder else _collections(calendar, span)
    chosen, failures = _chosen(sources, names, strict=strict)
    texts: list[CalendarText] = []
    for source in chosen:
        try:
            texts += source.read()
        except AfterwordError as error:
            if strict:
                raise
            failures.append(f"{source.name}: {error.message}")
    return CalendarTexts(
        texts=tuple(texts), names=tuple(s.name for s in chosen), failures=tuple(failures)
    )


@attrs.frozen(kw_only=True)
class _Source:
    """A calendar that can be read: its name, its address, and the function that reads it.

    `only_by_name`: it is read only where the user names it.
    """

    name: str
    address: str
    read: Callable[[], list[CalendarText]]
    only_by_name: bool = False


def _resolved(name: str) -> Path:
    try:
        return Path(name).expanduser().resolve()
    except (OSError, RuntimeError):
        return Path(name)


def _chosen(
    sources: Sequence[_Source], names: Collection[str], *, strict: bool
) -> tuple[list[_Source], list[str]]:
    """Return the named sources, and a message for each name that is none of them."""
    if not names:
        return [source for source in sources if not source.only_by_name], []
    chosen: dict[str, _Source] = {}
    failures = []
    for name in names:
        given = name.rstrip("/")
        matches = [each for each in sources if given in {each.name, each.address.rstrip("/")}]
        path = _resolved(name)
        if not matches and name.startswith(("~", "/", ".")) and path.is_dir():
            matches = [_folder_source(path)]
        if len(matches) != 1:
            which = "more than one calendar is" if matches else "no calendar is"
            message = f"{which} called {for_terminal(name)!r}"
            if strict:
                raise UsageError(
                    f"{message}; name it by its address or its folder",
                    [f"{source.name}: {source.address}" for source in sources],
                )
            failures.append(message)
        for source in matches[:1]:
            chosen[source.address] = source
    return list(chosen.values()), failures


def _folders(path: str) -> list[_Source]:
    """Return the folder and those beside it; without a name, those that have calendar files.

    The home directory and the root have folders of all kinds, so nothing beside is read there.
    """
    folder = Path(path)
    sources = [_folder_source(folder)]
    if folder.parent in {Path.home().resolve(), Path(folder.anchor)}:
        return sources
    try:
        beside = sorted(child for child in folder.parent.iterdir() if child.is_dir())
    except OSError:
        return sources
    others = [c for c in beside if c.resolve() != folder and not c.name.startswith(".")]
    return [*sources, *map(_folder_source, others[:_MOST_FOLDERS])]


def _folder_source(path: Path) -> _Source:
    name = for_terminal(path.name)
    return _Source(
        name=name,
        address=str(path),
        read=lambda: list(_folder_texts(path, name)),
        only_by_name=not any(_files(path)),
    )


def _files(path: Path) -> Iterator[Path]:
    try:
        names = sorted(path.glob(f"*{_SUFFIX}"))
    except OSError:
        return
    yield from (name for name in names if name.is_file() and not name.name.startswith("."))


def _folder_texts(path: Path, name: str) -> Iterator[CalendarText]:
    """Yield the files of a folder. Raises InputError if it cannot be read."""
    from afterword.vdir.folder_scan import read_calendar_file

    if not path.is_dir():
        raise InputError(f"there is no folder {for_terminal(str(path))}")
    for file in _files(path):
        try:
            data = read_calendar_file(file)
        except OSError:
            continue
        if data:
            yield CalendarText(calendar=name, source=for_terminal(file.name), data=data)


def _collections(calendar: Calendar, span: ReadRange) -> list[_Source]:
    """Return the calendars of the user on the server of the chosen calendar."""
    from afterword.dav import providers
    from afterword.dav.discovery import Discovery
    from afterword.dav.remote_calendar import RemoteCalendar

    if not isinstance(calendar, RemoteCalendar):
        raise TypeError(f"no calendar on a server: {calendar!r}")
    client = calendar.client
    # The client is that of the chosen calendar, and stays open.
    discovery = Discovery(lambda _url: client, lambda _named, _by: False)
    home = discovery.find_home(providers.search_address(calendar.url))
    return [
        _collection_source(RemoteCalendar(client, info.url), info, span)
        for info in home.calendars
        if info.takes_events
    ]


def _collection_source(remote: RemoteCalendar, info: CalendarInfo, span: ReadRange) -> _Source:
    def read_objects() -> list[CalendarText]:
        resources = remote.fetch_between(span.start, span.end)
        return [
            CalendarText(calendar=info.name, source=info.name, data=resource.body)
            for resource in resources
        ]

    return _Source(name=info.name, address=info.url, read=read_objects)
