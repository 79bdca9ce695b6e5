"""Links that open Google Calendar or Outlook on the web with an event filled in.

The addresses and their parameters: InteractionDesignFoundation/add-event-to-calendar-docs. The
script of the page makes the same links; a test compares the two.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable
from urllib.parse import quote

import attrs

from afterword.domain.calendar_model import Event
from afterword.domain.model import When

MAX_TITLE = 200
"""In characters; a title is shorter, unless a company's own short name is not."""
# Also after the full stops of Chinese and Japanese, and at the end of a paragraph.
_SENTENCE_END = re.compile(r"(?<!\d)[.?!…](?=\s)|[\u3002\uff01\uff1f]|\n(?=\n)")


class LinkTarget(enum.StrEnum):
    """A calendar on the web that a link can fill in."""

    GOOGLE = "google"
    OUTLOOK = "outlook"
    OFFICE = "office365"


@attrs.frozen(kw_only=True)
class LinkFormat:
    """The form of a link: the start of its address, and the names of its parameters.

    `start` opens the calendar itself. `longest` is in characters. Google refuses long requests
    (414, measured), Outlook took 30,975 characters; 8,000 is the request line that every server
    takes (RFC 9110 4.1).
    `html`: the text is HTML, in which a line end is `<br>`.
    """

    label: str
    start: str
    base: str
    title: str
    text: str
    longest: int
    html: bool = False


def _outlook(label: str, host: str) -> LinkFormat:
    start = f"https://{host}/calendar/"
    return LinkFormat(
        label=label,
        start=start,
        base=f"{start}deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent",
        title="subject",
        text="body",
        longest=8000,
        html=True,
    )


LINK_FORMATS = {
    LinkTarget.GOOGLE: LinkFormat(
        label="Google Calendar",
        start="https://calendar.google.com/",
        base="https://calendar.google.com/calendar/render?action=TEMPLATE",
        title="text",
        text="details",
        longest=2000,
    ),
    LinkTarget.OUTLOOK: _outlook("Outlook.com", "outlook.live.com"),
    LinkTarget.OFFICE: _outlook("Outlook for work", "outlook.office.com"),
}


def calendar_link(event: Event, target: LinkTarget, *, rest: str) -> str:
    """Return the link that adds an event; `rest` follows a text that had to be shortened."""
    layout = LINK_FORMATS[target]
    title = quote(event.summary[:MAX_TITLE], safe="")
    start = f"{layout.base}&{layout.title}={title}{_times(event, target)}"

    def with_text(text: str) -> str:
        return f"{start}&{layout.text}={quote(_as_html(text) if layout.html else text, safe='')}"

    return fit_text(event.description, with_text, longest=layout.longest, rest=rest)


def fit_text(text: str, with_text: Callable[[str], str], *, longest: int, rest: str) -> str:
    """Return `with_text(text)`, shortened at a sentence to at most `longest` characters."""
    whole = with_text(text)
    if len(whole) <= longest:
        return whole
    ends = [match.end() for match in _SENTENCE_END.finditer(text) if match.end() <= longest]
    shortened = (f"{text[:end].rstrip()}\n\n{rest}" for end in reversed(ends))
    fitting = (link for each in shortened if len(link := with_text(each)) <= longest)
    return next(fitting, with_text(rest))


def rest_note(application_id: str, step: str | None) -> str:
    """Return the sentence below a shortened text that says where the rest is."""
    command = f"draft {application_id} {step}" if step else f"show {application_id}"
    return f"(Shortened. The rest: afterword {command})"


def _as_html(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\n", "<br>")


def _times(event: Event, target: LinkTarget) -> str:
    start, end = utc_text(event.start), utc_text(event.end)
    if target is LinkTarget.GOOGLE:
        return f"&dates={_basic(start)}%2F{_basic(end)}"
    day = "" if isinstance(event.start, dt.datetime) else "&allday=true"
    return f"&startdt={quote(start, safe='')}&enddt={quote(end, safe='')}{day}"


def utc_text(when: When) -> str:
    """Return "2026-11-24T14:00:00Z", or "2026-11-24" for a day."""
    if isinstance(when, dt.datetime):
        return f"{when.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z"
    return when.isoformat()


def _basic(extended: str) -> str:
    return extended.replace("-", "").replace(":", "")
