"""Typed dates, mostly on Tuesday 24 November 2026, 18:00 in Johannesburg."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.model import When
from afterword.errors import UsageError
from afterword.formats.dates import parse_datetime
from afterword.formats.dates.date_forms import AmbiguousDateError, DateUse
from afterword.formats.dates.parse_datetime import TypedClock

ZONE = ZoneInfo("Africa/Johannesburg")
LOCAL_TIMES = st.datetimes(dt.datetime(1972, 1, 1), dt.datetime(2198, 1, 1))  # noqa: DTZ001
NOW = dt.datetime(2026, 11, 24, 18, tzinfo=ZONE)
GERMAN, FRENCH, SPANISH = (("de", "en"), ("fr", "en"), ("es", "en"))
INTERVIEW, PAST, FUTURE, DEADLINE = DateUse
USES = st.sampled_from(DateUse)


def parse(
    typed: str,
    use: DateUse = FUTURE,
    *,
    languages: tuple[str, ...] = ("en",),
    now: dt.datetime = NOW,
) -> When:
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    return parse_datetime.parse_when(typed, TypedClock(now, zone, languages), use)


def on(day: str) -> dt.datetime:
    """Return noon of a day in Johannesburg."""
    return dt.datetime.fromisoformat(f"{day} 12:00").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("typed", "ahead", "back"),
    [
        ("2026-12-04", "2026-12-04", "2026-12-04"),
        ("2026-12-04 14:00", "2026-12-04T14:00:00+02:00", "2026-12-04T14:00:00+02:00"),
        ("2026-12-04 9:00", "2026-12-04T09:00:00+02:00", "2026-12-04T09:00:00+02:00"),
        ("2026-12-04 2pm", "2026-12-04T14:00:00+02:00", "2026-12-04T14:00:00+02:00"),
        ("2026-12-04T14:00:30", "2026-12-04T14:00:30+02:00", "2026-12-04T14:00:30+02:00"),
        ("2026-12-04T12:00Z", "2026-12-04T12:00:00+00:00", "2026-12-04T12:00:00+00:00"),
        ("today", "2026-11-24", "2026-11-24"),
        ("tomorrow 9:30", "2026-11-25T09:30:00+02:00", "2026-11-25T09:30:00+02:00"),
        ("yesterday", "2026-11-23", "2026-11-23"),
        ("tue", "2026-11-24", "2026-11-24"),
        ("Wed", "2026-11-25", "2026-11-18"),
        ("monday 2pm", "2026-11-30T14:00:00+02:00", "2026-11-23T14:00:00+02:00"),
        ("on thu at 12am", "2026-11-26T00:00:00+02:00", "2026-11-19T00:00:00+02:00"),
        ("in 3 days", "2026-11-27", "2026-11-27"),
        ("in a week", "2026-12-01", "2026-12-01"),
        ("2 weeks ago", "2026-11-10", "2026-11-10"),
        ("in one month", "2026-12-24", "2026-12-24"),
        ("in 3 months", "2027-02-24", "2027-02-24"),
        ("in 2 years", "2028-11-24", "2028-11-24"),
        ("a month ago", "2026-10-24", "2026-10-24"),
        ("4.12. 14 Uhr", "2026-12-04T14:00:00+02:00", "2025-12-04T14:00:00+02:00"),
        ("tomorrow 2:30 p.m.", "2026-11-25T14:30:00+02:00", "2026-11-25T14:30:00+02:00"),
        ("tues. 9h30", "2026-11-24T09:30:00+02:00", "2026-11-24T09:30:00+02:00"),
        ("24. November", "2026-11-24", "2026-11-24"),
        ("18:45", "2026-11-24T18:45:00+02:00", "2026-11-24T18:45:00+02:00"),
        ("4 Dec", "2026-12-04", "2025-12-04"),
        ("Dec 4th 2026, 14:00", "2026-12-04T14:00:00+02:00", "2026-12-04T14:00:00+02:00"),
        ("4.12.2026", "2026-12-04", "2026-12-04"),
        ("04.12. 14:00", "2026-12-04T14:00:00+02:00", "2025-12-04T14:00:00+02:00"),
        ("4. 12. 2026 9:30", "2026-12-04T09:30:00+02:00", "2026-12-04T09:30:00+02:00"),
        ("24/12/2026", "2026-12-24", "2026-12-24"),
        ("12-24-2026", "2026-12-24", "2026-12-24"),
        ("12/24", "2026-12-24", "2025-12-24"),
        ("29 feb", None, None),
        ("1 January", "2027-01-01", "2026-01-01"),
    ],
)
def test_read_ahead_or_back(typed: str, ahead: str | None, back: str | None) -> None:
    for use, expected in ((FUTURE, ahead), (DEADLINE, ahead), (PAST, back)):
        if expected is None:
            with pytest.raises(UsageError, match="no such day"):
                parse(typed, use)
        else:
            assert parse(typed, use).isoformat() == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("next friday 3pm", "2026-11-27 15:00"), ("3pm next friday", "2026-11-27 15:00"),
        ("2pm tomorrow", "2026-11-25 14:00"), ("2 pm on 4 Dec", "2026-12-04 14:00"),
        ("14:00 4.12.", "2026-12-04 14:00"), ("14:00 4.12", "2026-12-04 14:00"),
        ("4.12 14:00", "2026-12-04 14:00"), ("noon tomorrow", "2026-11-25 12:00"),
        ("tomorrow noon", "2026-11-25 12:00"), ("12 noon friday", "2026-11-27 12:00"),
        ("friday midnight", "2026-11-27 00:00"), ("tomorrow at 14", "2026-11-25 14:00"),
        ("now", "2026-11-24 18:00"), ("in 2 hours", "2026-11-24 20:00"),
        ("in an hour", "2026-11-24 19:00"), ("30 minutes ago", "2026-11-24 17:30"),
        ("Tue, 24 Nov 2026, 14:00", "2026-11-24 14:00"), ("14.30", "2026-11-24 14:30"),
        ("tomorrow 4.12", "2026-11-25 04:12"), ("tue 14.30", "2026-11-24 14:30"),
        ("24.11. 14 Uhr", "2026-11-24 14:00"), ("24.11 14 Uhr", "2026-11-24 14:00"),
        ("14 Uhr", "2026-11-24 14:00"), ("friday next week 9am", "2026-12-04 09:00"),
        ("at 14:00", "2026-11-24 14:00"), ("at noon", "2026-11-24 12:00"),
        ("tomorrow morning at 9", "2026-11-25 09:00"), ("at 9 this morning", "2026-11-24 09:00"),
        ("friday afternoon at 3", "2026-11-27 15:00"), ("this evening 7:30", "2026-11-24 19:30"),
        ("3 in the afternoon tomorrow", "2026-11-25 15:00"),
        ("friday evening 8pm", "2026-11-27 20:00"),
    ],
)  # fmt: skip
def test_clock_times_with_any_day(typed: str, expected: str) -> None:
    assert str(parse(typed))[:16] == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("in two weeks", "2026-12-08"), ("in twelve days", "2026-12-06"),
        ("two weeks from now", "2026-12-08"), ("within a fortnight", "2026-12-08"),
        ("in 0 days", "2026-11-24"), ("a week ago", "2026-11-17"),
        ("day after tomorrow", "2026-11-26"), ("the day before yesterday", "2026-11-22"),
        ("24.11.26", "2026-11-24"), ("4.12.26", "2026-12-04"), ("24/11/26", "2026-11-24"),
        ("24.11", "2026-11-24"), ("4.12.", "2026-12-04"), ("24.November", "2026-11-24"),
        ("the 4th of December", "2026-12-04"), ("Dec the 4th", "2026-12-04"),
        ("by 4 Dec", "2026-12-04"), ("Fri 4 Dec", "2026-12-04"),
        ("Friday, the 4th of December 2026", "2026-12-04"),
        ("friday next week", "2026-12-04"), ("next week friday", "2026-12-04"),
        ("wednesday of next week", "2026-12-02"), ("friday this week", "2026-11-27"),
        ("monday last week", "2026-11-16"), ("friday week", "2026-12-04"),
        ("tuesday week", "2026-12-01"), ("friday of the week", "2026-11-27"),
        ("end of next week", "2026-12-04"), ("by the end of next week", "2026-12-04"),
        ("early next week", "2026-11-30"), ("middle of next week", "2026-12-02"),
        ("end of the week", "2026-11-27"), ("end of the month", "2026-11-30"),
        ("end of next month", "2026-12-31"), ("mid-December", "2026-12-15"),
        ("late january", "2027-01-31"), ("start of December 2027", "2027-12-01"),
    ],
)  # fmt: skip
def test_days(typed: str, expected: str) -> None:
    assert parse(typed).isoformat() == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("heute 15 Uhr", "2026-11-24 15:00"), ("morgen Mittag", "2026-11-25 12:00"),
        ("morgen", "2026-11-25"), ("übermorgen", "2026-11-26"), ("gestern", "2026-11-23"),
        ("jetzt", "2026-11-24 18:00"), ("nächsten Freitag", "2026-11-27"),
        ("NÄCHSTEN FREITAG 15 UHR", "2026-11-27 15:00"), ("letzten Dienstag", "2026-11-17"),
        ("diesen Freitag", "2026-11-27"), ("kommenden Montag um 9:30", "2026-11-30 09:30"),
        ("in zwei Wochen", "2026-12-08"), ("in einem Monat", "2026-12-24"),
        ("vor drei Tagen", "2026-11-21"), ("in 3 Stunden", "2026-11-24 21:00"),
        ("Ende nächster Woche", "2026-12-04"), ("Anfang nächster Woche", "2026-11-30"),
        ("Ende des Monats", "2026-11-30"), ("Mitte Dezember", "2026-12-15"),
        ("Freitag nächster Woche", "2026-12-04"), ("nächste Woche Freitag", "2026-12-04"),
        ("am Freitag um 15 Uhr", "2026-11-27 15:00"), ("heute um 20", "2026-11-24 20:00"),
        ("Fr 4.12.", "2026-12-04"), ("Di., 24. Nov. 14:30 Uhr", "2026-11-24 14:30"),
        ("bis zum 4. Dezember", "2026-12-04"), ("14 Uhr am 4.12.", "2026-12-04 14:00"),
        ("Freitag, den 4. Dezember 2026, um 14:00 Uhr", "2026-12-04 14:00"),
        ("So 14:00", "2026-11-29 14:00"), ("Sonnabend", "2026-11-28"),
        ("12 Uhr mittags morgen", "2026-11-25 12:00"), ("31. März", "2027-03-31"),
        ("next friday 3pm", "2026-11-27 15:00"), ("9 am friday", "2026-11-27 09:00"),
        ("naechsten Freitag", "2026-11-27"), ("in fuenf Tagen", "2026-11-29"),
        ("morgen früh um 9", "2026-11-25 09:00"), ("heute Morgen um 9", "2026-11-24 09:00"),
        ("Dienstag Morgen um 9", "2026-11-24 09:00"), ("heute Abend um 8", "2026-11-24 20:00"),
        ("Freitagnachmittag um 3", "2026-11-27 15:00"),
        ("9 Uhr morgens am Freitag", "2026-11-27 09:00"), ("um 15 Uhr", "2026-11-24 15:00"),
        ("Freitag in einer Woche", "2026-12-04"), ("Dienstag in acht Tagen", "2026-12-01"),
    ],
)  # fmt: skip
def test_german_beside_english(typed: str, expected: str) -> None:
    assert str(parse(typed, languages=GERMAN)).startswith(expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hoy 15:00", "2026-11-24 15:00"), ("mañana a mediodía", "2026-11-25 12:00"),
        ("mañana a las 10", "2026-11-25 10:00"), ("mañana a las 4 de la tarde", "2026-11-25 16:00"),
        ("pasado mañana 9:30", "2026-11-26 09:30"), ("ayer", "2026-11-23"),
        ("anteayer", "2026-11-22"), ("ahora", "2026-11-24 18:00"),
        ("próximo viernes", "2026-11-27"), ("EL PRÓXIMO VIERNES 15:00", "2026-11-27 15:00"),
        ("el viernes que viene", "2026-11-27"), ("martes pasado", "2026-11-17"),
        ("este viernes", "2026-11-27"), ("en dos semanas", "2026-12-08"),
        ("dentro de un mes", "2026-12-24"), ("hace tres días", "2026-11-21"),
        ("a finales de diciembre", "2026-12-31"), ("fin de mes", "2026-11-30"),
        ("viernes de la próxima semana", "2026-12-04"),
        ("viernes de la semana que viene", "2026-12-04"),
        ("martes 1 de diciembre", "2026-12-01"), ("el 4 de diciembre de 2026", "2026-12-04"),
        ("martes, 1 de diciembre de 2026, a las 14:00", "2026-12-01 14:00"),
        ("mié 25 nov 15:00", "2026-11-25 15:00"), ("3 mar", "2027-03-03"), ("sábado", "2026-11-28"),
        ("4 ago", "2027-08-04"),
        ("tomorrow 9:30", "2026-11-25 09:30"), ("mañana a las 14", "2026-11-25 14:00"),
        ("manana a las 14 h", "2026-11-25 14:00"), ("mañana a las 14 horas", "2026-11-25 14:00"),
        ("14:30 hs", "2026-11-24 14:30"), ("el martes", "2026-11-24"),
        ("el próximo lunes", "2026-11-30"), ("lunes proximo", "2026-11-30"),
        ("en tres días", "2026-11-27"), ("hace dos dias", "2026-11-22"),
        ("dentro de 2 horas", "2026-11-24 20:00"), ("hace media hora", "2026-11-24 17:30"),
        ("en quince días", "2026-12-08"), ("dentro de 15 días", "2026-12-09"),
        ("fin de la próxima semana", "2026-12-04"),
        ("a finales de la próxima semana", "2026-12-04"),
        ("principios de la semana que viene", "2026-11-30"), ("viernes en ocho", "2026-12-04"),
        ("a mediados de diciembre", "2026-12-15"), ("finales del mes de enero", "2027-01-31"),
        ("mediodía", "2026-11-24 12:00"), ("al mediodía", "2026-11-24 12:00"),
        ("mañana a las 12 del mediodía", "2026-11-25 12:00"), ("a medianoche", "2026-11-24 00:00"),
        ("mañana por la mañana a las 10", "2026-11-25 10:00"),
        ("el viernes por la tarde a las 4", "2026-11-27 16:00"),
        ("a las 10 de la mañana del viernes", "2026-11-27 10:00"),
        ("mañana a las 4 y media de la tarde", "2026-11-25 16:30"),
        ("esta tarde a las 7 y cuarto", "2026-11-24 19:15"), ("para el viernes", "2026-11-27"),
        ("hasta el 4 de diciembre", "2026-12-04"), ("el día 4 de diciembre", "2026-12-04"),
        ("4 de diciembre del 2026", "2026-12-04"), ("1.º de diciembre", "2026-12-01"),
        ("1º de diciembre", "2026-12-01"), ("primero de diciembre", "2026-12-01"),
        ("viernes de esta semana", "2026-11-27"), ("antes de ayer", "2026-11-22"),
    ],
)  # fmt: skip
def test_spanish_beside_english(typed: str, expected: str) -> None:
    assert str(parse(typed, languages=SPANISH)).startswith(expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("demain 14h", "2026-11-25 14:00"), ("demain à 14 h", "2026-11-25 14:00"),
        ("demain a 14 heures 30", "2026-11-25 14:30"), ("demain à 14 h 30", "2026-11-25 14:30"),
        ("mardi 14h30", "2026-11-24 14:30"), ("à 14 h 30", "2026-11-24 14:30"),
        ("9 heures et demie demain", "2026-11-25 09:30"), ("vers 14h demain", "2026-11-25 14:00"),
        ("midi", "2026-11-24 12:00"), ("demain à midi", "2026-11-25 12:00"),
        ("vendredi midi et demi", "2026-11-27 12:30"), ("minuit", "2026-11-24 00:00"),
        ("demain matin à 9h", "2026-11-25 09:00"), ("ce matin à 9 h", "2026-11-24 09:00"),
        ("mardi après-midi à 3h", "2026-11-24 15:00"), ("ce soir à 19h30", "2026-11-24 19:30"),
        ("3h de l'après-midi demain", "2026-11-25 15:00"), ("9h du matin", "2026-11-24 09:00"),
        ("aujourd'hui", "2026-11-24"), ("aujourd\u2019hui à 16h", "2026-11-24 16:00"),
        ("hier", "2026-11-23"), ("avant-hier", "2026-11-22"), ("maintenant", "2026-11-24 18:00"),
        ("après-demain", "2026-11-26"), ("apres demain 10h", "2026-11-26 10:00"),
        ("lundi prochain", "2026-11-30"), ("le prochain lundi", "2026-11-30"),
        ("LUNDI PROCHAIN À 9H", "2026-11-30 09:00"), ("vendredi qui vient", "2026-11-27"),
        ("ce vendredi", "2026-11-27"), ("lundi dernier", "2026-11-23"),
        ("mardi en huit", "2026-12-01"), ("dim.", "2026-11-29"),
        ("dans trois jours", "2026-11-27"), ("dans 2 heures", "2026-11-24 20:00"),
        ("dans un an", "2027-11-24"), ("dans 2 ans", "2028-11-24"), ("dans un mois", "2026-12-24"),
        ("dans huit jours", "2026-12-01"), ("dans quinze jours", "2026-12-08"),
        ("dans 15 jours", "2026-12-09"), ("d\u2019ici une quinzaine de jours", "2026-12-08"),
        ("il y a deux jours", "2026-11-22"), ("y a 3 heures", "2026-11-24 15:00"),
        ("il y a une demi-heure", "2026-11-24 17:30"), ("d'ici vendredi", "2026-11-27"),
        ("d'ici le 4 décembre", "2026-12-04"), ("jusqu'au 4 decembre", "2026-12-04"),
        ("pour vendredi", "2026-11-27"), ("le 3 décembre à 14 h", "2026-12-03 14:00"),
        ("jeudi 26 novembre 2026, à 14 heures", "2026-11-26 14:00"),
        ("mar. 1er déc. 14h", "2026-12-01 14:00"), ("le premier décembre", "2026-12-01"),
        ("3 mar", "2027-03-03"), ("24 sept. 14h", "2027-09-24 14:00"), ("sam 28 nov", "2026-11-28"),
        ("fin de la semaine prochaine", "2026-12-04"), ("début de semaine prochaine", "2026-11-30"),
        ("en fin de semaine", "2026-11-27"), ("vendredi de la semaine prochaine", "2026-12-04"),
        ("à la fin du mois", "2026-11-30"), ("fin du mois prochain", "2026-12-31"),
        ("fin du mois de décembre", "2026-12-31"), ("fin decembre", "2026-12-31"),
        ("à la mi-décembre", "2026-12-15"), ("début janvier 2027", "2027-01-01"),
        ("tomorrow 9:30", "2026-11-25 09:30"),
    ],
)  # fmt: skip
def test_french_beside_english(typed: str, expected: str) -> None:
    assert str(parse(typed, languages=FRENCH)).startswith(expected)


@pytest.mark.parametrize(
    ("typed", "language", "use", "expected"),
    [
        ("friday 4th", "en", FUTURE, "2026-12-04"), ("fri 27", "en", FUTURE, "2026-11-27"),
        ("friday the 4th at 14:00", "en", INTERVIEW, "2026-12-04 14:00"),
        ("2pm friday 4", "en", INTERVIEW, "2026-12-04 14:00"),
        ("friday 4", "en", DEADLINE, "2026-12-04"), ("friday the 20th", "en", PAST, "2026-11-20"),
        ("Freitag, den 4., um 14 Uhr", "de", FUTURE, "2026-12-04 14:00"),
        ("Fr 4.", "de", DEADLINE, "2026-12-04"), ("Montag 30", "de", FUTURE, "2026-11-30"),
        ("le lundi 30 à 14 h", "fr", INTERVIEW, "2026-11-30 14:00"),
        ("vendredi 4", "fr", FUTURE, "2026-12-04"), ("ven. 20", "fr", PAST, "2026-11-20"),
        ("mardi 1er", "fr", FUTURE, "2026-12-01"), ("mardi 14h", "fr", FUTURE, "2026-11-24 14:00"),
        ("el lunes 30 a las 16", "es", INTERVIEW, "2026-11-30 16:00"),
        ("viernes 20", "es", INTERVIEW, "2026-11-20"), ("viernes 4", "es", FUTURE, "2026-12-04"),
    ],
)  # fmt: skip
def test_a_weekday_with_the_day_of_the_month(
    typed: str, language: str, use: DateUse, expected: str
) -> None:
    assert str(parse(typed, use, languages=(language, "en"))).startswith(expected)


@pytest.mark.parametrize(
    ("now", "use", "expected"),
    [
        ("2027-02-10", INTERVIEW, "2027-02-03"), ("2027-02-20", INTERVIEW, "2027-03-03"),
        ("2027-02-10", FUTURE, "2027-03-03"), ("2027-02-20", PAST, "2027-02-03"),
        ("2027-01-31", FUTURE, "2027-02-03"),
    ],
)  # fmt: skip
def test_a_weekday_with_a_day_of_two_months_is_the_nearest(
    now: str, use: DateUse, expected: str
) -> None:
    assert parse("wednesday 3rd", use, now=on(now)).isoformat() == expected


@pytest.mark.parametrize("languages", [GERMAN, FRENCH, SPANISH], ids=lambda pair: pair[0])
@pytest.mark.parametrize(
    "typed",
    [
        "in an hour", "a week ago", "in a year", "30 minutes ago", "in 2 hours", "now",
        "Tue, 24 Nov 2026, 14:00", "Dec 4th 2026, 2 p.m.", "the 4th of December", "sept 24",
        "friday of next week", "end of the month", "mid-December", "friday week", "at noon",
        "day after tomorrow", "tomorrow morning at 9", "by 4 Dec", "two weeks from now",
    ],
)  # fmt: skip
def test_english_is_read_in_every_language(typed: str, languages: tuple[str, ...]) -> None:
    assert parse(typed, languages=languages) == parse(typed)


@pytest.mark.parametrize(
    ("typed", "languages"),
    [
        ("fin de semana", SPANISH), ("el fin de semana que viene", SPANISH), ("mar 3", SPANISH),
        ("a las 3", SPANISH), ("mañana a las 14 de la mañana", SPANISH), ("demain matin", FRENCH),
        ("à 3", FRENCH), ("avant vendredi", FRENCH), ("demain matin à 14h", FRENCH),
        ("demain soir à 12h", FRENCH), ("nächsten morgen", GERMAN), ("in acht", GERMAN),
    ],
)  # fmt: skip
def test_what_may_be_another_day_or_hour_is_refused(typed: str, languages: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r"cannot read|no such time"):
        parse(typed, languages=languages)


@pytest.mark.parametrize("typed", ["morgen", "nächsten Freitag", "4. Dez", "Di 14 Uhr", "4 avril"])
def test_another_language_than_the_user_s_is_not_read(typed: str) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        parse(typed)


@pytest.mark.parametrize("day", range(7), ids=lambda day: f"now-{day}")
@pytest.mark.parametrize("other", range(7), ids=lambda other: f"typed-{other}")
def test_last_this_next_and_the_nearest_weekday(day: int, other: int) -> None:
    now = dt.datetime(2026, 11, 23 + day, 12, tzinfo=ZONE)
    name = dt.date(2026, 11, 23 + other).strftime("%A")
    found = {word: parse(f"{word} {name}", now=now) for word in ("last", "this", "next")}
    nearest, ahead, back = (parse(name, use, now=now) for use in (INTERVIEW, FUTURE, PAST))

    away = {word: (when - now.date()).days for word, when in found.items()}
    assert {when.weekday() for when in (*found.values(), nearest, ahead, back)} == {other}
    assert -7 <= away["last"] <= -1
    assert 0 <= away["this"] <= 6
    assert 1 <= away["next"] <= 7
    assert abs((nearest - now.date()).days) <= 3
    assert (ahead, (now.date() - back).days in range(7)) == (found["this"], True)


@pytest.mark.parametrize("day", range(7), ids=lambda day: f"now-{day}")
def test_a_week_as_a_deadline_is_its_friday_and_else_its_monday(day: int) -> None:
    now = dt.datetime(2026, 11, 23 + day, 12, tzinfo=ZONE)

    assert parse("next week", DEADLINE, now=now) == dt.date(2026, 12, 4)
    assert parse("next week", FUTURE, now=now) == dt.date(2026, 11, 30)
    this_week = dt.date(2026, 11, 27 if day <= 4 else 29)
    assert parse("this week", DEADLINE, now=now) == this_week
    for use in (INTERVIEW, PAST):
        with pytest.raises(UsageError, match="which day is 'next week'"):
            parse("next week", use, now=now)
    with pytest.raises(UsageError, match="which day is 'last week'"):
        parse("last week", DEADLINE, now=now)


@pytest.mark.parametrize(
    ("now", "typed", "expected"),
    [
        ("2026-11-30", "in 3 months", "2027-02-28"), ("2026-01-31", "in a month", "2026-02-28"),
        ("2028-02-29", "in a year", "2029-02-28"), ("2028-02-29", "a year ago", "2027-02-28"),
        ("2028-01-31", "in a month", "2028-02-29"), ("2026-12-31", "tomorrow", "2027-01-01"),
        ("2026-12-31", "next friday", "2027-01-01"), ("2026-12-28", "next week", "2027-01-08"),
        ("2026-12-31", "end of next month", "2027-01-31"), ("2028-02-10", "29 Feb", "2028-02-29"),
        ("2028-02-10", "end of february", "2028-02-29"), ("2026-01-31", "next month", "2026-02-28"),
        ("2027-01-01", "yesterday", "2026-12-31"), ("2026-12-31", "2 Jan", "2027-01-02"),
    ],
)  # fmt: skip
def test_ends_of_months_and_years(now: str, typed: str, expected: str) -> None:
    assert parse(typed, DEADLINE, now=on(now)).isoformat() == expected


@pytest.mark.parametrize(
    ("now", "typed", "expected"),
    [
        ("2026-11-25", "24 Nov 14:00", "2026-11-24 14:00"),
        ("2026-11-25", "tue 14:00", "2026-11-24 14:00"),
        ("2026-11-25", "sat 14:00", "2026-11-28 14:00"),
        ("2026-11-25", "sun 14:00", "2026-11-22 14:00"),
        ("2026-12-30", "4 Jan 9:00", "2027-01-04 09:00"),
        ("2027-01-04", "30 Dec 9:00", "2026-12-30 09:00"),
        ("2026-11-24", "22 Feb 9:00", "2027-02-22 09:00"),
        ("2026-11-24", "26 Aug 9:00", "2026-08-26 09:00"),
        ("2026-11-24", "Fri 24 Apr 9:00", "2026-04-24 09:00"),
        ("2026-11-24", "Sat 24 Apr 9:00", "2027-04-24 09:00"),
    ],
)
def test_the_day_of_an_interview_is_the_nearest(now: str, typed: str, expected: str) -> None:
    assert str(parse(typed, INTERVIEW, now=on(now)))[:16] == expected


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("23 Feb 9:00", ["2026-02-23 09:00", "2027-02-23 09:00"]),
        ("25 Aug", ["2026-08-25", "2027-08-25"]),
        ("24.4. 14 Uhr", ["2026-04-24 14:00", "2027-04-24 14:00"]),
        ("2pm April 24th", ["2026-04-24 14:00", "2027-04-24 14:00"]),
    ],
)
def test_the_year_of_an_interview_far_away_is_not_guessed(typed: str, readings: list[str]) -> None:
    with pytest.raises(AmbiguousDateError, match=" or ".join(readings)) as refused:
        parse(typed, INTERVIEW)
    assert [str(when)[:16] for when in refused.value.readings] == readings


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("4.12", "2026-12-04 or 2026-11-24 04:12; write one"),
        ("fri 4.12", "2026-12-04 or 2026-11-27 04:12; write one"),
        ("tue 4.12", "2026-12-04 is a Friday"),
        ("Wed 24 Nov", "2026-11-24 is a Tuesday"),
        ("friday 3rd", "2026-12-03 is a Thursday"),
        ("tue 14", "cannot read"),
        ("friday 32nd", "no such day"),
        ("Mon 24 Nov 2026 14:00", "2026-11-24 is a Tuesday"),
        ("4/12/26", "day first or month first"),
        ("24-11-26", "cannot read"),
        ("24 Nov 14", "cannot read"),
        ("now 14:00", "no such time"),
        ("in 999 years", "the year of .* is not between"),
        ("9999-12-31 23:00", "the year of .* is not between"),
        ("0001-01-01", "the year of .* is not between"),
        ("04/12/2026", "day first or month first"),
        ("24/12-2026", "cannot read"),
        ("31.11.2026", "no such day"),
        ("13/13/2026", "no such day"),
        ("4-12", "day first or month first"),
        ("03/04 14:00", "day first or month first"),
        ("", "no date"),
        ("soon", "cannot read"),
        ("t", "cannot read"),
        ("ju 4", "cannot read"),
        ("2026-02-30", "no such day"),
        ("2026-11-24+02:00", "cannot read"),
        ("1h", "cannot read"),
        ("4 avril", "cannot read"),
        ("tomorrow 25:00", "no such time"),
        ("25 Uhr", "no such time"),
        ("tomorrow 13pm", "no such time"),
        ("31 Nov", "no such day"),
    ],
)
def test_refused_with_a_hint(typed: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse(typed)


@pytest.mark.parametrize("typed", ["2026-03-29 02:30", "29 March 2026 2:30", "2:30 29.3.26"])
def test_a_time_that_the_clocks_skip_is_refused(typed: str) -> None:
    now = dt.datetime(2026, 3, 20, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    with pytest.raises(UsageError, match="clocks go forward"):
        parse(typed, now=now)


def test_hours_are_elapsed_time_across_a_change_of_the_clocks() -> None:
    now = dt.datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert parse("in an hour", now=now).isoformat() == "2026-03-29T03:30:00+02:00"


def test_a_day_has_no_time() -> None:
    with pytest.raises(UsageError, match="only a day is needed here"):
        parse_datetime.parse_day("tue 14:00", TypedClock(NOW, ZONE), DEADLINE)


WORDS = st.sampled_from(
    [
        *("last", "this", "next", "week", "friday", "di", "morgen", "tomorrow", "in", "two", "3"),
        *("months", "days", "ago", "end", "of", "the", "4.12", "4.12.", "24.11.26", "dec", "märz"),
        *("14:00", "2pm", "noon", "at", "um", "14", "uhr", "now", "2026-11-24", "29", "feb", "a"),
        *("year", "vor", "ende", "hours", "31.", "0", "999", "mid", "a.m.", "morning", "evening"),
        *("d'ici", "il", "y", "a", "la", "heures", "soir", "an", "mi-", "mar", "sept", "prochain"),
        *("las", "horas", "de", "mañana", "por", "que", "viene", "mes", "pasado", "1.º", "hace"),
    ]
)


@given(
    typed=st.lists(WORDS, max_size=5).map(" ".join)
    | st.text(alphabet="0123456789:/-. adeimnoprstuwy", max_size=20)
    | st.text(max_size=12),
    use=USES,
    now=LOCAL_TIMES,
    zone=st.sampled_from(["Africa/Johannesburg", "America/New_York", "Pacific/Apia"]),
    languages=st.sampled_from([GERMAN, FRENCH, SPANISH]),
)
def test_anything_typed_is_read_or_refused(
    typed: str, use: DateUse, now: dt.datetime, zone: str, languages: tuple[str, ...]
) -> None:
    local = now.replace(tzinfo=ZoneInfo(zone))
    try:
        read = parse(typed, use, languages=languages, now=local)
    except UsageError:
        return
    assert 1970 <= read.year <= 2199
    assert parse(typed, use, languages=languages, now=local) == read
    if isinstance(read, dt.datetime):
        assert read.tzinfo is not None


@given(day=st.dates(dt.date(1972, 1, 1), dt.date(2198, 1, 1)), use=USES)
def test_a_full_date_is_the_same_in_every_form(day: dt.date, use: DateUse) -> None:
    forms = ["%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%d.%m.%Y", "%a %d %b %Y", "%A, %B %d %Y"]
    assert {parse(day.strftime(form), use) for form in forms} == {day}


@given(now=LOCAL_TIMES, days=st.integers(-90, 90))
def test_a_day_without_a_year_near_an_interview_is_that_day(now: dt.datetime, days: int) -> None:
    now = now.replace(tzinfo=ZONE)
    day = now.date() + dt.timedelta(days=days)
    assert parse(day.strftime("%d %b"), INTERVIEW, now=now) == day
