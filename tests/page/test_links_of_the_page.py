"""The links and files that the page's script builds are those of the commands, byte for byte."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest

from afterword.page.calendar_links import LinkTarget
from tests.page.conftest import MOMENT, WEEK, Previewer
from tests.running import Run

LONG = " ".join(f"sentence number {n} about the work, with ünïcödé & <tags>." for n in range(60))
JAPANESE = "印刷からポッドキャストへの移行について。" * 12
TALKATIVE = f"""
[[application]]
id = "talkative"
company = "Ünïcödé; <b>Söhne</b>, \\\\ & Cie"
role = "日本語 Designer (m/w/d)"
short = "Ünï 'quoted' \\"twice\\""
[application.contact]
name = "Zoë O'Hara"
email = "zoë.o'hara+jobs@example.com"
[[application.interview]]
id = "r1"
start = 2026-11-23T09:00:00+02:00
minutes = 30
[[application.interview.interviewer]]
name = "Zoë O'Hara"
email = "zoë.o'hara+jobs@example.com"
discussed = ["{LONG[:400]}", "{JAPANESE}"]
[[application.interview.interviewer]]
name = "=cmd|' /C calc'!A0"
phone = "+49 30 1234567"
"""


@pytest.fixture
def applications(tmp_path: Path) -> Path:
    """Return a file of ordinary applications, and one whose texts are long and foreign."""
    path = tmp_path / "applications.toml"
    path.write_text(WEEK.read_text("utf-8") + TALKATIVE, "utf-8")
    return path


def href_after_a_click(link: Any) -> str:
    """Return the address to which a click on a link leads, without going there."""
    address: str = link.evaluate(
        """link => {
          link.addEventListener('click', event => event.preventDefault());
          link.click();
          return link.getAttribute('href');
        }"""
    )
    return address


def test_calendar_links_are_those_of_the_command(
    previewer: Previewer, run: Run, applications: Path, tmp_path: Path
) -> None:
    data = ("--data", tmp_path / "data")
    assert run("import", applications, *data, *MOMENT).code == 0
    opened = previewer.look(*data)
    by_id = {
        each["id"]: number
        for number, each in enumerate(
            opened.page.evaluate("JSON.parse(document.getElementById('data').textContent)")[
                "applications"
            ]
        )
    }
    compared = 0
    for name, number in by_id.items():
        events = run("links", name, "--json", *data, *MOMENT).json["events"]
        expected = [[e["links"][target.value] for target in LinkTarget] for e in events]
        links = opened.page.locator(f'[data-app="{number}"] [data-calendar]').all()
        built = [href_after_a_click(link) for link in links]
        assert sorted(built) == sorted(itertools.chain(*expected))
        compared += len(built)
    assert compared > 50
    assert opened.problems == []


def test_a_mail_link_is_that_of_the_event(
    previewer: Previewer, run: Run, applications: Path
) -> None:
    opened = previewer.look(applications)
    calendar = icalendar.Calendar.from_ical(run("export", applications, "-o", "-", *MOMENT).stdout)
    urls = {str(event["URL"]) for event in calendar.events if "URL" in event}
    links = opened.page.locator("[data-mail]").all()
    built = [href_after_a_click(link) for link in links]

    assert len(built) > 10
    whole = [link for link in built if "Shortened" not in link]
    assert urls & set(whole)
    for link in built:
        assert len(link) <= 2000
        assert link.startswith("mailto:")
        assert set(parse_qs(urlsplit(link).query)) <= {"subject", "body"}
    cut = [link for link in built if "Shortened" in link]
    assert cut
    assert all("afterword%20draft%20talkative" in link for link in cut)


def test_a_download_is_the_export_of_the_application(
    previewer: Previewer, run: Run, applications: Path, tmp_path: Path
) -> None:
    opened = previewer.look(applications)
    opened.unfold()
    texts = applications.read_text("utf-8").split("\n[[application]]")[1:]
    buttons = opened.page.get_by_role("button", name="Download .ics").all()
    assert len(buttons) == len(texts) == 4
    for number, (button, text) in enumerate(zip(buttons, texts, strict=True)):
        with opened.page.expect_download() as started:
            button.click()
        single = tmp_path / f"{number}.toml"
        single.write_text("[[application]]" + text, "utf-8")
        expected = run("export", single, "-o", "-", *MOMENT).stdout

        assert Path(started.value.path()).read_bytes() == expected
        assert started.value.suggested_filename.endswith(".ics")
