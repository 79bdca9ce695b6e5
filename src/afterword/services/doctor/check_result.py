"""The result of a check of `afterword doctor`."""

from __future__ import annotations

import enum

import attrs


class Verdict(enum.StrEnum):
    """The verdict of a check."""

    OK = "ok"
    LOOK = "look at this"
    WRONG = "wrong"


@attrs.frozen
class CheckResult:
    """The result of a check; `steps` are the user's next steps."""

    about: str
    verdict: Verdict
    message: str
    steps: tuple[str, ...] = ()
