"""The page in Chromium: quiet, local, usable by keyboard, on a phone, on paper and without script.

How it looks, last seen in the pictures of both widths: cards with a coloured left edge for what
is due, in up to three columns at 1280 pixels and one at 390; buttons Copy and Mail side by side;
a timeline with the names left of the lines (above them on a phone), black squares for interviews,
circles for messages, bars with a dark recommended day for windows, diamonds for checkpoints,
triangles for answers and a dashed line for today; months as tables, on a phone as lists of days.
"""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from afterword.page.pictures import day_position
from tests.page.conftest import LOCAL, MOMENT, WEEK, ZONE, Opened, Previewer, axe_source
from tests.running import Run

WIDTHS = (390, 1280)
THANKS = 'h3:has-text("Karoo Analytics: thank-you")'
NO_SCROLLING = "document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_requested_and_nothing_complains(
    previewer: Previewer, width: int, scheme: str
) -> None:
    opened = previewer.look(width=width, color_scheme=scheme)
    opened.unfold()
    for button in opened.page.locator("button:visible").all():
        button.click()

    assert opened.problems == []
    assert [url for url in opened.requests if not url.startswith(LOCAL)] == []
    assert opened.page.evaluate(NO_SCROLLING)


def test_the_sections_are_in_their_order_and_overdue_comes_first(previewer: Previewer) -> None:
    opened = previewer.look()

    assert opened.texts("h2") == [
        "What is due",
        "Next interviews",
        "Timeline",
        "Months",
        "History",
        "Calendars that ring and update",
    ]
    assert opened.texts(".card .badge") == ["overdue", "due", "coming", "coming"]


def test_the_timeline_agrees_with_the_plan(previewer: Previewer, run: Run) -> None:
    opened = previewer.look()
    applications = run("plan", WEEK, "--json", *MOMENT).json["applications"]
    timeline = opened.page.locator(".timeline").first
    first = dt.date.fromisoformat(timeline.get_attribute("data-first") or "")
    last = dt.date.fromisoformat(timeline.get_attribute("data-last") or "")
    days = (last - first).days + 1
    checked = 0
    for row, application in zip(
        opened.page.locator(".timeline li.row").all(), applications, strict=True
    ):
        rail = row.locator(".rail").bounding_box()
        assert rail
        for step in application["steps"]:
            where = f"{step['interview']} {step['step']} {step['episode']}"
            marks = row.locator(f'rect[data-step="{where}"]')
            if step["state"] == "withdrawn" or step["step"] == "move-on":
                assert marks.count() == 0
                continue
            box = marks.bounding_box()
            assert box
            opens, closes = (_position(step[key], first) for key in ("opens", "closes"))
            width = closes - opens if "T" in step["opens"] else closes + 1 - opens
            assert box["x"] - rail["x"] == pytest.approx(opens / days * rail["width"], abs=1)
            assert box["width"] == pytest.approx(width / days * rail["width"], abs=1)
            checked += 1
    assert checked == 11


def _position(when: str, first: dt.date) -> float:
    """Return an instant or a day of the plan's JSON as days since the first one."""
    if "T" not in when:
        return (dt.date.fromisoformat(when) - first).days
    return day_position(dt.datetime.fromisoformat(when), ZoneInfo(ZONE)) - first.toordinal()


def test_the_recommended_day_and_today_are_drawn_where_they_are(previewer: Previewer) -> None:
    opened = previewer.look()
    row = opened.page.locator(".timeline li.row").first
    rail = row.locator(".rail").bounding_box()
    best, today = (row.locator(each).first.bounding_box() for each in (".best", ".today"))
    timeline = opened.page.locator(".timeline").first
    first, last = (
        dt.date.fromisoformat(timeline.get_attribute(f"data-{end}") or "")
        for end in ("first", "last")
    )
    assert rail
    assert best
    assert today
    day = rail["width"] / ((last - first).days + 1)

    # Recommended on 8 December; today is 24 November, 18:00.
    assert (best["x"] - rail["x"]) / day == pytest.approx(
        (dt.date(2026, 12, 8) - first).days, abs=0.1
    )
    assert best["width"] == pytest.approx(day, abs=1)
    now = (dt.date(2026, 11, 24) - first).days + 0.75
    assert (today["x"] + today["width"] / 2 - rail["x"]) / day == pytest.approx(now, abs=0.15)


def test_the_timeline_is_there_as_text(previewer: Previewer) -> None:
    opened = previewer.look()
    opened.unfold()
    name = (
        opened.page.get_by_role("img")
        .nth(2)
        .evaluate("svg => document.getElementById(svg.getAttribute('aria-labelledby')).innerText")
    )

    assert name == opened.texts(".as-text li")[2]
    assert "Fjord Logistics, Data Analyst." in name
    assert "Answer, neutral: Fri 20 Nov 17:40" in name
    assert "recommended" in name


def test_copy_copies_the_draft_and_the_subject(previewer: Previewer) -> None:
    opened = previewer.look()
    page = opened.page
    card = page.locator(".card", has=page.locator(THANKS))

    card.get_by_role("button", name="draft to Pieter Louw").click()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Dear Pieter Louw,\n\n")
    assert "the split between brand and performance budgets" in copied
    assert page.get_by_role("status").inner_text() == "Copied."
    opened.unfold()
    card.get_by_role("button", name="Copy the subject").nth(1).click()
    page.wait_for_function("navigator.clipboard.readText().then(t => !t.includes('Dear'))")
    subject = page.evaluate("navigator.clipboard.readText()")
    assert f"Subject: {subject}" in " ".join(opened.texts(".card .draft p"))


