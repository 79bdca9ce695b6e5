"""`preview` writes a page that is the user's: never over another file, and never half."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import click
import icalendar
import pytest

from tests.cli.life import NOW, Life
from tests.running import Run

ROOT = Path(__file__).parents[2]
WEEK = ROOT / "samples" / "week.toml"
FIXED = ("--now", "2026-11-24T18:00:00+02:00", "--zone", "Africa/Johannesburg")
CLIENT = """
id = "mia-delta"
company = "Delta"
role = "Buyer"
[applicant]
name = "Mia Berg"
[[interview]]
start = 2026-11-24T09:00:00+02:00
minutes = 30
"""


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.fixture
def page(run: Run, tmp_path: Path) -> str:
    path = tmp_path / "week.html"
    result = run("preview", WEEK, "-o", path, *FIXED)
    assert (result.code, result.stdout) == (0, b"")
    assert result.stderr == f"wrote 3 applications to {path}\n"
    return path.read_text("utf-8")


def test_the_policy_allows_this_script_and_this_style_alone(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in html.unescape(policy[1])
    assert html.unescape(policy[1]).startswith("default-src 'none';")
    assert "unsafe" not in policy[1]


def test_nothing_in_it_is_loaded_or_runs_in_an_attribute(page: str) -> None:
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)

    assert re.findall(r"<[^>]*\s(?:on\w+|style|srcset|action|poster)=", markup) == []
    assert re.findall(r'\ssrc="[^"]*"', markup) == []
    assert re.findall(r'<link [^>]*href="([^"]*)"', markup) == ["data:,"]


def test_the_same_plan_gives_the_same_page(run: Run, page: str) -> None:
    assert run("preview", WEEK, "-o", "-", *FIXED).text == page


def test_the_page_holds_each_date_with_its_reason(run: Run, page: str) -> None:
    for application in run("plan", WEEK, "--json", *FIXED).json["applications"]:
        for step in application["steps"]:
            assert html.escape(step["reason"], quote=False) in page


def test_another_page_replaces_it_but_no_other_file_is_touched(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    assert run("preview", WEEK, "-o", path, *FIXED).code == 0
    assert run("preview", WEEK, "-o", path, *FIXED).code == 0
    path.write_text("<!doctype html><p>my own page, made with afterword</p>")

    refused = run("preview", WEEK, "-o", path, *FIXED)

    assert refused.code == 73
    assert str(path) in refused.stderr
    assert "my own page" in path.read_text()
    assert run("preview", WEEK, "-o", path, "--force", *FIXED).code == 0
    assert "Karoo" in path.read_text("utf-8")
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("-o", "missing/page.html"), 73, "its directory does not exist"),
        (("-o", "."), 73, "directory"),
        (("-o", "-", "--open"), 2, "--open needs a file"),
        (("--client", "Nobody"), 2, "no client has 'Nobody'"),
        (("-", "-"), 2, "name the output"),
    ],
    ids=["no-directory", "a-directory", "open-stdout", "no-client", "no-name"],
)
def test_it_says_what_is_wrong(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    result = run("preview", *([] if "-" in args[:1] else [WEEK]), *args, *FIXED)

    assert result.code == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_the_page_is_beside_its_file_or_here(
    life: Life, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "mine.toml"
    copy.write_bytes(WEEK.read_bytes())
    assert run("preview", copy, *FIXED).code == 0
    assert (tmp_path / "mine.html").is_file()

    monkeypatch.chdir(tmp_path)
    life.held()
    assert "job-search.html" in life(NOW, "preview").stderr
    assert "Karoo" in (tmp_path / "job-search.html").read_text("utf-8")


def test_nothing_stored_is_no_page(life: Life, tmp_path: Path) -> None:
    result = life(NOW, "preview", "-o", tmp_path / "page.html")

    assert "nothing is stored yet" in result.stderr
    assert not (tmp_path / "page.html").exists()


def test_a_damaged_file_is_reported_and_the_others_are_on_the_page(
    life: Life, tmp_path: Path
) -> None:
    life.held()
    (life.data / "broken.toml").write_text("company = ")

    result = life(NOW, "preview", "-o", tmp_path / "page.html", code=3)

    assert "broken.toml" in result.stderr
    assert "Karoo" in (tmp_path / "page.html").read_text("utf-8")


def test_the_page_of_a_client_has_nobody_else(life: Life) -> None:
    life.held()
    (life.data / "mia-delta.toml").write_text(CLIENT)

    page = life(NOW, "preview", "--client", "mia", "-o", "-").text

    assert [each["client"] for each in data_of(page)["applications"]] == ["Mia Berg"]
    assert "Karoo" not in page


@pytest.mark.parametrize("works", [True, False], ids=["browser", "no-browser"])
def test_open_starts_the_browser_or_says_that_it_cannot(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: bool
) -> None:
    path = tmp_path / "page.html"
    opened: list[str] = []

    def launch(url: str) -> int:
        opened.append(url)
        return 0 if works else 1

    monkeypatch.setattr(click, "launch", launch)
    result = run("preview", WEEK, "-o", path, "--open", *FIXED)

    assert opened == [str(path)]
    assert path.is_file()
    assert result.code == (0 if works else 3)
    assert ("no browser could be started" in result.stderr) == (not works)


def test_private_events_stay_neutral_on_the_page(life: Life) -> None:
    life.held()
    (life.data / "settings.toml").write_text("private = true\n")

    (application,) = data_of(life(NOW, "preview", "-o", "-").text)["applications"]

    assert application["events"]
    assert not any("Karoo" in event[1] for event in application["events"])
    assert "Dear" not in json.dumps(application["texts"])


def test_its_events_are_numbered_as_those_of_the_last_export(life: Life) -> None:
    life.held()
    life(NOW, "export", "-o", life.calendar)
    life(NOW, "sent", "karoo", "thank-you", "--on", "2026-11-24 18:00")
    life(NOW, "export", "-o", life.calendar)
    exported = {
        str(event["UID"]): (event.sequence, f"{event.LAST_MODIFIED:%Y%m%dT%H%M%SZ}")
        for event in icalendar.Calendar.from_ical(life.calendar.read_bytes()).events
        if event.get("STATUS") != "CANCELLED"
    }

    (application,) = data_of(life("2026-12-02 10:00", "preview", "-o", "-").text)["applications"]

    shown = {event[0]: (event[7], re.sub("[-:]", "", event[8])) for event in application["events"]}
    assert max(sequence for sequence, _ in exported.values()) == 1
    assert shown == exported


def test_a_silence_is_compared_with_earlier_answers(life: Life) -> None:
    for number, days in enumerate((3, 5, 9)):
        name = f"Past{number}"
        life(NOW, "add", name, "Designer", "--at", "2026-11-02 10:00")
        on = f"2026-11-{2 + days:02} 12:00"
        life(NOW, "heard", name, "rejected", "--on", on)
    life.held()
    page = life(NOW, "preview", "-o", "-").text
    shown = life(NOW, "show", "karoo").text

    (silence,) = re.findall(r'<p class="silence">(.*?)</p>', page)
    assert "Your 3 earlier answers" in silence
    assert " ".join(silence.split()) in " ".join(shown.split())
    life(NOW, "undo", "past0")
    assert 'class="silence"' not in life(NOW, "preview", "-o", "-").text


def many(count: int) -> str:
    """Return applications with panels of two, each with all of its steps still to do."""
    return "\n".join(
        f"""
