"""Where the events of an export go: into a file, a folder with a file for each, or stdout."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

from afterword import files
from afterword.cli.console import say, show_bytes
from afterword.core.event import Event
from afterword.formats import ics
from afterword.targets import folder

SUFFIX = ".ics"


def to_file(path: Path, events: Iterator[Event], *, name: str, force: bool) -> int:
    """Write one calendar and return how many events it has; none is no calendar (RFC 5545)."""
    first = next(events, None)
    if first is None:
        return 0
    written = itertools.count()
    passing = (event for event, _ in zip(itertools.chain([first], events), written, strict=False))
    folder.write_file(path, ics.calendar(passing, name=name), force=force)
    files.remove_old_leftovers(path.parent, [path.name])
    return next(written)


def to_folder(directory: Path, events: Iterator[Event], *, force: bool) -> int:
    """Write each event as a file of its own and return how many there are."""
    objects = {f"{event.uid}{SUFFIX}": ics.single(event) for event in events}
    if objects:
        folder.write_folder(directory, objects, force=force)
        files.remove_old_leftovers(directory, objects)
    return len(objects)


def to_stdout(events: Iterator[Event], *, name: str, nothing: str) -> None:
    """Write to stdout what all input was found good for: it waits on disk until then.

    `nothing` is said where there is no event.
    """
    first = next(events, None)
    if first is None:
        say(nothing)
        return
    with tempfile.TemporaryFile() as waiting:
        for chunk in ics.calendar(itertools.chain([first], events), name=name):
            waiting.write(chunk)
        waiting.seek(0)
        show_bytes(iter(lambda: waiting.read(1 << 16), b""))
