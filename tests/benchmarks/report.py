"""The table of the figures, as the README and the command show it."""

from __future__ import annotations

from collections.abc import Iterable

from tests.benchmarks.marks import GROUPS, Mark

Figures = dict[str, dict[str, float]]
README_HEADER = "| what | measured |\n|---|---|"


def readme_table(figures: Figures) -> str:
    """Return the measured figures in Markdown."""
    names = (name for name in GROUPS if name in figures)
    rows = (f"| {mark.title} | {value:.3g} |" for mark, value in _measured(figures, names))
    return "\n".join((README_HEADER, *rows))


def table(figures: Figures, names: Iterable[str]) -> str:
    """Return the figures of groups with the values they must reach and aim at."""
    return "\n".join(
        f"{value:8.3g}  (must {mark.must:g}, aim {mark.aim:g})  {mark.title}"
        for mark, value in _measured(figures, names)
    )


def _measured(figures: Figures, names: Iterable[str]) -> Iterable[tuple[Mark, float]]:
    return ((mark, figures[name][mark.key]) for name in names for mark in GROUPS[name].marks)
