"""Names and drafts of strangers stay text: in HTML, SVG, attributes, links and script data."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.page.conftest import Opened, Previewer

HOSTILE = (
    '<img src=x onerror="alert(1)">',
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "\"' onmouseover='alert(1)' x=\"",
    "javascript:alert(1)",
    "&lt;b&gt; &#39; &amp;#39;",
    "{{ 7 * 7 }}{% raw %}",
    "${alert(1)}`",
    "]]><svg onload=alert(1)>",
    "a\u2028b\u2029c",
    "?subject=x&bcc=evil@x.example#frag%0A",
    "__proto__",
    "</title></style></textarea><iframe src=https://evil.example>",
)


def application(number: int, text: str) -> str:
    """Return an application in which a stranger's text is wherever text may be."""
    quoted = json.dumps(text)
    return f"""
[[application]]
id = "app-{number}"
company = {quoted}
role = {quoted}
short = {quoted}
[application.applicant]
name = {quoted}
[application.contact]
name = {quoted}
email = "a@x.example"
[[application.interview]]
id = "r1"
start = 2026-11-23T09:00:00+02:00
minutes = 30
round = {quoted}
location = {quoted}
[[application.interview.interviewer]]
name = {quoted}
email = "a@x.example"
discussed = [{quoted}]
[[application.interview]]
id = "r2"
start = 2026-11-28T09:00:00+02:00
minutes = 30
round = {quoted}
location = {quoted}
[[application.log]]
at = 2026-11-24T09:00:00+02:00
note = {quoted}
"""


@pytest.fixture
def strangers(tmp_path: Path) -> Path:
    path = tmp_path / "strangers.toml"
    path.write_text("".join(map(application, range(len(HOSTILE)), HOSTILE)), "utf-8")
    return path


def scripts_and_handlers(opened: Opened) -> list[str]:
    """Return what could run: more elements than our own, or attributes with code."""
    found: list[str] = opened.page.evaluate(
        """() => [...document.querySelectorAll('*')].flatMap(element => [
          ...(['IFRAME', 'IMG', 'OBJECT', 'EMBED', 'BASE'].includes(element.tagName)
            ? [element.tagName] : []),
          ...[...element.attributes].filter(a =>
            a.name.startsWith('on') || a.name === 'style' ||
            (['href', 'src', 'action'].includes(a.name) &&
             !/^(#|mailto:|tel:|https?:|data:,$)/.test(a.value))).map(a => a.name + a.value),
        ])"""
    )
    return found


def test_a_stranger_s_text_is_shown_and_never_run(previewer: Previewer, strangers: Path) -> None:
    opened = previewer.look(strangers, width=390)
    opened.unfold()
    for link in opened.page.locator("[data-mail], [data-calendar]").all():
        link.evaluate(
            "link => { link.addEventListener('click', e => e.preventDefault()); link.click(); }"
        )
    for button in opened.page.locator("article button").all():
        button.click()

    assert opened.problems == []
    assert [url for url in opened.requests if not url.startswith(("file:", "blob:", "data:"))] == []
    assert scripts_and_handlers(opened) == []
    assert opened.page.locator("script").count() == 2
    headings = opened.page.locator("article h3").all_text_contents()
    for heading, text in zip(headings, HOSTILE, strict=True):
        plain = re.sub(r"[\u2028\u2029]", "\n", text)
        shown = " ".join(plain.split())
        assert " ".join(heading.split()) == f"{shown}: {shown}, {shown}"
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_mail_goes_to_the_recipient_alone(previewer: Previewer, strangers: Path) -> None:
    opened = previewer.look(strangers)
    for link in opened.page.locator("[data-mail]").all():
        address = link.evaluate(
            """link => {
              link.addEventListener('click', e => e.preventDefault());
              link.click();
              return link.href;
            }"""
        )
        assert address.startswith(("mailto:a@x.example?subject=", "mailto:?subject="))
        assert "bcc=" not in address
        assert "#" not in address


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://meet.example/x?a=1&b=2", "https://meet.example/x?a=1&b=2"),
        ("tel:+27115550100", "tel:+27115550100"),
    ],
    ids=["web", "phone"],
)
def test_a_meeting_link_is_a_link(
    previewer: Previewer, tmp_path: Path, link: str, shown: str
) -> None:
    path = tmp_path / "meeting.toml"
    path.write_text(
        'company = "Karoo"\nrole = "Designer"\n[[interview]]\n'
        f'start = 2026-11-27T10:00:00+02:00\nminutes = 30\nlink = "{link}"\n'
    )
    opened = previewer.look(path)

    assert opened.page.locator("#interviews a").get_attribute("href") == shown
