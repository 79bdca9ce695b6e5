"""`export --for`: the events that each app needs, and its way of getting changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import icalendar
import pytest

from afterword.formats.calendar_apps import EXPORT_PROFILES, ExportProfile
from tests.cli.life import Life, cancelled

NOW = "2026-11-25 10:00"
PROFILES = list(EXPORT_PROFILES.values())
BY_HAND = [profile for profile in PROFILES if not profile.updates]
UPDATED = [profile for profile in PROFILES if profile.updates]


def app_of(profile: ExportProfile) -> str:
    return profile.app.value


@pytest.fixture
def held(life: Life) -> Life:
    life.held()
    return life


def day_of(text: str) -> dt.datetime:
    return dt.datetime.strptime(f"{text} 2026 +0000", "%d %b %Y %z")


def written(path: Path) -> dict[str, Any]:
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    return {str(event["SUMMARY"]): event for event in calendar.events}


def test_without_an_app_the_file_is_neutral(held: Life) -> None:
    events = held.export(NOW)

    assert sum(not isinstance(event.start, dt.datetime) for event in events.values()) == 2
    assert not [event for event in events.values() if "--for" in event["DESCRIPTION"]]


@pytest.mark.parametrize("profile", PROFILES, ids=app_of)
def test_windows_and_alarms_as_the_app_needs_them(held: Life, profile: ExportProfile) -> None:
    neutral = held.export(NOW)
    events = held.export(NOW, "--for", app_of(profile), "-o", str(held.calendar))

    all_day = [event for event in events.values() if not isinstance(event.start, dt.datetime)]
    alarms = [len(event.walk("VALARM")) for event in events.values()]
    assert len(all_day) == (2 if profile.windows else 0)
    assert max(alarms) == (1 if profile.alarms else 0)
    assert set(events) <= set(neutral)


@pytest.mark.parametrize("profile", PROFILES, ids=app_of)
def test_each_app_has_a_file_and_its_own_words(
    held: Life, profile: ExportProfile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    told = held(NOW, "export", "--for", app_of(profile))

    assert profile.note.split(":", maxsplit=1)[0] in " ".join(told.stderr.split())
    events = written(tmp_path / f"job-search-{profile.app}.ics")
    for event in events.values():
        last = str(event["DESCRIPTION"]).split("\n\n")[-1]
        assert "afterword sent karoo" in last or "afterword close karoo" in last
        assert f"afterword export --for {profile.app}" in last
        assert ("delete this event" in last) == (not profile.updates)
        assert "sync" not in event["DESCRIPTION"]


@pytest.mark.parametrize("profile", UPDATED, ids=app_of)
def test_where_import_updates_withdrawn_events_are_cancelled(
    held: Life, profile: ExportProfile
) -> None:
    options = ("--for", app_of(profile))
    before = held.export(NOW, *options)
    held(NOW, "skip", "karoo", "first-follow-up")

    after = held.export(NOW, *options)

    assert set(after) == set(before)
    assert {str(event["SUMMARY"]) for event in cancelled(after)} == {
        "Cancelled: Follow-up window: Karoo",
        "Cancelled: Follow up with Karoo (Thandi Nkosi)",
    }


@pytest.mark.parametrize("profile", BY_HAND, ids=app_of)
def test_elsewhere_only_news_are_written_and_old_events_listed_by_date(
    held: Life, profile: ExportProfile
) -> None:
    held(NOW, "add", "Fjord", "Analyst", "--at", "2026-11-20 10:00")
    held(NOW, "add", "Azulejo", "Engineer", "--at", "2026-11-23 10:00")
    options = ("--for", app_of(profile), "-o", str(held.calendar))
    held(NOW, "export", *options)
    for name in ("azulejo", "fjord", "karoo"):
        held(NOW, "skip", name, "first-follow-up")

    told = held(NOW, "export", *options).stderr
    nothing = held(NOW, "export", *options).stderr

    lines = told.partition("delete these by hand")[2].splitlines()[1:]
    listed = [line.strip() for line in lines if line.startswith("  ")]
    days = [" ".join(line.split()[1:3]) for line in listed]
    assert len(listed) >= 3
    assert days == sorted(
        days, key=lambda day: dt.datetime.strptime(f"{day} 2026 +0000", "%d %b %Y %z")
    )
    assert "Cancelled" not in told
    events = held.events()
    assert not cancelled(events)
    assert "nothing has changed" in nothing
    assert held.events() == events


def test_only_withdrawn_events_are_listed_and_nothing_is_written(held: Life) -> None:
    options = ("--for", "outlook", "-o", str(held.calendar))
    held(NOW, "export", *options)
    before = held.calendar.read_bytes()
    held("2026-11-25 11:00", "close", "karoo")

    told = held("2026-11-25 11:00", "export", *options).stderr

    assert held.calendar.read_bytes() == before
    assert "wrote" not in told
    assert told.count("\n  ") >= 3


def test_a_file_of_facts_gets_a_file_beside_it(life: Life, tmp_path: Path) -> None:
    facts = tmp_path / "karoo.toml"
    facts.write_text(
        'company = "Karoo"\nrole = "Designer"\n[[interview]]\nstart = 2026-11-24T14:00:00Z\n'
    )

    life(NOW, "export", facts, "--for", "google")

    assert len(written(tmp_path / "karoo-google.ics")) == 5


def test_each_client_has_a_file_for_the_app(held: Life, tmp_path: Path) -> None:
    held.write_into("karoo", '[applicant]\nname = "Mia Berg"\n')
    folder = tmp_path / "clients"

    held(NOW, "export", "--per-applicant", folder, "--for", "google")
    held(NOW, "export", "--per-applicant", folder)

    assert sorted(path.name for path in folder.glob("mia-berg-*/*")) == [
        "job-search-google.ics",
        "job-search.ics",
    ]


def test_stdout_takes_an_app_too(held: Life) -> None:
    data = held(NOW, "export", "--for", "google", "-o", "-").stdout

    assert b"VALARM" not in data
    assert b"VALUE=DATE" not in data


def test_an_unknown_app_is_refused_with_the_names(held: Life) -> None:
    assert "apple, google, outlook, nextcloud, thunderbird" in held.refused(
        NOW, "export", "--for", "lotus"
    )
