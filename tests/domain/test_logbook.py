"""What the person chose is known by the choice, however the reason is worded."""

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
    one = step(plan(toml(TUESDAY + log(entry))), "first-follow-up")
    told = attrs.evolve(one, reason=attrs.evolve(one.reason, text="in anderen Worten"))

    assert told.reason.choice is choice
    assert log_validation.is_left_out(told) is left_out
