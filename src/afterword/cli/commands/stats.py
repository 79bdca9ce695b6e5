"""`afterword stats`: print statistics, each with its number of cases."""

from __future__ import annotations

from typing import Any

from afterword.cli.ui import options
from afterword.cli.ui.columns import echo_wrapped
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo, echo_json
from afterword.domain.application_stats import FEWEST, Figure, Statistics, compute_statistics
from afterword.domain.sanitize import pluralize
from afterword.services.workspace import Workspace


@command("afterword stats --json")
@options.with_workspace
@options.json
def stats(workspace: Workspace, as_json: bool) -> None:
    """Show statistics: applications by state, answers, days until an answer."""
    plans = workspace.plans()
    statistics = compute_statistics(plans, now=workspace.context.now)
    if as_json:
        echo_json(_document(statistics))
        return
    echo(pluralize(statistics.applications, "application"))
    for outcome, count in statistics.outcomes.items():
        echo(f"  {outcome:10} {count}")
    echo_wrapped(f"answered: {_share(statistics.answered)}")
    for since, figure in statistics.days_to_answer.items():
        echo_wrapped(f"days from {since} to an answer, median: {_days(figure)}")
    for kind, figure in statistics.in_window.items():
        echo_wrapped(f"{kind} sent in its window: {_share(figure)}")


def _share(figure: Figure) -> str:
    return _few(figure) if figure.value is None else f"{figure.value:.0%} of {figure.n}"


def _days(figure: Figure) -> str:
    return _few(figure) if figure.value is None else f"{figure.value:g} (of {figure.n})"


def _few(figure: Figure) -> str:
    return f"not enough yet ({figure.n} of the {FEWEST} needed)"


def _document(statistics: Statistics) -> dict[str, Any]:
    return {
        "version": 1,
        "applications": statistics.applications,
        "states": {outcome.value: count for outcome, count in statistics.outcomes.items()},
        "answered": _figure(statistics.answered),
        "days_to_answer": {since: _figure(f) for since, f in statistics.days_to_answer.items()},
        "in_window": {kind.value: _figure(f) for kind, f in statistics.in_window.items()},
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"value": figure.value, "n": figure.n}
