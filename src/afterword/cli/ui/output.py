"""Print results on stdout and messages on stderr.

All text is cleaned of control characters here once more, so that an invitation or a server's
answer can neither clear the screen nor write to the clipboard. Colour is for terminals that
want it; characters that the encoding of a stream lacks are written in ASCII.
"""

from __future__ import annotations

import contextlib
import contextvars
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TextIO

import click

from afterword.domain.sanitize import for_terminal
from afterword.errors import WriteError

# Readable replacements; every other character that is missing becomes "?".
_ASCII_REPLACEMENTS = str.maketrans(
    {"–": "-", "—": "-", "…": "...", "→": "->", "’": "'", "“": '"', "”": '"', "·": "-"}
)

_JOINER = "\u200d"
# One unit of what a terminal shows: a character and the marks on it, or an
# emoji with all that is joined to it.
CLUSTER = re.compile(
    rf".(?:{_JOINER}.|[\u0300-\u036f\u200b-\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff])*", re.DOTALL
)
# A command goes up to a punctuation mark, a wide gap or a word such as "or"; a path with blanks
# goes on while slashes follow.
_WHOLE = re.compile(
    r"`[^`]+`"
    r"|\b(?:afterword|pipx?|chmod) (?:\"[^\"]*\"|[^\s\"]+| (?! |or |and |\(|to ))+?"
    r"(?=[,;:.)]*(?:\s{2}|$)|[,;:.)]+\s| or | and | to | \()"
    r"|(?<!\S)['\"]?(?:[~/]|[A-Z]:\\)\S*(?: (?=[^\s/]+[/\\])\S+)*"
)
_GLUE = "\0"
_JSON_VERSION = 1

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


def echo_json(document: Mapping[str, Any]) -> None:
    """Print a JSON document with its version, in ASCII, which is the same in every encoding."""
    import json

    _missing_document.set(False)
    if sys.stdout is None:
        raise WriteError("standard output is closed")
    _to_stdout(json.dumps({"version": _JSON_VERSION, **document}, indent=2) + "\n")


def echo_json_error(code: int, message: str, notes: Iterable[str]) -> None:
    """Print the JSON document of a failed run, if --json is given and nothing is printed yet."""
    if _missing_document.get():
        echo_json({"error": {"code": int(code), "message": message, "notes": list(notes)}})


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
    """Print a message, wrapped at words on a terminal; a closed stderr is no error."""
    if sys.stderr is None:
        return
    try:
        for line in _wrapped(parts, terminal_width(sys.stderr)):
            click.echo(_line(line, sys.stderr), err=True, nl=False, color=True)
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


def _wrapped(
    parts: Sequence[str | StyledText], width: int | None
) -> Iterator[Sequence[str | StyledText]]:
    """Yield the lines of a message; below its indent, and with the style of its first part."""
    text = "".join(part.text if isinstance(part, StyledText) else part for part in parts)
    styled_parts = [part for part in parts if isinstance(part, StyledText)]
    prefix = styled_parts[0] if styled_parts and parts[0] is styled_parts[0] else None
    if width is None or len(text) <= width or len(styled_parts) > bool(prefix) or "\n" in text:
        yield parts
        return
    indent = " " * (len(text) - len(text.lstrip(" ")))
    first, *more = wrap_text(text.strip(" "), width - len(indent))
    if prefix is not None and first.startswith(prefix.text):
        yield prefix, first[len(prefix.text) :]
    else:
        yield (indent + first,)
    for line in more:
        yield (indent + line,)


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


def display_width(text: str) -> int:
    """Return the number of terminal columns that a line of text takes."""
    if text.isascii():
        return len(text)
    return sum(_width(cluster) for cluster in CLUSTER.findall(text))


def wrap_text(text: str, width: int | None, *, indent: str = "") -> list[str]:
    """Return the text in indented lines of at most `width`, broken between words.

    A longer word, such as a URL, stays whole, and so does a command or a path. Without a width
    there is one line.
    """
    if width is None or display_width(indent + text) <= width:
        return [indent + text]
    glued = _WHOLE.sub(lambda whole: whole[0].replace(" ", _GLUE), text)
    lines = break_lines(glued, width - display_width(indent))
    return [indent + line.replace(_GLUE, " ") for line in lines]


def break_lines(text: str, width: int) -> list[str]:
    """Return the words of a text in lines; longer words get a line to themselves."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".lstrip()
        if display_width(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _width(cluster: str) -> int:
    """Return 0, 1 or 2; U+FE0F asks for the wide picture of a narrow sign."""
    import unicodedata

    if unicodedata.combining(cluster[0]) or unicodedata.category(cluster[0]) in {"Mn", "Me", "Cf"}:
        return 0
    wide = unicodedata.east_asian_width(cluster[0]) in {"W", "F"} or "\ufe0f" in cluster
    return 2 if wide else 1
