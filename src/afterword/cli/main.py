"""Run a command line, and turn every error into a line on stderr and an exit code.

Errors in the user's input have no traceback. An unexpected exception is reported as a bug in
a line; AFTERWORD_DEBUG=1 adds the traceback.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence

import click

from afterword.cli.app import afterword
from afterword.cli.ui import output
from afterword.cli.ui.output import OutputClosedError, status, styled
from afterword.domain.sanitize import clean_line
from afterword.errors import AfterwordError, ExitCode, UsageError, WriteError

_COMPLETION = "_AFTERWORD_COMPLETE"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; the arguments default to the process's."""
    args = list(sys.argv[1:] if argv is None else argv)
    options = itertools.takewhile(lambda arg: arg != "--", args)
    with (
        _open_stdin(),
        output.json_output(wanted="--json" in options),
        _terminated() as was_terminated,
    ):
        return _run_and_report(args, was_terminated)


def _run_and_report(args: Sequence[str], was_terminated: Callable[[], bool]) -> int:
    try:
        return _run(args)
    except AfterwordError as error:
        return _report(error.exit_code, error.message, error.notes)
    except click.ClickException as error:
        return _report_misuse(error)
    except (click.Abort, KeyboardInterrupt, EOFError):
        code = ExitCode.TERMINATED if was_terminated() else ExitCode.INTERRUPTED
        message = "ended by another program" if was_terminated() else "stopped"
        # Ctrl-C may be pressed again meanwhile.
        with contextlib.suppress(KeyboardInterrupt):
            _report(code, message)
        return code
    except OutputClosedError:
        return ExitCode.CANNOT_WRITE
    except Exception as error:  # noqa: BLE001 - the last door: everything else is a bug
        return _report_bug(error)


@contextlib.contextmanager
def _open_stdin() -> Iterator[None]:
    """Replace a closed stdin by an empty stream in the block."""
    if sys.stdin is not None:
        yield
        return
    # `--help` is quicker by an eighth of `import click` without pathlib.
    with open(os.devnull, encoding="utf-8") as sys.stdin:  # noqa: PTH123
        yield
    sys.stdin = None


@contextlib.contextmanager
def _terminated() -> Iterator[Callable[[], bool]]:
    """Let SIGTERM end the block as Ctrl-C does; yield the function that tells them apart."""
    signals: list[int] = []

    def interrupt(number: int, _: object) -> None:
        signals.append(number)
        raise KeyboardInterrupt

    # Signals are handled in the main thread alone, and one that is ignored stays so.
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    ):
        yield lambda: False
        return
    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield lambda: bool(signals)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _run(args: Sequence[str]) -> int:
    if _COMPLETION in os.environ:
        from afterword.cli.shell_completion import answer_shell

        return answer_shell(os.environ[_COMPLETION])
    _refuse_undecodable(args)
    try:
        with afterword.make_context("afterword", list(args)) as context:
            afterword.invoke(context)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    return ExitCode.OK


def _refuse_undecodable(args: Sequence[str]) -> None:
    """Raise UsageError for bytes that are not UTF-8; Python decodes them as lone surrogates."""
    for number, (before, arg) in enumerate(itertools.pairwise(["", *args]), start=1):
        try:
            arg.encode()
        except UnicodeEncodeError:
            options = (word.partition("=")[0] for word in (arg, before) if word.startswith("-"))
            name = next(options, f"argument {number}")
            raise UsageError(f"not valid UTF-8 in {name}: type it anew") from None


def _report(code: ExitCode, message: str, notes: Sequence[str] = ()) -> int:
    lines = [clean_line(note) for note in notes]
    status(styled("afterword:", fg="red", bold=True), " ", clean_line(message))
    for line in lines:
        status(f"  {line}")
    with contextlib.suppress(WriteError, OutputClosedError):
        output.echo_json_error(code, clean_line(message), lines)
    return code


def _report_misuse(error: click.ClickException) -> int:
    """Report a mistake that click saw in the form of our own messages."""
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    hints = [f"{context.command_path} --help shows how it is used"] if context else []
    return _report(ExitCode.USAGE, message[:1].lower() + message[1:], hints)


def _report_bug(error: Exception) -> int:
    debug = bool(os.environ.get("AFTERWORD_DEBUG"))
    if debug:
        import traceback

        status("".join(traceback.format_exception(error)))
    return _report(
        ExitCode.BUG,
        f"this is a bug in afterword: {type(error).__name__}: {error}",
        () if debug else ("run it again with AFTERWORD_DEBUG=1 to see where it happened",),
    )
