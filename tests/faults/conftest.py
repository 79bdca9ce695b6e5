"""The fixtures of the command line, for cases that run it."""

from __future__ import annotations

from tests.cli.conftest import life as life  # noqa: PLC0414
