"""`links` prints addresses that fill in an event, complete or shortened at a sentence."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.life import NOW, Life

TALK = " ".join(f"point number {n} about the work of the team" for n in range(8))
HOSTS = {
    "google": "calendar.google.com",
    "outlook": "outlook.live.com",
    "office365": "outlook.office.com",
}


@pytest.fixture
def events(life: Life) -> list[dict[str, Any]]:
    life.held()
    found: list[dict[str, Any]] = life(NOW, "links", "karoo", "--json").json["events"]
    return found


def query(url: str) -> dict[str, str]:
    """Return the parameters of a link, each of which is there once."""
    parameters = parse_qs(urlsplit(url).query, strict_parsing=True)
    assert all(len(values) == 1 for values in parameters.values())
    return {name: values[0] for name, values in parameters.items()}


def test_each_event_to_come_has_a_link_for_each_calendar(events: list[dict[str, Any]]) -> None:
    assert events[0]["step"] == "first-follow-up"
    assert events[-1]["step"] == "move-on"
    for event in events:
        hosts = {target: urlsplit(url).hostname for target, url in event["links"].items()}
        assert hosts == HOSTS
        assert all(urlsplit(url).scheme == "https" for url in event["links"].values())
        assert all(url.isascii() for url in event["links"].values())
        assert all("+" not in url for url in event["links"].values())


def test_google_gets_title_times_in_utc_and_the_draft(
    life: Life, events: list[dict[str, Any]]
) -> None:
    follow_up = next(e for e in events if e["title"].startswith("Follow up"))
    parameters = query(follow_up["links"]["google"])
    draft = life(NOW, "draft", "karoo", follow_up["step"]).text

    assert parameters["action"] == "TEMPLATE"
    assert parameters["text"] == follow_up["title"]
    start, end = parameters["dates"].split("/")
    assert re.fullmatch(r"\d{8}T\d{6}Z", start)
    assert start == follow_up["start"].replace("-", "").replace(":", "")
    assert start < end
    assert "Dear Thandi Nkosi" in parameters["details"]
    assert "Dear Thandi Nkosi" in draft


def test_an_all_day_window_is_all_day_everywhere(events: list[dict[str, Any]]) -> None:
    window = next(event for event in events if "T" not in event["start"])

    assert re.fullmatch(r"\d{8}/\d{8}", query(window["links"]["google"])["dates"])
    for target in ("outlook", "office365"):
        parameters = query(window["links"][target])
        assert parameters["allday"] == "true"
        assert parameters["startdt"] == window["start"]
        assert parameters["enddt"] == window["end"]


def test_outlook_reads_html_so_line_ends_and_angle_brackets_are_written_in_it(life: Life) -> None:
    life.held("--discussed", "why <b>bold</b> & brave matters")
    events = life(NOW, "links", "karoo", "--json").json["events"]
    body = query(events[0]["links"]["outlook"])["body"]

    assert "\n" not in body
    assert "<br><br>Dear Thandi Nkosi,<br><br>" in body
    assert "<b>" not in body
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; brave" in body


@pytest.mark.parametrize("target", ["google", "outlook", "office365"])
def test_a_long_draft_is_shortened_at_a_sentence_and_says_where_the_rest_is(
    life: Life, target: str
) -> None:
    life.held("--discussed", TALK)
    life.write_into("karoo", '\n[[log]]\nat = 2026-11-25\nsent = "thank-you"\n')
    limit = 2000 if target == "google" else 8000
    for event in life(NOW, "links", "karoo", "--json").json["events"]:
        url = event["links"][target]
        text = query(url)["details" if target == "google" else "body"]
        assert len(url) <= limit
        if "(Shortened." in text:
            kept, _, rest = text.rpartition("\n\n")
            assert rest == f"(Shortened. The rest: afterword draft {life_id(life)} {event['step']})"
            assert kept[-1] in ".?!:,"


def life_id(life: Life) -> str:
    (path,) = life.data.glob("*karoo*.toml")
    return path.stem


def test_only_a_step_or_a_calendar(life: Life) -> None:
    life.held()

    text = life(NOW, "links", "karoo", "move-on", "--calendar", "google").text

    assert text.count("https://") == 1
    assert "Google Calendar: https://calendar.google.com/" in text
    assert "Move on from Karoo?" in text


def test_it_says_that_a_link_neither_rings_by_itself_nor_updates(life: Life) -> None:
    life.held()

    assert "It does not update" in life(NOW, "links", "karoo").stderr


def test_nothing_to_come_is_said(life: Life) -> None:
    life.held()
    life(NOW, "close", "karoo")

    result = life(NOW, "links", "karoo")

    assert result.text == ""
    assert "no event is still to come" in result.stderr
    assert life(NOW, "links", "karoo", "--json").json["events"] == []


def test_a_terminal_shows_the_next_event_and_counts_the_others(
    life: Life, events: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = life(NOW, "links", "karoo", tty=True)
    piped = life(NOW, "links", "karoo")

    assert shown.text.count("https://") == len(HOSTS)
    assert piped.text.startswith(shown.text.rstrip())
    assert piped.text.count("https://") == len(HOSTS) * len(events)
    assert f"{len(events) - 1} more events to come" in " ".join(shown.stderr.split())
    assert "more event" not in piped.stderr


@pytest.mark.parametrize(
    "named", [("second-follow-up",), ("--calendar", "google")], ids=["step", "calendar"]
)
def test_a_terminal_shows_the_links_that_are_named(
    life: Life, named: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    life.held()

    shown = life(NOW, "links", "karoo", *named, tty=True)

    assert shown.text == life(NOW, "links", "karoo", *named).text
    assert shown.text.count("https://") > 1