def test_the_filters_show_the_applications_of_a_client_or_a_state(
    previewer: Previewer, tmp_path: Path
) -> None:
    clients = tmp_path / "clients.toml"
    clients.write_text(
        WEEK.read_text("utf-8")
        + '\n[[application]]\nid = "mia"\ncompany = "Delta"\nrole = "Buyer"\n'
        + '[application.applicant]\nname = "Mia Berg"\n'
        + "[[application.interview]]\nstart = 2026-11-24T09:00:00+02:00\nminutes = 30\n",
        "utf-8",
    )
    opened = previewer.look(clients)
    page = opened.page

    page.get_by_label("Client").select_option(label="Mia Berg")
    assert opened.texts("article h3") == ["Mia Berg: Delta, Buyer"]
    assert opened.texts(".card h3") == [
        "Mia Berg: Delta: thank-you",
        "Mia Berg: Delta: first-follow-up",
    ]
    assert len(opened.texts(".timeline li.row")) == 1
    assert page.get_by_text("No interview is planned.").is_visible()
    assert page.get_by_role("status").inner_text() == "1 of 4 applications"

    page.get_by_label("Client").select_option(label="you")
    assert len(opened.texts("article h3")) == 3
    page.get_by_label("State").select_option("answered")
    assert opened.texts("article h3") == ["Fjord Logistics, Data Analyst"]
    page.get_by_label("State").select_option("")
    page.get_by_label("Client").select_option("")
    assert len(opened.texts("article h3")) == 4


def test_the_keyboard_reaches_and_works_everything(previewer: Previewer) -> None:
    opened = previewer.look()
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to what is due"
    skip = page.locator(".skip").bounding_box()
    assert skip
    assert skip["x"] >= 0
    opened.unfold()
    wanted = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll('a[href], button, select, summary')];
          return all.filter(e => e.checkVisibility()).length;
        }"""
    )
    reached = 1
    while page.evaluate(
        """() => {
          const style = getComputedStyle(document.activeElement);
          if (document.activeElement === document.body) return false;
          if (style.outlineStyle === 'none') throw new Error('no focus ring');
          return true;
        }"""
    ):
        page.keyboard.press("Tab")
        reached += 1
        assert reached <= wanted + 1
    assert reached == wanted + 1
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = false })")

    page.locator("article summary").first.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Download .ics").first.is_visible()


def test_a_link_to_a_folded_application_opens_it(previewer: Previewer) -> None:
    page = previewer.look().page

    page.locator(".timeline li.row a").nth(2).click()

    assert page.locator("#app-2 .log").is_visible()
    assert "they answered: neutral" in page.locator("#app-2 .log").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious(previewer: Previewer, width: int, scheme: str) -> None:
    opened = previewer.look(width=width, color_scheme=scheme)
    opened.unfold()
    opened.page.evaluate(axe_source())

    found = opened.page.evaluate("axe.run()")["violations"]

    listed = [
        (each["id"], each["impact"], [node["html"] for node in each["nodes"]][:3]) for each in found
    ]
    assert [each for each in listed if each[1] in {"serious", "critical", "moderate"}] == []


def test_the_structure_is_that_of_a_document(previewer: Previewer) -> None:
    opened = previewer.look()
    page = opened.page

    assert [page.locator(tag).count() for tag in ("header", "main", "footer")] == [1, 1, 1]
    assert page.get_by_role("navigation", name="Sections").is_visible()
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("width", WIDTHS)
def test_it_prints_what_is_folded_and_no_controls(previewer: Previewer, width: int) -> None:
    opened = previewer.look(width=width)
    page = opened.page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    assert "Dear Thandi Nkosi" in page.locator("main").inner_text()
    assert page.locator(".log").first.is_visible()
    assert opened.texts("button, nav, form, .button") == []
    assert page.pdf().startswith(b"%PDF")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_without_its_script_it_can_be_read_and_has_plain_links(previewer: Previewer) -> None:
    opened = previewer.look(java_script_enabled=False)
    page = opened.page

    assert opened.texts("button, form") == []
    mails = page.locator("[data-mail]").all()
    hrefs = [mail.get_attribute("href") for mail in mails]
    assert "mailto:thandi.nkosi@karoo.example" in hrefs
    assert "mailto:" in hrefs  # Aisha Patel, who has no address yet
    page.locator(".card summary").first.click()
    assert "Dear Jonas Albrecht" in page.locator(".card .body").first.inner_text()


def test_it_says_that_it_is_old_a_day_later(previewer: Previewer) -> None:
    opened = previewer.look()
    assert not opened.page.locator("#old").is_visible()

    opened.page.clock.set_fixed_time("2026-11-25T18:00:01+02:00")
    opened.page.reload()

    assert "run afterword preview" in opened.page.locator("#old").inner_text()


def columns(opened: Opened) -> int:
    """Return how many cards are side by side."""
    boxes = [card.bounding_box() for card in opened.page.locator("#due .card").all()]
    tops = [box["y"] for box in boxes if box]
    return tops.count(tops[0])


@pytest.mark.parametrize(("width", "side_by_side"), [(390, 1), (1280, 3)], ids=["phone", "screen"])
def test_the_look_follows_the_width(previewer: Previewer, width: int, side_by_side: int) -> None:
    opened = previewer.look(width=width)
    name, line = (
        opened.page.locator(f".timeline li.row {part}").first.bounding_box()
        for part in ("a", "svg")
    )
    assert name
    assert line

    assert columns(opened) == side_by_side
    assert (line["y"] > name["y"] + name["height"] - 1) == (width == 390)
    small = [
        box
        for each in opened.page.locator("#due .actions button, #due .actions a").all()
        if (box := each.bounding_box()) and box["height"] < 38
    ]
    assert small == []
