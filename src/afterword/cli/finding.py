"""What the doctor finds: a thing that was looked at, how it is, and what to do about it."""

from __future__ import annotations

import enum

import attrs


class Verdict(enum.StrEnum):
    """How a thing is."""

    OK = "ok"
    LOOK = "look at this"
    WRONG = "wrong"


@attrs.frozen
class Finding:
    """One thing that was looked at; `steps` are what to do next."""

    about: str
    verdict: Verdict
    told: str
    steps: tuple[str, ...] = ()
