"""Texts of calendar events: description, link and, for interview reminders, the title.

A description has, in this order: whom to write to and by when, the address, when
not to send; the message; hints; the reasons for the date and the window; how to
log from where the event is. All dates of one event are on one calendar, the
user's; the employer's stand beside them in brackets where they differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import attrs

from afterword.domain import datemath
from afterword.domain.build_events import window_days
from afterword.domain.calendar_model import BusyTimes, EventRole, EventText
from afterword.domain.model import Channel, Interview, Person, StepKind, When
from afterword.domain.planning.plan import Plan, Step, StepState
from afterword.domain.policy import Hours, Policy
from afterword.messages import event_title
from afterword.messages.advice import DEBRIEF_QUESTIONS, advice_for, busy_note, waiting_tip
from afterword.messages.compose import DraftSettings, compose_drafts
from afterword.messages.display_names import listed, text_person, title_company
from afterword.messages.draft_model import Draft
from afterword.messages.event_title import AppImport
from afterword.messages.i18n import N_, Language
from afterword.messages.links import message_link, profile_link
from afterword.messages.template_store import first_letter

MAX_DESCRIPTION_BYTES = 8000
"""Some calendars cut longer descriptions without a warning."""

_UNLESS = {
    StepKind.FIRST: N_("Don't send it if they have answered."),
    StepKind.SECOND: N_("Don't send it if they have answered. There is no third message."),
    StepKind.THANK_YOU: N_("Don't send it if you have thanked them already."),
    StepKind.REPLY: N_("Don't send it if you have replied already."),
    StepKind.KEEP_IN_TOUCH: N_("Don't send it if you have been in touch since."),
}
# Without the name of a recipient, and with it.
_BY_TIME = (
    N_("Send it by {when}; the sooner, the better."),
    N_("Send to {to} by {when}; the sooner, the better."),
)
_BY_DAY = (N_("Send it, ideally by {day}."), N_("Send to {to}, ideally by {day}."))
_ANY_DAY = (N_("Send it."), N_("Send to {to}."))
_BEFORE_IT_ENDS = (
    N_("ask about next steps, and by which day they want to decide"),
    N_("say that you will follow up, ask how they like to be reached, and note all names"),
    N_("say that you are interested, and thank them for the conversation"),
)


@attrs.define(kw_only=True)
class EventTextBuilder:
    """Builds the texts of a plan's events; a callable `(plan, step, role) -> EventText`.

    `private` leaves out everything that others should not read in a shared
    calendar. `synced` events explain how to log in the calendar, exported ones
    name the command, and `app_import` how the change gets into an app. `resources`
    are listed in the events of a move-on; `busy` is when the user's calendars are busy.
    """

    settings: DraftSettings
    policy: Policy
    private: bool = False
    synced: bool = False
    app_import: AppImport | None = None
    resources: tuple[str, ...] = ()
    busy: BusyTimes | None = None
    _composed: dict[Step, tuple[Draft, ...]] = attrs.field(factory=dict, init=False)
    _described: dict[Step, EventText] = attrs.field(factory=dict, init=False)

    def compose_ahead(self, plan: Plan) -> None:
        """Compose the drafts that the texts of a plan will need."""
        if self.private:
            return
        for step in plan.steps:
            if step.state is not StepState.WITHDRAWN and step.sent_at is None:
                self._composed[step] = compose_drafts(plan, step, self.settings)

    def describe_ahead(self, plan: Plan) -> None:
        """Write the descriptions and links of the steps whose drafts are composed."""
        for step in plan.steps:
            if step in self._composed:
                self._described[step] = self._describe(plan, step, self._composed.pop(step))

    def __call__(self, plan: Plan, step: Step, role: EventRole) -> EventText:
        """Return title, description and link of an event."""
        language = self.settings.reader
        if self.private:
            return EventText(
                summary=event_title.private_title(plan, step, role, language=language),
                description=language.translate(
                    "Details are not shown in this calendar. To see the text, run: afterword draft"
                ),
            )
        summary = event_title.build_title(plan, step, role, language=language)
        if step.sent_at is not None:
            description = _done_description(plan, step, step.sent_at, language)
            return EventText(summary=summary, description=description)
        if step not in self._described:
            # The two events of a step have the same description; the second comes right after.
            drafts = compose_drafts(plan, step, self.settings)
            self._described = {step: self._describe(plan, step, drafts)}
        _, description, url = self._described[step]
        return EventText(summary=summary, description=description, url=url)

    def _describe(self, plan: Plan, step: Step, drafts: Sequence[Draft]) -> EventText:
        """Return the description and the link of an open step's events, still without a title."""
        links = (message_link(d, full=True, language=self.settings.reader) for d in drafts)
        return EventText(
            summary="",
            description=self._description(plan, step, drafts),
            url=next(filter(None, links), None),
        )

    def _description(self, plan: Plan, step: Step, drafts: Sequence[Draft]) -> str:
        """Return the description of an open step's event.

        If it gets too long, the last drafts are replaced by the command that
        prints them.
        """
        language, dates = self.settings.reader, StepDates.for_step(plan, step, self.policy)
        messages = list(_messages(drafts, language))
        before = _instructions(plan, step, drafts, dates, self.settings, self.policy.office)
        before = "\n".join([before, *busy_note(plan, step, self.busy, language)])
        first_tip = first_letter(plan.application)
        after = [
            *_hints(drafts, language),
            *advice_for(plan, step, language, first_tip=first_tip, resources=self.resources),
            _reasons(step, dates, language),
            self._how_to_log(plan, step, language),
        ]
        count = len(messages)
        while True:
            pointers = [_pointer(plan, draft, language) for draft in drafts[count:]]
            text = "\n\n".join([before, *messages[:count], *pointers, *after])
            if count == 0 or len(text.encode()) < MAX_DESCRIPTION_BYTES:
                return text
            count -= 1

    def _how_to_log(self, plan: Plan, step: Step, language: Language) -> str:
        """Return the last paragraph, true for where the event is."""
        if self.synced:
            return event_title.how_to_log(language)
        command = _log_command(plan, step, language)
        if self.app_import is None:
            return command
        return f"{command}\n{event_title.how_to_import(self.app_import, language)}"


