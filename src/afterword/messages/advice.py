"""Advice to the user: hints for drafts, questions of the debrief, and tips in events."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from afterword.domain.calendar_model import BusyTimes
from afterword.domain.model import (
    FOLLOW_UPS,
    Answer,
    Applicant,
    Channel,
    Person,
    StepKind,
)
from afterword.domain.planning.plan import Plan, Step, StepState
from afterword.messages.display_names import text_person
from afterword.messages.fact_rules import Slot
from afterword.messages.i18n import N_, Language
from afterword.messages.message_context import MessageContext
from afterword.messages.recipients import TalkingPoints


class DebriefQuestion(NamedTuple):
    """A question of `afterword debrief`; `key` is where its answer goes in the application file."""

    key: str
    text: str


DEBRIEF_QUESTIONS = (
    DebriefQuestion("interviewer", N_("Who was there? Names, and addresses if you have them.")),
    DebriefQuestion(
        "discussed", N_("Complete this sentence, one point per line: We talked about ...")
    ),
    DebriefQuestion(
        "fit", N_("Complete this sentence, one point per line: I have done something similar: ...")
    ),
    DebriefQuestion("decision_by", N_("By which day do they want to decide?")),
    DebriefQuestion("channel", N_("How do they like to be reached: email, phone or linkedin?")),
    DebriefQuestion("went_well", N_("What went well?")),
    DebriefQuestion("do_differently", N_("What would you do differently next time?")),
)

CALL_QUESTION = DebriefQuestion(
    key="call", text=N_('How do they sign their messages? The greeting uses it ("Thandi").')
)

_QUESTIONS = {
    Slot.DISCUSSED: {
        StepKind.THANK_YOU: N_("Which thing that you talked about has stayed with you?"),
        StepKind.FIRST: N_(
            "Which other point of the conversation have you thought about since then?"
        ),
        StepKind.SECOND: N_("Which new thought about the conversation is worth a line?"),
    },
    Slot.FIT: {
        StepKind.THANK_YOU: N_("What have you done that fits what they need?"),
        StepKind.FIRST: N_("Which result from your own work could you add?"),
        StepKind.SECOND: N_("Which part of your experience have you not mentioned yet?"),
    },
}

_MISSING_ADDRESSES = {
    Channel.EMAIL: N_("What is the e-mail address of {name}, or who can pass it on?"),
    Channel.PHONE: N_("What is the phone number of {name}?"),
    Channel.LINKEDIN: N_("Where is the LinkedIn profile of {name}?"),
}
# The employer's view alternates with what the user can do.
_WAITING_TIPS = (
    N_("Meanwhile: they may be talking to others or waiting for approval; silence is normal."),
    N_("Meanwhile: note three things that went well in the interview, and one to do better."),
    N_("Meanwhile: talk to someone in your field, without asking for anything."),
    N_("Meanwhile: follow-ups show interest, too many put people off. That is why the plan waits."),
    N_("Meanwhile: spend an hour on a skill that they asked about."),
    N_("Meanwhile: send the next application; waiting is easier with two."),
)
# By the number of follow-ups: sent, and where none is logged, due.
_SILENCE = (
    N_("no answer in {days} days"),
    N_("one message, no answer in {days} days"),
    N_("two messages, no answer in {days} days"),
)
_SILENCE_UNLOGGED = (
    _SILENCE[0],
    N_("one message was due, no answer in {days} days"),
    N_("two messages were due, no answer in {days} days"),
)
_LEAST_DAYS = 2
"""A checkpoint that the user moved to an early day says nothing about silence."""
_FINAL_URL = re.compile(r"(?P<title>.*\S)\s+(?P<url>https?://\S+)")


def hints_for(
    step: Step | None,
    person: Person | None,
    points: TalkingPoints,
    applicant: Applicant,
    *,
    language: Language,
    channel: Channel,
) -> Iterator[str]:
    """Yield questions whose answers would improve a draft, the most useful first."""
    translate = language.translate
    for slot, questions in _QUESTIONS.items():
        if (
            step is not None
            and step.kind in questions
            and (slot not in points or points[slot].again)
        ):
            yield translate(questions[step.kind])
    if step is not None and step.kind is StepKind.KEEP_IN_TOUCH:
        yield translate("What have you done or learned since then that would interest them?")
    yield from _about_recipient(person, language, channel)
    if channel is not Channel.PHONE and not (applicant.name or applicant.signature):
        yield translate(
            'Your name is missing. Set it once: afterword settings set name "YOUR NAME"'
        )


def _about_recipient(person: Person | None, language: Language, channel: Channel) -> Iterator[str]:
    translate = language.translate
    if person is None:
        yield translate("Who reads this? A name makes the greeting personal.")
        return
    if not (person.call or text_person(person)):
        yield translate("How do they sign their messages? Without it, the greeting has no name.")
    addresses = {
        Channel.EMAIL: person.email,
        Channel.PHONE: person.phone,
        Channel.LINKEDIN: person.profile,
    }
    if not addresses[channel]:
        yield translate(_MISSING_ADDRESSES[channel], name=person.name)


def advice_for(
    plan: Plan, step: Step, language: Language, *, first_tip: int, resources: Sequence[str]
) -> Iterator[str]:
    """Yield the paragraphs of advice below the drafts of an open step."""
    if step.kind is StepKind.THANK_YOU:
        yield language.translate(
            "Why it pays: in one survey, 57 percent sent no thank-you. Yours stands out."
        )
    yield from waiting_tip(plan, step, language, first_tip=first_tip)
    if step.kind is StepKind.MOVE_ON and resources:
        yield _preparation(tuple(resources), language)


def waiting_tip(plan: Plan, step: Step, language: Language, *, first_tip: int) -> Iterator[str]:
    """Yield a tip for the time of waiting, never the same for two steps in a row.

    `first_tip` is the number of the application's first tip; any number will do.
    """
    for number, each in enumerate(_waiting_steps(plan), start=first_tip):
        if each is step:
            yield language.translate(_WAITING_TIPS[number % len(_WAITING_TIPS)])


# Every step of a plan asks for them.
@functools.lru_cache(maxsize=8)
def _waiting_steps(plan: Plan) -> list[Step]:
    waiting = filter(_is_waiting, plan.steps)
    return sorted(waiting, key=lambda step: step.sent_at or step.send_at)


def move_on_signs(context: MessageContext, language: Language) -> Iterator[str]:
    """Yield the signs of this application that it is time to move on, the strongest first."""
    episode, today = context.episode, context.send_date
    days = (today - episode.anchor).days
    sent, due = context.follow_ups_sent, context.follow_ups_due
    if days >= _LEAST_DAYS:
        phrase = _SILENCE[sent] if sent else _SILENCE_UNLOGGED[due]
        yield language.translate(phrase, days=days)
    if episode.decision_by and episode.decision_by < today:
        yield language.translate(
            "{date}, by which they wanted to decide, has passed", date=episode.decision_by
        )
    if episode.promised_to_call:
        yield language.translate("the call that they promised has not come")
    if episode.answered_on:
        yield language.translate("their last answer was on {date}", date=episode.answered_on)


def _is_waiting(step: Step) -> bool:
    """True if the user waits for the employer around this step."""
    if step.state is StepState.WITHDRAWN:
        return False
    if step.kind is StepKind.REPLY:
        return step.answer is not Answer.REJECTED
    return step.kind in FOLLOW_UPS


# Every application has the same.
@functools.lru_cache(maxsize=8)
def _preparation(resources: tuple[str, ...], language: Language) -> str:
    lines = [language.translate("To prepare for the next one:")]
    for text in resources:
        match = _FINAL_URL.fullmatch(text)
        # An address on a line of its own is one that apps make a link.
        lines += [f"- {match['title']}", match["url"]] if match else [f"- {text}"]
    return "\n".join(lines)


def busy_note(plan: Plan, step: Step, busy: BusyTimes | None, language: Language) -> Iterator[str]:
    """Yield that the user's own calendar is busy when the message is to be sent."""
    span = busy.span_at(step.send_at) if busy is not None else None
    if span is None:
        return
    start, end = (moment.astimezone(plan.zone) for moment in span)
    if end - start >= dt.timedelta(days=1):
        yield language.translate("Your calendar is busy then; before or after is fine too.")
        return
    yield language.translate(
        "Your calendar is busy then ({start} to {end}); before or after is fine too.",
        start=language.clock(start),
        end=language.clock(end),
    )
