"""The drafts of a step, or of something out of the order: which texts, to whom."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping

import attrs

from afterword.domain import datemath
from afterword.domain.model import Answer, Applicant, Channel, Person, StepKind
from afterword.domain.planning.plan import Plan, Step
from afterword.messages import message_context, recipients, template_store, tone
from afterword.messages.draft_model import Draft
from afterword.messages.i18n import N_, Language
from afterword.messages.improvement_hints import hints_for
from afterword.messages.message_context import (
    EpisodeContext,
    MessageContext,
    Situation,
    first_follow_up_of,
)
from afterword.messages.recipients import TalkingPoints, talking_points
from afterword.messages.template_store import NONE_OWN, TemplateKey
from afterword.messages.template_variables import TemplateVariables
from afterword.messages.templates import MessageTemplate, Rendered, render_template


@attrs.frozen(kw_only=True, eq=False)
class DraftSettings:
    """What every draft of a run is written with.

    `applicant` is the user's own side, `language` the one that messages are
    written in, `reader` the one of notes and questions to the person. `own`
    are the person's own texts.
    """

    applicant: Applicant
    language: Language
    reader: Language
    own: Mapping[TemplateKey, MessageTemplate] = NONE_OWN


def compose_drafts(
    plan: Plan,
    step: Step,
    desk: DraftSettings,
    *,
    channel: Channel | None = None,
    on: dt.date | None = None,
) -> tuple[Draft, ...]:
    """Return the drafts of a step, the one to send first.

    They are written for the day that the plan recommends, or for `on`, the
    employer's, where that is later.

    A thank-you has one for each interviewer; a second follow-up whose first
    was not logged has the first below it; a move-on is a note to oneself, with
    a request for feedback below it; a call has a voicemail below it.
    """
    day = max(step.recommended, on) if on else step.recommended
    return _compose(plan, step, desk, channel or plan.application.channel, day)


# The first follow-up is written for its own event, and stands again below the second.
@functools.lru_cache(maxsize=8)
def _compose(
    plan: Plan, step: Step, desk: DraftSettings, channel: Channel, on: dt.date
) -> tuple[Draft, ...]:
    why = message_context.context_of(plan, step, on=on)
    if step.kind is StepKind.THANK_YOU:
        return tuple(_thanks(why, desk, channel))
    if step.kind is StepKind.MOVE_ON:
        return _note(why, desk), *_if_you_like(why, desk, channel)
    person = recipients.main_contact(plan)
    written = tuple(_messages(why, person, desk, channel, turn=_turn(why, desk, channel)))
    first = first_follow_up_of(plan, step) if step.unlogged is not None else None
    if first is None:
        return written
    late = on if on > step.recommended else None
    instead = desk.reader.tell("Not written yet? Send the first one instead:")
    return *written, *_headed(compose_drafts(plan, first, desk, channel=channel, on=late), instead)


def compose_situation(
    plan: Plan,
    which: Situation,
    desk: DraftSettings,
    *,
    on: dt.date,
    deadline: dt.date | None = None,
    channel: Channel | None = None,
) -> tuple[Draft, ...]:
    """Return the drafts of a situation that is no step of the plan.

    `on` is the employer's day; it is about the latest interview that had begun
    by then. Raises ValueError where the application has no interview.
    """
    standing = recipients.interviewers_in_order(plan.application)
    if not standing:
        raise ValueError("no interview to write about")
    begun = [i for i in standing if datemath.day_of(i.start, plan.employer_zone) <= on]
    why = MessageContext(
        plan=plan,
        interview=begun[-1] if begun else standing[0],
        situation=which,
        about=EpisodeContext(anchor=on),
        on=on,
        deadline=deadline,
    )
    person = recipients.main_contact(plan)
    return tuple(_messages(why, person, desk, channel or plan.application.channel, turn=0))


def _thanks(why: MessageContext, desk: DraftSettings, channel: Channel) -> Iterator[Draft]:
    earlier = [
        i
        for i in recipients.interviewers_in_order(why.plan.application)
        if i.start < why.interview.start
    ]
    turn = sum(max(1, len(i.interviewers)) for i in earlier)
    people: tuple[Person | None, ...] = why.interview.interviewers or (None,)
    thanked = why.step.thanked if why.step else ()
    for number, person in enumerate(people):
        if person and person.name in thanked:
            continue
        written = tuple(_messages(why, person, desk, channel, turn=turn + number))
        if person and len(people) > 1:
            written = _headed(written, desk.reader.tell("To {name}:", name=person.name))
        yield from written


def _if_you_like(why: MessageContext, desk: DraftSettings, channel: Channel) -> tuple[Draft, ...]:
    if _asked_for_feedback(why):
        return ()
    request = attrs.evolve(why, situation=Situation.FEEDBACK)
    person = recipients.main_contact(why.plan)
    written = tuple(_messages(request, person, desk, channel, turn=0))
    return _headed(written, desk.reader.tell("If you like, one request for feedback:"))


def _asked_for_feedback(why: MessageContext) -> bool:
    """Whether the reply to a rejection or an earlier look back asks for it: once is enough."""
    for step in why.plan.steps:
        if step is why.step:
            return False
        if step.answer is Answer.REJECTED or (step.kind is StepKind.MOVE_ON and step.sent_at):
            return True
    return False


def _headed(written: tuple[Draft, ...], heading: str) -> tuple[Draft, ...]:
    return attrs.evolve(written[0], heading=heading), *written[1:]


def _turn(why: MessageContext, desk: DraftSettings, channel: Channel) -> int:
    """Return how many messages of the same text come before it in the application."""
    text = _title(why.situation, desk.language, channel)
    turn = 0
    for step in why.plan.steps:
        if step is why.step:
            break
        if why.step is not None and step.kind is why.step.kind:
            before = message_context.context_of(why.plan, step)
            turn += _title(before.situation, desk.language, channel) == text
    return turn


def _title(which: str, language: Language, channel: Channel) -> TemplateKey:
    """Return the text on the channel, else that of an e-mail."""
    found = template_store.template_key(language, channel, which) or template_store.template_key(
        language, Channel.EMAIL, which
    )
    if found is None:
        raise LookupError(f"no text for {which} in {language.code}")
    return found


# What comes with a message of a channel: what to say to a machine, and what to
# send with a request to connect, where a message is not possible yet.
_WITH = {
    Channel.PHONE: (tone.VOICEMAIL, N_("If the voicemail answers:")),
    Channel.LINKEDIN: (tone.NOTE, N_("Not connected yet? Send this with your request:")),
}


def _messages(
    why: MessageContext, person: Person | None, desk: DraftSettings, channel: Channel, *, turn: int
) -> Iterator[Draft]:
    first = _title(why.situation, desk.language, channel)
    yield _draft(why, person, desk, first, turn=turn)
    if first.channel not in _WITH:
        return
    suffix, heading = _WITH[first.channel]
    companion = template_store.template_key(desk.language, first.channel, first.name + suffix)
    if companion:
        draft = _draft(why, person, desk, companion, turn=turn)
        yield attrs.evolve(draft, heading=desk.reader.tell(heading), questions=())


def _draft(
    why: MessageContext,
    person: Person | None,
    desk: DraftSettings,
    first: TemplateKey,
    *,
    turn: int,
) -> Draft:
    application = why.plan.application
    writer = recipients.sending_applicant(application, desk.applicant)
    noted = (
        talking_points(application, why.step, why.interview, person)
        if why.step
        else TalkingPoints()
    )
    brief = first.channel is not Channel.EMAIL
    facts = TemplateVariables(
        occasion=why,
        person=person,
        noted=noted,
        writer=writer,
        language=desk.language,
        brief=brief,
    )
    text = template_store.pick_template(first, desk.language, turn=turn, own=desk.own)
    rendered = _within_limit(text, facts, tone.limit_of(first.channel, first.name))
    return Draft(
        name=first.name,
        channel=first.channel,
        to=person,
        subject=rendered.subject,
        body=rendered.body,
        questions=hints_for(
            why.step, person, noted, writer, language=desk.reader, channel=first.channel
        ),
    )


def _within_limit(text: MessageTemplate, facts: TemplateVariables, limit: tone.Limit) -> Rendered:
    rendered = render_template(text, facts)
    # A message that runs on is not read: what was noted goes, the longer part first.
    for noted in (("fit",), ("discussed",), ("discussed", "fit")):
        if not tone.too_long(limit, rendered.body):
            break
        rendered = render_template(text, facts.without(*noted))
    return rendered


def _note(why: MessageContext, desk: DraftSettings) -> Draft:
    writer = recipients.sending_applicant(why.plan.application, desk.applicant)
    facts = TemplateVariables(
        occasion=why, person=None, noted=TalkingPoints(), writer=writer, language=desk.reader
    )
    first = _title(Situation.MOVE_ON, desk.reader, Channel.EMAIL)
    text = template_store.pick_template(first, desk.reader, turn=0, own=desk.own)
    rendered = render_template(text, facts)
    return Draft(
        name=first.name,
        channel=Channel.EMAIL,
        to=None,
        subject=rendered.subject,
        body=rendered.body,
        to_oneself=True,
    )
