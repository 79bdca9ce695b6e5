"""`show` says whether a silence is longer than those before it."""

from __future__ import annotations

import pytest

from tests.cli.life import Life

NOW = "2026-12-01 15:00"


def answered(life: Life, company: str, days: int) -> None:
    life("2026-11-01 10:00", "add", company, "Designer", "--at", "2026-11-02 10:00")
    when = f"2026-11-{2 + days:02} 11:00"
    life("2026-11-30 10:00", "heard", company, "rejected", "--on", when)


@pytest.mark.parametrize("count", [2, 3], ids=["two answers", "three answers"])
def test_show_compares_from_three_answers_on(life: Life, count: int) -> None:
    life.held()
    for number in range(count):
        answered(life, f"Other {number}", 3 + 3 * number)

    shown = life(NOW, "show", "karoo").text
    document = life(NOW, "show", "karoo", "--json").json["silence"]

    expected = (
        "  No answer for 7 days after the interview (round 1): this is longer than most, but you "
        "have had later answers. Your 3 earlier answers at this point came after 3 to 9 days, "
        "median 6.0.\n"
    )
    assert (expected in shown) == (count == 3)
    assert ("No answer for" in shown) == (count == 3)
    if count == 3:
        assert document == {
            "since": "interview",
            "round": 1,
            "began": "2026-11-24T15:00:00+02:00",
            "days": 7.0,
            "verdict": "long",
            "past": {"median": 6.0, "shortest": 3.0, "longest": 9.0, "n": 3},
        }
    else:
        assert document is None
