"""Show how the current silence of an employer compares with earlier answers."""

from __future__ import annotations

from typing import Any

from afterword.cli.ui.columns import echo_wrapped
from afterword.domain.application_stats import (
    AFTER_ANSWER,
    AFTER_INTERVIEW,
    SilenceComparison,
    WaitVerdict,
    compare_silence,
)
from afterword.domain.planning.plan import Plan
from afterword.domain.sanitize import pluralize
from afterword.services.workspace import Workspace

_SINCE = {AFTER_INTERVIEW: "the interview", AFTER_ANSWER: "their last answer"}
_VERDICTS = {
    WaitVerdict.USUAL: "this is not unusual",
    WaitVerdict.LONG: "this is longer than most, but you have had later answers",
    WaitVerdict.LONGEST: "this is longer than any wait that ended with an answer",
}


def print_silence(plan: Plan, workspace: Workspace) -> None:
    """Print a line on the current silence, if there are earlier answers to compare it with."""
    comparison = _compare(plan, workspace)
    if comparison is not None:
        echo_wrapped(describe_silence(comparison), indent="  ", hanging="  ")


def _compare(plan: Plan, workspace: Workspace) -> SilenceComparison | None:
    return compare_silence(plan, workspace.stored_plans(), now=workspace.context.now)


def describe_silence(comparison: SilenceComparison) -> str:
    """Return how long the silence is, how long earlier ones were, and which is longer."""
    wait, past = comparison.wait, comparison.past
    since = _SINCE.get(wait.since, f"the {wait.since}")
    shortest, longest = round(past.shortest), round(past.longest)
    span = pluralize(longest, "day")
    if shortest != longest:
        span = f"{shortest} to {span}"
    return (
        f"No answer for {pluralize(round(wait.days), 'day')} after {since} (round {wait.round}):"
        f" {_VERDICTS[comparison.verdict]}. Your {past.n} earlier answers at this point came after"
        f" {span}, median {past.median:.1f}."
    )


def silence_document(plan: Plan, workspace: Workspace) -> dict[str, Any] | None:
    """Return the comparison for --json, None where there is nothing to compare."""
    comparison = _compare(plan, workspace)
    if comparison is None:
        return None
    wait, past = comparison.wait, comparison.past
    return {
        "since": wait.since,
        "round": wait.round,
        "began": wait.began.astimezone(plan.zone).isoformat(),
        "days": round(wait.days, 1),
        "verdict": comparison.verdict.value,
        "past": {
            "median": round(past.median, 1),
            "shortest": round(past.shortest, 1),
            "longest": round(past.longest, 1),
            "n": past.n,
        },
    }
