"""What an event says, in the order in which a person needs it.

What to do and when not to; a link; the message as it stands; what would make
it more personal; why this date; the days of the window; how the event logs.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Sequence

from afterword.core import timing
from afterword.core.model import Channel, Plan, Step, StepKind
from afterword.core.policy import Hours
from afterword.drafts.draft import Draft
from afterword.drafts.language import Language, mark
from afterword.drafts.links import link
from afterword.drafts.meanwhile import meanwhile
from afterword.drafts.title_words import TitleWord, how_to_log, word_in

MOST_BYTES = 8000
"""Longer descriptions are cut without a word by some calendars."""


def description(
    plan: Plan, step: Step, drafts: Sequence[Draft], language: Language, office: Hours
) -> str:
    """Return the text of an event; later drafts are pointed to where it would be too long.

    `office` are the employer's office hours, shown where there is a call to make.
    """
    messages = list(_messages(plan, step, drafts, language, office))
    after = [*_questions(drafts, language), _reasons(plan, step, language), how_to_log(language)]
    shown = len(messages)
    while True:
        pointers = [_pointer(plan, draft, language) for draft in drafts[shown:]]
        parts = [lead(plan, step, language), *messages[:shown], *pointers, *after]
        text = "\n\n".join(parts)
        if shown == 0 or len(text.encode()) < MOST_BYTES:
            return text
        shown -= 1


def done(plan: Plan, step: Step, sent_at: dt.datetime, language: Language) -> str:
    """Return the text of a done step's event: when it was sent, and what to do meanwhile."""
    sent = language.tell("Sent on {when}.", when=sent_at.astimezone(plan.zone))
    return "\n\n".join([sent, *meanwhile(plan, step, language), how_to_log(language)])


def lead(plan: Plan, step: Step, language: Language) -> str:
    """Return the one line that says what to do, and when not to."""
    facts: dict[str, str | int | dt.date] = {}
    if isinstance(step.closes, dt.datetime):
        facts["when"] = step.closes.astimezone(plan.zone)
    else:
        facts["day"] = language.weekday_and_day(step.closes)
    return f"{language.tell(_lead(step), **facts)} {_unless_answered(step.kind, language)}"


def _lead(step: Step) -> str:
    if step.kind is StepKind.SECOND and step.unlogged is not None:
        return mark("Only if you have sent the first follow-up: one more, shorter, and the last.")
    return _LEADS[step.kind]


@functools.cache
def _unless_answered(kind: StepKind, language: Language) -> str:
    word = word_in(language, TitleWord.ANSWERED)
    if kind is StepKind.REPLY:
        word = word_in(language, TitleWord.SENT)
        return language.tell('Replied already? Rename this event to "{word}".', word=word)
    if kind is StepKind.MOVE_ON:
        return language.tell('They have answered? Rename this event to "{word}".', word=word)
    return language.tell(
        'Already answered? Then do not send: rename this event to "{word}", '
        "and the rest goes away.",
        word=word,
    )


_LEADS = {
    StepKind.THANK_YOU: mark("Send your thanks by {when}; sooner is better."),
    StepKind.FIRST: mark("Nothing heard yet? Send this first follow-up, by {day} at best."),
    StepKind.SECOND: mark("Still nothing? Send this second, shorter follow-up; it is the last."),
    StepKind.MOVE_ON: mark("Nothing to ask again: look back for a moment, then go on."),
    StepKind.REPLY: mark("They have answered: reply by {when}."),
    StepKind.KEEP_IN_TOUCH: mark("Say hello, if you still would like to."),
}


def _messages(
    plan: Plan, step: Step, drafts: Sequence[Draft], language: Language, office: Hours
) -> Iterator[str]:
    """Yield each draft with what is above it: when to use it, its link, its subject."""
    shown: set[str] = set()
    for draft in drafts:
        parts = [f"--- {draft.heading}"] if draft.heading else []
        address = link(draft, full=False, language=language)
        lines = [address] if address and address not in shown else []
        shown.update(lines)
        if draft.channel is Channel.PHONE and not draft.heading:
            lines.append(office_hours(plan, step.recommended, language, office))
        if lines:
            parts.append("\n".join(lines))
        if draft.subject and not draft.to_oneself:
            parts.append(language.tell("Subject: {subject}", subject=draft.subject))
        yield "\n\n".join([*parts, draft.body])


def office_hours(plan: Plan, day: dt.date, language: Language, office: Hours) -> str:
    """Return when somebody picks up the phone, in the employer's zone and the user's."""
    opens, closes = (timing.on(day, at, plan.employer_zone) for at in (office.start, office.end))
    yours = [language.clock(moment.astimezone(plan.zone)) for moment in (opens, closes)]
    theirs = [language.clock(moment.astimezone(plan.employer_zone)) for moment in (opens, closes)]
    if yours == theirs:
        return language.tell("Office hours: {opens} to {closes}", opens=yours[0], closes=yours[1])
    return language.tell(
        "Office hours: {opens} to {closes} your time ({from_} to {to} in {zone})",
        opens=yours[0],
        closes=yours[1],
        from_=theirs[0],
        to=theirs[1],
        zone=plan.employer_zone.key,
    )


def _pointer(plan: Plan, draft: Draft, language: Language) -> str:
    command = f"afterword draft {plan.application.id}"
    if draft.to:
        command = f'{command} --to "{draft.to.name}"'
    return language.tell("One more draft: {command}", command=command)


def _questions(drafts: Sequence[Draft], language: Language) -> Iterator[str]:
    asked: dict[str, list[str]] = {}
    for draft in drafts:
        for question in draft.questions:
            asked.setdefault(question, []).append(draft.to.name if draft.to else "")
    several = len({draft.to.name for draft in drafts if draft.to}) > 1
    lines = [
        f"- {question} ({', '.join(names)})" if several else f"- {question}"
        for question, names in asked.items()
    ]
    if lines:
        yield "\n".join([language.tell("To make it more personal:"), *lines])


def _reasons(plan: Plan, step: Step, language: Language) -> str:
    why = language.say(step.reason)
    if step.note is not None:
        why = f"{why}; {language.say(step.note)}"
    return f"{language.tell('Why this date: {why}', why=why)}\n{_window(plan, step, language)}"


def _window(plan: Plan, step: Step, language: Language) -> str:
    if isinstance(step.opens, dt.datetime) and isinstance(step.closes, dt.datetime):
        opens, closes = (moment.astimezone(plan.zone) for moment in (step.opens, step.closes))
        text = language.tell("Window: {opens} to {closes}", opens=opens, closes=closes)
        if plan.employer_zone == plan.zone:
            return text
        theirs = language.tell(
            "their time, {zone}: {opens} to {closes}",
            zone=plan.employer_zone.key,
            opens=step.opens.astimezone(plan.employer_zone),
            closes=step.closes.astimezone(plan.employer_zone),
        )
        return f"{text} ({theirs})"
    opens_on, closes_on = (language.weekday_and_day(day) for day in (step.opens, step.closes))
    if opens_on == closes_on:
        return language.tell("Window: {day}", day=opens_on)
    return language.tell("Window: {first} to {last}", first=opens_on, last=closes_on)
