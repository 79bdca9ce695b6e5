"""The drafts of a step: which texts, to whom, from which facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from afterword.core import timing
from afterword.core.model import (
    Applicant,
    Channel,
    Interview,
    Person,
    Plan,
    Step,
    StepKind,
)
from afterword.drafts import bounds, recipients, sender
from afterword.drafts.context import Context, as_variables
from afterword.drafts.draft import Draft
from afterword.drafts.language import Language
from afterword.drafts.points import Points, points
from afterword.drafts.questions import questions
from afterword.drafts.shelf import NONE_OWN, Key, find
from afterword.drafts.situation import (
    Circumstances,
    Situation,
    circumstances,
    has_passed,
    situation,
)
from afterword.drafts.templates import Text, render


@attrs.frozen(kw_only=True)
class Desk:
    """What every draft of a run is written with.

    `applicant` is the user's own side, `language` the one that messages are
    written in, `reader` the one of notes and questions to the person. `own`
    are the person's own texts.
    """

    applicant: Applicant
    language: Language
    reader: Language
    own: Mapping[Key, Text] = NONE_OWN


def drafts(plan: Plan, step: Step, desk: Desk) -> tuple[Draft, ...]:
    """Return the drafts of a step, the one to send first.

    A thank-you has one for each interviewer; a second follow-up whose first
    was not logged has the first below it; a move-on is a note to oneself, with
    a request for feedback below it.
    """
    about = circumstances(plan, step)
    chosen = situation(step, about)
    if step.kind is StepKind.THANK_YOU:
        return tuple(_thanks(plan, step, about, desk))
    person = recipients.contact(plan.application)
    if step.kind is StepKind.MOVE_ON:
        request = _draft(plan, step, Situation.FEEDBACK, about, person, desk)
        return _note(plan, step, about, desk), request
    turn = _turn(plan, step, chosen)
    draft = _draft(plan, step, chosen, about, person, desk, turn=turn)
    if step.unlogged is None:
        return (draft,)
    first = first_of(plan, step)
    return (draft, *(drafts(plan, first, desk) if first else ()))


def first_of(plan: Plan, step: Step) -> Step | None:
    """Return the first follow-up of a step's episode."""
    return next(
        (
            s
            for s in plan.steps
            if s.kind is StepKind.FIRST
            and (s.interview, s.episode) == (step.interview, step.episode)
        ),
        None,
    )


def _thanks(plan: Plan, step: Step, about: Circumstances, desk: Desk) -> Iterator[Draft]:
    interview = recipients.interview_of(plan.application, step.interview)
    earlier = [i for i in recipients.in_order(plan.application) if i.start < interview.start]
    turn = sum(max(1, len(i.interviewers)) for i in earlier)
    people: tuple[Person | None, ...] = interview.interviewers or (None,)
    for number, person in enumerate(people):
        if person and person.name in step.thanked:
            continue
        yield _draft(plan, step, Situation.THANK_YOU, about, person, desk, turn=turn + number)


def _turn(plan: Plan, step: Step, chosen: Situation) -> int:
    """Return how many messages of this situation come before it in the application."""
    earlier = plan.steps[: plan.steps.index(step)]
    alike = (s for s in earlier if s.kind is step.kind)
    return sum(1 for s in alike if situation(s, circumstances(plan, s)) is chosen)


def _draft(  # noqa: PLR0913 - one message is made of these
    plan: Plan,
    step: Step,
    chosen: Situation,
    about: Circumstances,
    person: Person | None,
    desk: Desk,
    *,
    turn: int = 0,
    channel: Channel = Channel.EMAIL,
) -> Draft:
    interview = recipients.interview_of(plan.application, step.interview)
    writer = sender.applicant(plan.application, desk.applicant)
    noted = points(plan.application, step, interview, person)
    text = find(desk.language, channel, chosen, turn=turn, own=desk.own)
    context = _context(plan, step, interview, about, person, noted, writer, desk.language)
    rendered = render(text, as_variables(context))
    for shorter in _shortened(context):
        if not bounds.too_long(chosen, rendered.body):
            break
        rendered = render(text, as_variables(shorter))
    return Draft(
        name=chosen,
        channel=channel,
        to=person,
        subject=rendered.subject,
        body=rendered.body,
        questions=questions(step, person, noted, writer, language=desk.reader, channel=channel),
    )


def _shortened(context: Context) -> Iterator[Context]:
    """Yield the context with less and less: a message that runs on is not read."""
    yield attrs.evolve(context, fit="")
    yield attrs.evolve(context, discussed="")
    yield attrs.evolve(context, discussed="", fit="")


def _note(plan: Plan, step: Step, about: Circumstances, desk: Desk) -> Draft:
    interview = recipients.interview_of(plan.application, step.interview)
    writer = sender.applicant(plan.application, desk.applicant)
    context = _context(plan, step, interview, about, None, Points(), writer, desk.reader)
    text = find(desk.reader, Channel.EMAIL, Situation.MOVE_ON, turn=0, own=desk.own)
    rendered = render(text, as_variables(context))
    return Draft(
        name=Situation.MOVE_ON,
        channel=Channel.EMAIL,
        to=None,
        subject=rendered.subject,
        body=rendered.body,
        to_oneself=True,
    )


def _context(  # noqa: PLR0913, PLR0917 - the facts that a message is made of
    plan: Plan,
    step: Step,
    interview: Interview,
    about: Circumstances,
    person: Person | None,
    noted: Points,
    writer: Applicant,
    language: Language,
) -> Context:
    met = timing.day_of(interview.start, plan.employer_zone)
    wrote, wrote_on = _wrote(plan, step)
    named = about.decision_by
    shows_date = named is not None and (step.kind is StepKind.REPLY or has_passed(about, step))

    def day(date: dt.date | None) -> str:
        return language.day(date, seen_from=step.recommended) if date else ""

    return Context(
        company=plan.application.company,
        role=plan.application.role,
        greeting=(
            language.tell("Dear {name},", name=person.name) if person else language.tell("Hello,")
        ),
        signature=sender.signature(writer, language),
        recipient=person.name if person else "",
        applicant=writer.name or "",
        phone=writer.phone or "",
        weekday=language.weekday(met),
        date=day(met),
        discussed=noted.discussed,
        fit=noted.fit,
        decision_date=day(named) if shows_date else "",
        answered_on=day(about.answered),
        wrote_on=day(wrote_on),
        wrote=wrote,
        late=step.send_at >= interview.end + timing.DAY,
        panel=len(interview.interviewers) > 1,
        thanks_due=step.kind is StepKind.REPLY and not _thanked(plan, step),
    )


def _wrote(plan: Plan, step: Step) -> tuple[bool, dt.date | None]:
    """Return whether the first follow-up was or may have been sent, and when."""
    first = first_of(plan, step)
    if first is None or step.kind not in {StepKind.SECOND, StepKind.MOVE_ON}:
        return False, None
    if first.sent_at is not None:
        return True, timing.day_of(first.sent_at, plan.employer_zone)
    return step.unlogged is not None or step.kind is StepKind.MOVE_ON, None


def _thanked(plan: Plan, step: Step) -> bool:
    """Whether the interview has been thanked for, or an earlier reply has said thanks."""
    return any(
        s.sent_at is not None
        for s in plan.steps
        if s.interview == step.interview and s.kind in {StepKind.THANK_YOU, StepKind.REPLY}
    )
