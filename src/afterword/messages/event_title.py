"""Titles of calendar events, and the keywords that log when the user types them first."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import re

from afterword.domain.events.build_events import window_days
from afterword.domain.events.event import EventRole
from afterword.domain.model import StepKind
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.policy import Policy
from afterword.messages import recipients
from afterword.messages.i18n import N_, Language
from afterword.messages.message_context import first_follow_up_of

_MAX_COMPANY_LENGTH = 28
_LEGAL_FORM = re.compile(
    r",?\s+(?:\(pty\)\s*ltd|pty\s*ltd|ltd|limited|inc|llc|plc|gmbh(?:\s*&\s*co\.?\s*kg(?:aa)?)?|ag|se|kg"
    r"|corp|corporation|s\.?a\.?|b\.?v\.?|a/s|ab|oy)\.?$",
    re.IGNORECASE,
)


class TitleKeyword(enum.StrEnum):
    """The first word of an event's title by which the user logs something."""

    SENT = N_("Sent")
    ANSWERED = N_("Answered")
    POSITIVE = N_("Positive")
    REJECTED = N_("Rejected")
    SKIP = N_("Skip")


def keyword_in(language: Language, keyword: TitleKeyword) -> str:
    """Return a keyword in a language."""
    return language.translate(keyword.value)


@functools.cache
def how_to_log(language: Language) -> str:
    """Return the paragraph that explains how to log by changing the event."""
    words = [keyword_in(language, keyword) for keyword in TitleKeyword]
    return language.translate(
        "This event is your log too. Begin its title with {words} or {last}, and the next sync "
        "writes it down. Drag it to do this at another time; delete it to leave it out.",
        words=", ".join(words[:-1]),
        last=words[-1],
    )


# With the recipient's name, and without.
_REMINDER_TITLES = {
    StepKind.THANK_YOU: (
        N_("{company}: thank {who} by {when}"),
        N_("{company}: say thank you by {when}"),
    ),
    StepKind.FIRST: (N_("{company}: follow up with {who}"), N_("{company}: follow up")),
    StepKind.SECOND: (
        N_("{company}: second follow-up to {who}"),
        N_("{company}: second follow-up"),
    ),
    StepKind.MOVE_ON: (N_("{company}: time to let it rest"),) * 2,
    StepKind.REPLY: (
        N_("{company}: reply to {who} by {when}"),
        N_("{company}: reply by {when}"),
    ),
    StepKind.KEEP_IN_TOUCH: (
        N_("{company}: say hello to {who}"),
        N_("{company}: say hello"),
    ),
}
_DONE_TITLES = {
    StepKind.THANK_YOU: (N_("{company}: thanked {who}"), N_("{company}: thank-you sent")),
    StepKind.FIRST: (N_("{company}: followed up with {who}"), N_("{company}: followed up")),
    StepKind.SECOND: (N_("{company}: second follow-up sent"),) * 2,
    StepKind.MOVE_ON: (N_("{company}: let rest"),) * 2,
    StepKind.REPLY: (N_("{company}: replied to {who}"), N_("{company}: replied")),
    StepKind.KEEP_IN_TOUCH: (N_("{company}: said hello to {who}"), N_("{company}: said hello")),
}
_WINDOW_TITLES = {
    StepKind.THANK_YOU: N_("{company}: thank-you due by {when}"),
    StepKind.REPLY: N_("{company}: reply due by {when}"),
    StepKind.FIRST: N_("{company}: follow up {days}"),
    StepKind.SECOND: N_("{company}: second follow-up {days}"),
}


def build_title(
    plan: Plan, step: Step, role: EventRole, *, language: Language, policy: Policy
) -> str:
    """Return the title of a step's event: company first, short enough for a month view."""
    values = {
        "company": short_company(plan.application.company),
        "who": _recipient_label(plan, step, language),
    }
    if isinstance(step.closes, dt.datetime):
        values["when"] = language.weekday_and_clock(step.closes.astimezone(plan.zone))
    if step.sent_at is not None:
        return language.translate(_DONE_TITLES[step.kind][not values["who"]], **values)
    if role is EventRole.FRAME:
        if not isinstance(step.closes, dt.datetime):
            values["days"] = language.days(*_window_dates(plan, step, policy))
        return language.translate(_WINDOW_TITLES[step.kind], **values)
    if step.kind is StepKind.SECOND and step.unlogged is not None:
        first = first_follow_up_of(plan, step)
        values["day"] = language.short_day(first.recommended if first else step.unlogged)
        return language.translate("{company}: second follow-up, if you wrote on {day}", **values)
    return language.translate(_REMINDER_TITLES[step.kind][not values["who"]], **values)


def private_title(
    plan: Plan, step: Step, role: EventRole, *, language: Language, policy: Policy
) -> str:
    """Return a title for a shared calendar: no company, no person, no hint of a job search."""
    if step.sent_at is not None:
        return language.translate("Message written")
    if isinstance(step.closes, dt.datetime):
        when = language.weekday_and_clock(step.closes.astimezone(plan.zone))
        return language.translate("Write a message by {when}", when=when)
    if role is EventRole.FRAME:
        days = language.days(*_window_dates(plan, step, policy))
        return language.translate("Write a message {days}", days=days)
    if step.kind is StepKind.MOVE_ON:
        return language.translate("Look back and go on")
    return language.translate("Write a message")


def _window_dates(plan: Plan, step: Step, policy: Policy) -> tuple[dt.date, dt.date]:
    """Return the first and last date of a window event in the user's zone, both inclusive."""
    first, end = window_days(plan, step, policy)
    return first, end - dt.timedelta(days=1)


def _recipient_label(plan: Plan, step: Step, language: Language) -> str:
    """Return the name of the recipient or "NAME and 2 more"; empty if there is no name."""
    if step.kind is not StepKind.THANK_YOU:
        person = recipients.main_contact(plan)
        return person.name if person else ""
    interview = recipients.interview_by_id(plan.application, step.interview)
    names = [p.name for p in interview.interviewers if p.name not in step.thanked]
    if len(names) > 1:
        return language.translate("{name} and {count} more", name=names[0], count=len(names) - 1)
    return "".join(names)


@functools.lru_cache(maxsize=1024)
def short_company(company: str) -> str:
    """Return the company without its legal form, cut between words if it is too long."""
    name = _LEGAL_FORM.sub("", company) or company
    if len(name) <= _MAX_COMPANY_LENGTH:
        return name
    return name[: _MAX_COMPANY_LENGTH + 1].rpartition(" ")[0] or name[:_MAX_COMPANY_LENGTH]
