from __future__ import annotations

import io

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.calendar_model import Event
from afterword.formats.ics_files import (
    WrittenRevision,
    calendar_file,
    fingerprint_of,
    is_our_file,
    read_revisions,
    single_event_file,
)
from tests.formats.events import ACT, BAR, FRAME, KINDS, STAMP

WHOLE = b"".join(calendar_file(KINDS.values(), name="Follow-ups"))
FOREIGN = WHOLE.replace(b"-//afterword//afterword//EN", b"-//Karoo//Calendar//EN")


def lines(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


@pytest.mark.parametrize(
    "data",
    [WHOLE, single_event_file(ACT), WHOLE[:1024], WHOLE.replace(b"\r\n", b"\n")],
    ids=["calendar", "single", "first kilobyte", "line ends changed on the way"],
)
def test_what_was_written_here_is_ours(data: bytes) -> None:
    assert is_our_file(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"company = 'Karoo'\n",
        b"PRODID:-//afterword//afterword//EN\r\n",
        FOREIGN,
        FOREIGN.replace(b"SUMMARY:Karoo", b"PRODID:-//afterword//afterword//EN\r\nSUMMARY:Karoo"),
        WHOLE.replace(b"//EN", b"//EN-GB"),
        b"\xff\xfe\x00\r\r\r",
    ],
    ids=["empty", "facts", "no calendar", "another's", "another's that quotes us", "like", "junk"],
)
def test_anything_else_is_not(data: bytes) -> None:
    assert not is_our_file(data)


def test_every_event_is_remembered_by_its_uid() -> None:
    revisions = read_revisions(lines(WHOLE))

    assert revisions == {
        event.uid: WrittenRevision(
            sequence=event.sequence, stamp=STAMP, fingerprint=fingerprint_of(event)
        )
        for event in KINDS.values()
    }


@pytest.mark.parametrize("event", KINDS.values(), ids=KINDS)
def test_an_unchanged_event_is_recognised_whatever_its_counters(event: Event) -> None:
    [before] = read_revisions(lines(single_event_file(event))).values()
    [after] = read_revisions(lines(single_event_file(attrs.evolve(event, sequence=7)))).values()

    assert before.fingerprint == after.fingerprint == fingerprint_of(event)


def test_a_change_by_hand_is_seen() -> None:
    [edited] = read_revisions(
        lines(single_event_file(BAR).replace(b"follow up", b"FOLLOW UP"))
    ).values()

    assert edited.fingerprint != fingerprint_of(BAR)


@pytest.mark.parametrize(
    ("line", "damage"),
    [
        (b"SEQUENCE:2", b"SEQUENCE:two"),
        (b"DTSTAMP:20261120T163000Z", b"DTSTAMP:yesterday"),
        (b"UID:%b" % ACT.uid.encode(), b"UID:\xff"),
        (b"SEQUENCE:2\r\n", b""),
    ],
    ids=["sequence", "stamp", "uid", "sequence gone"],
)
def test_an_event_with_a_damaged_counter_is_left_out(line: bytes, damage: bytes) -> None:
    data = b"".join(calendar_file([ACT, FRAME]))
    assert line in data

    assert read_revisions(lines(data.replace(line, damage, 1))).keys() == {FRAME.uid}


@given(st.integers(0, len(WHOLE)))
def test_a_file_that_was_cut_off_tells_of_the_whole_events(length: int) -> None:
    revisions = read_revisions(lines(WHOLE[:length]))

    assert revisions.items() <= read_revisions(lines(WHOLE)).items()
