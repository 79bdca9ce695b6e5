"""`export --feed`: a calendar for each person, at an address that stays and says nothing."""

from __future__ import annotations

import re
import stat
import sys
from pathlib import Path

import icalendar
import pytest

from tests.cli.life import Life

NOW = "2026-11-25 10:00"


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    return tmp_path / "www"


def names(feeds: Path) -> list[str]:
    return sorted(path.name for path in feeds.iterdir())


def titles(path: Path) -> list[str]:
    return [str(e["SUMMARY"]) for e in icalendar.Calendar.from_ical(path.read_bytes()).events]


def coach(life: Life) -> None:
    path = life.data.parent / "clients.csv"
    path.write_text(
        "company,role,date,time,zone,applicant\n"
        "Karoo,Manager,2026-11-24,14:00,Africa/Johannesburg,Mia Berg\n"
        "Fjord,Analyst,2026-11-24,11:00,Africa/Johannesburg,Evelyn Chikwanda\n"
    )
    life("2026-11-20 10:00", "import", path)


def test_the_properties_of_a_subscription(life: Life, feeds: Path) -> None:
    life.held()
    life(NOW, "export", "--feed", feeds)

    (name,) = names(feeds)
    assert re.fullmatch(r"[0-9a-f]{32}\.ics", name)
    head = (feeds / name).read_bytes().partition(b"BEGIN:VEVENT")[0].split(b"\r\n")
    assert head == [
        b"BEGIN:VCALENDAR",
        b"VERSION:2.0",
        b"PRODID:-//afterword//afterword//EN",
        b"CALSCALE:GREGORIAN",
        b"NAME:Job search",
        b"X-WR-CALNAME:Job search",
        b"REFRESH-INTERVAL;VALUE=DURATION:PT60M",
        b"X-PUBLISHED-TTL:PT60M",
        b"COLOR:teal",
        b"X-APPLE-CALENDAR-COLOR:#008080",
        b"",
    ]


def test_the_address_stays_without_the_state_and_elsewhere(
    life: Life, feeds: Path, home: Path
) -> None:
    life.held()
    life(NOW, "export", "--feed", feeds)
    before = names(feeds)
    for database in home.rglob("state.sqlite*"):
        database.unlink()
    life(NOW, "sent", "karoo")
    life(NOW, "export", "--feed", feeds)
    life(NOW, "export", "--feed", feeds.parent / "other")

    assert names(feeds) == before == names(feeds.parent / "other")


def test_two_people_have_different_addresses(life: Life, feeds: Path, tmp_path: Path) -> None:
    life.held()
    other = Life(life.run, tmp_path / "other", tmp_path / "other.ics")
    other.held()
    life(NOW, "export", "--feed", feeds)
    other(NOW, "export", "--feed", feeds)

    assert len(names(feeds)) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes of this kind")
def test_the_secret_is_private_and_the_feed_is_not(life: Life, feeds: Path) -> None:
    life.held()
    life(NOW, "export", "--feed", feeds)

    secret = life.data / ".feed-secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    (name,) = names(feeds)
    assert stat.S_IMODE((feeds / name).stat().st_mode) & 0o400
    assert secret.read_text() not in name


def test_each_client_has_a_feed_with_name_and_colour(life: Life, feeds: Path) -> None:
    coach(life)
    life.held()
    told = life(NOW, "export", "--feed", feeds).stderr

    heads = [(feeds / name).read_text("utf-8").split("BEGIN:VEVENT")[0] for name in names(feeds)]
    assert sorted(re.findall(r"\nNAME:(.*)\r?\n", "".join(heads))) == [
        "Job search",
        "Job search: Evelyn Chikwanda",
        "Job search: Mia Berg",
    ]
    assert all("\nCOLOR:" in head for head in heads)
    assert "Mia Berg: wrote" in told
    assert not [name for name in names(feeds) if "mia" in name or "evelyn" in name]


def test_it_says_which_apps_ring(life: Life, feeds: Path) -> None:
    life.held()

    told = life(NOW, "export", "--feed", feeds).stderr

    assert "  Outlook: no\n" in told
    assert "  Android: ICSx5: yes, unless switched off there\n" in told


def test_only_what_can_subscribe_is_listed(life: Life, feeds: Path) -> None:
    life.held()

    listed = life(NOW, "export", "--feed", feeds).stderr.partition("Do alarms ring there?\n")[2]
    assert "Google Calendar, on the web: no\n" in listed
    assert "link" not in listed


def test_a_private_feed_says_nothing(life: Life, feeds: Path) -> None:
    coach(life)
    (life.data / "settings.toml").write_text("private = true\n")
    life(NOW, "export", "--feed", feeds)

    for name in names(feeds):
        data = (feeds / name).read_bytes()
        assert b"\r\nNAME:Reminders\r\n" in data
        assert not re.search(rb"(?i)mia|evelyn|job|karoo|fjord", data)


def test_the_same_again_and_withdrawn_events_are_cancelled(life: Life, feeds: Path) -> None:
    coach(life)
    life(NOW, "export", "--feed", feeds)
    before = {name: (feeds / name).read_bytes() for name in names(feeds)}
    life(NOW, "export", "--feed", feeds)
    assert {name: (feeds / name).read_bytes() for name in names(feeds)} == before

    life(NOW, "forget", "mia", "--yes")
    life(NOW, "export", "--feed", feeds)

    (changed,) = [name for name in names(feeds) if (feeds / name).read_bytes() != before[name]]
    assert all(title.startswith("Cancelled: ") for title in titles(feeds / changed))
    assert "VALARM" not in (feeds / changed).read_text("utf-8")


def test_a_feed_in_a_folder_below_is_not_one_of_this_folder(life: Life, feeds: Path) -> None:
    coach(life)
    life(NOW, "export", "--feed", feeds / "below")
    life(NOW, "forget", "mia", "--yes")
    told = life(NOW, "export", "--feed", feeds).stderr

    assert "nothing to write" not in told
    assert len(names(feeds)) == len(["Evelyn's feed", "below"])


def test_a_file_of_others_stays(life: Life, feeds: Path) -> None:
    life.held()
    life(NOW, "export", "--feed", feeds)
    (name,) = names(feeds)
    (feeds / name).write_text("BEGIN:VCALENDAR\r\nPRODID:-//Other//EN\r\nEND:VCALENDAR\r\n")
    before = (feeds / name).read_bytes()

    assert "--force" in life(NOW, "export", "--feed", feeds, code=73).stderr
    assert (feeds / name).read_bytes() == before


def test_a_damaged_secret_is_explained(life: Life, feeds: Path) -> None:
    life.held()
    (life.data / ".feed-secret").write_text("x")

    told = life(NOW, "export", "--feed", feeds, code=65).stderr

    assert "is damaged" in told
    assert "subscribe again" in told
    assert not feeds.exists()


@pytest.mark.parametrize(
    "options",
    [("-o", "x.ics"), ("--changes",), ("--for", "apple"), ("--per-applicant", "x")],
    ids=" ".join,
)
def test_other_outputs_are_not_mixed_with_a_feed(
    life: Life, feeds: Path, options: tuple[str, ...]
) -> None:
    life.held()

    assert "leave out" in life.refused(NOW, "export", "--feed", feeds, *options)


def test_nothing_stored_says_how_to_begin(life: Life, feeds: Path) -> None:
    assert "begin with" in life(NOW, "export", "--feed", feeds).stderr
    assert not feeds.exists() or names(feeds) == []
