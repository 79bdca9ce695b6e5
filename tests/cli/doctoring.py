"""How the tests of the doctor call it."""

from __future__ import annotations

from typing import Protocol

NOW = "2026-11-24T09:00:00+02:00"
Findings = dict[str, tuple[str, str, str]]
"""By what they are about: the verdict, what was told, the steps."""


class Doctor(Protocol):
    """`doctor("--calendar-url", url, code=3)["dns"]`; at NOW, at home."""

    def __call__(self, *args: object, code: int = 0) -> Findings: ...
