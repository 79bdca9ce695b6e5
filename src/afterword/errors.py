"""The errors that users can cause or meet, with their exit codes.

All modules raise them, and the command line reports them in a single module.
The message says what happened, where, and what to do next; `notes` are further
lines, such as all mistakes of a file. Any other exception is a bug, exit code 1.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable


class ExitCode(enum.IntEnum):
    """The exit codes of the command."""

    OK = 0
    BUG = 1
    USAGE = 2
    PARTLY = 3
    CONFLICT = 4
    LOGIN = 5
    REFUSED = 6
    BAD_INPUT = 65
    CANNOT_WRITE = 73
    TRY_LATER = 75
    INTERRUPTED = 130
    TERMINATED = 143


class AfterwordError(Exception):
    """Base class of the errors that are reported to the user, with notes as extra lines."""

    exit_code = ExitCode.BUG

    def __init__(self, message: str, notes: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.notes = tuple(notes)

    def __str__(self) -> str:
        return "\n".join((self.message, *self.notes))


class UsageError(AfterwordError):
    """Raised for an invalid option, argument or setting."""

    exit_code = ExitCode.USAGE


class InputError(AfterwordError):
    """Raised for an input file that cannot be read or has mistakes."""

    exit_code = ExitCode.BAD_INPUT


class DraftError(AfterwordError):
    """Raised for an invalid template of a draft."""

    exit_code = ExitCode.USAGE


class WriteError(AfterwordError):
    """Raised when a file cannot be written; its old content is intact."""

    exit_code = ExitCode.CANNOT_WRITE


class StateError(AfterwordError):
    """Raised when the machine state cannot be used; it may be deleted without loss."""

    exit_code = ExitCode.TRY_LATER


class TryLaterError(AfterwordError):
    """Raised when the same command is likely to work later; nothing was lost."""

    exit_code = ExitCode.TRY_LATER


class LoginError(AfterwordError):
    """Raised when a server refuses the user name and password; the login is not retried."""

    exit_code = ExitCode.LOGIN


class RefusedError(AfterwordError):
    """Raised when a server refuses a request permanently, or is no calendar server."""

    exit_code = ExitCode.REFUSED


class ConflictError(AfterwordError):
    """Raised when two changes contradict each other and the user has to decide."""

    exit_code = ExitCode.CONFLICT
