"""Ask questions at a terminal until each answer can be used, and show progress there."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TextIO, TypeVar

import click

from afterword.cli.ui.output import (
    can_update_status,
    display_width,
    status,
    terminal_width,
    update_status,
    wrap_text,
)
from afterword.domain.sanitize import clean_line
from afterword.errors import AfterwordError, UsageError
from afterword.formats import validators

T = TypeVar("T")

_INTERRUPT = "\x03"
_ANSWER_WIDTH = 2
"""Columns beside a prompt that are left for the answer: "y", and the cursor."""

_LONG = 1_000
_STEPS = 100

_YES = {"y", "yes", "yep", "yeah", "ok", "okay", "sure", "true", "j", "ja"}
_NO = {"n", "no", "nope", "false", "nein"}
_NOTHING = _NO | {
    *("-", "none", "nothing", "nobody", "no one", "not yet", "nothing yet", "none yet", "never"),
    *("n/a", "skip", "unknown", "not sure", "no idea", "don't know", "i don't know"),
    *("keine", "keiner", "keins", "nichts", "niemand", "noch nicht", "noch nichts", "weiß nicht"),
}


class InputEndedError(click.Abort):
    """Raised for Ctrl-D, or the end of the input; Ctrl-C raises click.Abort itself."""


def can_ask() -> bool:
    """True if standard input is a terminal, so that questions can be asked."""
    return _is_terminal(sys.stdin)


def ask(
    question: str,
    parse: Callable[[str], T],
    *,
    default: str | None = None,
    suffix: str = ": ",
) -> T:
    """Ask until `parse` accepts the answer, and return the parsed value.

    `parse` gets a cleaned line. Where it raises AfterwordError, click.UsageError or ValueError,
    the user reads the message and edits what they typed. An empty answer is the default, which
    "" leaves unseen; without a default it is asked again.
    """
    prompt = f"{question} [{default}]{suffix}" if default else f"{question}{suffix}"
    typed = ""
    while True:
        typed = clean_line(_read(prompt, typed))
        if not typed and default is None:
            continue
        try:
            return parse(typed or default or "")
        except AfterwordError as error:
            explain(error.message, error.notes)
        except click.UsageError as error:
            explain(error.format_message())
        except ValueError as error:
            explain(str(error))


def ask_line(question: str, *, default: str | None = None) -> str:
    """Ask for a line of text; with `yes`, Enter takes the default."""

    def parse(typed: str) -> str:
        word = typed.casefold()
        if default and word in _YES:
            return default
        if default and word in _NO:
            raise UsageError("then type the right one, or press Enter for the one in brackets")
        return validators.validate_line(typed)

    return ask(question, parse, default=default)


def ask_optional(question: str, parse: Callable[[str], T], *, suffix: str = ": ") -> T | None:
    """Ask as `ask` does; return None for Enter, and for words such as "no" or "not yet"."""
    return ask(
        question,
        lambda typed: None if means_nothing(typed) else parse(typed),
        default="",
        suffix=suffix,
    )


def confirm(question: str, *, default: bool) -> bool:
    """Return the answer to a question of yes or no; Enter is the default."""

    def parse(typed: str) -> bool:
        word = typed.casefold().rstrip(".!")
        if not word:
            return default
        if word in _YES:
            return True
        if word in _NOTHING:
            return False
        raise UsageError(f"{typed!r} is neither yes nor no; answer with y or n")

    return ask(f"{question} [{'Y/n' if default else 'y/N'}]", parse, default="")


def choose(question: str, choices: Sequence[str]) -> int:
    """List the choices with their numbers, and return the index of the chosen entry."""
    for number, choice in enumerate(choices, start=1):
        status(f"  {number}  {choice}")

    def parse(typed: str) -> int:
        if typed.isdecimal() and 0 < int(typed) <= len(choices):
            return int(typed) - 1
        raise UsageError(f"type a number from 1 to {len(choices)}")

    return ask(question, parse)


def read_key() -> str:
    """Return the key that the user presses, in lower case.

    Keys that were pressed meanwhile come together, and only the first is an answer.
    Raises InputEndedError for Ctrl-D.
    """
    try:
        key = click.getchar()[:1]
    except EOFError:
        raise InputEndedError from None
    if key == _INTERRUPT:
        raise KeyboardInterrupt
    return key.casefold()


def means_nothing(typed: str) -> bool:
    """True for an empty answer, and for words such as "no", "none" or "not yet"."""
    word = typed.casefold().replace("’", "'").rstrip(".!")
    return not word or word in _NOTHING


def explain(message: str, notes: Sequence[str] = ()) -> None:
    """Print an error that does not end the run, and its notes."""
    status(clean_line(message))
    for note in notes:
        status(f"  {clean_line(note)}")


def track_progress(items: Collection[T], doing: str, *, long: int = _LONG) -> Iterator[T]:
    """Yield the items; if there are at least `long`, show how many are done."""
    with progress_line(doing, long=long) as report:
        for number, item in enumerate(items):
            report(number, len(items))
            yield item


@contextlib.contextmanager
def progress_line(doing: str, *, long: int = _LONG) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that takes the number of done steps and the total; erase it at the end."""
    if not can_update_status():
        yield lambda _, __: None
        return
    printed: int | None = None

    def report(done: int, total: int) -> None:
        nonlocal printed
        if total >= long and (part := _STEPS * done // total) != printed:
            printed = part
            update_status(f"{doing}: {done:,} of {total:,}")

    try:
        yield report
    finally:
        if printed is not None:
            update_status("")


class Terminal:
    """The user, as services notify and ask them; stdout is for results alone."""

    notify = staticmethod(status)
    can_ask = staticmethod(can_ask)
    ask = staticmethod(ask)
    ask_text = staticmethod(ask_line)
    confirm = staticmethod(confirm)
    choose = staticmethod(choose)
    track = staticmethod(track_progress)
    progress = staticmethod(progress_line)

    def ask_password(self, question: str, /) -> str:
        """Return the typed answer, which the terminal does not show."""
        answer: str = click.prompt(question, hide_input=True, err=True)
        return answer

    def open_page(self, url: str, /) -> None:
        """Open a page in the browser."""
        click.launch(url)


def _read(prompt: str, typed: str) -> str:
    """Return a typed line; `typed` is there to be edited where the terminal can do that."""
    can_edit = _has_line_editing()
    prompt = _print_first_lines(prompt, sys.stdout if can_edit else sys.stderr)
    try:
        if not can_edit:
            answer: str = click.prompt(
                prompt, default="", show_default=False, prompt_suffix="", err=True
            )
            return answer
        import readline

        if typed:
            # Not without need: readline drops an interrupt that comes while the hook runs.
            readline.set_startup_hook(lambda: readline.insert_text(typed))
        try:
            return input(prompt)
        finally:
            readline.set_startup_hook()
    except (KeyboardInterrupt, EOFError, click.Abort) as error:
        status("")  # what follows begins on a line of its own
        has_ended = isinstance(error, EOFError) or isinstance(error.__context__, EOFError)
        raise (InputEndedError if has_ended else click.Abort) from None


def _print_first_lines(prompt: str, stream: TextIO) -> str:
    """Print a prompt that is wider than the terminal but for its last line, and return that."""
    width = terminal_width(stream)
    if width is None or display_width(prompt) <= width - _ANSWER_WIDTH:
        return prompt
    text = prompt.rstrip()
    *lines, last = wrap_text(text, width - _ANSWER_WIDTH)
    for line in lines:
        click.echo(line, file=stream)
    return last + prompt[len(text) :]


def _has_line_editing() -> bool:
    """True if Python reads this terminal by readline, which is missing on Windows."""
    try:
        import readline  # noqa: F401
    except ImportError:
        return False
    streams = (sys.stdin, 0), (sys.stdout, 1)
    return all(_is_terminal(stream) and _fileno(stream) == number for stream, number in streams)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _fileno(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except OSError:  # a stream in memory
        return None
