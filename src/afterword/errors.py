"""The errors a person may see, and the exit code each ends with.

Raised from every layer, caught once, at the edge of the command line. The
message of each says what happened, where, and what to do next; `notes` are
further lines (all the mistakes of a file, say). Anything else that escapes is
a bug and ends with code 1.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable


class ExitCode(enum.IntEnum):
    """What the process ends with; an unknown code means failure."""

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


class AfterwordError(Exception):
    """What the person is told; `notes` follow the message, one line each."""

    exit_code = ExitCode.BUG

    def __init__(self, message: str, notes: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.notes = tuple(notes)

    def __str__(self) -> str:
        return "\n".join((self.message, *self.notes))


class UsageError(AfterwordError):
    """Raised when a flag, an argument or the settings are wrong."""

    exit_code = ExitCode.USAGE


class InputError(AfterwordError):
    """Raised when a file that was handed in cannot be taken as it is."""

    exit_code = ExitCode.BAD_INPUT


class DraftError(AfterwordError):
    """Raised when a template of a draft is wrong."""

    exit_code = ExitCode.USAGE


class WriteError(AfterwordError):
    """Raised when a file cannot be written; what was there before is intact."""

    exit_code = ExitCode.CANNOT_WRITE


class StateError(AfterwordError):
    """Raised when the remembered state cannot be used; it may be deleted without loss."""

    exit_code = ExitCode.TRY_LATER


class TryLaterError(AfterwordError):
    """Raised when the same command is likely to work in a while; nothing was lost."""

    exit_code = ExitCode.TRY_LATER


class LoginError(AfterwordError):
    """Raised when a server does not take the user's name and password; never tried twice."""

    exit_code = ExitCode.LOGIN


class RefusedError(AfterwordError):
    """Raised when a server refuses for good, or is not what its address promised."""

    exit_code = ExitCode.REFUSED


class ConflictError(AfterwordError):
    """Raised when two changes contradict each other and the person has to choose."""

    exit_code = ExitCode.CONFLICT
