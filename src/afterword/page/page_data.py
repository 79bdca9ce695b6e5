"""The data of the page's script: events and drafts' recipients as JSON inside HTML.

A draft is only once in the page: the script reads its text from the element that shows it, and
a description of an event refers to it by a number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import attrs

from afterword.domain.calendar_model import Event
from afterword.formats.ics import ics_writer
from afterword.messages.i18n import Language
from afterword.messages.links import MAX_MAILTO_LENGTH, message_link
from afterword.page.calendar_links import LINK_FORMATS, MAX_TITLE, rest_note, utc_text
from afterword.page.page_model import PageApplication, PageContent, PageDraft

# Nothing in it can end the element or begin another (HTML, "Restrictions for contents of script
# elements"), and no line separator ends a line of JavaScript.
_ESCAPES = str.maketrans(
    {mark: f"\\u{ord(mark):04x}" for mark in ("<", ">", "&", "\u2028", "\u2029")}
)


def script_json(document: Any) -> str:
    """Return a document as JSON that may be the text of a script element."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def page_data(content: PageContent, reader: Language) -> dict[str, Any]:
    """Return the data for the script: the applications with their events."""
    categories = (each.categories for a in content.applications for each in a.events)
    return {
        "made": utc_text(content.now),
        "calendar": content.calendar_name,
        "head": [line.decode() for line in ics_writer.HEAD],
        "categories": list(next(categories, ())),
        "mailto": MAX_MAILTO_LENGTH,
        "title": MAX_TITLE,
        "note": reader.translate("(The rest of this draft is in your calendar.)"),
        "rest": {"draft": rest_note("{id}", "{step}"), "show": rest_note("{id}", None)},
        "links": {
            target.value: {
                "label": layout.label,
                "start": layout.start,
                "base": layout.base,
                "title": layout.title,
                "text": layout.text,
                "longest": layout.longest,
                "html": layout.html,
            }
            for target, layout in LINK_FORMATS.items()
        },
        "applications": [_application(each, reader) for each in content.applications],
    }


def _application(application: PageApplication, reader: Language) -> dict[str, Any]:
    number_by_uid = {
        uid: number
        for number, step in enumerate(application.steps)
        for uid in step.step.uids.values()
    }
    texts = _Texts()
    rows = []
    for event in application.events:
        number = number_by_uid.get(event.uid, -1)
        drafts = application.steps[number].drafts if number >= 0 else ()
        rows.append(
            [
                event.uid,
                event.summary,
                utc_text(event.start),
                utc_text(event.end),
                texts.number(event.description, drafts),
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
        "texts": texts.listed,
        "events": rows,
    }


@attrs.define
class _Texts:
    """The descriptions of an application's events, each once, with drafts left out."""

    listed: list[list[str]] = attrs.field(factory=list)
    _numbers: dict[str, int] = attrs.field(factory=dict)

    def number(self, description: str, drafts: Iterable[PageDraft]) -> int:
        """Return the number of a description."""
        if description not in self._numbers:
            self._numbers[description] = len(self.listed)
            self.listed.append(_without_drafts(description, drafts))
        return self._numbers[description]


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
    before = ics_writer.duration_before(alarm.before).decode()
    return [alarm.uid, before, *([alarm.text] if alarm.text != event.summary else [])]


def _link(event: Event, drafts: Iterable[PageDraft], reader: Language) -> str | None:
    """Return the event's link; for that of a mail `#` and the id of the draft."""
    for each in drafts:
        if each.is_mail and message_link(each.draft, full=True, language=reader) == event.url:
            return f"#{each.id}"
    return event.url
