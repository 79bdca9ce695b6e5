"""The table of the figures, as the README shows it."""

from __future__ import annotations

from collections.abc import Iterable

from tests.benchmarks.marks import GROUPS

Figures = dict[str, dict[str, float]]
HEADER = "| what | measured | must | aim |\n|---|---|---|---|"


def table(figures: Figures, names: Iterable[str] = tuple(GROUPS)) -> str:
    """Return the rows of the groups in Markdown."""
    rows = [
        f"| {mark.title} | {figures[name][mark.key]:.3g} | {mark.must:g} | {mark.aim:g} |"
        for name in names
        for mark in GROUPS[name].marks
    ]
    return "\n".join(rows)
