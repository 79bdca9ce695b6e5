"""The employer's country comes from their time zone, so that holidays count by default."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from tests.cli.life import NOW, THANDI, Life
from tests.pseudo_terminal import typing

TABLE = "company,role,date,time,zone\nKaroo,Designer,2026-11-24,14:00,Africa/Johannesburg\n"
INVITATION = b"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:karoo-1
DTSTAMP:20261120T080000Z
DTSTART;TZID=Africa/Johannesburg:20261124T140000
DTEND;TZID=Africa/Johannesburg:20261124T150000
SUMMARY:Interview: Designer
ORGANIZER;CN=Thandi Nkosi:mailto:thandi@karoo.example
ATTENDEE;CN=Sam;PARTSTAT=NEEDS-ACTION:mailto:sam@mail.example
END:VEVENT
END:VCALENDAR
"""
HINTS = ("--company", "Karoo", "--role", "Designer", "--me", "sam@mail.example")


def stored_country(life: Life) -> str | None:
    (data,) = life.files().values()
    country: str | None = tomli.loads(data.decode()).get("country")
    return country


def added(life: Life, *more: str) -> str:
    """Add an interview, and return the messages."""
    return life(NOW, "add", "Karoo", "Cook", "--at", "2026-11-24 14:00", *more).stderr


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Africa/Johannesburg", "ZA"),
        ("Europe/Berlin", "DE"),
        ("Europe/Zurich", "CH"),
        ("Europe/Stockholm", "SE"),
        ("Europe/Amsterdam", "NL"),
        ("America/New_York", "US"),
        ("US/Eastern", "US"),
        ("Asia/Calcutta", "IN"),
        ("Iceland", "IS"),
        ("Asia/Bangkok", "TH"),
        ("Etc/UTC", None),
        ("CET", None),
    ],
)
def test_the_zone_gives_the_country(life: Life, zone: str, country: str | None) -> None:
    told = added(life, "--employer-zone", zone, "--with", THANDI)

    assert stored_country(life) == country
    assert (f"Assuming the holidays of {country}" in told) is (country is not None)
    assert ("There is no country" in told) is (country is None)


def test_without_an_employer_s_zone_it_is_the_user_s(life: Life) -> None:
    assert "the country of the time zone Africa/Johannesburg" in added(life)
    assert stored_country(life) == "ZA"


def test_holidays_count_by_default(life: Life) -> None:
    """The Day of Reconciliation, 16 December, is no working day in South Africa."""
    day = ("--at", "2026-12-09 14:00", "--decision-by", "2026-12-14")
    for company, more in {"Assumed": (), "Without": ("--country", "none")}.items():
        life("2026-12-09 18:00", "add", company, "Cook", *day, *more)

    opens = {
        name: life.plan("2026-12-10 10:00", name)["r1 first-follow-up 0"]["send_at"][:10]
        for name in ("assumed", "without")
    }
    assert opens == {"assumed": "2026-12-17", "without": "2026-12-16"}


@pytest.mark.parametrize("typed", ["none", "None", "NONE"])
def test_none_is_stored_and_never_guessed_again(life: Life, typed: str) -> None:
    told = added(life, "--country", typed, "--with", THANDI)
    later = life(NOW, "round", "karoo", "--at", "2026-11-30 10:00", "--with", THANDI).stderr

    assert "country" not in (told + later).casefold()
    assert (stored_country(life) or "").casefold() == "none"


def test_a_given_country_is_no_assumption(life: Life) -> None:
    assert "Assuming" not in added(life, "--country", "GB-ENG")
    assert stored_country(life) == "GB-ENG"


