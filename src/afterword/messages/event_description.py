"""One line on what to do while waiting, on a follow-up that has been sent.

Two reminders around an interview, for those who switch them on; no steps of a plan.

What an event says, in the order in which a person needs it.

What to do and when not to; a link; the message as it stands; what would make
it more personal; why this date; the days of the window; how the event logs.

The words of every event, as `core.events.compose` asks for them.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Sequence

import attrs

from afterword.domain import datemath
from afterword.domain.events.event import EventRole, EventText
from afterword.domain.model import FOLLOW_UPS, Channel, StepKind
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.policy import Hours, Policy
from afterword.messages import event_title
from afterword.messages.compose import DraftSettings, compose_drafts
from afterword.messages.draft_model import Draft
from afterword.messages.event_title import TitleKeyword, how_to_log, keyword_in, short_company
from afterword.messages.i18n import N_, Language
from afterword.messages.improvement_hints import DEBRIEF_QUESTIONS
from afterword.messages.links import message_link

_LINES = (
    N_("Meanwhile: note three things that went well in the interview, and one to do better."),
    N_("Meanwhile: have a word with somebody in the field, without asking for anything."),
    N_("Meanwhile: give an hour to a skill that they asked about."),
    N_("Meanwhile: send the next application; waiting is easier with two."),
)


def meanwhile(plan: Plan, step: Step, language: Language) -> Iterator[str]:
    """Yield the line for a follow-up, never the same twice running in an application."""
    if step.kind in FOLLOW_UPS:
        follow_ups = [s for s in plan.steps if s.kind in FOLLOW_UPS]
        yield language.translate(_LINES[follow_ups.index(step) % len(_LINES)])


_BEFORE_IT_ENDS = (
    N_("ask what happens next, and by which day they want to decide"),
    N_("ask how they would like to hear from you, and note the names of all who are there"),
    N_("say that you are interested, and thank them for the conversation"),
)


def before_interview_text(plan: Plan, language: Language, *, private: bool = False) -> EventText:
    """Return the words of the reminder half an hour before an interview."""
    if private:
        return EventText(summary=language.tell("A look at your notes"), description="")
    company = short_company(plan.application.company)
    heading = language.tell("Three things to do before it ends:")
    things = [f"- {language.translate(thing)}" for thing in _BEFORE_IT_ENDS]
    return EventText(
        summary=language.tell("{company}: three things before it ends", company=company),
        description="\n".join([heading, *things]),
    )


def after_interview_text(plan: Plan, language: Language, *, private: bool = False) -> EventText:
    """Return the words of the reminder right after an interview."""
    if private:
        return EventText(summary=language.tell("Five minutes for notes"), description="")
    company = short_company(plan.application.company)
    command = f"afterword debrief {plan.application.id}"
    heading = language.tell(
        "While it is fresh, note the answers or run {command}:", command=command
    )
    questions = [f"- {language.translate(question.text)}" for question in DEBRIEF_QUESTIONS]
    return EventText(
        summary=language.tell("{company}: five minutes to note it down", company=company),
        description="\n".join([heading, *questions]),
    )


MOST_BYTES = 8000
"""Longer descriptions are cut without a word by some calendars."""


def build_description(
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
        parts = [description_lead(plan, step, language), *messages[:shown], *pointers, *after]
        text = "\n\n".join(parts)
        if shown == 0 or len(text.encode()) < MOST_BYTES:
            return text
        shown -= 1


def build_done_description(plan: Plan, step: Step, sent_at: dt.datetime, language: Language) -> str:
    """Return the text of a done step's event: when it was sent, and what to do meanwhile."""
    sent = language.tell("Sent on {when}.", when=sent_at.astimezone(plan.zone))
    return "\n\n".join([sent, *meanwhile(plan, step, language), how_to_log(language)])


def description_lead(plan: Plan, step: Step, language: Language) -> str:
    """Return the one line that says what to do, and when not to."""
    facts: dict[str, str | int | dt.date] = {}
    if isinstance(step.closes, dt.datetime):
        facts["when"] = step.closes.astimezone(plan.zone)
    else:
        facts["day"] = language.weekday_and_day(step.closes)
    return f"{language.tell(_lead(step), **facts)} {_unless_answered(step.kind, language)}"


def _lead(step: Step) -> str:
    if step.kind is StepKind.SECOND and step.unlogged is not None:
        return N_("Only if you have sent the first follow-up: one more, shorter, and the last.")
    return _LEADS[step.kind]


@functools.cache
def _unless_answered(kind: StepKind, language: Language) -> str:
    word = keyword_in(language, TitleKeyword.ANSWERED)
    if kind is StepKind.REPLY:
        word = keyword_in(language, TitleKeyword.SENT)
        return language.tell('Replied already? Rename this event to "{word}".', word=word)
    if kind is StepKind.MOVE_ON:
        return language.tell('They have answered? Rename this event to "{word}".', word=word)
    return language.tell(
        'Already answered? Then do not send: rename this event to "{word}", '
        "and the rest goes away.",
        word=word,
    )


_LEADS = {
    StepKind.THANK_YOU: N_("Send your thanks by {when}; sooner is better."),
    StepKind.FIRST: N_("Nothing heard yet? Send this first follow-up, by {day} at best."),
    StepKind.SECOND: N_("Still nothing? Send this second, shorter follow-up; it is the last."),
    StepKind.MOVE_ON: N_("Nothing to ask again: look back for a moment, then go on."),
    StepKind.REPLY: N_("They have answered: reply by {when}."),
    StepKind.KEEP_IN_TOUCH: N_("Say hello, if you still would like to."),
}


def _messages(
    plan: Plan, step: Step, drafts: Sequence[Draft], language: Language, office: Hours
) -> Iterator[str]:
    """Yield each draft with what is above it: when to use it, its link, its subject."""
    shown: set[str] = set()
    for draft in drafts:
        parts = [f"--- {draft.heading}"] if draft.heading else []
        address = message_link(draft, full=False, language=language)
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
    opens, closes = (
        datemath.at_local_time(day, at, plan.employer_zone) for at in (office.start, office.end)
    )
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


@attrs.define(kw_only=True)
class EventTextBuilder:
    """Says what stands in an event; a callable `(plan, step, part) -> EventText`.

    `private` leaves out all that others in a shared calendar should not read.
    """

    desk: DraftSettings
    policy: Policy
    private: bool = False
    _last: tuple[Step, str, str | None] | None = attrs.field(default=None, init=False)

    def __call__(self, plan: Plan, step: Step, part: EventRole) -> EventText:
        """Return title, description and link of one event of a step."""
        language = self.desk.reader
        if self.private:
            return EventText(
                summary=event_title.private_title(
                    plan, step, part, language=language, policy=self.policy
                ),
                description=language.tell("The text is not kept here: afterword draft shows it."),
            )
        summary = event_title.build_title(plan, step, part, language=language, policy=self.policy)
        if step.sent_at is not None:
            return EventText(
                summary=summary,
                description=build_done_description(plan, step, step.sent_at, language),
            )
        # Act and frame are asked for one after the other, and say the same.
        if self._last is None or self._last[0] is not step:
            self._last = step, *self._written(plan, step, language)
        return EventText(summary=summary, description=self._last[1], url=self._last[2])

    def _written(self, plan: Plan, step: Step, language: Language) -> tuple[str, str | None]:
        written = compose_drafts(plan, step, self.desk)
        links = (message_link(draft, full=True, language=language) for draft in written)
        text = build_description(plan, step, written, language, self.policy.office)
        return text, next((one for one in links if one), None)
