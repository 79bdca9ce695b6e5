"""Titles of calendar events, and the keywords that log when the user types them first.

A month view shows 12 to 15 characters and a lock screen about 35, so a title
says what to do first; conditions belong in the description.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import NamedTuple

from afterword.domain.calendar_model import EventRole
from afterword.domain.model import StepKind
from afterword.domain.planning.plan import Plan, Step
from afterword.messages import recipients
from afterword.messages.display_names import text_person, title_company
from afterword.messages.i18n import N_, Language


class TitleKeyword(enum.StrEnum):
    """The first word of an event's title by which the user logs something."""

    SENT = N_("Sent")
    ANSWERED = N_("Answered")
    POSITIVE = N_("Positive")
    REJECTED = N_("Rejected")
    SKIP = N_("Skip")


class AppImport(NamedTuple):
    """The app that an exported file is made for; `updates`: it changes events at an import."""

    app: str
    updates: bool


def how_to_import(app_import: AppImport, language: Language) -> str:
    """Return how a change that was logged elsewhere gets into the app."""
    if app_import.updates:
        return language.translate(
            "Then run: afterword export --for {app}, and import the file: it updates this event.",
            app=app_import.app,
        )
    return language.translate(
        "Then delete this event, run: afterword export --for {app}, and import the file: it has "
        "only new and changed events.",
        app=app_import.app,
    )


def how_to_log(language: Language) -> str:
    """Return the paragraph of a synced event that explains how to log by changing it."""
    words = [language.translate(keyword.value) for keyword in TitleKeyword]
    return language.translate(
        "To log from here, begin the title with {words} or {last}; the next sync reads it. "
        "Move the event to do this at another time, or delete it to leave it out.",
        words=", ".join(words[:-1]),
        last=words[-1],
    )


_REMINDER_TITLES = {
    StepKind.THANK_YOU: N_("Thank {company} by {when}"),
    StepKind.FIRST: N_("Follow up with {company}"),
    StepKind.SECOND: N_("Follow up again: {company}"),
    StepKind.MOVE_ON: N_("Move on from {company}?"),
    StepKind.REPLY: N_("Reply to {company} by {when}"),
    StepKind.KEEP_IN_TOUCH: N_("Keep in touch: {company}"),
}
_DONE_TITLES = {
    StepKind.THANK_YOU: N_("Thanked {company}"),
    StepKind.FIRST: N_("Followed up with {company}"),
    StepKind.SECOND: N_("Followed up again: {company}"),
    StepKind.MOVE_ON: N_("Moved on from {company}"),
    StepKind.REPLY: N_("Replied to {company}"),
    StepKind.KEEP_IN_TOUCH: N_("Kept in touch: {company}"),
}
_WINDOW_TITLES = {
    StepKind.THANK_YOU: N_("Thank-you deadline: {company}"),
    StepKind.REPLY: N_("Reply deadline: {company}"),
    StepKind.FIRST: N_("Follow-up window: {company}"),
    StepKind.SECOND: N_("Second follow-up window: {company}"),
}
# The titles of the others have no room for a name.
_WITH_RECIPIENT = (StepKind.THANK_YOU, StepKind.FIRST)


def build_title(plan: Plan, step: Step, role: EventRole, *, language: Language) -> str:
    """Return the title of a step's event: action, company, person."""
    company = title_company(plan.application)
    if step.sent_at is not None:
        titles = _DONE_TITLES
    else:
        titles = _WINDOW_TITLES if role is EventRole.FRAME else _REMINDER_TITLES
    if step.kind in _WITH_RECIPIENT and titles is not _WINDOW_TITLES:
        company += _recipient_label(plan, step, language)
    values = {"company": company}
    if isinstance(step.closes, dt.datetime):
        values["when"] = language.weekday_and_clock(step.closes.astimezone(plan.zone))
    return language.translate(titles[step.kind], **values)


def private_title(plan: Plan, step: Step, role: EventRole, *, language: Language) -> str:
    """Return a title for a shared calendar: no company, no person, no hint of a job search."""
    if step.sent_at is not None:
        return language.translate("Message written")
    if isinstance(step.closes, dt.datetime):
        when = language.weekday_and_clock(step.closes.astimezone(plan.zone))
        return language.translate("Write a message by {when}", when=when)
    if role is EventRole.FRAME:
        return language.translate("Days to write a message")
    if step.kind is StepKind.MOVE_ON:
        return language.translate("Look back and move on")
    return language.translate("Write a message")


def _recipient_label(plan: Plan, step: Step, language: Language) -> str:
    """Return " (NAME)" or " (NAME and 2 more)"; empty if there is no name."""
    if step.kind is StepKind.THANK_YOU:
        interview = recipients.interview_by_id(plan.application, step.interview)
        people = [p for p in interview.interviewers if p.name not in step.thanked]
    else:
        people = [p for p in [recipients.main_contact(plan)] if p]
    done = step.sent_at is not None
    # A sent message is remembered by how they sign.
    names = [(person.call if done else None) or text_person(person) for person in people]
    if len(names) > 1:
        more = len(names) - 1
        return f" ({language.translate('{name} and {count} more', name=names[0], count=more)})"
    return f" ({names[0]})" if names and names[0] else ""
