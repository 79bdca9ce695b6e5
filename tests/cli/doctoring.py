"""How the tests of the doctor call it."""

from __future__ import annotations

from typing import Protocol

import niquests.utils

NOW = "2026-11-24T09:00:00+02:00"
Findings = dict[str, tuple[str, str, str]]
"""By what they are about: the verdict, what was told, the steps."""


class Doctor(Protocol):
    """`doctor("--calendar-url", url, code=3)["dns"]`; at NOW, at home."""

    def __call__(self, *args: object, code: int = 0) -> Findings: ...


def forget_proxies() -> None:
    """Let the library look for proxies anew: it remembers what it saw first."""
    for name in ("getproxies", "getproxies_environment"):
        vars(niquests.utils)[name].cache_clear()
