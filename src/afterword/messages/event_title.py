"""The words that log: a title that begins with one is an entry in the log.

The titles of events, company first, short enough for a narrow cell.
"""

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


class TitleKeyword(enum.StrEnum):
    """What a person can say by the first word of an event's title."""

    SENT = "Sent"
    ANSWERED = "Answered"
    POSITIVE = "Positive"
    REJECTED = "Rejected"
    SKIP = "Skip"


def keyword_in(language: Language, word: TitleKeyword) -> str:
    """Return the word in a language."""
    return language.translate(word.value)


@functools.cache
def how_to_log(language: Language) -> str:
    """Return the paragraph that tells how an event logs."""
    words = [keyword_in(language, word) for word in TitleKeyword]
    return language.tell(
        "This event is your log too. Begin its title with {words} or {last}, and the next sync "
        "writes it down. Drag it to do this at another time; delete it to leave it out.",
        words=", ".join(words[:-1]),
        last=words[-1],
    )


_MARKED = (
    N_("Sent"),
    N_("Answered"),
    N_("Positive"),
    N_("Rejected"),
    N_("Skip"),
)

_LONGEST_NAME = 28
_LEGAL_FORM = re.compile(
    r",?\s+(?:\(pty\)\s*ltd|pty\s*ltd|ltd|limited|inc|llc|plc|gmbh(?:\s*&\s*co\.?\s*kg(?:aa)?)?|ag|se|kg"
    r"|corp|corporation|s\.?a\.?|b\.?v\.?|a/s|ab|oy)\.?$",
    re.IGNORECASE,
)


def build_title(
    plan: Plan, step: Step, part: EventRole, *, language: Language, policy: Policy
) -> str:
    """Return the title of a step's event."""
    facts = {
        "company": short_company(plan.application.company),
        "who": title_person(plan, step, language),
    }
    if isinstance(step.closes, dt.datetime):
        facts["when"] = language.weekday_and_clock(step.closes.astimezone(plan.zone))
    if step.sent_at is not None:
        return language.tell(_DONE[step.kind][not facts["who"]], **facts)
    if part is EventRole.FRAME:
        if not isinstance(step.closes, dt.datetime):
            facts["days"] = language.days(*format_window_days(plan, step, policy))
        return language.tell(_FRAMES[step.kind], **facts)
    if step.kind is StepKind.SECOND and step.unlogged is not None:
        first = first_follow_up_of(plan, step)
        facts["day"] = language.short_day(first.recommended if first else step.unlogged)
        return language.tell("{company}: second follow-up, if you wrote on {day}", **facts)
    return language.tell(_ACTS[step.kind][not facts["who"]], **facts)


# With somebody's name, and without.
_ACTS = {
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
_DONE = {
    StepKind.THANK_YOU: (N_("{company}: thanked {who}"), N_("{company}: thank-you sent")),
    StepKind.FIRST: (N_("{company}: followed up with {who}"), N_("{company}: followed up")),
    StepKind.SECOND: (N_("{company}: second follow-up sent"),) * 2,
    StepKind.MOVE_ON: (N_("{company}: let rest"),) * 2,
    StepKind.REPLY: (N_("{company}: replied to {who}"), N_("{company}: replied")),
    StepKind.KEEP_IN_TOUCH: (N_("{company}: said hello to {who}"), N_("{company}: said hello")),
}
_FRAMES = {
    StepKind.THANK_YOU: N_("{company}: thank-you due by {when}"),
    StepKind.REPLY: N_("{company}: reply due by {when}"),
    StepKind.FIRST: N_("{company}: follow up {days}"),
    StepKind.SECOND: N_("{company}: second follow-up {days}"),
}


def private_title(
    plan: Plan, step: Step, part: EventRole, *, language: Language, policy: Policy
) -> str:
    """Return a title for a calendar that others see: no company, no person, no job search."""
    if step.sent_at is not None:
        return language.tell("Message written")
    if isinstance(step.closes, dt.datetime):
        when = language.weekday_and_clock(step.closes.astimezone(plan.zone))
        return language.tell("Write a message by {when}", when=when)
    if part is EventRole.FRAME:
        days = language.days(*format_window_days(plan, step, policy))
        return language.tell("Write a message {days}", days=days)
    if step.kind is StepKind.MOVE_ON:
        return language.tell("Look back and go on")
    return language.tell("Write a message")


def format_window_days(plan: Plan, step: Step, policy: Policy) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of the bar of a window, the user's, both inclusive."""
    first, end = window_days(plan, step, policy)
    return first, end - dt.timedelta(days=1)


def title_person(plan: Plan, step: Step, language: Language) -> str:
    """Return who is written to, in few words; empty where nobody is known."""
    if step.kind is not StepKind.THANK_YOU:
        person = recipients.main_contact(plan)
        return person.name if person else ""
    interview = recipients.find_step_interview(plan.application, step.interview)
    names = [p.name for p in interview.interviewers if p.name not in step.thanked]
    if len(names) > 1:
        return language.tell("{name} and {count} more", name=names[0], count=len(names) - 1)
    return "".join(names)


@functools.lru_cache(maxsize=1024)
def short_company(company: str) -> str:
    """Return the company without its legal form, cut at a word where it is long."""
    name = _LEGAL_FORM.sub("", company) or company
    if len(name) <= _LONGEST_NAME:
        return name
    return name[: _LONGEST_NAME + 1].rpartition(" ")[0] or name[:_LONGEST_NAME]
