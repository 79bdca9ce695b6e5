"""Print results on stdout and messages on stderr.

All text is cleaned of control characters here once more, so that an invitation or a server's
answer can neither clear the screen nor write to the clipboard. Colour is for terminals that
want it; characters that the encoding of a stream lacks are written in ASCII.
"""

from __future__ import annotations

import contextlib
import contextvars
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TextIO

import click

from afterword.domain.sanitize import for_terminal
from afterword.errors import WriteError

# Readable replacements; every other character that is missing becomes "?".
_ASCII_REPLACEMENTS = str.maketrans(
    {"–": "-", "—": "-", "…": "...", "→": "->", "’": "'", "“": '"', "”": '"', "·": "-"}
)


_missing_document = contextvars.ContextVar("missing_document", default=False)
"""True while a run owes stdout its JSON document."""


class StyledText(NamedTuple):
    """A text with the keywords of click.style, for terminals with colour."""

    text: str
    look: Mapping[str, Any]


class OutputClosedError(Exception):
    """Raised when the reader of stdout (`| head`) has stopped; nothing is reported then."""


def styled(text: str, **look: Any) -> StyledText:
    """Return the text with a style: `styled("open", fg="green", bold=True)`."""
    return StyledText(text, look)


def echo(*parts: str | StyledText) -> None:
    """Print a line of the result. Raises WriteError, OutputClosedError."""
    if sys.stdout is None:
        raise WriteError("standard output is closed")
    _to_stdout(_line(parts, sys.stdout))


@contextlib.contextmanager
def json_output(*, wanted: bool) -> Iterator[None]:
    """Note for a run whether stdout is to be a JSON document."""
    token = _missing_document.set(wanted)
    try:
        yield
    finally:
        _missing_document.reset(token)


def echo_json(document: Any) -> None:
    """Print a JSON document in ASCII, which is the same in every encoding."""
    import json

    _missing_document.set(False)
    if sys.stdout is None:
        raise WriteError("standard output is closed")
    _to_stdout(json.dumps(document, indent=2) + "\n")


def echo_json_error(code: int, message: str, notes: Iterable[str]) -> None:
    """Print the JSON document of a failed run, if --json is given and nothing is printed yet."""
    if _missing_document.get():
        error = {"code": int(code), "message": message, "notes": list(notes)}
        echo_json({"version": 1, "error": error})


def echo_bytes(chunks: Iterable[bytes]) -> None:
    """Write bytes to stdout. Raises WriteError, OutputClosedError."""
    try:
        stream = sys.stdout.buffer
        for chunk in chunks:
            stream.write(chunk)
        stream.flush()
    except OSError as error:
        raise _cannot_print(error) from None


def status(*parts: str | StyledText) -> None:
    """Print a message; a closed stderr is no error."""
    if sys.stderr is None:
        return
    try:
        click.echo(_line(parts, sys.stderr), err=True, nl=False, color=True)
    except OSError:
        return


def update_status(text: str) -> None:
    """Print a progress message, which the next message overwrites."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            click.echo(f"\r{text}\033[K", err=True, nl=False, color=True)


def can_update_status() -> bool:
    """True if stderr is a terminal on which a line can be overwritten."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width(stream: TextIO | None = None) -> int | None:
    """Return the width of the terminal, or None for a pipe or a file; of stdout by default."""
    stream = stream or sys.stdout
    if stream is None or not stream.isatty():
        return None
    return shutil.get_terminal_size().columns


def wants_colour(stream: TextIO) -> bool:
    """True if a stream gets colour: by NO_COLOR first, then FORCE_COLOR, TERM, the terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def as_printed(text: str) -> str:
    """Return the text as stdout shows it, to be measured: ASCII replacements may be longer."""
    encoding = getattr(sys.stdout, "encoding", None)
    return _encodable(for_terminal(text), encoding or "utf-8")


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
        return text.translate(_ASCII_REPLACEMENTS).encode(encoding, "replace").decode(encoding)
    return text


def _to_stdout(text: str) -> None:
    try:
        # The styles are in the text by now, if the stream gets colour.
        click.echo(text, nl=False, color=True)
    except OSError as error:
        raise _cannot_print(error) from None


def _cannot_print(error: OSError) -> Exception:
    _detach_stdout()
    if isinstance(error, BrokenPipeError):
        return OutputClosedError()
    return WriteError(f"cannot write to standard output: {(error.strerror or str(error)).lower()}")


def _detach_stdout() -> None:
    """Prevent a second error when the interpreter flushes stdout at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None  # Python's own word for "no stdout"
