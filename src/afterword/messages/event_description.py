"""Texts of calendar events: description, link and, for interview reminders, the title.

The description has what the reader needs first: what to do and when not to, the
link and the message, hints, the reasons for the date, how to log.
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

MAX_DESCRIPTION_BYTES = 8000
"""Some calendars cut longer descriptions without a warning."""

_INSTRUCTIONS = {
    StepKind.THANK_YOU: N_("Send your thanks by {when}; sooner is better."),
    StepKind.FIRST: N_("Nothing heard yet? Send this first follow-up, by {day} at best."),
    StepKind.SECOND: N_("Still nothing? Send this second, shorter follow-up; it is the last."),
    StepKind.MOVE_ON: N_("Nothing to ask again: look back for a moment, then go on."),
    StepKind.REPLY: N_("They have answered: reply by {when}."),
    StepKind.KEEP_IN_TOUCH: N_("Say hello, if you still would like to."),
}
_WAITING_TIPS = (
    N_("Meanwhile: note three things that went well in the interview, and one to do better."),
    N_("Meanwhile: have a word with somebody in the field, without asking for anything."),
    N_("Meanwhile: give an hour to a skill that they asked about."),
    N_("Meanwhile: send the next application; waiting is easier with two."),
)
_BEFORE_IT_ENDS = (
    N_("ask what happens next, and by which day they want to decide"),
    N_("ask how they would like to hear from you, and note the names of all who are there"),
    N_("say that you are interested, and thank them for the conversation"),
)


@attrs.define(kw_only=True)
class EventTextBuilder:
    """Builds the texts of a plan's events; a callable `(plan, step, role) -> EventText`.

    `private` leaves out everything that others should not read in a shared
    calendar.
    """

    settings: DraftSettings
    policy: Policy
    private: bool = False
    _last: tuple[Step, str, str | None] | None = attrs.field(default=None, init=False)

    def __call__(self, plan: Plan, step: Step, role: EventRole) -> EventText:
        """Return title, description and link of an event."""
        language = self.settings.reader
        if self.private:
            return EventText(
                summary=event_title.private_title(
                    plan, step, role, language=language, policy=self.policy
                ),
                description=language.translate(
                    "The text is not kept here: afterword draft shows it."
                ),
            )
        summary = event_title.build_title(plan, step, role, language=language, policy=self.policy)
        if step.sent_at is not None:
            description = build_done_description(plan, step, step.sent_at, language)
            return EventText(summary=summary, description=description)
        # The two events of a step have the same description; the second comes right after.
        if self._last is None or self._last[0] is not step:
            self._last = step, *self._description_and_link(plan, step, language)
        return EventText(summary=summary, description=self._last[1], url=self._last[2])

    def _description_and_link(
        self, plan: Plan, step: Step, language: Language
    ) -> tuple[str, str | None]:
        drafts = compose_drafts(plan, step, self.settings)
        links = (message_link(draft, full=True, language=language) for draft in drafts)
        description = build_description(plan, step, drafts, language, self.policy.office)
        return description, next(filter(None, links), None)


def build_description(
    plan: Plan, step: Step, drafts: Sequence[Draft], language: Language, office: Hours
) -> str:
    """Return the description of an open step's event.

    If it gets too long, the last drafts are replaced by the command that prints
    them. `office` are the office hours to call in.
    """
    messages = list(_messages(plan, step, drafts, language, office))
    after = [*_hints(drafts, language), _reasons(plan, step, language), how_to_log(language)]
    count = len(messages)
    while True:
        pointers = [_pointer(plan, draft, language) for draft in drafts[count:]]
        parts = [_instruction(plan, step, language), *messages[:count], *pointers, *after]
        text = "\n\n".join(parts)
        if count == 0 or len(text.encode()) < MAX_DESCRIPTION_BYTES:
            return text
        count -= 1


def build_done_description(plan: Plan, step: Step, sent_at: dt.datetime, language: Language) -> str:
    """Return the description of a done step's event: when it was sent, and a tip meanwhile."""
    sent = language.translate("Sent on {when}.", when=sent_at.astimezone(plan.zone))
    return "\n\n".join([sent, *_waiting_tip(plan, step, language), how_to_log(language)])


def _waiting_tip(plan: Plan, step: Step, language: Language) -> Iterator[str]:
    """Yield a tip below a follow-up, never the same for two in a row."""
    if step.kind in FOLLOW_UPS:
        follow_ups = [s for s in plan.steps if s.kind in FOLLOW_UPS]
        yield language.translate(_WAITING_TIPS[follow_ups.index(step) % len(_WAITING_TIPS)])


def _instruction(plan: Plan, step: Step, language: Language) -> str:
    """Return the first line: the action, its deadline, and when to skip it."""
    values: dict[str, str | int | dt.date] = {}
    if isinstance(step.closes, dt.datetime):
        values["when"] = step.closes.astimezone(plan.zone)
    else:
        values["day"] = language.weekday_and_day(step.closes)
    text = _INSTRUCTIONS[step.kind]
    if step.kind is StepKind.SECOND and step.unlogged is not None:
        text = N_("Only if you have sent the first follow-up: one more, shorter, and the last.")
    return f"{language.translate(text, **values)} {_unless_answered(step.kind, language)}"


