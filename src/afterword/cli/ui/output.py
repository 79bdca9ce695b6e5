"""All that is printed: data on stdout, talk on stderr.

Whatever it is made of, it is cleaned of control characters here once more, so
that an invitation or a server's answer can neither clear a screen nor fill a
clipboard. Colour is for terminals that want it, and a character that the
terminal's encoding does not have is written in ASCII instead of failing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TextIO

import click

from afterword.domain.sanitize import for_terminal
from afterword.errors import WriteError

# What reads well in ASCII; every other unknown character becomes "?".
_IN_ASCII = str.maketrans(
    {"–": "-", "—": "-", "…": "...", "→": "->", "’": "'", "“": '"', "”": '"', "·": "-"}
)


class StyledText(NamedTuple):
    """A text and how it looks where colour is wanted: click.style's keywords."""

    text: str
    look: Mapping[str, Any]


class OutputClosedError(Exception):
    """Raised when whoever reads stdout (`| head`) has stopped: no reason to talk."""


def styled(text: str, **look: Any) -> StyledText:
    """Return the text with a look: `styled("open", fg="green", bold=True)`."""
    return StyledText(text, look)


def echo(*parts: str | StyledText) -> None:
    """Print a line of data. Raises WriteError, ReaderGoneError."""
    if sys.stdout is None:
        raise WriteError("standard output is closed")
    _to_stdout(_line(parts, sys.stdout))


def echo_json(document: Any) -> None:
    """Print one JSON document, in ASCII: it means the same in every encoding."""
    import json

    _to_stdout(json.dumps(document, indent=2) + "\n")


def echo_bytes(chunks: Iterable[bytes]) -> None:
    """Write bytes, and nothing else, to stdout. Raises WriteError, ReaderGoneError."""
    try:
        stream = sys.stdout.buffer
        for chunk in chunks:
            stream.write(chunk)
        stream.flush()
    except OSError as error:
        raise _cannot_print(error) from None


def status(*parts: str | StyledText) -> None:
    """Tell the person something that is no data; nobody to hear it is no error."""
    if sys.stderr is None:
        return
    try:
        click.echo(_line(parts, sys.stderr), err=True, nl=False, color=True)
    except OSError:
        return


def update_status(text: str) -> None:
    """Tell how far something is, in a line that the next such text overwrites."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            click.echo(f"\r{text}\033[K", err=True, nl=False, color=True)


def can_update_status() -> bool:
    """Whether stderr is a terminal on which a line can be overwritten."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width() -> int | None:
    """Return how wide lines may be; None where no terminal, but a pipe or a file reads them."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def wants_colour(stream: TextIO) -> bool:
    """Tell whether colour may go there: NO_COLOR first, then FORCE_COLOR, TERM, the terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def _line(parts: Iterable[str | StyledText], stream: TextIO) -> str:
    colour = wants_colour(stream)
    return "".join(_piece(part, stream, colour=colour) for part in parts) + "\n"


def _piece(part: str | StyledText, stream: TextIO, *, colour: bool) -> str:
    text, look = part if isinstance(part, StyledText) else (part, {})
    text = _encodable(for_terminal(text), stream.encoding or "utf-8")
    return click.style(text, **look) if colour and look else text


def _encodable(text: str, encoding: str) -> str:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_IN_ASCII).encode(encoding, "replace").decode(encoding)
    return text


def _to_stdout(text: str) -> None:
    try:
        # The styles are in the text by now, for those who want them.
        click.echo(text, nl=False, color=True)
    except OSError as error:
        raise _cannot_print(error) from None


def _cannot_print(error: OSError) -> Exception:
    _let_go_of_stdout()
    if isinstance(error, BrokenPipeError):
        return OutputClosedError()
    return WriteError(f"cannot write to standard output: {(error.strerror or str(error)).lower()}")


def _let_go_of_stdout() -> None:
    """Keep the interpreter from failing once more when it flushes at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None  # Python's own word for "no stdout"
