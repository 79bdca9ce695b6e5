"""The names that calendar programs give time zones, without a definition in the file."""

from __future__ import annotations

import datetime as dt

import pytest

from afterword.importers.invitation.invitation_model import NeedsAnswerError

from .invitation_files import calendar, event, read_single, start_of

SUMMER = "20270706T120000"
DISPLAYED = {
    "(UTC-05:00) Eastern Time (US and Canada)": -4,
    "(UTC-05:00) Eastern Time (US & Canada)": -4,
    "(UTC-05:00) Eastern Time (US &amp; Canada)": -4,
    "(GMT-05:00) Eastern Time (US & Canada)": -4,
    "(GMT-05.00) Eastern Time (US & Canada)": -4,
    "(GMT-0500) Eastern Time (US & Canada)": -4,
    "(GMT-05:00) Eastern": -4,
    "(UTC-05:00) Est (É.-U. et Canada)": -4,
    "(UTC-05:00) Hora del este (EE. UU. y Canadá)": -4,
    "(UTC-05:00) Ost (USA & Kanada)": -4,
    "(UTC-06:00) Central Time (US and Canada)": -5,
    "(UTC-06:00) Centre (É.-U. et Canada)": -5,
    "(UTC-06:00) Hora central (EE. UU. y Canadá)": -5,
    "(UTC-06:00) Guadalajara, Mexiko-Stadt, Monterrey": -6,
    "(UTC-06:00) Central America": -6,
    "(UTC-07:00) Mountain Time (US & Canada)": -6,
    "(UTC-07:00) Arizona": -7,
    "(UTC-08:00) Pacifique (É.-U. et Canada)": -7,
    "(GMT-08.00) Pacific Time (US & Canada) / Tijuana": -7,
    "(UTC-03:00) Brasilia": -3,
    "(UTC+00:00) Dublin, Edinburgh, Lissabon, London": 1,
    "(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London": 1,
    "(GMT) Greenwich Mean Time - Dublin / Edinburgh / Lisbon / London": 1,
    "(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien": 2,
    "(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna": 2,
    "(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris": 2,
    "(UTC+01:00) Belgrad, Bratislava, Budapest, Ljubljana, Prag": 2,
    "(UTC+01:00) Viena": 2,
    "(UTC+02:00) Athen, Bukarest": 3,
    "(UTC+02:00) Atenas, Bucarest": 3,
    "(UTC+02:00) Athènes": 3,
    "(UTC+02:00) Helsinki, Kiew, Riga, Sofia, Tallinn, Wilna": 3,
    "(UTC+02:00) Jerusalem": 3,
    "(UTC+02:00) Harare, Pretoria": 2,
    "(UTC+03:00) Moskau, St. Petersburg": 3,
    "(UTC+10:00) Canberra, Melbourne, Sydney": 10,
    "GMT -0500 (Standard) / GMT -0400 (Daylight)": -4,
    "GMT -0800 (Standard) / GMT -0700 (Daylight)": -7,
    "GMT +0100 (Standard) / GMT +0200 (Daylight)": 2,
    "GMT-05.00/-04.00": -4,
    "(GMT+01.00/+02.00) Nirgends": 2,
    "(UTC) Coordinated Universal Time": 0,
    "(UTC+00:00) Koordinierte Weltzeit": 0,
    "Coordinated Universal Time": 0,
    "Eastern": -4,
    "Central": -5,
    "Pacific": -7,
    "W. Europe": 2,
    "Romance": 2,
    "Central European": 2,
    "GTB": 3,
    "India": 5.5,
    "Eastern Daylight Time": -4,
    "Central European Summer Time": 2,
    "British Summer Time": 1,
    "Central European Time - Berlin": 2,
    "America/New_York (EDT)": -4,
    "CEST": 2,
    "PDT": -7,
    "UTC+530": 5.5,
    "UTC+02:00": 2,
}


@pytest.mark.parametrize("tzid", DISPLAYED)
def test_a_displayed_name_has_its_summer_time(tzid: str) -> None:
    start = start_of(read_single(start=f'DTSTART;TZID="{tzid}":{SUMMER}', end=""))
    assert start.utcoffset() == dt.timedelta(hours=DISPLAYED[tzid])
    assert start.hour == 12


