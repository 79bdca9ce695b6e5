"""Dates as people type them, in each option that takes one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.life import Life

ECHO = "Understood: "


def added(life: Life, now: str, typed: str) -> str:
    """Return what `add` understood by a date."""
    text = life(now, "add", "Karoo", "Designer", "--at", typed).text
    return text.splitlines()[0].removeprefix(ECHO).replace(" (Africa/Johannesburg)", "")


@pytest.mark.parametrize(
    ("now", "typed", "understood"),
    [
        ("2026-11-25 10:00", "24 Nov 14:00", "Tue 24 Nov 2026, 14:00, yesterday"),
        ("2026-11-25 10:00", "tue 14:00", "Tue 24 Nov 2026, 14:00, yesterday"),
        ("2026-11-25 10:00", "last tuesday 2pm", "Tue 24 Nov 2026, 14:00, yesterday"),
        ("2026-11-25 10:00", "sun 14:00", "Sun 22 Nov 2026, 14:00, 3 days ago"),
        ("2026-11-25 10:00", "2pm tomorrow", "Thu 26 Nov 2026, 14:00, tomorrow"),
        ("2026-11-25 10:00", "1 Dec 9:00", "Tue 1 Dec 2026, 09:00, in 6 days"),
        ("2026-11-25 10:00", "next friday 3pm", "Fri 27 Nov 2026, 15:00, in 2 days"),
        ("2026-11-25 10:00", "24.11.26 14 Uhr", "Tue 24 Nov 2026, 14:00, yesterday"),
        ("2026-11-25 10:00", "today noon", "Wed 25 Nov 2026, 12:00, today"),
        ("2026-11-25 10:00:30", "now", "Wed 25 Nov 2026, 10:00, today"),
        ("2027-01-02 10:00", "30 Dec 9:00", "Wed 30 Dec 2026, 09:00, 3 days ago"),
        ("2026-11-25 00:30", "yesterday 23:30", "Tue 24 Nov 2026, 23:30, yesterday"),
    ],
)
def test_add_repeats_what_it_understood(life: Life, now: str, typed: str, understood: str) -> None:
    assert added(life, now, typed) == understood


def test_round_looks_for_the_nearest_day_too(life: Life) -> None:
    life.held()
    text = life("2026-12-04 10:00", "round", "karoo", "--at", "thu 10:00").text
    assert text.startswith(f"{ECHO}Thu 3 Dec 2026, 10:00 (Africa/Johannesburg), yesterday")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("24 Apr 14:00", "may be 2026-04-24 14:00 or 2027-04-24 14:00: write it with the year"),
        ("4.12", "can be read as 2026-12-04 or 2026-11-25 04:12"),
        ("04/12 14:00", "day first or month first"),
        ("next week", "which day is 'next week'?"),
        ("next friday", "has no time"),
        ("Mon 24 Nov 14:00", "2026-11-24 is a Tuesday"),
        ("nächsten Freitag 14 Uhr", "cannot read"),
    ],
)
def test_off_a_terminal_what_is_uncertain_is_refused(life: Life, typed: str, says: str) -> None:
    assert says in life.refused("2026-11-25 10:00", "add", "Karoo", "Designer", "--at", typed)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("sent karoo thank-you --on|yesterday noon", "sent on Mon 30 Nov 2026, 12:00"),
        ("sent karoo thank-you --on|fri 9:00", "sent on Fri 27 Nov 2026, 09:00"),
        ("sent karoo thank-you --on|28 Nov", "sent on Sat 28 Nov 2026, 12:00"),
        ("sent karoo thank-you --on|two hours ago", "sent on Tue 1 Dec 2026, 08:00"),
        ("sent karoo thank-you --on|now", "sent on Tue 1 Dec 2026, 10:00"),
        ("heard karoo neutral --on|last fri 2pm", "neutral answer (Fri 27 Nov 2026, 14:00"),
        ("move karoo second-follow-up --to|fri 9:00", "moved to Fri 4 Dec 2026, 09:00"),
        ("move karoo second-follow-up --to|in two weeks", "moved to Tue 15 Dec 2026, 09:00"),
        ("move karoo second-follow-up --to|next week", "moved to Mon 7 Dec 2026, 09:00"),
        ("move karoo interview --to|3pm next friday", "moved to Fri 4 Dec 2026, 15:00"),
        ("expect karoo --decision-by|next week", "decide by Fri 11 Dec 2026"),
        ("expect karoo --decision-by|end of next week", "decide by Fri 11 Dec 2026"),
        ("expect karoo --decision-by|fri", "decide by Fri 4 Dec 2026"),
        ("expect karoo --decision-by|15 March", "decide by Mon 15 Mar 2027"),
        ("expect karoo --decision-by|end of the month", "decide by Thu 31 Dec 2026"),
        ("away karoo --until|next week", "away until Fri 11 Dec 2026"),
    ],
)
def test_on_looks_back_and_all_others_look_ahead(life: Life, command: str, says: str) -> None:
    life.held()
    words, typed = command.split("|")
    assert says in life("2026-12-01 10:00", *words.split(), typed).text


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("nächsten Freitag 15 Uhr", "27. Nov. 2026, 15:00"),
        ("24.11. 14 Uhr", "24. Nov. 2026, 14:00"),
        ("heute Mittag", "25. Nov. 2026, 12:00"),
        ("in zwei Wochen 9:30", "9. Dez. 2026, 09:30"),
        ("Di 14 Uhr", "24. Nov. 2026, 14:00"),
        ("4. Dezember um 14 Uhr", "4. Dez. 2026, 14:00"),
        ("next friday 3pm", "27. Nov. 2026, 15:00"),
    ],
)
@pytest.mark.parametrize("language", ["de", "de-AT"])
def test_german_is_read_where_it_is_the_user_s_language(
    life: Life, typed: str, understood: str, language: str
) -> None:
    life.data.mkdir()
    (life.data / "settings.toml").write_text(f'language = "{language}"\n')
    assert understood in added(life, "2026-11-25 10:00", typed)


def test_the_start_of_an_invitation_is_read_as_that_of_an_interview(
    life: Life, tmp_path: Path
) -> None:
    path = tmp_path / "invite.ics"
    path.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//e//e//EN\nBEGIN:VEVENT\nUID:one@karoo.example\n"
        "DTSTAMP:20261120T080000Z\nSUMMARY:Interview\nDTSTART;TZID=Nowhere:20261124T140000\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    flags = ("--company", "Karoo", "--role", "Designer", "--at", "tue 14:00")
    assert "on Tue 24 Nov 2026, 14:00" in life("2026-11-25 10:00", "import", path, *flags).text