def test_a_file_without_a_country_stays_as_it_is(life: Life, tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    text = (
        'company = "Karoo"\nrole = "Cook"\nzone = "Africa/Johannesburg"\n\n'
        "[[interview]]\nstart = 2026-12-09T14:00:00\ndecision_by = 2026-12-14\n"
    )
    path.write_text(text)
    planned = life("2026-12-10 10:00", "plan", path, "--json").json["applications"]
    life(NOW, "import", path)

    (step,) = [s for s in planned[0]["steps"] if s["step"] == "first-follow-up"]
    assert step["recommended"] == "2026-12-16"
    assert stored_country(life) is None


def test_none_is_valid_in_a_file(life: Life, tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text(
        'company = "Karoo"\nrole = "Cook"\ncountry = "none"\n\n'
        "[[interview]]\nstart = 2026-12-09T14:00:00+02:00\n"
    )
    assert life(NOW, "plan", path).code == 0


@pytest.mark.parametrize(
    ("more", "country"),
    [((), "ZA"), (("--country", "GB"), "GB"), (("--country", "none"), "none")],
    ids=["assumed", "given", "none"],
)
@pytest.mark.parametrize("kind", ["table", "invitation"])
def test_an_import_gives_the_country(
    life: Life, tmp_path: Path, kind: str, more: tuple[str, ...], country: str
) -> None:
    path = tmp_path / ("table.csv" if kind == "table" else "invite.ics")
    path.write_bytes(TABLE.encode() if kind == "table" else INVITATION)
    hints = () if kind == "table" else HINTS

    imported = life(NOW, "import", path, *hints, *more)

    assert stored_country(life) == country
    assert ("Assuming the holidays of ZA" in imported.stderr) is (not more)


def test_a_table_s_own_country_stays(life: Life, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TABLE.replace("zone\n", "zone,country\n").replace("burg\n", "burg,Namibia\n"))

    assert "Assuming" not in life(NOW, "import", path).stderr
    assert stored_country(life) == "NA"


def test_a_table_imported_again_changes_nothing(life: Life, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    life(NOW, "import", path)
    before = life.files()

    again = life(NOW, "import", path)

    assert "nothing new" in again.text
    assert "Assuming" not in again.stderr
    assert life.files() == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "No interviewer is named"),
        (("--with", "Thandi Nkosi"), "no e-mail address for Thandi Nkosi"),
    ],
    ids=["interviewer", "address"],
)
def test_missing_details_are_pointed_out_with_their_command(
    life: Life, more: tuple[str, ...], said: str
) -> None:
    told = added(life, *more)

    assert said in told
    assert "afterword debrief karoo-cook --interviewer" in told


def test_the_pointed_out_command_adds_the_address(life: Life) -> None:
    added(life, "--with", "Thandi Nkosi")

    life(NOW, "debrief", "karoo", "--interviewer", THANDI)

    (data,) = life.files().values()
    assert 'email = "thandi@karoo.example"' in data.decode()


@pytest.mark.parametrize(
    "more",
    [
        ("--with", THANDI),
        ("--with", "Thandi Nkosi", "--channel", "phone"),
    ],
    ids=["address", "phone"],
)
def test_nothing_is_pointed_out_where_nothing_is_missing(life: Life, more: tuple[str, ...]) -> None:
    assert "debrief" not in added(life, *more)


def test_a_person_of_an_earlier_round_has_an_address(life: Life) -> None:
    life.held()

    told = life(NOW, "round", "karoo", "--at", "2026-11-30 10:00", "--with", "Thandi Nkosi")

    assert "address" not in told.stderr


def test_a_round_points_out_a_missing_country(life: Life, tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text(
        'company = "Karoo"\nrole = "Cook"\n\n[[interview]]\nstart = 2026-11-24T14:00:00+02:00\n'
    )
    life(NOW, "import", path)

    told = life(NOW, "round", "karoo", "--at", "2026-11-30 10:00", "--with", THANDI).stderr

    assert "There is no country" in told
    assert "afterword edit karoo-cook" in told


@pytest.mark.usefixtures("is_set_up")
def test_a_terminal_asks_for_what_is_missing(life: Life) -> None:
    command = ("add", "Karoo", "Cook", "--at", "2026-12-24 14:00", "--employer-zone", "Etc/UTC")
    with typing(*command, *life.flags(NOW)) as person:
        person.answers("its holidays, or none: ", "Atlantis")
        person.edits("or none: Atlantis", "za")
        person.answers("Who interviews you? NAME <ADDRESS>, or Enter: ", "Thandi Nkosi")
        person.answers("The e-mail address of Thandi Nkosi, or Enter: ", "thandi@karoo")
        person.edits("or Enter: thandi@karoo", "thandi@karoo.example")
        person.leaves()

    (data,) = life.files().values()
    assert tomli.loads(data.decode())["country"] == "za"
    assert 'email = "thandi@karoo.example"' in data.decode()


@pytest.mark.usefixtures("is_set_up")
def test_a_terminal_takes_enter_for_no_answer(life: Life) -> None:
    with typing("add", "Karoo", "Cook", "--at", "2026-12-24 14:00", *life.flags(NOW)) as person:
        person.answers("Who interviews you? NAME <ADDRESS>, or Enter: ", "")
        person.sees("Assuming the holidays of ZA")
        person.leaves()


@pytest.mark.usefixtures("is_set_up")
def test_a_terminal_suggests_the_country_of_an_older_application(
    life: Life, tmp_path: Path
) -> None:
    path = tmp_path / "one.toml"
    path.write_text(
        'company = "Karoo"\nrole = "Cook"\nzone = "Europe/Berlin"\n\n'
        "[[interview]]\nstart = 2026-11-24T14:00:00\n"
    )
    life(NOW, "import", path)
    command = ("round", "karoo", "--at", "2026-12-24 14:00", "--with", THANDI)
    with typing(*command, *life.flags(NOW)) as person:
        person.answers("or none [DE]: ", "")
        person.leaves()

    assert stored_country(life) == "DE"
