"""Where the password of a calendar server comes from. It is never kept by this program itself.

A file, a command, the system's keyring, or the person, in this order. None of
them puts it on a command line, into the settings, a log, or an error's text.
"""

from __future__ import annotations

import os
import queue
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import attrs

from afterword.domain.sanitize import for_terminal
from afterword.errors import UsageError

STDIN = "-"
TYPED, GRANTED = "typed", "granted in the browser"
"""Sources that give a password once: what is not kept has to be given again."""

KEEPING = "`pipx inject afterword keyring`, or with pip alone `pip install keyring`"
"""What lets a password be kept in the system's keyring."""

_SERVICE = "afterword"
_LONGEST = 4096
_COMMAND_PATIENCE, _KEYRING_PATIENCE = 60.0, 4.0
_OTHERS_MAY, _OTHERS_WRITE = 0o077, 0o022
R = TypeVar("R")


@attrs.frozen
class Account:
    """Whose password is meant: it is good for this user on this host, and sent to no other."""

    user: str
    host: str

    def __str__(self) -> str:
        return f"{self.user}@{self.host}"


@attrs.frozen
class Password:
    """A password, which only `reveal` shows; `source` says where it was found."""

    _value: str = attrs.field(repr=False)
    source: str

    def reveal(self) -> str:
        """Return it, to be sent to its server and nowhere else."""
        return self._value


@attrs.frozen(kw_only=True)
class PasswordSources:
    """Where to look, besides the keyring.

    `file` is a path, or "-" for the first line of stdin. `command` is a program
    with its arguments, out of the file `settings`. `ask` gets a question and
    returns the answer; None where nobody is there to be asked.
    """

    settings: Path
    file: str | None = None
    command: Sequence[str] = ()
    ask: Callable[[str], str] | None = None
    patience: float = _COMMAND_PATIENCE


def lookup_password(account: Account, sources: PasswordSources) -> Password:
    """Return the password from the first place that is given, or that has one.

    Raises UsageError where none has, and for a file or a command that others
    could read or change.
    """
    if sources.file is not None:
        return Password(_from_file(sources.file), f"in {_named(sources.file)}")
    if sources.command:
        return Password(_from_command(sources), "by password_command")
    kept, trouble = _from_keyring(account)
    if kept:
        return Password(kept, "in the keyring")
    if sources.ask:
        return Password(_sound(sources.ask(f"Password of {account}"), "what was typed"), TYPED)
    raise UsageError(f"there is no password for {account}", _ways(sources.settings, trouble))


def save_password(account: Account, password: Password) -> None:
    """Put the password into the system's keyring. Raises UsageError that says why it cannot."""
    _, trouble = _in_keyring(
        lambda keyring: keyring.set_password(_SERVICE, str(account), password.reveal())
    )
    if trouble:
        raise UsageError(f"the password was not kept: {trouble}")


def keyring_available() -> bool:
    """Tell whether there is a keyring, as far as can be seen without opening it."""
    found, trouble = _in_keyring(lambda keyring: keyring.get_keyring().priority > 0)
    return bool(found) and not trouble


def _from_file(file: str) -> str:
    if file == STDIN:
        if sys.stdin is None:
            raise UsageError("the password should come from standard input, which is closed")
        return _sound(_first_line(sys.stdin.buffer.readline(_LONGEST + 2)), "standard input")
    path = Path(file)
    try:
        with path.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            if os.name == "posix" and stat.S_ISREG(mode) and mode & _OTHERS_MAY:
                raise UsageError(
                    f"others may read the password in {_named(file)}", [f"chmod 600 {_named(file)}"]
                )
            return _sound(_first_line(opened.readline(_LONGEST + 2)), _named(file))
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise UsageError(f"cannot read the password in {_named(file)}: {why}") from None


def _from_command(sources: PasswordSources) -> str:
    _refuse_what_others_may_change(sources.settings)
    program = for_terminal(sources.command[0])
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, from a file of theirs alone
            list(sources.command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=sources.patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UsageError(
            f"password_command: {program} did not end within {sources.patience:g} seconds; "
            "does it wait for an answer?"
        ) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise UsageError(f"password_command: cannot run {program}: {why.lower()}") from None
    if done.returncode:
        raise UsageError(
            f"password_command: {program} ended with {done.returncode}; run it yourself to see why"
        )
    return _sound(_first_line(done.stdout.partition(b"\n")[0]), f"what {program} printed")


def _refuse_what_others_may_change(settings: Path) -> None:
    """Raise UsageError for settings with which somebody else could run a program as the user."""
    if os.name != "posix":
        return
    found = settings.stat()
    if found.st_uid != os.getuid():
        raise UsageError(f"{settings} is not yours, so its password_command is not run")
    if found.st_mode & _OTHERS_WRITE:
        raise UsageError(
            f"others may write {settings}, so its password_command is not run",
            [f"chmod go-w {settings}"],
        )


def _from_keyring(account: Account) -> tuple[str | None, str]:
    return _in_keyring(lambda keyring: keyring.get_password(_SERVICE, str(account)))


def _in_keyring(call: Callable[..., R]) -> tuple[R | None, str]:
    """Return what the call returns of the keyring, or why it cannot; a locked one may hang."""
    answers: queue.SimpleQueue[tuple[R | None, str]] = queue.SimpleQueue()

    def work() -> None:
        try:
            import keyring

            answers.put((call(keyring), ""))
        except ImportError:
            answers.put((None, f"no keyring is installed: {KEEPING}"))
        except Exception as error:  # noqa: BLE001 - each backend has errors of its own
            answers.put((None, f"the keyring cannot be used here ({type(error).__name__})"))

    threading.Thread(target=work, daemon=True).start()
    try:
        return answers.get(timeout=_KEYRING_PATIENCE)
    except queue.Empty:
        return None, f"the keyring gave no answer in {_KEYRING_PATIENCE:g} seconds; is it locked?"


def _first_line(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise UsageError("the password is not in UTF-8") from None


def _sound(value: str, place: str) -> str:
    if not value:
        raise UsageError(f"the password is empty: nothing is on the first line of {place}")
    if len(value.encode()) > _LONGEST or not value.isprintable():
        raise UsageError(f"{place} is no password: it is too long, or has control characters")
    return value


def _ways(settings: Path, trouble: str) -> Iterator[str]:
    yield "--password-file FILE reads it from a file that is yours alone, or - from standard input"
    yield f"password_command below [calendar] in {settings} names a program that prints it"
    yield trouble or "`afterword calendars` on a terminal asks for it, and keeps it in the keyring"


def _named(file: str) -> str:
    return "standard input" if file == STDIN else for_terminal(file)
