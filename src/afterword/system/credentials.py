"""Get the password or token of a calendar server from a file, a command, the keyring or a prompt.

The sources are tried in this order. A secret never appears on a command line
or in the settings, a log or an error message.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import attrs

from afterword.domain.sanitize import for_terminal
from afterword.errors import UsageError

STDIN = "-"
TYPED, GRANTED = "typed", "granted in the browser"
"""Values of `Password.source` for a password that is lost unless it is saved."""

KEYRING_INSTALL = "`pipx inject afterword keyring`, or with pip alone `pip install keyring`"
"""The commands that install what saving to the system's keyring needs."""

_SERVICE = "afterword"
_MAX_BYTES = 4096
_MAX_OUTPUT = 65_536
_COMMAND_TIMEOUT, _KEYRING_TIMEOUT = 60.0, 4.0
_ACCESS_BY_OTHERS, _WRITE_BY_OTHERS = 0o077, 0o022
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""An access token as RFC 6750 2.1 has it."""
R = TypeVar("R")


@attrs.frozen
class Account:
    """A user on a host; their password is sent to no other host."""

    user: str
    host: str

    def __str__(self) -> str:
        return f"{self.user}@{self.host}"


@attrs.frozen
class Password:
    """A password, hidden except by `reveal`; `source` is a phrase such as "in the keyring"."""

    _value: str = attrs.field(repr=False)
    source: str

    def reveal(self) -> str:
        """Return the password, to send it to its server and nowhere else."""
        return self._value


class PasswordSources(NamedTuple):
    """The sources of a password besides the keyring.

    `file` is a path, or "-" for the first line of stdin. `command` is a program
    with its arguments, set in the file `settings`; it is ended after `timeout`
    seconds. `ask` gets a question and returns the answer; it is None without a
    terminal.
    """

    settings: Path
    file: str | None = None
    command: Sequence[str] = ()
    ask: Callable[[str], str] | None = None
    timeout: float = _COMMAND_TIMEOUT


def lookup_password(account: Account, sources: PasswordSources) -> Password:
    """Return the password from the first source that is given or has it.

    Raises UsageError if there is none, and for a file or command that other
    users could read or change.
    """
    if sources.file is not None:
        return Password(_from_file(sources.file), f"in {_name(sources.file)}")
    if sources.command:
        command = SecretCommand(
            "password_command", sources.command, sources.settings, sources.timeout
        )
        return Password(command.run(), "by password_command")
    saved, problem = saved_password(account)
    if saved:
        return saved
    if sources.ask:
        return Password(_validate(sources.ask(f"Password of {account}"), "what was typed"), TYPED)
    raise UsageError(f"there is no password for {account}", _hints(sources.settings, problem))


@attrs.frozen
class SecretCommand:
    """A program of the user that prints a secret; `setting` names it in the file `settings`."""

    setting: str
    words: Sequence[str]
    settings: Path
    timeout: float = _COMMAND_TIMEOUT

    def run(self) -> str:
        """Return the first line of the program's output.

        Raises UsageError for settings that others could change, and if the program fails.
        """
        _check_owner(self.settings, self.setting)
        return _validate(*_from_command(self))

    def run_for_token(self) -> str:
        """Return the access token that the program prints. Raises UsageError as `run` does."""
        token = self.run()
        if not _TOKEN.fullmatch(token):
            raise UsageError(
                f"{self.setting}: what {for_terminal(self.words[0])} printed is no access token; "
                "its first line must be the token and nothing else"
            )
        return token


def saved_password(account: Account) -> tuple[Password | None, str]:
    """Return the password in the keyring, if any, and the problem with the keyring or ""."""
    saved, problem = _with_keyring(lambda keyring: keyring.get_password(_SERVICE, str(account)))
    return Password(saved, "in the keyring") if saved else None, problem


def save_password(account: Account, password: Password) -> None:
    """Save the password in the system's keyring. Raises UsageError."""
    _, problem = _with_keyring(
        lambda keyring: keyring.set_password(_SERVICE, str(account), password.reveal())
    )
    if problem:
        raise UsageError(f"the password was not saved: {problem}")


def keyring_available() -> bool:
    """True if there is a usable keyring, as far as it shows without being unlocked."""
    usable, problem = _with_keyring(lambda keyring: keyring.get_keyring().priority > 0)
    return bool(usable) and not problem


