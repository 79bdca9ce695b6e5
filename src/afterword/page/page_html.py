"""Render the page: a template, a style and a script in a single HTML file.

The Content-Security-Policy allows this script and this style by their hashes, and nothing else:
no other script, no attribute with code or style, no request.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from afterword.domain import datemath
from afterword.domain.agenda import Urgency
from afterword.domain.model import Interview, InterviewStatus
from afterword.formats.calendar_apps import CALENDAR_APPS
from afterword.messages.i18n import Language
from afterword.messages.links import profile_link, tel_link
from afterword.page import pictures
from afterword.page.page_data import page_data, script_json
from afterword.page.page_model import PageApplication, PageContent, PageStep
from afterword.page.pictures import DayScale, PictureMark

if TYPE_CHECKING:
    from jinja2 import Template

GENERATOR = b'<meta name="generator" content="afterword">'
"""The tag that marks a page as written by afterword."""
_NAMED_IN_HEAD = 512
TimelineRow = tuple[PageApplication, tuple[PictureMark, ...]]
_POLICY = (
    "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)


@attrs.frozen(kw_only=True, eq=False)
class TimelineGroup:
    """Applications that are drawn on the same scale."""

    title: str
    scale: DayScale
    today: float
    rows: tuple[TimelineRow, ...]

    @property
    def first(self) -> dt.date:
        """Return the first day of the scale."""
        return dt.date.fromordinal(self.scale.first)

    @property
    def last(self) -> dt.date:
        """Return the last day of the scale."""
        return dt.date.fromordinal(self.scale.last)


def is_our_page(head: bytes) -> bool:
    """True if afterword wrote the file that begins with `head`."""
    return GENERATOR in head[:_NAMED_IN_HEAD]


def render_page(content: PageContent, reader: Language) -> str:
    """Return the page as HTML."""
    style, script = _asset("page.css"), _asset("page.js")
    page = _template().render(
        policy=_POLICY.format(script=_digest(script), style=_digest(style)),
        generator=GENERATOR.decode(),
        style=style,
        script=script,
        data=script_json(page_data(content, reader)),
        content=content,
        formats=content.formats,
        due=_due(content),
        interviews=_next_interviews(content),
        timelines=_timelines(content),
        months=pictures.month_view(content),
        apps=CALENDAR_APPS,
        safe_link=_safe_link,
        today=datemath.day_of(content.now, content.zone),
    )
    # All attributes are in double quotes, so that an apostrophe ends none.
    return page.replace("&#39;", "'")


def _asset(name: str) -> str:
    """Return a file of this package as the page has it, with the line ends of HTML."""
    text = Path(__file__).with_name(name).read_text("utf-8")
    return f"\n{text}".replace("\r\n", "\n")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@functools.cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    source = Path(__file__).with_name("page.html.jinja").read_text("utf-8")
    return environment.from_string(source)


def _due(content: PageContent) -> list[tuple[PageApplication, PageStep]]:
    """Return the steps that are due or coming, overdue first, then by time."""
    order = list(Urgency)
    steps = [
        (order.index(step.urgency), step.step.send_at, application.number, application, step)
        for application in content.applications
        for step in application.steps
        if step.urgency is not None
    ]
    return [(application, step) for *_, application, step in sorted(steps, key=lambda s: s[:3])]


def _next_interviews(content: PageContent) -> list[tuple[PageApplication, Interview]]:
    """Return the interviews to come, by start."""
    coming = [
        (interview.start, application.number, application, interview)
        for application in content.applications
        for interview in application.interviews
        if interview.end > content.now and interview.status is InterviewStatus.HELD
    ]
    return [(a, interview) for *_, a, interview in sorted(coming, key=lambda each: each[:2])]


def _timelines(content: PageContent) -> list[TimelineGroup]:
    """Return the timelines of current applications, and of those far from today."""
    today = datemath.day_of(content.now, content.zone)
    rows = [
        (each, pictures.picture_marks(each, content.now, content.zone, content.formats))
        for each in content.applications
    ]
    scale = pictures.current_scale((mark for _, marks in rows for mark in marks), today)
    near, far = list[TimelineRow](), list[TimelineRow]()
    for row in rows:
        (near if any(map(scale.contains, row[1])) else far).append(row)
    whole = pictures.whole_scale((mark for _, marks in far for mark in marks), today)
    now = pictures.day_position(content.now, content.zone)
    return [
        TimelineGroup(title=title, scale=scale, today=now, rows=tuple(rows))
        for title, scale, rows in (("", scale, near), ("Far from today", whole, far))
        if rows
    ]


def _safe_link(link: str | None) -> str | None:
    """Return a link that is a web address or a phone number, None for any other."""
    if not link:
        return None
    return tel_link(link[4:]) if link.casefold().startswith("tel:") else profile_link(link)
