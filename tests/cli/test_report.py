"""`report`: proof of search for a period, and the coach's overview of clients."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.life import Life
from tests.running import Golden

NOW = "2026-12-03 10:00"
SECOND_ROUND = """
[[interview]]
id = "r2"
start = 2026-12-10T10:00:00+02:00
link = "https://meet.example/1"
"""
HEADER = ["Applicant", "Date", "Time", "Company", "Role", "Activity", "Channel", "With"]


@pytest.fixture
def searching(life: Life) -> Life:
    """Return somebody with a thank-you by phone, an answer, and a second round online."""
    life.held("--round", "first interview")
    life("2026-11-24 18:00", "sent", "karoo", "--by", "phone")
    life("2026-11-30 10:00", "sent", "karoo", "first")
    life("2026-12-02 10:00", "heard", "karoo", "positive")
    life.write_into("karoo", SECOND_ROUND)
    return life


@pytest.fixture
def coach(life: Life) -> Life:
    """Return a coach with two clients, of whom one logs nothing."""
    path = life.data.parent / "clients.csv"
    path.write_text(
        "company,role,date,time,zone,applicant,interviewer\n"
        "Karoo,Manager,2026-11-03,14:00,Africa/Johannesburg,Mia Berg,Thandi Nkosi\n"
        "=1+1,Analyst,2026-12-01,11:00,Africa/Johannesburg,Evelyn Chikwanda,\n"
    )
    life("2026-11-02 10:00", "import", path)
    life("2026-12-01 15:00", "sent", "evelyn")
    return life


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_activities_with_dates_channels_and_people(searching: Life, tmp_path: Path) -> None:
    searching(NOW, "report", "--to", "december", "-o", tmp_path / "proof.csv")

    expected = [
        ("2026-11-24", "14:00", "Interview: first interview", "", "Thandi Nkosi"),
        ("2026-11-24", "", "Thank-you message sent", "phone", "Thandi Nkosi"),
        ("2026-11-30", "", "First follow-up sent", "e-mail", "Thandi Nkosi"),
        ("2026-12-02", "", "Answer: next steps", "", ""),
        ("2026-12-10", "10:00", "Interview (planned)", "online", ""),
    ]
    assert rows(tmp_path / "proof.csv") == [
        HEADER,
        *(["", day, time, "Karoo", "Marketing Manager", *rest] for day, time, *rest in expected),
    ]


@pytest.mark.parametrize(
    ("options", "dates"),
    [
        (("--from", "2026-11-25"), ["2026-11-30", "2026-12-02"]),
        (("--from", "last month", "--to", "last month"), ["2026-11-24"] * 2 + ["2026-11-30"]),
        (("--to", "24 Nov"), ["2026-11-24"] * 2),
        (("--from", "dec", "--to", "dec"), ["2026-12-02", "2026-12-10"]),
        (("--from", "2026-01", "--to", "2026-02"), []),
    ],
    ids=["from", "month", "to", "with what is planned", "empty"],
)
def test_a_period_is_half_open(searching: Life, options: tuple[str, ...], dates: list[str]) -> None:
    document = searching(NOW, "report", *options, "--json").json

    (applicant,) = document["applicants"]
    assert [each["at"][:10] for each in applicant["activities"]] == dates
    assert len(applicant["applications"]) == bool(dates)
    shown = searching(NOW, "report", *options).text
    assert ("Nothing is logged in this period." in shown) == (not dates)
    assert "Signature: ____" in shown


@pytest.mark.parametrize("width", [80, 40, 0], ids=["80", "40", "piped"])
def test_a_report_is_as_it_was_judged(
    searching: Life, golden: Golden, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width or 80))
    monkeypatch.setenv("NO_COLOR", "1")

    shown = searching(NOW, "report", "--from", "november", tty=bool(width)).text

    golden(shown, f"report-{width or 'piped'}.txt")


def test_a_page_to_sign(searching: Life, golden: Golden, tmp_path: Path) -> None:
    page = tmp_path / "proof.html"
    told = searching(NOW, "report", "--from", "november", "-o", page)

    assert told.stdout == b""
    assert told.stderr == f"wrote {page}\n"
    golden(page.read_text("utf-8"), "report.html")


def test_a_page_in_the_users_language(searching: Life) -> None:
    (searching.data / "settings.toml").write_text('language = "de"\n[applicant]\nname = "Sam"\n')

    shown = searching(NOW, "report", "--from", "november").text

    assert shown.startswith("Nachweis der Bewerbungsbemühungen: Sam\n")
    assert "Erste Nachfrage gesendet" in shown
    assert "Unterschrift: ____" in shown


def test_each_client_has_a_sheet(coach: Life, tmp_path: Path) -> None:
    coach(NOW, "report", "-o", tmp_path / "all.html")
    coach(NOW, "report", "-o", tmp_path / "all.csv")
    coach(NOW, "report", "--client", "mia", "-o", tmp_path / "mia.html")

    page, only = ((tmp_path / name).read_text() for name in ("all.html", "mia.html"))
    assert page.count("<section>") == 2
    assert page.count('class="signature"') == 2
    assert only.count("<section>") == 1
    assert "Evelyn" not in only
    assert [row[:4] for row in rows(tmp_path / "all.csv")[1:]] == [
        ["Evelyn Chikwanda", "2026-12-01", "11:00", "'=1+1"],
        ["Evelyn Chikwanda", "2026-12-01", "", "'=1+1"],
        ["Mia Berg", "2026-11-03", "14:00", "Karoo"],
    ]


def test_clients_are_in_the_order_of_their_numbers(life: Life, tmp_path: Path) -> None:
    names = ["Klient 10", "klient 5", "Klient 9a", "Klient 123456789012345678901234", "Ämilia"]
    rows = (f"Karoo,Clerk,2026-11-03,14:00,Africa/Johannesburg,{name}\n" for name in names)
    text = "company,role,date,time,zone,applicant\n" + "".join(rows)
    (tmp_path / "clients.csv").write_text(text, "utf-8")
    life("2026-11-02 10:00", "import", tmp_path / "clients.csv")

    expected = [names[4], names[1], names[2], names[0], names[3]]
    for options in (("--overview",), ("--from", "november")):
        document = life(NOW, "report", *options, "--json").json
        (clients,) = (document[key] for key in ("clients", "applicants") if key in document)
        assert [each["client"] for each in clients] == expected
    refused = life.refused(NOW, "list", "--client", "Nobody")
    assert refused.strip().endswith(", ".join(expected))


def test_the_overview_shows_overdue_due_silent_and_quiet_clients(coach: Life) -> None:
    document = coach(NOW, "report", "--overview", "--json").json
    shown = coach(NOW, "report", "--overview").text

    evelyn, mia = document["clients"]
    assert (evelyn["client"], evelyn["quiet_days"], evelyn["overdue"]) == (
        "Evelyn Chikwanda",
        None,
        [],
    )
    assert (mia["client"], mia["quiet_days"], mia["open"]) == ("Mia Berg", 31, 1)
    assert [each["step"] for each in mia["overdue"]] == ["move-on"]
    assert [each["step"] for each in mia["not_logged"]] == [
        "thank-you",
        "first-follow-up",
        "second-follow-up",
    ]
    assert [each["days"] for each in mia["silent"]] == [29]
    blocks = shown.split("\n\n")
    assert "Nothing is overdue, due or silent." in blocks[0]
    assert "Nothing logged for 31 days" in blocks[1]
    assert "silent      Karoo    29 days without an answer" in shown


@pytest.mark.parametrize(("day", "quiet"), [("2026-11-15", None), ("2026-11-16", 14)])
def test_a_client_is_quiet_from_two_weeks_on(coach: Life, day: str, quiet: int | None) -> None:
    clients = coach(f"{day} 10:00", "report", "--overview", "--json").json["clients"]

    assert clients[1]["quiet_days"] == quiet


def test_the_due_of_today_is_due(coach: Life) -> None:
    clients = coach("2026-11-03 17:00", "report", "--overview", "--json").json["clients"]

    assert [each["step"] for each in clients[1]["due"]] == ["thank-you"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("-o", "proof.pdf"), "FILE.html"),
        (("-o", "-"), "FILE.html"),
        (("--overview", "--from", "november"), "leave out"),
        (("--from", "2027-01-01"), "in the future"),
        (("--client", "Zoe"), "there are: Evelyn Chikwanda, Mia Berg"),
    ],
    ids=["format", "stdout", "overview", "future", "client"],
)
def test_what_cannot_be_reported_is_explained(
    coach: Life, options: tuple[str, ...], message: str
) -> None:
    assert message in coach.refused(NOW, "report", *options)


def test_json_or_a_file(coach: Life, tmp_path: Path) -> None:
    told = coach(NOW, "report", "--json", "-o", tmp_path / "proof.csv", code=2)

    assert "choose one" in told.stderr
    assert not (tmp_path / "proof.csv").exists()


@pytest.mark.parametrize("name", ["proof.html", "proof.csv"])
def test_a_file_of_others_stays(searching: Life, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("mine")

    assert "--force" in searching(NOW, "report", "-o", path, code=73).stderr
    assert path.read_text() == "mine"
    searching(NOW, "report", "-o", path, "--force")
    again = path.read_bytes()
    searching(NOW, "report", "-o", path)
    assert path.read_bytes() == again != b"mine"


@pytest.mark.parametrize("options", [(), ("--overview",)], ids=["report", "overview"])
def test_nothing_stored_says_how_to_begin(life: Life, options: tuple[str, ...]) -> None:
    assert "begin with" in life(NOW, "report", *options).stderr