def _from_file(file: str) -> str:
    if file == STDIN:
        if sys.stdin is None:
            raise UsageError("the password should come from standard input, which is closed")
        return _validate(_first_line(sys.stdin.buffer.readline(_MAX_BYTES + 2)), "standard input")
    path = Path(file)
    try:
        with path.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            if os.name == "posix" and stat.S_ISREG(mode) and mode & _ACCESS_BY_OTHERS:
                raise UsageError(
                    f"others may read the password in {_name(file)}", [f"chmod 600 {_name(file)}"]
                )
            return _validate(_first_line(opened.readline(_MAX_BYTES + 2)), _name(file))
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise UsageError(f"cannot read the password in {_name(file)}: {why}") from None


def _from_command(command: SecretCommand) -> tuple[str, str]:
    """Return the first line of the output, and its name in messages."""
    setting, program = command.setting, for_terminal(command.words[0])
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, from a file only they can write
            list(command.words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise UsageError(f"{setting}: cannot run {program}: {why.lower()}") from None
    with _killed_at_the_end(process):
        output = _output_of(process, command.timeout)
        if output is None:
            raise UsageError(
                f"{setting}: {program} did not end within {command.timeout:g} seconds; "
                "does it wait for an answer?"
            )
        if len(output) > _MAX_OUTPUT:
            raise UsageError(
                f"{setting}: {program} printed more than {_MAX_OUTPUT:,} bytes; "
                f"the {setting.partition('_')[0]} must be its first line"
            )
    if process.returncode:
        raise UsageError(
            f"{setting}: {program} ended with {process.returncode}; run it yourself to see why"
        )
    return _first_line(output.partition(b"\n")[0]), f"what {program} printed"


@contextlib.contextmanager
def _killed_at_the_end(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill a program that still runs when the block ends, whatever ended it."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _output_of(process: subprocess.Popen[bytes], timeout: float) -> bytes | None:
    """Return the output of a program, cut just beyond the limit; None if it is late.

    It is read in a thread, because a program's own children may hold the pipe open for ever.
    """

    def read_output() -> bytes:
        assert process.stdout is not None  # noqa: S101 - it was started with a pipe
        with process.stdout as pipe:
            return pipe.read(_MAX_OUTPUT + 1)

    try:
        output = _result_in_time(read_output, timeout)
        if len(output) <= _MAX_OUTPUT:
            process.wait(timeout)
    except (queue.Empty, subprocess.TimeoutExpired):
        return None
    return output


def _check_owner(settings: Path, setting: str) -> None:
    """Raise UsageError for settings through which others could run programs as the user."""
    if os.name != "posix":
        return
    status = settings.stat()
    if status.st_uid != os.getuid():
        raise UsageError(f"{settings} is not yours, so its {setting} is not run")
    if status.st_mode & _WRITE_BY_OTHERS:
        raise UsageError(
            f"others may write {settings}, so its {setting} is not run",
            [f"chmod go-w {settings}"],
        )


def _with_keyring(call: Callable[..., R]) -> tuple[R | None, str]:
    """Return the result of a call with the keyring module, and the problem or "".

    It runs in a thread of its own, because a locked keyring may block for ever.
    """

    def ask_keyring() -> tuple[R | None, str]:
        try:
            import keyring

            return call(keyring), ""
        except ImportError:
            return None, f"no keyring is installed: {KEYRING_INSTALL}"
        except Exception as error:  # noqa: BLE001 - each backend raises other errors
            return None, f"the keyring cannot be used here ({type(error).__name__})"

    try:
        return _result_in_time(ask_keyring, _KEYRING_TIMEOUT)
    except queue.Empty:
        return None, f"the keyring gave no answer in {_KEYRING_TIMEOUT:g} seconds; is it locked?"


def _result_in_time(work: Callable[[], R], timeout: float) -> R:
    """Return the result of work in a thread, which may block for ever. Raises queue.Empty."""
    results: queue.SimpleQueue[R] = queue.SimpleQueue()
    threading.Thread(target=lambda: results.put(work()), daemon=True).start()
    return results.get(timeout=timeout)


def _first_line(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise UsageError("the password is not in UTF-8") from None


def _validate(value: str, source: str) -> str:
    if not value:
        raise UsageError(f"the password is empty: nothing is on the first line of {source}")
    if len(value.encode()) > _MAX_BYTES or not value.isprintable():
        raise UsageError(f"{source} is no password: it is too long, or has control characters")
    return value


def _hints(settings: Path, problem: str) -> Iterator[str]:
    """Yield the options for giving a password, a line for each."""
    yield "--password-file FILE reads it from a file that is yours alone, or - from standard input"
    yield f"password_command below [calendar] in {settings} names a program that prints it"
    yield problem or "`afterword calendars` on a terminal asks for it, and keeps it in the keyring"


def _name(file: str) -> str:
    return "standard input" if file == STDIN else for_terminal(file)