@functools.cache
def _unless_answered(kind: StepKind, language: Language) -> str:
    word = keyword_in(language, TitleKeyword.ANSWERED)
    if kind is StepKind.REPLY:
        word = keyword_in(language, TitleKeyword.SENT)
        return language.translate('Replied already? Rename this event to "{word}".', word=word)
    if kind is StepKind.MOVE_ON:
        return language.translate('They have answered? Rename this event to "{word}".', word=word)
    return language.translate(
        'Already answered? Then do not send: rename this event to "{word}", '
        "and the rest goes away.",
        word=word,
    )


def _messages(
    plan: Plan, step: Step, drafts: Sequence[Draft], language: Language, office: Hours
) -> Iterator[str]:
    """Yield each draft below its heading, link and subject; no link is repeated."""
    links: set[str] = set()
    for draft in drafts:
        parts = [f"--- {draft.heading}"] if draft.heading else []
        link = message_link(draft, full=False, language=language)
        lines = [link] if link and link not in links else []
        links.update(lines)
        if draft.channel is Channel.PHONE and not draft.heading:
            lines.append(_office_hours(plan, step.recommended, language, office))
        if lines:
            parts.append("\n".join(lines))
        if draft.subject and not draft.to_oneself:
            parts.append(language.translate("Subject: {subject}", subject=draft.subject))
        yield "\n\n".join([*parts, draft.body])


def _office_hours(plan: Plan, day: dt.date, language: Language, office: Hours) -> str:
    """Return the office hours in the user's zone, and in the employer's if they differ."""
    opens, closes = (
        datemath.at_local_time(day, at, plan.employer_zone) for at in (office.start, office.end)
    )
    own = [language.clock(moment.astimezone(plan.zone)) for moment in (opens, closes)]
    employer = [language.clock(moment.astimezone(plan.employer_zone)) for moment in (opens, closes)]
    if own == employer:
        return language.translate("Office hours: {opens} to {closes}", opens=own[0], closes=own[1])
    return language.translate(
        "Office hours: {opens} to {closes} your time ({from_} to {to} in {zone})",
        opens=own[0],
        closes=own[1],
        from_=employer[0],
        to=employer[1],
        zone=plan.employer_zone.key,
    )


def _pointer(plan: Plan, draft: Draft, language: Language) -> str:
    command = f"afterword draft {plan.application.id}"
    if draft.to:
        command = f'{command} --to "{draft.to.name}"'
    return language.translate("One more draft: {command}", command=command)


def _hints(drafts: Sequence[Draft], language: Language) -> Iterator[str]:
    names_by_hint: dict[str, list[str]] = {}
    for draft in drafts:
        for hint in draft.hints:
            names_by_hint.setdefault(hint, []).append(draft.to.name if draft.to else "")
    several = len({draft.to.name for draft in drafts if draft.to}) > 1
    lines = [
        f"- {hint} ({', '.join(names)})" if several else f"- {hint}"
        for hint, names in names_by_hint.items()
    ]
    if lines:
        yield "\n".join([language.translate("To make it more personal:"), *lines])


def _reasons(plan: Plan, step: Step, language: Language) -> str:
    why = language.render(step.reason)
    if step.note is not None:
        why = f"{why}; {language.render(step.note)}"
    return f"{language.translate('Why this date: {why}', why=why)}\n{_window(plan, step, language)}"


def _window(plan: Plan, step: Step, language: Language) -> str:
    if isinstance(step.opens, dt.datetime) and isinstance(step.closes, dt.datetime):
        opens, closes = (moment.astimezone(plan.zone) for moment in (step.opens, step.closes))
        text = language.translate("Window: {opens} to {closes}", opens=opens, closes=closes)
        if plan.employer_zone == plan.zone:
            return text
        employer_times = language.translate(
            "their time, {zone}: {opens} to {closes}",
            zone=plan.employer_zone.key,
            opens=step.opens.astimezone(plan.employer_zone),
            closes=step.closes.astimezone(plan.employer_zone),
        )
        return f"{text} ({employer_times})"
    opens_on, closes_on = (language.weekday_and_day(day) for day in (step.opens, step.closes))
    if opens_on == closes_on:
        return language.translate("Window: {day}", day=opens_on)
    return language.translate("Window: {first} to {last}", first=opens_on, last=closes_on)


def before_interview_text(plan: Plan, language: Language, *, private: bool = False) -> EventText:
    """Return the text of the reminder half an hour before an interview."""
    if private:
        return EventText(summary=language.translate("A look at your notes"), description="")
    company = short_company(plan.application.company)
    heading = language.translate("Three things to do before it ends:")
    lines = [f"- {language.translate(line)}" for line in _BEFORE_IT_ENDS]
    return EventText(
        summary=language.translate("{company}: three things before it ends", company=company),
        description="\n".join([heading, *lines]),
    )


def after_interview_text(plan: Plan, language: Language, *, private: bool = False) -> EventText:
    """Return the text of the reminder right after an interview."""
    if private:
        return EventText(summary=language.translate("Five minutes for notes"), description="")
    company = short_company(plan.application.company)
    command = f"afterword debrief {plan.application.id}"
    heading = language.translate(
        "While it is fresh, note the answers or run {command}:", command=command
    )
    questions = [f"- {language.translate(question.text)}" for question in DEBRIEF_QUESTIONS]
    return EventText(
        summary=language.translate("{company}: five minutes to note it down", company=company),
        description="\n".join([heading, *questions]),
    )
