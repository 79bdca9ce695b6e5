"""The silence of an employer, compared with the answers to the same person before."""

from __future__ import annotations

from afterword.domain.planning.plan import Plan
from afterword.domain.review.waiting_times import (
    SilenceComparison,
    compare_silence,
    current_wait,
)
from afterword.services.workspace import Workspace


def compare_with_past(plan: Plan, workspace: Workspace) -> SilenceComparison | None:
    """Return how the current silence compares, None if there is none or too few answers.

    A damaged file is left out, and named.
    """
    now = workspace.context.now
    if current_wait(plan, now=now) is None:
        return None
    applications = workspace.applications()
    return compare_silence(plan, map(workspace.plan, applications), now=now)
