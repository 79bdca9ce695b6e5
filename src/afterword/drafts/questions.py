"""What would make a draft more personal, asked of the person who sends it."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.core.model import Applicant, Channel, Person, Step, StepKind
from afterword.drafts.language import Language, mark
from afterword.drafts.points import Points


def questions(
    step: Step | None,
    person: Person | None,
    points: Points,
    writer: Applicant,
    *,
    language: Language,
    channel: Channel = Channel.EMAIL,
) -> tuple[str, ...]:
    """Return the questions whose answers the draft lacks, the most useful first."""
    return tuple(_questions(step, person, points, writer, language, channel))


def _questions(
    step: Step | None,
    person: Person | None,
    points: Points,
    writer: Applicant,
    language: Language,
    channel: Channel,
) -> Iterator[str]:
    tell = language.tell
    kind = step.kind if step else None
    if kind is not None and kind in _ABOUT_TALK:
        if not points.discussed:
            yield tell(_ABOUT_TALK[kind])
        if not points.fit:
            yield tell(_ABOUT_FIT[kind])
    if kind is StepKind.KEEP_IN_TOUCH:
        yield tell("What have you done or learned since that they would like to hear?")
    if person is None:
        yield tell("Who reads this? A name makes the greeting personal.")
    elif channel is Channel.EMAIL and not person.email:
        yield tell("What is the e-mail address of {name}, or who can pass it on?", name=person.name)
    elif channel is Channel.PHONE and not person.phone:
        yield tell("What is the phone number of {name}?", name=person.name)
    elif channel is Channel.LINKEDIN and not person.profile:
        yield tell("Where is the LinkedIn profile of {name}?", name=person.name)
    if channel is not Channel.PHONE and not (writer.name or writer.signature):
        yield tell("Which name stands below it? Set it once in the settings.")


_ABOUT_TALK = {
    StepKind.THANK_YOU: mark("Which one thing that you talked about has stayed with you?"),
    StepKind.FIRST: mark("Which other point of the conversation have you thought about since?"),
    StepKind.SECOND: mark("Which new thought on the conversation is worth one line?"),
}
_ABOUT_FIT = {
    StepKind.THANK_YOU: mark("What have you done before that answers to what they need?"),
    StepKind.FIRST: mark("Which result from your own work could you add?"),
    StepKind.SECOND: mark("What about your experience have you not told them yet?"),
}
