"""`afterword export`: the plan as a calendar, with a draft in every event."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from afterword.cli import options, sources
from afterword.cli.command import Command
from afterword.cli.console import say, show_bytes
from afterword.cli.here import Here
from afterword.cli.planning import events_of, plan_of
from afterword.core.model import Event
from afterword.errors import UsageError
from afterword.formats import ics
from afterword.targets import folder

_NAME = "Job search"
_SUFFIX = ".ics"


@click.command(
    cls=Command,
    example="""
    afterword export samples/week.toml -o week.ics
    afterword export samples/week.toml -o calendar/
    """,
)
@sources.files_and_answers
@click.option(
    "-o",
    "--output",
    metavar="FILE|DIR|-",
    help="A file of all events, a directory with a file for each, or - for standard output."
    "  [default: beside FILE]",
)
@click.option("--force", is_flag=True, help="Overwrite files that afterword did not write.")
@options.here
def export(
    paths: tuple[str, ...], answers: sources.Answers, output: str | None, force: bool, here: Here
) -> None:
    """Write a calendar file, with the drafts in it.

    FILE is a file of facts (TOML) or an invitation (.ics); - is standard input.
    It is only read. What was exported before is replaced, and nothing else.
    """
    target = output or _beside(paths)
    found = _events(paths, answers, here)
    if target == sources.STDIN:
        _to_stdout(found)
    elif target.endswith(("/", os.sep)) or Path(target).is_dir():
        _to_folder(Path(target), paths, answers, here, force=force)
    else:
        _to_file(Path(target), found, force=force)


def _events(paths: tuple[str, ...], answers: sources.Answers, here: Here) -> Iterator[Event]:
    for application in sources.applications(paths, answers):
        yield from events_of(plan_of(application, here), here)


def _beside(paths: tuple[str, ...]) -> str:
    if len(paths) > 1 or paths[0] == sources.STDIN:
        raise UsageError("say where to write: -o FILE.ics, -o DIR/ or -o -")
    path = Path(paths[0])
    if path.suffix.casefold() == _SUFFIX:
        return str(path.with_name(f"{path.stem}-afterword{_SUFFIX}"))
    return str(path.with_suffix(_SUFFIX))


def _to_file(path: Path, found: Iterator[Event], *, force: bool) -> None:
    chunks, written = _calendar(found)
    if chunks is None:
        say("nothing to write: no step is left to do")
        return
    folder.write_file(path, chunks, force=force)
    say(f"wrote {_events_said(next(written))} to {path}")


def _to_folder(
    directory: Path, paths: tuple[str, ...], answers: sources.Answers, here: Here, *, force: bool
) -> None:
    objects = {f"{e.uid}{_SUFFIX}": ics.single(e) for e in _events(paths, answers, here)}
    if not objects:
        say("nothing to write: no step is left to do")
        return
    left = folder.write_folder(directory, objects, force=force)
    say(f"wrote {_events_said(len(objects))} to {directory}, a file for each")
    if left:
        say(f"{_events_said(len(left))} of earlier exports were left there")


def _to_stdout(found: Iterator[Event]) -> None:
    """Write to stdout what all input was found good for: it waits on disk until then."""
    chunks, _ = _calendar(found)
    if chunks is None:
        say("nothing to write: no step is left to do")
        return
    with tempfile.TemporaryFile() as waiting:
        for chunk in chunks:
            waiting.write(chunk)
        waiting.seek(0)
        show_bytes(iter(lambda: waiting.read(1 << 16), b""))


def _calendar(found: Iterator[Event]) -> tuple[Iterator[bytes] | None, Iterator[int]]:
    """Return the bytes of a calendar, or None for no event; and how many it came to hold.

    RFC 5545 knows no calendar without a component.
    """
    first = next(found, None)
    if first is None:
        return None, iter(())
    counter = itertools.count()
    counted = _counted(itertools.chain([first], found), counter)
    return ics.calendar(counted, name=_NAME), counter


def _counted(found: Iterable[Event], counter: Iterator[int]) -> Iterator[Event]:
    for event in found:
        next(counter)
        yield event


def _events_said(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"
