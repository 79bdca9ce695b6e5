"""Advice in events: why a thank-you pays, tips while waiting, signs to move on, resources."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from afterword.domain.model import FOLLOW_UPS, Answer, StepKind
from afterword.domain.planning.plan import Plan, Step, StepState
from afterword.messages.i18n import N_, Language
from afterword.messages.message_context import MessageContext

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
        yield "\n".join([language.translate("To prepare for the next one:"), *_listed(resources)])


def waiting_tip(plan: Plan, step: Step, language: Language, *, first_tip: int) -> Iterator[str]:
    """Yield a tip for the time of waiting, never the same for two steps in a row.

    `first_tip` is the number of the application's first tip; any number will do.
    """
    waiting = sorted(filter(_is_waiting, plan.steps), key=_time_of)
    for number, each in enumerate(waiting, start=first_tip):
        if each is step:
            yield language.translate(_WAITING_TIPS[number % len(_WAITING_TIPS)])


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


def _time_of(step: Step) -> dt.datetime:
    return step.sent_at or step.send_at


def _listed(resources: Sequence[str]) -> Iterator[str]:
    """Yield a line for each resource, and another for its address, which apps make a link."""
    for text in resources:
        match = _FINAL_URL.fullmatch(text)
        yield from (f"- {match['title']}", match["url"]) if match else (f"- {text}",)
