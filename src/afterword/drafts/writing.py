"""The drafts of a step, or of something out of the order: which texts, to whom."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping

import attrs

from afterword.core import timing
from afterword.core.model import Answer, Applicant, Channel, Person, Plan, Step, StepKind
from afterword.drafts import limits, occasion, recipients, sender, shelf
from afterword.drafts.circumstances import Circumstances
from afterword.drafts.draft import Draft
from afterword.drafts.facts import Facts
from afterword.drafts.language import Language, mark
from afterword.drafts.occasion import Occasion, first_of
from afterword.drafts.points import Points, points
from afterword.drafts.questions import questions
from afterword.drafts.shelf import NONE_OWN, Title
from afterword.drafts.situation import Situation
from afterword.drafts.templates import Rendered, Text, render


@attrs.frozen(kw_only=True, eq=False)
class Desk:
    """What every draft of a run is written with.

    `applicant` is the user's own side, `language` the one that messages are
    written in, `reader` the one of notes and questions to the person. `own`
    are the person's own texts.
    """

    applicant: Applicant
    language: Language
    reader: Language
    own: Mapping[Title, Text] = NONE_OWN


def drafts(
    plan: Plan,
    step: Step,
    desk: Desk,
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
    return _drafts(plan, step, desk, channel or plan.application.channel, day)


# The first follow-up is written for its own event, and stands again below the second.
@functools.lru_cache(maxsize=8)
def _drafts(plan: Plan, step: Step, desk: Desk, channel: Channel, on: dt.date) -> tuple[Draft, ...]:
    why = occasion.of_step(plan, step, on=on)
    if step.kind is StepKind.THANK_YOU:
        return tuple(_thanks(why, desk, channel))
    if step.kind is StepKind.MOVE_ON:
        return _note(why, desk), *_if_you_like(why, desk, channel)
    person = recipients.contact(plan)
    written = tuple(_messages(why, person, desk, channel, turn=_turn(why, desk, channel)))
    first = first_of(plan, step) if step.unlogged is not None else None
    if first is None:
        return written
    late = on if on > step.recommended else None
    instead = desk.reader.tell("Not written yet? Send the first one instead:")
    return *written, *_headed(drafts(plan, first, desk, channel=channel, on=late), instead)


def out_of_order(
    plan: Plan,
    which: Situation,
    desk: Desk,
    *,
    on: dt.date,
    deadline: dt.date | None = None,
    channel: Channel | None = None,
) -> tuple[Draft, ...]:
    """Return the drafts of a situation that is no step of the plan.

    `on` is the employer's day; it is about the latest interview that had begun
    by then. Raises ValueError where the application has no interview.
    """
    standing = recipients.in_order(plan.application)
    if not standing:
        raise ValueError("no interview to write about")
    begun = [i for i in standing if timing.day_of(i.start, plan.employer_zone) <= on]
    why = Occasion(
        plan=plan,
        interview=begun[-1] if begun else standing[0],
        situation=which,
        about=Circumstances(anchor=on),
        on=on,
        deadline=deadline,
    )
    person = recipients.contact(plan)
    return tuple(_messages(why, person, desk, channel or plan.application.channel, turn=0))


def _thanks(why: Occasion, desk: Desk, channel: Channel) -> Iterator[Draft]:
    earlier = [
        i for i in recipients.in_order(why.plan.application) if i.start < why.interview.start
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


def _if_you_like(why: Occasion, desk: Desk, channel: Channel) -> tuple[Draft, ...]:
    if _asked_for_feedback(why):
        return ()
    request = attrs.evolve(why, situation=Situation.FEEDBACK)
    person = recipients.contact(why.plan)
    written = tuple(_messages(request, person, desk, channel, turn=0))
    return _headed(written, desk.reader.tell("If you like, one request for feedback:"))


def _asked_for_feedback(why: Occasion) -> bool:
    """Whether the reply to a rejection or an earlier look back asks for it: once is enough."""
    for step in why.plan.steps:
        if step is why.step:
            return False
        if step.answer is Answer.REJECTED or (step.kind is StepKind.MOVE_ON and step.sent_at):
            return True
    return False


def _headed(written: tuple[Draft, ...], heading: str) -> tuple[Draft, ...]:
    return attrs.evolve(written[0], heading=heading), *written[1:]


def _turn(why: Occasion, desk: Desk, channel: Channel) -> int:
    """Return how many messages of the same text come before it in the application."""
    text = _title(why.situation, desk.language, channel)
    turn = 0
    for step in why.plan.steps:
        if step is why.step:
            break
        if why.step is not None and step.kind is why.step.kind:
            before = occasion.of_step(why.plan, step)
            turn += _title(before.situation, desk.language, channel) == text
    return turn


def _title(which: str, language: Language, channel: Channel) -> Title:
    """Return the text on the channel, else that of an e-mail."""
    found = shelf.title(language, channel, which) or shelf.title(language, Channel.EMAIL, which)
    if found is None:
        raise LookupError(f"no text for {which} in {language.code}")
    return found


# What comes with a message of a channel: what to say to a machine, and what to
# send with a request to connect, where a message is not possible yet.
_WITH = {
    Channel.PHONE: (limits.VOICEMAIL, mark("If the voicemail answers:")),
    Channel.LINKEDIN: (limits.NOTE, mark("Not connected yet? Send this with your request:")),
}


def _messages(
    why: Occasion, person: Person | None, desk: Desk, channel: Channel, *, turn: int
) -> Iterator[Draft]:
    first = _title(why.situation, desk.language, channel)
    yield _draft(why, person, desk, first, turn=turn)
    if first.channel not in _WITH:
        return
    suffix, heading = _WITH[first.channel]
    companion = shelf.title(desk.language, first.channel, first.name + suffix)
    if companion:
        draft = _draft(why, person, desk, companion, turn=turn)
        yield attrs.evolve(draft, heading=desk.reader.tell(heading), questions=())


def _draft(why: Occasion, person: Person | None, desk: Desk, first: Title, *, turn: int) -> Draft:
    application = why.plan.application
    writer = sender.applicant(application, desk.applicant)
    noted = points(application, why.step, why.interview, person) if why.step else Points()
    brief = first.channel is not Channel.EMAIL
    facts = Facts(
        occasion=why,
        person=person,
        noted=noted,
        writer=writer,
        language=desk.language,
        brief=brief,
    )
    text = shelf.find(first, desk.language, turn=turn, own=desk.own)
    rendered = _within_limit(text, facts, limits.limit_of(first.channel, first.name))
    return Draft(
        name=first.name,
        channel=first.channel,
        to=person,
        subject=rendered.subject,
        body=rendered.body,
        questions=questions(
            why.step, person, noted, writer, language=desk.reader, channel=first.channel
        ),
    )


def _within_limit(text: Text, facts: Facts, limit: limits.Limit) -> Rendered:
    rendered = render(text, facts)
    # A message that runs on is not read: what was noted goes, the longer part first.
    for noted in (("fit",), ("discussed",), ("discussed", "fit")):
        if not limits.too_long(limit, rendered.body):
            break
        rendered = render(text, facts.without(*noted))
    return rendered


def _note(why: Occasion, desk: Desk) -> Draft:
    writer = sender.applicant(why.plan.application, desk.applicant)
    facts = Facts(occasion=why, person=None, noted=Points(), writer=writer, language=desk.reader)
    first = _title(Situation.MOVE_ON, desk.reader, Channel.EMAIL)
    text = shelf.find(first, desk.reader, turn=0, own=desk.own)
    rendered = render(text, facts)
    return Draft(
        name=first.name,
        channel=Channel.EMAIL,
        to=None,
        subject=rendered.subject,
        body=rendered.body,
        to_oneself=True,
    )
