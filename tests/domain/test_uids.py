"""UIDs are version 5 of RFC 9562 and depend on ids only."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.model import StepKind
from afterword.domain.uids import event_uids, stable_uuid

SPACE = uuid.UUID("6f0b1a52-4c0e-5f0b-9d3c-a5f0e6c7d811")


@given(st.lists(st.text(st.characters(codec="utf-8")) | st.integers(), min_size=1, max_size=6))
def test_a_uid_is_the_uuid_of_its_parts(parts: list[str | int]) -> None:
    assert stable_uuid(*parts) == str(uuid.uuid5(SPACE, "\n".join(map(str, parts))))


def test_a_step_with_a_limit_has_two_events_and_each_generation_has_its_own() -> None:
    first = event_uids("karoo", "r1", StepKind.FIRST, 0)
    assert set(first) == {"act", "frame"}
    assert set(event_uids("karoo", "r1", StepKind.MOVE_ON, 0)) == {"act"}
    assert not set(first.values()) & set(event_uids("karoo", "r1", StepKind.FIRST, 0, 1).values())