class StepDates(NamedTuple):
    """The dates of a step on the user's calendar, and the employer's if they differ.

    `first` and `last` of a window are inclusive; they are instants for a
    thank-you or a reply, and None without a window.
    """

    first: When | None
    last: When | None
    employer: tuple[When, When] | None
    employer_zone: str

    @classmethod
    def for_step(cls, plan: Plan, step: Step, policy: Policy) -> StepDates:
        """Return the dates of a step."""
        opens, closes = step.opens, step.closes
        if isinstance(opens, dt.datetime) and isinstance(closes, dt.datetime):
            own: tuple[When, When] = (opens.astimezone(plan.zone), closes.astimezone(plan.zone))
            theirs: tuple[When, When] = (
                opens.astimezone(plan.employer_zone),
                closes.astimezone(plan.employer_zone),
            )
            differs = plan.zone != plan.employer_zone
        else:
            first, end = window_days(plan, step, policy.office)
            own, theirs = (first, end - datemath.DAY), (opens, closes)
            differs = own != theirs
        return cls(
            first=own[0],
            last=own[1],
            employer=theirs if differs else None,
            employer_zone=plan.employer_zone.key,
        )


def _done_description(plan: Plan, step: Step, sent_at: dt.datetime, language: Language) -> str:
    """Return the description of a done step's event: when it was sent, and a tip meanwhile."""
    sent = language.translate("Sent on {when}.", when=sent_at.astimezone(plan.zone))
    tip = waiting_tip(plan, step, language, first_tip=first_letter(plan.application))
    return "\n\n".join([sent, *tip])


def _instructions(
    plan: Plan,
    step: Step,
    drafts: Sequence[Draft],
    dates: StepDates,
    settings: DraftSettings,
    office: Hours,
) -> str:
    """Return the first lines: whom to write to and by when, the address, when not to."""
    language = settings.reader
    if step.kind is StepKind.MOVE_ON:
        return language.translate("There is nothing more to send. Look back, then move on.")
    main = [draft for draft in drafts if draft.heading == "" or step.kind is StepKind.THANK_YOU]
    people = list(dict.fromkeys(draft.to for draft in main if draft.to))
    names = [text_person(person) or person.email or person.name for person in people]
    lines = [_whom_and_when(step, names, dates, language)]
    if len(people) == 1 and (address := _address(drafts[0], people[0])):
        lines.append(address)
    if drafts[0].channel is Channel.PHONE:
        lines.append(_office_hours(plan, step.recommended, language, office))
    lines.append(language.translate(_UNLESS[step.kind]))
    if step.unlogged is not None:
        lines.append(
            language.translate("Haven't sent the first one yet? Send that instead, see below.")
        )
    return "\n".join(lines)


def _address(draft: Draft, person: Person) -> str | None:
    """Return the bare address for the draft's channel: apps make it tappable."""
    if draft.channel is Channel.PHONE:
        return person.phone
    if draft.channel is Channel.LINKEDIN:
        return profile_link(person.profile or "")
    return person.email


