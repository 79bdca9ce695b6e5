"""The titles of events, company first, short enough for a narrow cell."""

from __future__ import annotations

import datetime as dt
import functools
import re

from afterword.core.event import Part
from afterword.core.events import bar
from afterword.core.model import Plan, Step, StepKind
from afterword.core.policy import Policy
from afterword.drafts import recipients
from afterword.drafts.language import Language, mark
from afterword.drafts.occasion import first_of

_LONGEST_NAME = 28
_LEGAL_FORM = re.compile(
    r",?\s+(?:\(pty\)\s*ltd|pty\s*ltd|ltd|limited|inc|llc|plc|gmbh(?:\s*&\s*co\.?\s*kg(?:aa)?)?|ag|se|kg"
    r"|corp|corporation|s\.?a\.?|b\.?v\.?|a/s|ab|oy)\.?$",
    re.IGNORECASE,
)


def title(plan: Plan, step: Step, part: Part, *, language: Language, policy: Policy) -> str:
    """Return the title of a step's event."""
    facts = {"company": short_company(plan.application.company), "who": who(plan, step, language)}
    if isinstance(step.closes, dt.datetime):
        facts["when"] = language.weekday_and_clock(step.closes.astimezone(plan.zone))
    if step.sent_at is not None:
        return language.tell(_DONE[step.kind][not facts["who"]], **facts)
    if part is Part.FRAME:
        if not isinstance(step.closes, dt.datetime):
            facts["days"] = language.days(*bar_days(plan, step, policy))
        return language.tell(_FRAMES[step.kind], **facts)
    if step.kind is StepKind.SECOND and step.unlogged is not None:
        first = first_of(plan, step)
        facts["day"] = language.short_day(first.recommended if first else step.unlogged)
        return language.tell("{company}: second follow-up, if you wrote on {day}", **facts)
    return language.tell(_ACTS[step.kind][not facts["who"]], **facts)


# With somebody's name, and without.
_ACTS = {
    StepKind.THANK_YOU: (
        mark("{company}: thank {who} by {when}"),
        mark("{company}: say thank you by {when}"),
    ),
    StepKind.FIRST: (mark("{company}: follow up with {who}"), mark("{company}: follow up")),
    StepKind.SECOND: (
        mark("{company}: second follow-up to {who}"),
        mark("{company}: second follow-up"),
    ),
    StepKind.MOVE_ON: (mark("{company}: time to let it rest"),) * 2,
    StepKind.REPLY: (
        mark("{company}: reply to {who} by {when}"),
        mark("{company}: reply by {when}"),
    ),
    StepKind.KEEP_IN_TOUCH: (
        mark("{company}: say hello to {who}"),
        mark("{company}: say hello"),
    ),
}
_DONE = {
    StepKind.THANK_YOU: (mark("{company}: thanked {who}"), mark("{company}: thank-you sent")),
    StepKind.FIRST: (mark("{company}: followed up with {who}"), mark("{company}: followed up")),
    StepKind.SECOND: (mark("{company}: second follow-up sent"),) * 2,
    StepKind.MOVE_ON: (mark("{company}: let rest"),) * 2,
    StepKind.REPLY: (mark("{company}: replied to {who}"), mark("{company}: replied")),
    StepKind.KEEP_IN_TOUCH: (mark("{company}: said hello to {who}"), mark("{company}: said hello")),
}
_FRAMES = {
    StepKind.THANK_YOU: mark("{company}: thank-you due by {when}"),
    StepKind.REPLY: mark("{company}: reply due by {when}"),
    StepKind.FIRST: mark("{company}: follow up {days}"),
    StepKind.SECOND: mark("{company}: second follow-up {days}"),
}


def private_title(plan: Plan, step: Step, part: Part, *, language: Language, policy: Policy) -> str:
    """Return a title for a calendar that others see: no company, no person, no job search."""
    if step.sent_at is not None:
        return language.tell("Message written")
    if isinstance(step.closes, dt.datetime):
        when = language.weekday_and_clock(step.closes.astimezone(plan.zone))
        return language.tell("Write a message by {when}", when=when)
    if part is Part.FRAME:
        days = language.days(*bar_days(plan, step, policy))
        return language.tell("Write a message {days}", days=days)
    if step.kind is StepKind.MOVE_ON:
        return language.tell("Look back and go on")
    return language.tell("Write a message")


def bar_days(plan: Plan, step: Step, policy: Policy) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of the bar of a window, the user's, both inclusive."""
    first, end = bar(plan, step, policy)
    return first, end - dt.timedelta(days=1)


def who(plan: Plan, step: Step, language: Language) -> str:
    """Return who is written to, in few words; empty where nobody is known."""
    if step.kind is not StepKind.THANK_YOU:
        person = recipients.contact(plan)
        return person.name if person else ""
    interview = recipients.interview_of(plan.application, step.interview)
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