[[application]]
id = "company-{n}-designer"
company = "Company {n} International GmbH"
role = "Senior Product Designer"
zone = "Europe/Berlin"
[[application.interview]]
start = 2026-11-{1 + n % 28:02}T{9 + n % 8:02}:00:00
minutes = 60
[[application.interview.interviewer]]
name = "Anna Example {n}"
email = "anna.{n}@company-{n}.example"
discussed = ["the move from print to podcasts", "how the team measures a campaign"]
fit = ["I ran a podcast launch of this size last year"]
[[application.interview.interviewer]]
name = "Ben Sample {n}"
email = "ben.{n}@company-{n}.example"
discussed = ["the split between brand and performance budgets"]
"""
        for n in range(count)
    )


def test_two_hundred_applications_stay_below_five_megabytes(run: Run, tmp_path: Path) -> None:
    """So 2,000 stay below 40: a page grows by its applications alone (38 MB, measured)."""
    path = tmp_path / "many.toml"
    sizes = {}
    for count in (100, 200):
        path.write_text(many(count), "utf-8")
        sizes[count] = len(run("preview", path, "-o", "-", *FIXED).stdout)
    each = (sizes[200] - sizes[100]) / 100

    assert sizes[200] < 5_000_000
    assert sizes[200] + 1800 * each < 40_000_000
