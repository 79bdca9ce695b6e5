"""A step that the user left out is recognized by the choice, not by the wording."""

from __future__ import annotations

import attrs
import pytest

from afterword.domain import log_validation
from afterword.domain.planning.plan import UserChoice
from tests.domain.plans import interview, log, plan, step, toml

TUESDAY = interview("2026-11-24T14:00:00")


@pytest.mark.parametrize(
    ("entry", "choice", "left_out"),
    [
        ('2026-11-27T09:00:00: skipped = "first-follow-up"', UserChoice.SKIPPED, True),
        ('2026-11-27T09:00:00: deleted = "first-follow-up"', UserChoice.DELETED, True),
        ('2026-11-27T09:00:00: heard = "neutral"', None, False),
        (
            '2026-11-27T09:00:00: moved = "first-follow-up"; to = 2026-11-30T10:00:00',
            UserChoice.MOVED,
            False,
        ),
    ],
    ids=["skipped", "deleted", "answered", "moved"],
)
def test_what_was_left_out_by_choice(entry: str, choice: UserChoice | None, left_out: bool) -> None:
    planned = step(plan(toml(TUESDAY + log(entry))), "first-follow-up")
    reworded = attrs.evolve(planned, reason=attrs.evolve(planned.reason, text="in anderen Worten"))

    assert reworded.reason.choice is choice
    assert log_validation.is_left_out(reworded) is left_out
