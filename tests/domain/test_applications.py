"""The ids of new applications and interviews: stable, short enough, never taken."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.applications import LONGEST_ID, default_id, free_id, next_interview_id
from afterword.domain.model import Application, Interview

START = dt.datetime(2026, 11, 24, 14, tzinfo=dt.UTC)


def application(*ids: str) -> Application:
    interviews = tuple(Interview(id=id, start=START, end=START) for id in ids)
    return Application(id="karoo", company="Karoo", role="Designer", interviews=interviews)


@pytest.mark.parametrize(
    ("wanted", "taken", "id"),
    [
        pytest.param("karoo", set(), "karoo", id="free"),
        pytest.param("karoo", {"karoo"}, "karoo-2", id="taken"),
        pytest.param("Karoo", {"karoo", "karoo-2"}, "Karoo-3", id="in other capitals"),
        pytest.param("x" * 58, {"x" * 58}, "x" * 58 + "-2", id="room for a number"),
        pytest.param("x" * 64, {"x" * 64}, "x" * 56 + "-2", id="shortened"),
    ],
)
def test_free_id(wanted: str, taken: set[str], id: str) -> None:
    assert free_id(wanted, taken) == id


@given(company=st.text(min_size=1), role=st.text(min_size=1), others=st.integers(0, 120))
def test_default_ids_made_free_differ_and_stay_short(company: str, role: str, others: int) -> None:
    wanted = default_id(company, role)
    taken: set[str] = set()
    for _ in range(others + 1):
        taken.add(free_id(wanted, taken))

    assert len(taken) == others + 1
    assert all(0 < len(id) <= LONGEST_ID for id in taken)


@pytest.mark.parametrize(
    ("before", "id"),
    [
        pytest.param(None, "r1", id="new application"),
        pytest.param(application("r1"), "r2", id="second round"),
        pytest.param(application("first", "r3"), "r4", id="number is taken"),
    ],
)
def test_next_interview_id(before: Application | None, id: str) -> None:
    assert next_interview_id(before) == id
