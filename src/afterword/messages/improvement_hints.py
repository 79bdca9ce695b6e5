"""The five questions to ask oneself right after an interview, and where answers go.

What would make a draft more personal, asked of the person who sends it.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from afterword.domain.model import Applicant, Channel, Person, StepKind
from afterword.domain.planning.plan import Step
from afterword.messages.i18n import N_, Language
from afterword.messages.recipients import TalkingPoints


@attrs.frozen(kw_only=True)
class DebriefQuestion:
    """A question; `fact` is what its answer is kept as: a key of the file of facts."""

    fact: str
    text: str


DEBRIEF_QUESTIONS = (
    DebriefQuestion(
        fact="interviewer", text=N_("Who was there? Names, and addresses if you have them.")
    ),
    DebriefQuestion(
        fact="discussed",
        text=N_("What did you talk about that only you and they would know? One point a line."),
    ),
    DebriefQuestion(
        fact="fit",
        text=N_("What do they care about, and what have you done that answers to it?"),
    ),
    DebriefQuestion(
        fact="decision_by",
        text=N_("What happens next, and by which day did they say they would decide?"),
    ),
    DebriefQuestion(
        fact="channel",
        text=N_("How do they like to be reached: email, phone or linkedin?"),
    ),
)


def hints_for(
    step: Step | None,
    person: Person | None,
    points: TalkingPoints,
    writer: Applicant,
    *,
    language: Language,
    channel: Channel = Channel.EMAIL,
) -> tuple[str, ...]:
    """Return the questions whose answers the draft lacks, the most useful first."""
    return tuple(_hints(step, person, points, writer, language, channel))


def _hints(
    step: Step | None,
    person: Person | None,
    points: TalkingPoints,
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
    StepKind.THANK_YOU: N_("Which one thing that you talked about has stayed with you?"),
    StepKind.FIRST: N_("Which other point of the conversation have you thought about since?"),
    StepKind.SECOND: N_("Which new thought on the conversation is worth one line?"),
}
_ABOUT_FIT = {
    StepKind.THANK_YOU: N_("What have you done before that answers to what they need?"),
    StepKind.FIRST: N_("Which result from your own work could you add?"),
    StepKind.SECOND: N_("What about your experience have you not told them yet?"),
}
