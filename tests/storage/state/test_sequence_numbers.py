"""A counter per UID increases if the content changed, whichever target it is written to."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from afterword.domain.calendar_model import Event
from afterword.errors import StateError
from afterword.formats.ics_files import WrittenRevision
from afterword.storage.state import sequence_numbers
from afterword.storage.state.database import Database

BORN = dt.datetime(2026, 11, 20, 18, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
EVENT = Event(
    uid="u1",
    start=dt.datetime(2026, 11, 24, 14, tzinfo=dt.UTC),
    end=dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC),
    summary="Karoo: thank Thandi",
    description="Dear Thandi",
    stamp=BORN,
)
EDITED = attrs.evolve(EVENT, summary="Karoo: thank Thandi by Wed")
Numbers = tuple[int, dt.datetime]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "state.sqlite") as opened:
        yield opened


def fingerprint(event: Event) -> str:
    return f"{event.summary}; {event.description}"


def write(
    database: Database, target: str, *events: Event, now: dt.datetime = NOW
) -> dict[str, Numbers]:
    mine = sequence_numbers.load_revisions(database, target)
    written = sequence_numbers.assign_sequence(database, mine, events, fingerprint, now=now)
    with database.transaction():
        sequence_numbers.save(database, target, written)
    return {each.event.uid: (each.event.sequence, each.event.stamp) for each in written}


def test_a_first_writing_keeps_the_numbers_of_the_facts(database: Database) -> None:
    assert write(database, "a.ics", EVENT) == {"u1": (0, BORN)}


def test_nothing_changed_moves_nothing(database: Database) -> None:
    write(database, "a.ics", EVENT)
    assert write(database, "a.ics", EVENT, now=NOW + dt.timedelta(days=3)) == {"u1": (0, BORN)}


def test_a_change_moves_all_three(database: Database) -> None:
    write(database, "a.ics", EVENT)
    assert write(database, "a.ics", EDITED) == {"u1": (1, NOW)}


def test_a_change_that_was_written_elsewhere_is_the_same_revision(database: Database) -> None:
    write(database, "a.ics", EVENT)
    write(database, "https://cal.example/c/", EVENT)
    write(database, "a.ics", EDITED)
    later = NOW + dt.timedelta(hours=1)
    assert write(database, "https://cal.example/c/", EDITED, now=later) == {"u1": (1, NOW)}


def test_two_places_with_contents_of_their_own_do_not_drive_each_other(database: Database) -> None:
    private = attrs.evolve(EVENT, summary="Follow up")
    write(database, "a.ics", EVENT)
    first = write(database, "https://cal.example/c/", private)
    assert first == {"u1": (1, NOW)}
    later = NOW + dt.timedelta(days=1)
    for _ in range(2):
        assert write(database, "a.ics", EVENT, now=later) == {"u1": (0, BORN)}
        assert write(database, "https://cal.example/c/", private, now=later) == first


def test_numbers_never_go_back_with_the_clock(database: Database) -> None:
    write(database, "a.ics", EVENT)
    write(database, "a.ics", EDITED)
    year_ago = NOW - dt.timedelta(days=365)
    assert write(database, "a.ics", EVENT, now=year_ago) == {
        "u1": (2, NOW + dt.timedelta(seconds=1))
    }


def test_a_forgotten_event_that_comes_back_goes_on_counting(database: Database) -> None:
    write(database, "a.ics", EVENT)
    write(database, "a.ics", EDITED)
    with database.transaction():
        sequence_numbers.save(database, "a.ics", (), forget=["u1"])
    assert sequence_numbers.load_revisions(database, "a.ics") == {}
    assert write(database, "a.ics", EVENT)["u1"][0] == 2


def test_an_existing_output_raises_the_counter(database: Database) -> None:
    old = WrittenRevision(sequence=7, stamp=NOW, fingerprint="another content")
    sequence_numbers.raise_counters_to(database, {"u1": old})
    later = NOW + dt.timedelta(days=1)
    assert write(database, "a.ics", EVENT, now=later) == {"u1": (8, later)}


def test_an_existing_output_with_the_same_content_keeps_its_numbers(database: Database) -> None:
    old = WrittenRevision(sequence=7, stamp=NOW, fingerprint=fingerprint(EVENT))
    sequence_numbers.raise_counters_to(database, {"u1": old})
    later = NOW + dt.timedelta(days=1)
    assert write(database, "a.ics", EVENT, now=later) == {"u1": (7, NOW)}


@pytest.mark.parametrize(
    "event",
    [
        EVENT,
        attrs.evolve(EVENT, start=dt.date(2026, 11, 29), end=dt.date(2026, 12, 2), sequence=3),
        attrs.evolve(EVENT, cancelled=True, stamp=NOW),
        attrs.evolve(EVENT, categories=("Job search", "Follow-up, unlogged")),
    ],
    ids=["timed", "all day", "cancelled", "categories"],
)
def test_what_a_place_got_can_be_read_back_without_its_draft(
    database: Database, event: Event
) -> None:
    write(database, "a.ics", event)
    (revised,) = sequence_numbers.load_revisions(database, "a.ics").values()
    assert revised.event == attrs.evolve(event, description="")
    assert revised.fingerprint == fingerprint(event)
    assert sequence_numbers.load_revisions(database, "b.ics") == {}


def test_what_many_places_hold_is_counted_at_once(database: Database) -> None:
    other = attrs.evolve(EVENT, uid="u2")
    with database.transaction():
        for target, event in (("a.ics\nkaroo", EVENT), ("a.ics\nbaobab", other)):
            held = sequence_numbers.assign_sequence(database, {}, [event], fingerprint, now=NOW)
            sequence_numbers.save_rows(database, [(target, each) for each in held])
        sequence_numbers.raise_counters(database, "a.ics\n")
    private = [attrs.evolve(event, summary="Follow up") for event in (EVENT, other)]
    assert write(database, "https://cal.example/c/", *private) == {"u1": (1, NOW), "u2": (1, NOW)}


def test_other_places_are_not_counted_with_them(database: Database) -> None:
    with database.transaction():
        held = sequence_numbers.assign_sequence(database, {}, [EVENT], fingerprint, now=NOW)
        sequence_numbers.save_rows(database, [("a.ics.old\nkaroo", each) for each in held])
        sequence_numbers.raise_counters(database, "a.ics\n")
    assert write(database, "b.ics", attrs.evolve(EVENT, summary="Follow up")) == {"u1": (0, BORN)}


def test_revising_alone_notes_nothing(database: Database) -> None:
    sequence_numbers.assign_sequence(database, {}, [EVENT], fingerprint, now=NOW)
    assert sequence_numbers.load_revisions(database, "a.ics") == {}


def test_a_row_that_cannot_be_read_sets_the_file_aside(database: Database) -> None:
    write(database, "a.ics", EVENT)
    with database.transaction():
        database.execute("UPDATE written SET stamp = '{'")
    with pytest.raises(StateError, match="was damaged"):
        sequence_numbers.load_revisions(database, "a.ics")
    assert database.path.with_name("state.sqlite.bak").exists()


def test_the_targets_of_a_file_are_found_without_reading_all_others(tmp_path: Path) -> None:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    class Connection(sqlite3.Connection):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.set_progress_handler(count, 1)

    counts = []
    with Database(tmp_path / "state.sqlite", connection=Connection) as database:
        for size in (100, 1000):
            with database.transaction():
                held = sequence_numbers.assign_sequence(database, {}, [EVENT], fingerprint, now=NOW)
                for number in range(size):
                    sequence_numbers.save_rows(database, [(f"{number}.ics\nkaroo", held[0])])
            steps = 0
            assert sequence_numbers.export_targets(database, "7.ics\n") == ["7.ics\nkaroo"]
            counts.append(steps)
    assert counts[0] == counts[1]
