"""Compose the drafts of a step, or of a situation that is not in the plan.

A situation has several letters. Which one an application begins with follows
from its id, so that two applications to one company do not read alike; further
interviewers and later messages get the next ones.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping

import attrs

from afterword.domain import datemath
from afterword.domain.model import Answer, Applicant, Channel, Person, StepKind
from afterword.domain.planning.plan import Plan, Step
from afterword.messages import (
    display_names,
    draft_model,
    fact_rules,
    facts,
    recipients,
    template_store,
)
from afterword.messages.advice import hints_for
from afterword.messages.draft_model import Draft
from afterword.messages.fact_rules import Slot
from afterword.messages.facts import Fact, MessageFacts
from afterword.messages.i18n import N_, Language
from afterword.messages.message_context import (
    EpisodeContext,
    MessageContext,
    Situation,
    context_of,
    episode_context,
    first_follow_up_of,
    situation_of,
)
from afterword.messages.recipients import NO_POINTS, TalkingPoints, main_contact, talking_points
from afterword.messages.template_store import NO_USER_TEMPLATES, TemplateKey, first_letter
from afterword.messages.template_variables import TemplateVariables
from afterword.messages.templates import MessageTemplate, RenderedMessage, render_template

# A second draft that goes with a message of a channel: for the voicemail, and for a LinkedIn
# connection request, which must be accepted before messages can be sent.
_COMPANIONS = {
    Channel.PHONE: (draft_model.VOICEMAIL_SUFFIX, N_("If you reach the voicemail:")),
    Channel.LINKEDIN: (
        draft_model.NOTE_SUFFIX,
        N_("Not connected yet? Send this with your request:"),
    ),
}


@attrs.frozen(kw_only=True, eq=False)
class DraftSettings:
    """The settings shared by all drafts of an application.

    `applicant` is the user; messages are written in `language`, headings, hints
    and notes to oneself in `reader`, the user's own language.
    """

    applicant: Applicant
    language: Language
    reader: Language
    user_templates: Mapping[TemplateKey, MessageTemplate] = NO_USER_TEMPLATES


def compose_drafts(
    plan: Plan,
    step: Step,
    settings: DraftSettings,
    *,
    channel: Channel | None = None,
    send_date: dt.date | None = None,
) -> tuple[Draft, ...]:
    """Return the drafts of a step; the preferred draft comes first.

    They are dated for the recommended day, or for `send_date` (in the
    employer's zone) if that is later.

    A thank-you has a draft for each interviewer. A second follow-up includes
    the first one if that was not logged. A move-on is a note to oneself and a
    request for feedback; a call comes with a voicemail.
    """
    day = max(step.recommended, send_date) if send_date else step.recommended
    return _compose(plan, step, settings, channel or plan.application.channel, day)


# The first follow-up is composed for its own event and again for that of the second.
@functools.lru_cache(maxsize=8)
def _compose(
    plan: Plan, step: Step, settings: DraftSettings, channel: Channel, send_date: dt.date
) -> tuple[Draft, ...]:
    context = context_of(plan, step, send_date=send_date)
    if step.kind is StepKind.THANK_YOU:
        return tuple(_thank_yous(context, settings, channel))
    if step.kind is StepKind.MOVE_ON:
        key = template_store.find_letter(context.situation, settings.reader, Channel.EMAIL)
        note = _draft(context, None, settings, key)
        return note, *_feedback_request(context, settings, channel)
    uses = _earlier_uses(context, settings, channel)
    drafts = _with_companion(context, main_contact(plan), settings, channel, earlier_uses=uses)
    first = first_follow_up_of(plan, step) if step.unlogged is not None else None
    if first is None:
        return drafts
    late = send_date if send_date > step.recommended else None
    instead = compose_drafts(plan, first, settings, channel=channel, send_date=late)
    heading = settings.reader.translate("Haven't sent the first one yet? Send this instead:")
    return *drafts, *_with_heading(instead, heading)


def compose_situation(
    plan: Plan,
    situation: Situation,
    settings: DraftSettings,
    *,
    send_date: dt.date,
    deadline: dt.date | None = None,
    channel: Channel | None = None,
) -> tuple[Draft, ...]:
    """Return the drafts of a situation that is not a step of the plan.

    They are about the latest interview that began by `send_date` (in the
    employer's zone), a cancelled one only if there is no other.
    """
    application = plan.application
    interviews = recipients.interviews_not_cancelled(application) or plan.timeline.interviews
    begun = [i for i in interviews if datemath.day_of(i.start, plan.employer_zone) <= send_date]
    context = MessageContext(
        plan=plan,
        interview=begun[-1] if begun else interviews[0],
        situation=situation,
        episode=EpisodeContext(anchor=send_date),
        send_date=send_date,
        deadline=deadline,
    )
    channel = channel or plan.application.channel
    return _with_companion(context, main_contact(plan), settings, channel)


def _thank_yous(
    context: MessageContext, settings: DraftSettings, channel: Channel
) -> Iterator[Draft]:
    earlier = [
        interview
        for interview in recipients.interviews_not_cancelled(context.plan.application)
        if interview.start < context.interview.start
    ]
    uses = sum(max(1, len(interview.interviewers)) for interview in earlier)
    people: tuple[Person | None, ...] = context.interview.interviewers or (None,)
    thanked = context.step.thanked if context.step else ()
    for number, person in enumerate(people, start=uses):
        if person and person.name in thanked:
            continue
        drafts = _with_companion(context, person, settings, channel, earlier_uses=number)
        if person and len(people) > 1:
            drafts = _with_heading(drafts, _name_and_address(person))
        yield from drafts


def _name_and_address(person: Person) -> str:
    """Return the line above a draft of a panel: "Thandi Nkosi, thandi@karoo.example"."""
    name = display_names.text_person(person)
    return ", ".join(filter(None, (name or (None if person.email else person.name), person.email)))


def _feedback_request(
    context: MessageContext, settings: DraftSettings, channel: Channel
) -> tuple[Draft, ...]:
    if _asked_for_feedback(context):
        return ()
    request = context._replace(situation=Situation.FEEDBACK)
    drafts = _with_companion(request, main_contact(context.plan), settings, channel)
    heading = settings.reader.translate("If you like, you can ask for feedback once:")
    return _with_heading(drafts, heading)


def _asked_for_feedback(context: MessageContext) -> bool:
    """True if an earlier step already asks: the reply to a rejection, or a done move-on."""
    for step in context.plan.steps:
        if step is context.step:
            return False
        if step.answer is Answer.REJECTED or (step.kind is StepKind.MOVE_ON and step.sent_at):
            return True
    return False


def _with_heading(drafts: tuple[Draft, ...], heading: str) -> tuple[Draft, ...]:
    return drafts[0]._replace(heading=heading), *drafts[1:]


def _earlier_uses(context: MessageContext, settings: DraftSettings, channel: Channel) -> int:
    """Return how many earlier messages of the application use the same template."""
    key = template_store.find_letter(context.situation, settings.language, channel)
    plan, step = context.plan, context.step
    count = 0
    for each in plan.steps:
        if each is step:
            break
        if step is not None and each.kind is step.kind:
            situation = situation_of(each, episode_context(plan, each))
            count += template_store.find_letter(situation, settings.language, channel) == key
    return count


def _with_companion(
    context: MessageContext,
    person: Person | None,
    settings: DraftSettings,
    channel: Channel,
    *,
    earlier_uses: int = 0,
) -> tuple[Draft, ...]:
    key = template_store.find_letter(context.situation, settings.language, channel)
    draft = _draft(context, person, settings, key, earlier_uses=earlier_uses)
    if key.channel not in _COMPANIONS:
        return (draft,)
    suffix, heading = _COMPANIONS[key.channel]
    language = template_store.language_of(key, settings.language)
    companion = template_store.template_key(language, key.channel, key.name + suffix)
    if companion is None:
        return (draft,)
    second = _draft(context, person, settings, companion, earlier_uses=earlier_uses)
    return draft, second._replace(heading=settings.reader.translate(heading), hints=())


def _draft(
    context: MessageContext,
    person: Person | None,
    settings: DraftSettings,
    key: TemplateKey,
    *,
    earlier_uses: int = 0,
) -> Draft:
    application, step = context.plan.application, context.step
    applicant = recipients.applicant_for(application, settings.applicant)
    points = talking_points(application, step, context.interview, person) if step else NO_POINTS
    start = first_letter(application)
    to_oneself = context.situation is Situation.MOVE_ON
    chosen = settings.reader if to_oneself else settings.language
    language = template_store.language_of(key, chosen)
    message_facts = _message_facts(context, points, language, start, earlier_uses)
    variables = TemplateVariables(
        context=context,
        person=person,
        facts=message_facts,
        applicant=applicant,
        language=language,
        name_only=key.channel is not Channel.EMAIL,
    )
    template = template_store.pick_template(
        key,
        language,
        earlier_uses=start + earlier_uses,
        user_templates=settings.user_templates,
    )
    message, dropped = _within_limit(
        template, variables, draft_model.limit_of(key.channel, key.name), key.channel
    )
    hints = hints_for(
        step, person, points, applicant, language=settings.reader, channel=key.channel
    )
    return Draft(
        name=key.name,
        channel=key.channel,
        to=person,
        subject=message.subject,
        body=message.body,
        hints=() if to_oneself else tuple(hints),
        left_out=tuple(_left_out(points, message_facts, dropped, settings.reader)),
        language=language.code,
        notes=tuple(
            template_store.language_notes(language, chosen, settings.reader, has_facts=bool(points))
        ),
        to_oneself=to_oneself,
    )


def _message_facts(
    context: MessageContext,
    points: TalkingPoints,
    language: Language,
    start: int,
    earlier_uses: int,
) -> MessageFacts:
    """Return the facts of a message in sentences that its other messages do not have."""
    step = context.step
    if step is None or not points:
        return MessageFacts()
    names = facts.application_names(context.plan.application)
    moment = StepKind.THANK_YOU if step.folds_thanks else step.kind
    if step.kind is not StepKind.THANK_YOU:
        same = [(s.interview, s.episode) for s in context.plan.steps if s.kind is step.kind]
        earlier_uses = same.index((step.interview, step.episode))
    number = start // 7 + earlier_uses
    used: dict[Slot, Fact] = {}
    for slot, point in points.items():
        fact = facts.tidy_fact(point.text, slot, language.code, names)
        of_moment = facts.AGAIN if point.again else moment
        sentence = facts.fact_sentence(fact, of_moment, slot, number, language)
        used[slot] = Fact(fact.text, fact.kind, fact.notes, sentence)
    discussed = used.get(Slot.DISCUSSED, facts.NO_FACT)
    fit = used.get(Slot.FIT, facts.NO_FACT)
    both = facts.sentence_with_both(discussed, fit, moment, number, language)
    return MessageFacts(discussed, fit, both)


def _left_out(
    points: TalkingPoints, used: MessageFacts, dropped: tuple[Slot, ...], reader: Language
) -> Iterator[str]:
    """Yield which facts a message does not have or has in part, and why."""
    for slot, point in points.items():
        fact: Fact = getattr(used, slot)
        remarks = [note.value for note in fact.notes if note in fact_rules.SHORTENING]
        if slot in dropped and fact.text:
            remarks = [N_("Left out, because the message would be too long.")]
        if remarks:
            yield f"“{point.text}”: {reader.translate(remarks[0])}"


def _within_limit(
    template: MessageTemplate,
    variables: TemplateVariables,
    limit: draft_model.LengthLimit,
    channel: Channel,
) -> tuple[RenderedMessage, tuple[Slot, ...]]:
    """Render a template without the facts that make it too long; also return their slots."""
    message = render_template(template, variables)
    dropped: tuple[Slot, ...] = ()
    for slots in ((Slot.FIT,), (Slot.DISCUSSED,), (Slot.DISCUSSED, Slot.FIT)):
        if not draft_model.is_too_long(limit, message.body, channel):
            break
        message, dropped = render_template(template, variables.without(*slots)), slots
    return message, dropped
