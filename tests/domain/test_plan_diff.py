"""The steps that a change of an application changes."""

from __future__ import annotations

from afterword.domain.planning.plan import diff_plans
from tests.domain.plans import interview, log, plan, toml

TUESDAY = interview("2026-11-24T14:00:00")


def changed(before: str | None, after: str) -> list[str]:
    old = None if before is None else plan(toml(before))
    return [f"{c.step.kind} {c.step.state}" for c in diff_plans(old, plan(toml(after)))]


def test_a_late_first_moves_the_second_and_the_end() -> None:
    sent = log('2026-12-03: sent = "first-follow-up"')

    assert changed(TUESDAY, TUESDAY + sent) == [
        "first-follow-up done",
        "second-follow-up overdue",
        "move-on overdue",
    ]


def test_a_note_changes_nothing() -> None:
    assert changed(TUESDAY, TUESDAY + log("2026-12-03: note = 'a call'")) == []


def test_a_new_application_is_all_news() -> None:
    assert len(changed(None, TUESDAY)) == 4


def test_a_step_that_is_gone_is_told() -> None:
    late = interview("2026-11-24T14:00:00", more="added = 2026-11-29")

    old, new = plan(toml(TUESDAY)), plan(toml(late))

    gone = [c for c in diff_plans(old, new) if c.after is None]
    assert [c.step.kind for c in gone] == ["thank-you"]
