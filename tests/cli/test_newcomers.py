"""What people try first, and what must not go wrong then."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from afterword.importers.invitation.invitation_reader import read_invitation
from tests.cli.life import Life
from tests.cli.test_import import invitation

ADDED = ("2026-11-24 16:00", "add", "Karoo", "Designer", "--at", "2026-11-24 14:00")


@pytest.mark.parametrize(
    ("begins", "says"),
    [
        (b"PK\x03\x04", "save it as CSV"),
        (b"\xd0\xcf\x11\xe0", "save it as .ics"),
        (b"%PDF-1.7", ".ics"),
    ],
    ids=["Excel", "Outlook", "PDF"],
)
def test_files_of_other_programs_are_told_by_name(
    life: Life, tmp_path: Path, begins: bytes, says: str
) -> None:
    path = tmp_path / "interviews.xlsx"
    path.write_bytes(begins + b"\0" * 100)

    assert says in life.refused("2026-11-24 16:00", "import", str(path), code=65)


def test_a_time_alone_says_no_day(life: Life, tmp_path: Path) -> None:
    path = tmp_path / "invite.ics"
    path.write_bytes(invitation())

    assert "say both" in life.refused("2026-11-20 10:00", "import", str(path), "--at", "14:00")


def test_a_bracket_of_the_title_is_no_part_of_the_company() -> None:
    title = "Interview: Backend Engineer (Sam / Nordwind)"
    (invited,) = read_invitation(invitation(summary=title), source="x").invitations

    assert invited.company is None or ")" not in invited.company.value


def test_a_first_logged_again_within_a_week_is_no_second(life: Life) -> None:
    life(*ADDED)
    life("2026-12-01 10:00", "sent", "karoo", "first-follow-up")

    said = life.refused("2026-12-02 10:00", "sent", "karoo", "first-follow-up")

    assert "already logged" in said


def test_an_absence_that_is_over_is_none(life: Life) -> None:
    life(*ADDED)

    assert "had passed" in life.refused(
        "2026-12-03 10:00", "away", "karoo", "--until", "2026-11-27"
    )


def test_a_language_without_texts_is_refused(life: Life) -> None:
    life(*ADDED)
    (life.data / "settings.toml").write_text('language = "nl"\n', "utf-8")

    assert "there are no texts in 'nl'" in life.refused("2026-12-03 10:00", "list")


def test_no_thanks_for_an_interview_that_was_cancelled(life: Life) -> None:
    life(*ADDED)
    life("2026-11-24 17:00", "cancel", "karoo")

    said = life("2026-11-26 10:00", "heard", "karoo", "positive").text

    assert "thank you for our conversation" not in said


def test_what_is_closed_has_no_reminder(life: Life) -> None:
    life("2026-11-20 16:00", "add", "Karoo", "Designer", "--at", "2026-11-24 14:00")
    (life.data / "settings.toml").write_text('reminders = ["before", "after"]\n', "utf-8")

    def reminded(now: str) -> bool:
        return b"Ask about next steps" in life(now, "export", "-o", "-").stdout

    assert reminded("2026-11-20 17:00")
    life("2026-11-21 10:00", "close", "karoo")
    assert not reminded("2026-11-21 11:00")
    life("2026-11-22 10:00", "reopen", "karoo")
    assert reminded("2026-11-22 11:00")


def test_two_rounds_of_one_file_stay_together_where_the_id_is_taken(
    life: Life, tmp_path: Path
) -> None:
    life("2026-11-20 16:00", "add", "Karoo", "Data Lead", "--at", "2026-11-24 14:00")
    first = invitation()
    other = invitation(uid="two@karoo.example", start="20261203T100000", end="20261203T110000")
    event = other[other.index(b"BEGIN:VEVENT") : other.index(b"END:VCALENDAR")]
    path = tmp_path / "both.ics"
    path.write_bytes(first.replace(b"END:VCALENDAR", event + b"END:VCALENDAR"))

    said = ("--company", "Karoo Data", "--role", "Lead", "--json")
    document = life("2026-11-20 17:00", "import", str(path), *said).json

    events = document["files"][0]["events"]
    assert [e["application"] for e in events] == ["karoo-data-lead-2"] * 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", "<p>Your interview</p>"),
        ("answer.json", '{"company": "Karoo"}'),
        ("letter.md", "# Dear Sam"),
        ("invitation", "Dear Sam\nlet's talk"),
    ],
    ids=["HTML", "JSON", "Markdown", "no suffix"],
)
@pytest.mark.parametrize("command", ["import", "plan", "export"])
def test_a_file_of_no_known_kind_is_not_called_bad_toml(
    life: Life, tmp_path: Path, command: str, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")

    said = life.refused("2026-11-24 16:00", command, str(path), code=65)

    assert f"{name} is neither an invitation (.ics, .eml) nor a spreadsheet (.csv)" in said
    assert "afterword add" in said
    assert "TOML:" not in said


@pytest.mark.parametrize("name", ["karoo.toml", "karoo", "karoo.txt.bak"])
def test_a_mistake_in_an_application_file_is_named_with_its_place(
    life: Life, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text('company = "Karoo"\nrole = Designer\n', "utf-8")

    assert "line 2" in life.refused("2026-11-24 16:00", "plan", str(path), code=65)


def test_an_export_for_each_client_says_that_nothing_is_stored(life: Life) -> None:
    said = life.refused("2026-11-24 16:00", "export", "--per-applicant", "out", code=0)

    assert "nothing is stored yet" in said


def test_a_client_of_nobody_says_where_clients_come_from(life: Life) -> None:
    life(*ADDED)

    said = life.refused("2026-11-24 16:00", "list", "--client", "Mia")

    assert "no application belongs to a client" in said
    assert "column 'applicant'" in said


def test_the_address_column_of_a_table_is_explained_with_its_own_name(
    life: Life, tmp_path: Path
) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(
        "Applicant;Company;Role;Date;Time;Interviewer;E-Mail\n"
        "Mia Berg;Karoo;Designer;24.11.2026;14:00;Thandi;thandi@karoo.example\n",
        "utf-8",
    )
    option = "E-Mail=interviewer email"

    said = life.refused("2026-11-20 10:00", "import", str(path), code=65)
    assert f'--map "{option}"' in said
    life("2026-11-20 10:00", "import", str(path), "--map", option)


def test_an_empty_cell_is_a_missing_date(life: Life, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("company,role,date,time\nKaroo,Designer,,14:00\n", "utf-8")

    said = life.refused("2026-11-20 10:00", "import", str(path), code=65)

    assert "1 row cannot be read" in said
    assert "the date is missing; write it as 2026-11-24" in said


def test_the_settings_with_a_mistake_say_how_to_correct_them(life: Life) -> None:
    life.data.mkdir(exist_ok=True)
    (life.data / "settings.toml").write_text("me = [", "utf-8")

    assert "afterword settings edit" in life.refused("2026-11-24 16:00", "list")


def test_guesses_name_their_sources_in_words_and_one_command_corrects_them(
    life: Life, tmp_path: Path
) -> None:
    path = tmp_path / "invite.ics"
    path.write_bytes(invitation())

    said = life("2026-11-20 10:00", "import", str(path)).stderr

    assert "Assuming the role 'Marketing Manager' (from the title" in said
    assert said.count("correct these with: afterword edit karoo") == 1
    assert not {"SUMMARY", "DESCRIPTION", "ATTENDEE", "ORGANIZER"} & set(re.findall(r"\w+", said))
