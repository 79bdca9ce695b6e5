"""Steps by the names that people type, and the follow-up that a plan waits for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from afterword.domain.model import FOLLOW_UPS, StepKind
from afterword.domain.planning.plan import Plan, StepState

FOLLOW_UP = "follow-up"
"""The name of whichever follow-up is next."""

_WAITING = {StepState.OPEN, StepState.LATE, StepState.OVERDUE}
_SHORT = {
    **dict.fromkeys(("thanks", "thank", "thankyounote", "thanksnote"), StepKind.THANK_YOU),
    **dict.fromkeys(("first", "1st", "firstfollow", "followup1", "followupone"), StepKind.FIRST),
    **dict.fromkeys(("second", "2nd", "secondfollow", "followup2", "followuptwo"), StepKind.SECOND),
    **dict.fromkeys(("follow", "followups"), FOLLOW_UP),
    **dict.fromkeys(("move",), StepKind.MOVE_ON),
    **dict.fromkeys(("answer", "replies"), StepKind.REPLY),
    **dict.fromkeys(("touch", "keepintouch", "stayintouch"), StepKind.KEEP_IN_TOUCH),
}


def parse_step_name(text: str, more: Iterable[str] = ()) -> str | None:
    """Return the step, FOLLOW_UP or the entry of `more` that a text names, None for none.

    Capitals, blanks and dashes are ignored, and short names are accepted.
    """
    return _names(more).get(_folded(text))


def closest_step_name(text: str, more: Iterable[str] = ()) -> str | None:
    """Return the step or the entry of `more` whose name is most similar to a text."""
    names = _names(more)
    closest = difflib.get_close_matches(_folded(text), names, n=1)
    return str(names[closest[0]]) if closest else None


def resolve_step(name: str, plan: Plan) -> StepKind:
    """Return the step of a parsed name; for FOLLOW_UP the due follow-up, else the next."""
    if name != FOLLOW_UP:
        return StepKind(name)
    steps = [step for step in plan.steps if step.kind in FOLLOW_UPS]
    waiting = [step for step in steps if step.state in _WAITING]
    if waiting:
        return max(waiting, key=lambda step: step.send_at).kind
    coming = [step for step in steps if step.state is StepState.UPCOMING]
    return min(coming, key=lambda step: step.send_at).kind if coming else StepKind.FIRST


def _names(more: Iterable[str]) -> dict[str, str]:
    full = (*map(str, StepKind), FOLLOW_UP, *more)
    return _SHORT | {_folded(name): name for name in full}


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
