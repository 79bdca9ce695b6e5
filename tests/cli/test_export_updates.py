"""A further export to the same place is an update of the last one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.domain.plans import interview, log, toml
from tests.running import Run

TUESDAY = interview("2026-11-24T14:00:00")
SENT = log('2026-11-30T09:30:00+02:00: sent = "first-follow-up"')
CLOSED = log("2026-12-01T09:30:00+02:00: closed = true")


class Exporter:
    """Exports facts to one place and reads what is there then."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.facts = folder / "karoo.toml"
        self.output = folder / "karoo.ics"

    def __call__(self, facts: str, *options: str, now: str = "2026-11-25T08:00Z") -> str:
        self.facts.write_bytes(toml(facts))
        zone = ("--zone", "Africa/Johannesburg", "--now", now)
        result = self.run("export", self.facts, "-o", self.output, *options, *zone)
        assert result.code == 0, result.stderr
        return result.stderr

    @property
    def events(self) -> dict[str, Any]:
        calendar = icalendar.Calendar.from_ical(self.output.read_bytes())
        return {str(event["UID"]): event for event in calendar.events}


@pytest.fixture
def export(run: Run, tmp_path: Path) -> Exporter:
    return Exporter(run, tmp_path)


def test_what_changed_has_a_higher_sequence_and_the_rest_its_bytes(export: Exporter) -> None:
    export(TUESDAY)
    before = export.events
    export(TUESDAY + SENT, now="2026-11-30T08:00Z")
    after = export.events

    changed = {uid for uid in before if before[uid].to_ical() != after[uid].to_ical()}
    assert {str(after[uid]["SUMMARY"])[:11] for uid in changed} >= {"Followed up"}
    for uid in changed:
        assert after[uid]["SEQUENCE"] == before[uid]["SEQUENCE"] + 1
        assert after[uid]["DTSTAMP"].dt > before[uid]["DTSTAMP"].dt
        assert after[uid]["LAST-MODIFIED"].dt == after[uid]["DTSTAMP"].dt
    assert changed != set(before)


def test_nothing_changed_nothing_moves(export: Exporter) -> None:
    export(TUESDAY)
    before = export.output.read_bytes()
    export(TUESDAY, now="2026-12-25T08:00Z")

    assert export.output.read_bytes() == before


def test_what_was_withdrawn_comes_as_cancelled_until_its_time_has_passed(export: Exporter) -> None:
    export(TUESDAY)
    export(TUESDAY + CLOSED, now="2026-12-01T08:00Z")

    cancelled = export.events.values()
    assert {str(event["STATUS"]) for event in cancelled} == {"CANCELLED"}
    assert all(str(event["SUMMARY"]).startswith("Cancelled: ") for event in cancelled)
    assert not [event for event in cancelled if event.walk("VALARM")]
    # The thank-you and the day of the first follow-up have passed by then.
    assert len(cancelled) == 4

    export(TUESDAY + CLOSED, now="2026-12-14T08:00Z")
    assert len(export.events) == 1


def test_reopened_the_events_come_back_with_a_higher_sequence(export: Exporter) -> None:
    export(TUESDAY)
    export(TUESDAY + CLOSED, now="2026-12-01T08:00Z")
    cancelled = export.events
    export(TUESDAY + CLOSED + log("2026-12-02: reopened = true"), now="2026-12-02T08:00Z")

    assert len(export.events) == 7
    assert not [event for event in export.events.values() if "STATUS" in event]
    for uid, event in cancelled.items():
        assert export.events[uid]["SEQUENCE"] == event["SEQUENCE"] + 1


def test_without_memory_the_sequence_never_falls_below_the_file(
    export: Exporter, home: Path
) -> None:
    export(TUESDAY)
    export(TUESDAY + SENT, now="2026-11-30T08:00Z")
    before = export.events
    for state in home.rglob("state.sqlite*"):
        state.unlink()
    export(TUESDAY, now="2026-12-01T08:00Z")

    assert export.events.keys() >= before.keys()
    for uid, event in before.items():
        assert export.events[uid]["SEQUENCE"] >= event["SEQUENCE"]


def test_only_the_changes_and_what_to_delete_by_hand(export: Exporter) -> None:
    export(TUESDAY)
    said = export(TUESDAY + SENT, "--changes", now="2026-11-30T08:00Z")

    assert 0 < len(export.events) < 7
    assert "delete these by hand" in said
    assert "Mon 30 Nov  Follow up with Karoo Analytics" in said

    assert "nothing has changed" in export(TUESDAY + SENT, "--changes", now="2026-11-30T09:00Z")


def test_one_application_takes_nothing_back_from_another(
    run: Run, tmp_path: Path, export: Exporter
) -> None:
    other = tmp_path / "other.toml"
    other.write_bytes(toml(TUESDAY, head='id = "other"'))
    zone = ("--zone", "Africa/Johannesburg", "--now", "2026-11-25T08:00Z")
    run("export", other, "-o", export.output, *zone)
    export(TUESDAY)

    assert not [e for e in export.events.values() if "STATUS" in e]


def test_an_event_counts_on_from_the_highest_number_that_any_place_has(
    run: Run, tmp_path: Path
) -> None:
    here, there = Exporter(run, tmp_path), Exporter(run, tmp_path)
    there.output = tmp_path / "elsewhere.ics"
    here(TUESDAY)
    there(TUESDAY)
    here(TUESDAY + SENT, now="2026-11-30T08:00Z")
    there(TUESDAY + CLOSED, now="2026-12-01T08:00Z")

    common = here.events.keys() & there.events.keys()
    of_two_contents = [u for u in common if here.events[u]["SUMMARY"] != there.events[u]["SUMMARY"]]
    assert of_two_contents
    for uid in of_two_contents:
        assert there.events[uid]["SEQUENCE"] > here.events[uid]["SEQUENCE"]
