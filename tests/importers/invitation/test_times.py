"""Times of an interview: zone names, assumed ends, and questions."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from afterword.importers.invitation.invitation_model import CliFlag, NeedsAnswerError
from afterword.importers.invitation.invitation_reader import read_invitation

from .invitation_files import calendar, event, read_single, start_of

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ('"Europe/Berlin"', "Europe/Berlin"),
        ("/Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
        ("/vendor.example/America/Argentina/Salta", "America/Argentina/Salta"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("w. europe standard time", "Europe/Berlin"),
        ("India Standard Time", "Asia/Kolkata"),
        ("FLE Standard Time", "Europe/Kyiv"),
        ("(UTC+07:00) Bangkok, Hanoi, Jakarta", "Asia/Bangkok"),
        ('"(UTC+07:00) Bangkok, Hanoi, Jakarta"', "Asia/Bangkok"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(GMT+01:00) Sarajevo, Skopje, Warsaw, Zagreb", "Europe/Sarajevo"),
        ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata"),
        ("(UTC+10:00) Canberra, Melbourne, Sydney", "Australia/Canberra"),
        ("Amsterdam, Berlin, Bern, Rom, Stockholm, Wien", "Europe/Amsterdam"),
        ("Mitteleuropäische Zeit", "Europe/Berlin"),
        ("Paris, Madrid", "Europe/Paris"),
        ("GMT-0300", "Etc/GMT+3"),
        ("(UTC+05:45) somewhere", "Asia/Kathmandu"),
    ],
)
def test_a_zone_is_recognized_by_each_of_its_names(tzid: str, zone: str) -> None:
    invitation = read_single(start=f"DTSTART;TZID={tzid}:20260709T140000", end="")
    assert invitation.zone is not None
    assert invitation.zone.key == zone
    assert start_of(invitation).replace(tzinfo=None) == dt.datetime(2026, 7, 9, 14)  # noqa: DTZ001


@pytest.mark.parametrize(
    "tzid",
    [
        "No/Where",
        "../../etc/passwd",
        "localtime",
        "posixrules",
        "Factory",
        "Nowhere Standard Time",
        "Customized Time Zone",
        "PST",
    ],
)
def test_an_unknown_zone_is_asked_and_never_a_local_time(tzid: str) -> None:
    line = f"DTSTART;TZID={tzid}:20261124T140000"
    with pytest.raises(NeedsAnswerError) as caught:
        read_single(start=line, end="")
    (question,) = caught.value.questions
    assert question.flag is CliFlag.EMPLOYER_ZONE
    assert tzid in question.text
    assert read_single(start=line, end="", employer_zone=OSLO).zone == OSLO


@pytest.mark.parametrize(
    ("start", "extra", "zone", "instant"),
    [
        ("DTSTART:20261124T140000Z", "X-WR-TIMEZONE:Europe/Oslo", "Europe/Oslo", "14:00"),
        ("DTSTART:20261124T140000", "X-WR-TIMEZONE:Europe/Oslo", "Europe/Oslo", "13:00"),
        ("DTSTART:20261124T140000Z", "X-WR-TIMEZONE:UTC", None, "14:00"),
        ("DTSTART:20261124T140000Z", "X-WR-TIMEZONE:No/Where", None, "14:00"),
        ("DTSTART;TZID=UTC:20261124T140000", "", None, "14:00"),
        ("DTSTART;TZID=tzone://Microsoft/Utc:20261124T140000", "", None, "14:00"),
        ("DTSTART;TZID=Europe/Oslo:20261124T140000Z", "", "Europe/Oslo", "14:00"),
        ("DTSTART:20261124T140000+0100", "", None, "13:00"),
        ("DTSTART:2026-11-24T14:00", "X-WR-TIMEZONE:Europe/Oslo", "Europe/Oslo", "13:00"),
    ],
    ids=[
        "z",
        "floating",
        "z-in-utc",
        "z-unknown",
        "utc",
        "tzone",
        "z-and-zone",
        "offset",
        "dashes",
    ],
)
def test_the_zone_of_the_calendar_counts(
    start: str, extra: str, zone: str | None, instant: str
) -> None:
    invitation = read_single(data=calendar(extra, event(start=start, end="")))
    assert (invitation.zone.key if invitation.zone else None) == zone
    assert f"{start_of(invitation).astimezone(dt.UTC):%H:%M}" == instant


@pytest.mark.parametrize(
    ("lines", "minutes", "guessed"),
    [
        (("DTEND;TZID=Europe/Berlin:20261124T144500",), 45, False),
        (("DTEND:20261124T144500",), 45, False),
        (("DTEND:20261124T134500Z",), 45, False),
        (("DTEND;TZID=America/New_York:20261124T084500",), 45, False),
        (("DURATION:PT1H30M",), 90, False),
        ((), 60, True),
        (("DTEND;TZID=Europe/Berlin:20261124T140000",), 60, True),
        (("DTEND;VALUE=DATE:20261124",), 60, True),
        (("DTEND:rubbish",), 60, True),
        (("DURATION:rubbish",), 60, True),
        (("DURATION:PT99999999999H",), 60, True),
    ],
    ids=[
        "end",
        "floating",
        "utc",
        "other-zone",
        "duration",
        "none",
        "equal",
        "date",
        "bad",
        "bad-duration",
        "endless",
    ],
)
def test_a_missing_end_is_assumed_with_a_warning(
    lines: tuple[str, ...], minutes: int, guessed: bool
) -> None:
    invitation = read_single(*lines, end="")
    assert invitation.end is not None
    assert invitation.end - start_of(invitation) == dt.timedelta(minutes=minutes)
    assert ("end" in invitation.guessed) is guessed
    assert any("60 minutes" in warning for warning in invitation.warnings) is guessed


@pytest.mark.parametrize(
    "end", ["DTEND;TZID=Europe/Berlin:20261124T130000", "DURATION:-PT1S", "DURATION:P9D"]
)
def test_an_end_that_cannot_be_is_asked(end: str) -> None:
    with pytest.raises(NeedsAnswerError) as caught:
        read_single(end=end)
    assert caught.value.questions[0].flag is CliFlag.AT


def test_the_length_is_elapsed_time_where_clocks_change() -> None:
    invitation = read_single(
        start="DTSTART;TZID=Europe/Berlin:20261025T013000",
        end="DTEND;TZID=Europe/Berlin:20261025T033000",
    )
    assert invitation.end is not None
    assert invitation.end.astimezone(dt.UTC) - start_of(invitation).astimezone(
        dt.UTC
    ) == dt.timedelta(hours=3)


@pytest.mark.parametrize(
    ("start", "formatted", "words"),
    [("20260329T023000", "03:30", "does not exist"), ("20261025T023000", "02:30", "comes twice")],
    ids=["gap", "fold"],
)
def test_a_time_that_clocks_skip_or_repeat_gives_a_warning(
    start: str, formatted: str, words: str
) -> None:
    invitation = read_single(start=f"DTSTART;TZID=Europe/Berlin:{start}", end="DURATION:PT30M")
    assert f"{start_of(invitation):%H:%M}" == formatted
    assert any(words in warning for warning in invitation.warnings)


def test_all_questions_of_a_file_are_asked_at_once() -> None:
    data = calendar(
        event("SUMMARY:A", uid="a", start="DTSTART:20261124T140000", end=""),
        event("SUMMARY:B", uid="b", start="DTSTART;VALUE=DATE:20261124", end=""),
        event("SUMMARY:C", uid="c"),
    )
    with pytest.raises(NeedsAnswerError) as caught:
        read_invitation(data, source="x.ics")
    assert [(q.event, q.flag) for q in caught.value.questions] == [
        ("A", CliFlag.EMPLOYER_ZONE),
        ("B", CliFlag.AT),
    ]
    assert "--at and --employer-zone" in caught.value.message


def test_a_given_start_answers_the_only_question() -> None:
    data = calendar(event(uid="a"), event(uid="b", start="DTSTART;VALUE=DATE:20261126", end=""))
    at = dt.datetime(2026, 11, 26, 9, tzinfo=OSLO)
    invitation = read_invitation(data, source="x.ics", at=at).invitations
    assert [start_of(it).astimezone(dt.UTC).isoformat() for it in invitation] == [
        "2026-11-24T13:00:00+00:00",
        "2026-11-26T08:00:00+00:00",
    ]
    assert invitation[1].zone == OSLO


def test_a_given_start_overrides_the_files_with_a_warning() -> None:
    invitation = read_single(at=dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC))
    assert start_of(invitation).isoformat() == "2026-11-24T10:30:00+01:00"
    assert invitation.end is not None
    assert invitation.end.isoformat() == "2026-11-24T11:30:00+01:00"
    assert "you gave 2026-11-24 10:30, the file says 2026-11-24 14:00" in invitation.warnings


@pytest.mark.parametrize(
    ("text", "warns"),
    [
        ("We meet at 2:00 pm CET.", False),
        ("We meet at 1:00 pm EDT.", True),
        ("8 am EST, which is 14:00 CET", False),
        ("Call us before 5 pm", False),
        ("Time: 14:00", False),
        ("Time: 15:00", True),
        ("Uhrzeit: 15 Uhr", True),
        ("1.30 pm, room 14:00CETUS", False),
    ],
)
def test_a_contradicting_time_in_the_text_gives_a_warning(text: str, warns: bool) -> None:
    invitation = read_single(f"DESCRIPTION:{text}")
    assert any("check which is right" in warning for warning in invitation.warnings) is warns


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("20261124T000000", "20261125T000000"),
        ("20261124T000000", "20261127T000000"),
        ("20261025T000000", "20261026T000000"),
    ],
    ids=["one-day", "three-days", "a-day-of-25-hours"],
)
def test_from_midnight_to_midnight_is_all_day_and_asked(start: str, end: str) -> None:
    with pytest.raises(NeedsAnswerError, match="whole day"):
        read_single(
            start=f"DTSTART;TZID=Europe/Berlin:{start}", end=f"DTEND;TZID=Europe/Berlin:{end}"
        )


def test_a_zone_without_summer_time_gives_a_warning() -> None:
    invitation = read_single(start="DTSTART;TZID=EST:20260709T140000", end="")
    assert any("no summer time" in warning for warning in invitation.warnings)


def test_a_given_start_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        read_single(at=dt.datetime(2026, 11, 24, 9))  # noqa: DTZ001


DEFINED = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


@example(dt.datetime(1999, 4, 1, 2))  # noqa: DTZ001 - 360 days before a gap at this hour
@given(st.datetimes(dt.datetime(1997, 1, 1), dt.datetime(2037, 1, 1)))  # noqa: DTZ001
def test_a_definition_in_the_file_is_the_clock_that_it_defines(wall: dt.datetime) -> None:
    wall = wall.replace(minute=30, second=0, microsecond=0)
    there = wall.replace(tzinfo=ZoneInfo("Europe/Berlin"))
    assume(there.utcoffset() == there.replace(fold=1).utcoffset())
    line = f"DTSTART;TZID=Customized Time Zone:{wall:%Y%m%dT%H%M%S}"
    invitation = read_single(data=calendar(DEFINED, event(start=line, end="DURATION:PT1H")))
    assert start_of(invitation) == there
    assert invitation.zone == ZoneInfo("Europe/Berlin")
    assert "zone" in invitation.guessed


@given(
    st.datetimes(dt.datetime(1975, 1, 1), dt.datetime(2190, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]),
    st.integers(min_value=1, max_value=600),
)
def test_start_and_end_share_a_zone_and_are_never_reversed(
    wall: dt.datetime, zone: str, minutes: int
) -> None:
    invitation = read_single(
        start=f"DTSTART;TZID={zone}:{wall:%Y%m%dT%H%M%S}", end=f"DURATION:PT{minutes}M"
    )
    assert invitation.end is not None
    start, end = start_of(invitation).astimezone(dt.UTC), invitation.end.astimezone(dt.UTC)
    assert end - start == dt.timedelta(minutes=minutes)
    assert start_of(invitation).tzinfo is invitation.end.tzinfo
    assert invitation.zone == ZoneInfo(zone)