@pytest.mark.parametrize(
    "tzid", ["(GMT-05:00) Nowhere", "(GMT+02:00) Nirgends", "(UTC-06:00) Mitte", "Nowhere"]
)
def test_an_unknown_displayed_name_is_asked_rather_than_read_in_winter_time(tzid: str) -> None:
    with pytest.raises(NeedsAnswerError) as caught:
        read_single(start=f'DTSTART;TZID="{tzid}":{SUMMER}', end="")
    assert [question.flag for question in caught.value.questions] == ["--employer-zone"]


@pytest.mark.parametrize(
    ("tzid", "wall", "offset"),
    [
        pytest.param("(GMT-05:00) Nowhere", "20270115T120000", -5, id="no-summer-time-in-winter"),
        pytest.param("(GMT+07:00) Nowhere", SUMMER, 7, id="no-summer-time-anywhere"),
        pytest.param("UTC-3", SUMMER, -3, id="an-offset-alone"),
    ],
)
def test_an_unknown_name_is_read_by_its_offset_where_no_summer_time_can_be_meant(
    tzid: str, wall: str, offset: int
) -> None:
    invitation = read_single(start=f'DTSTART;TZID="{tzid}":{wall}', end="")
    assert start_of(invitation).utcoffset() == dt.timedelta(hours=offset)
    assert any("read by its offset" in warning for warning in invitation.warnings)


def definition(name: str, *, winter: str, summer: str, rule: str = "", extra: str = "") -> str:
    parts = (
        ("STANDARD", "19501029T020000", summer, winter, "10"),
        ("DAYLIGHT", "19500326T020000", winter, summer, "3"),
    )
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}", *([extra] if extra else [])]
    for part, onset, before, after, month in parts:
        lines += [
            f"BEGIN:{part}",
            f"DTSTART:{onset}",
            f"TZOFFSETFROM:{before}",
            f"TZOFFSETTO:{after}",
            f"RRULE:FREQ=YEARLY;{rule}BYDAY=-1SU;BYMONTH={month}",
            f"END:{part}",
        ]
    return "\r\n".join([*lines, "END:VTIMEZONE"])


def defined(name: str, **options: str) -> bytes:
    start = f'DTSTART;TZID="{name}":{SUMMER}'
    return calendar(definition(name, **options), event("SUMMARY:x", start=start, end=""))


LOTUS = "BYMINUTE=0;BYHOUR=2;"


@pytest.mark.parametrize(
    ("name", "options", "offset"),
    [
        pytest.param(
            "Central European", {"winter": "+0100", "summer": "+0200", "rule": LOTUS}, 2, id="lotus"
        ),
        pytest.param(
            "ZE4", {"winter": "+0100", "summer": "+0200", "rule": LOTUS}, 2, id="lotus-code"
        ),
        pytest.param(
            "GMT", {"winter": "+0000", "summer": "+0100", "rule": LOTUS}, 1, id="lotus-gmt"
        ),
        pytest.param("Eastern", {"winter": "-500", "summer": "-400"}, -4, id="three-digits"),
        pytest.param("Here", {"winter": "+530", "summer": "+630"}, 6.5, id="three-digits-east"),
        pytest.param(
            "Here",
            {"winter": "+0100", "summer": "+0200", "extra": "X-LIC-LOCATION:Europe/Rome"},
            2,
            id="location",
        ),
    ],
)
def test_a_definition_decides(name: str, options: dict[str, str], offset: float) -> None:
    invitation = read_single(data=defined(name, **options))
    assert start_of(invitation).utcoffset() == dt.timedelta(hours=offset)


@pytest.mark.parametrize(
    ("value", "hour"),
    [("20270706T120000+530", 6), ("20270706T120000-0400", 16), ("20270706T120000-400", 16)],
)
def test_an_offset_behind_a_time_may_have_three_digits(value: str, hour: int) -> None:
    start = start_of(read_single(start=f"DTSTART:{value}", end=""))
    assert start.astimezone(dt.UTC).hour == hour


@pytest.mark.parametrize(
    ("name", "winter", "summer", "contradicts"),
    [
        ("Eastern Standard Time", "-0500", "-0400", False),
        ("Eastern Standard Time", "-0500", "-0500", True),
        ("W. Europe Standard Time", "+0100", "+0100", True),
        ("(UTC+01:00) Amsterdam, Berlin", "+0300", "+0400", True),
        ("Central European", "+0100", "+0200", False),
    ],
)
def test_a_definition_that_contradicts_its_name_is_pointed_out(
    name: str, winter: str, summer: str, *, contradicts: bool
) -> None:
    invitation = read_single(data=defined(name, winter=winter, summer=summer))
    assert any("contradiction" in w for w in invitation.warnings) == contradicts
