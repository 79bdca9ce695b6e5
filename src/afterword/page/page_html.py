"""Render the page: a template, a style and a script in a single HTML file.

The Content-Security-Policy allows this script and this style by their hashes, and nothing else:
no other script, no attribute with code or style, no request.

The script gets events and recipients as JSON. A draft is only once in the page: the script reads
its text from the element that shows it, and a description of an event refers to it by a number.
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from afterword.domain import datemath
from afterword.domain.agenda import Urgency
from afterword.domain.calendar_model import Event
from afterword.domain.model import Interview, InterviewStatus
from afterword.formats import ics_files
from afterword.formats.calendar_apps import ADD_LINK, CALENDAR_APPS
from afterword.messages.i18n import Language
from afterword.messages.links import MAX_MAILTO_LENGTH, message_link, profile_link, tel_link
from afterword.page import pictures
from afterword.page.calendar_links import LINK_FORMATS, MAX_TITLE, rest_note, utc_text
from afterword.page.page_model import PageApplication, PageContent, PageDraft, PageStep
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

# Nothing in it can end the element or begin another (HTML, "Restrictions for contents of script
# elements"), and no line separator ends a line of JavaScript.
_ESCAPES = str.maketrans(
    {mark: f"\\u{ord(mark):04x}" for mark in ("<", ">", "&", "\u2028", "\u2029")}
)


class TimelineGroup(NamedTuple):
    """Applications that are drawn on the same scale."""

    title: str
    scale: DayScale
    rows: list[TimelineRow]


def is_our_page(head: bytes) -> bool:
    """True if afterword wrote the file that begins with `head`."""
    return GENERATOR in head[:_NAMED_IN_HEAD]


def render_page(content: PageContent) -> str:
    """Return the page as HTML."""
    style, script = _asset("page.css"), _asset("page.js")
    entries = pictures.entries_by_day(content)
    page = _template().render(
        policy=_POLICY.format(script=_digest(script), style=_digest(style)),
        generator=GENERATOR.decode(),
        style=style,
        script=script,
        data=_script_json(_page_data(content)),
        content=content,
        formats=content.formats,
        reader=content.formats.language.code,
        due=_due(content),
        interviews=_next_interviews(content),
        timelines=_timelines(content),
        now=pictures.day_position(content.now, content.zone),
        date_of=dt.date.fromordinal,
        months=pictures.months_with_entries(entries, content),
        entries=entries,
        apps=(*CALENDAR_APPS, ADD_LINK),
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
    by_time = sorted(
        ((a, step) for a in content.applications for step in a.steps),
        key=lambda pair: pair[1].step.send_at,
    )
    return [pair for urgency in Urgency for pair in by_time if pair[1].urgency is urgency]


def _next_interviews(content: PageContent) -> list[tuple[PageApplication, Interview]]:
    coming = (
        (application, interview)
        for application in content.applications
        for interview in application.interviews
        if interview.end > content.now and interview.status is InterviewStatus.HELD
    )
    return sorted(coming, key=lambda pair: pair[1].start)


def _timelines(content: PageContent) -> list[TimelineGroup]:
    """Return the timelines of current applications, and of those far from today."""
    today = datemath.day_of(content.now, content.zone)
    rows = [
        (each, pictures.picture_marks(each, content.now, content.zone, content.formats))
        for each in content.applications
    ]
    marks = (mark for row in rows for mark in row[1])
    scale = pictures.fitted_scale(marks, today, near_today=True)
    near, far = list[TimelineRow](), list[TimelineRow]()
    for row in rows:
        (near if any(map(scale.contains, row[1])) else far).append(row)
    marks = (mark for row in far for mark in row[1])
    whole = pictures.fitted_scale(marks, today, near_today=False)
    groups = TimelineGroup("", scale, near), TimelineGroup("Far from today", whole, far)
    return [group for group in groups if group.rows]


def _safe_link(link: str | None) -> str | None:
    """Return a link that is a web address or a phone number, None for any other."""
    if not link:
        return None
    return tel_link(link[4:]) if link.casefold().startswith("tel:") else profile_link(link)


def _script_json(document: Any) -> str:
    """Return a document as JSON that may be the text of a script element."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _page_data(content: PageContent) -> dict[str, Any]:
    """Return the data for the script: the applications with their events."""
    reader = content.formats.language
    categories = (each.categories for a in content.applications for each in a.events)
    return {
        "made": utc_text(content.now),
        "calendar": content.calendar_name,
        "head": [line.decode() for line in ics_files.HEAD],
        "categories": list(next(categories, ())),
        "mailto": MAX_MAILTO_LENGTH,
        "title": MAX_TITLE,
        "note": reader.translate("(The rest of this draft is in your calendar.)"),
        "rest": {"draft": rest_note("{id}", "{step}"), "show": rest_note("{id}", None)},
        "links": {target.value: attrs.asdict(layout) for target, layout in LINK_FORMATS.items()},
        "applications": [_application(each, reader) for each in content.applications],
    }


def _application(application: PageApplication, reader: Language) -> dict[str, Any]:
    steps = {
        uid: (number, step.drafts)
        for number, step in enumerate(application.steps)
        for uid in step.step.uids.values()
    }
    # Each description once, with its number.
    texts: dict[str, tuple[int, list[str]]] = {}
    rows = []
    for event in application.events:
        number, drafts = steps.get(event.uid, (-1, ()))
        if event.description not in texts:
            texts[event.description] = len(texts), _without_drafts(event.description, drafts)
        rows.append(
            [
                event.uid,
                event.summary,
                utc_text(event.start),
                utc_text(event.end),
                texts[event.description][0],
                _link(event, drafts, reader),
                _alarm(event),
                event.sequence,
                utc_text(event.stamp),
                number,
            ]
        )
    return {
        "id": application.plan.application.id,
        "client": application.client,
        "state": application.status.value,
        "steps": [step.step.kind for step in application.steps],
        "texts": [parts for _, parts in texts.values()],
        "events": rows,
    }


def _without_drafts(description: str, drafts: Iterable[PageDraft]) -> list[str]:
    """Return the parts of a text; every second part is the id of a draft that belongs there."""
    parts = [description]
    for each in drafts:
        body = each.draft.body
        for number in range(0, len(parts), 2):
            before, body_part, after = parts[number].partition(body)
            if body_part:
                parts[number : number + 1] = [before, each.id, after]
                break
    return parts


def _alarm(event: Event) -> list[str] | None:
    """Return the UID and the trigger of an event's alarm, and its text if that is not the title."""
    alarm = event.alarm
    if alarm is None:
        return None
    before = ics_files.duration_before(alarm.before).decode()
    return [alarm.uid, before, *([alarm.text] if alarm.text != event.summary else [])]


def _link(event: Event, drafts: Iterable[PageDraft], reader: Language) -> str | None:
    """Return the event's link; for that of a mail `#` and the id of the draft."""
    for each in drafts:
        if each.is_mail and message_link(each.draft, full=True, language=reader) == event.url:
            return f"#{each.id}"
    return event.url
