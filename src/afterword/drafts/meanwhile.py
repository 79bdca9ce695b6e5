"""One line on what to do while waiting, on a follow-up that has been sent."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.core.model import FOLLOW_UPS, Plan, Step
from afterword.drafts.language import Language, mark

_LINES = (
    mark("Meanwhile: note three things that went well in the interview, and one to do better."),
    mark("Meanwhile: have a word with somebody in the field, without asking for anything."),
    mark("Meanwhile: give an hour to a skill that they asked about."),
    mark("Meanwhile: send the next application; waiting is easier with two."),
)


def meanwhile(plan: Plan, step: Step, language: Language) -> Iterator[str]:
    """Yield the line for a follow-up, never the same twice running in an application."""
    if step.kind in FOLLOW_UPS:
        follow_ups = [s for s in plan.steps if s.kind in FOLLOW_UPS]
        yield language.translate(_LINES[follow_ups.index(step) % len(_LINES)])