def _whom_and_when(step: Step, names: list[str], dates: StepDates, language: Language) -> str:
    """Return "Send to Thandi Nkosi, ideally by Tue 1 Dec."."""
    to, last = listed(names, language.code), dates.last
    if isinstance(last, dt.datetime):
        return language.translate(_BY_TIME[bool(to)], to=to, when=last)
    if last is None or step.kind is StepKind.KEEP_IN_TOUCH or step.note is not None:
        return language.translate(_ANY_DAY[bool(to)], to=to)
    return language.translate(_BY_DAY[bool(to)], to=to, day=language.weekday_and_day(last))


def _messages(drafts: Sequence[Draft], language: Language) -> Iterator[str]:
    """Yield each draft below its heading and subject."""
    for draft in drafts:
        parts = [draft.heading] if draft.heading else []
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
    missing = dict.fromkeys(line for draft in drafts for line in draft.left_out)
    if missing:
        heading = language.translate("Not in the draft:")
        yield "\n".join([heading, *(f"- {line}" for line in missing)])
    yield from dict.fromkeys(note for draft in drafts for note in draft.notes)


def _reasons(step: Step, dates: StepDates, language: Language) -> str:
    why = language.render(step.reason)
    days = (value for value in step.reason.arguments.values() if isinstance(value, dt.date))
    if dates.employer and any(days):
        why = language.translate("{why} (their time)", why=why)
    if step.note is not None:
        why = f"{why}; {language.render(step.note)}"
    why = language.translate("Why this date: {why}", why=why)
    return f"{why}\n{_window(dates, language)}" if dates.first is not None else why


def _window(dates: StepDates, language: Language) -> str:
    first, last = dates.first, dates.last
    if isinstance(first, dt.datetime) and isinstance(last, dt.datetime):
        text = language.translate("Window: {opens} to {closes}", opens=first, closes=last)
        if dates.employer is None:
            return text
        employer_times = language.translate(
            "their time, {zone}: {opens} to {closes}",
            zone=dates.employer_zone,
            opens=dates.employer[0],
            closes=dates.employer[1],
        )
        return f"{text} ({employer_times})"
    days = _day_range(first, last, language)
    if dates.employer is None:
        return language.translate("Window: {day}", day=days)
    return language.translate(
        "Window: {day} ({employer_day} their time)",
        day=days,
        employer_day=_day_range(*dates.employer, language),
    )


def _day_range(first: When | None, last: When | None, language: Language) -> str:
    opens, closes = (language.weekday_and_day(day) for day in (first, last) if day is not None)
    if opens == closes:
        return opens
    return language.translate("{first} to {last}", first=opens, last=closes)


def _log_command(plan: Plan, step: Step, language: Language) -> str:
    """Return the commands that log a step."""
    if step.kind is StepKind.MOVE_ON:
        text = N_(
            "To log it: afterword close {name} (or, if they answered: afterword heard {name})"
        )
    elif step.kind is StepKind.REPLY:
        text = N_("To log it once it is sent: afterword sent {name} {step}")
    else:
        text = N_(
            "To log it: afterword sent {name} {step} (or, if they answered: afterword heard {name})"
        )
    return language.translate(text, name=plan.application.id, step=step.kind)


def before_interview_text(
    plan: Plan, interview: Interview, language: Language, *, private: bool = False
) -> EventText:
    """Return the text of the reminder half an hour before an interview."""
    if private:
        return EventText(summary=language.translate("A look at your notes"), description="")
    company = title_company(plan.application)
    heading = language.translate("Three things to do before it ends:")
    paragraphs = [[heading, *(language.translate(line) for line in _BEFORE_IT_ENDS)]]
    earlier = (i for i in plan.timeline.interviews if i.start < interview.start)
    if notes := [note for each in earlier for note in each.do_differently]:
        paragraphs.append([language.translate("You wanted to do differently:"), *notes])
    return EventText(
        summary=language.translate("Ask about next steps: {company}", company=company),
        description="\n\n".join("\n- ".join(lines) for lines in paragraphs),
    )


def after_interview_text(plan: Plan, language: Language, *, private: bool = False) -> EventText:
    """Return the text of the reminder right after an interview."""
    if private:
        return EventText(summary=language.translate("Five minutes for notes"), description="")
    company = title_company(plan.application)
    command = f"afterword debrief {plan.application.id}"
    heading = language.translate(
        "While it is fresh, note the answers or run {command}:", command=command
    )
    questions = [f"- {language.translate(question.text)}" for question in DEBRIEF_QUESTIONS]
    return EventText(
        summary=language.translate("Note it down: {company}", company=company),
        description="\n".join([heading, *questions]),
    )
