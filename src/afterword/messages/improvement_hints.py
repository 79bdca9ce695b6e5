"""Questions to the user: after an interview, and to make a draft more personal."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from afterword.domain.model import Applicant, Channel, Person, StepKind
from afterword.domain.planning.plan import Step
from afterword.messages.display_names import text_person
from afterword.messages.i18n import N_, Language
from afterword.messages.recipients import TalkingPoints


@attrs.frozen(kw_only=True)
class DebriefQuestion:
    """A question of `afterword debrief`; `key` is where its answer goes in the application file."""

    key: str
    text: str


DEBRIEF_QUESTIONS = (
    DebriefQuestion(
        key="interviewer", text=N_("Who was there? Names, and addresses if you have them.")
    ),
    DebriefQuestion(
        key="discussed",
        text=N_("Complete this sentence, one point per line: We talked about ..."),
    ),
    DebriefQuestion(
        key="fit",
        text=N_("Complete this sentence, one point per line: I have done something similar: ..."),
    ),
    DebriefQuestion(
        key="decision_by",
        text=N_("By which day do they want to decide?"),
    ),
    DebriefQuestion(
        key="channel",
        text=N_("How do they like to be reached: email, phone or linkedin?"),
    ),
    DebriefQuestion(key="went_well", text=N_("What went well?")),
    DebriefQuestion(key="do_differently", text=N_("What would you do differently next time?")),
)

CALL_QUESTION = DebriefQuestion(
    key="call", text=N_('How do they sign their messages? The greeting uses it ("Thandi").')
)

_ABOUT_TALK = {
    StepKind.THANK_YOU: N_("Which thing that you talked about has stayed with you?"),
    StepKind.FIRST: N_("Which other point of the conversation have you thought about since then?"),
    StepKind.SECOND: N_("Which new thought about the conversation is worth a line?"),
}
_ABOUT_FIT = {
    StepKind.THANK_YOU: N_("What have you done that fits what they need?"),
    StepKind.FIRST: N_("Which result from your own work could you add?"),
    StepKind.SECOND: N_("Which part of your experience have you not mentioned yet?"),
}


def hints_for(
    step: Step | None,
    person: Person | None,
    points: TalkingPoints,
    applicant: Applicant,
    *,
    language: Language,
    channel: Channel,
) -> Iterator[str]:
    """Yield questions whose answers would improve a draft, the most useful first."""
    translate = language.translate
    if step is not None and step.kind in _ABOUT_TALK:
        if not points.discussed or points.discussed_again:
            yield translate(_ABOUT_TALK[step.kind])
        if not points.fit or points.fit_again:
            yield translate(_ABOUT_FIT[step.kind])
    if step is not None and step.kind is StepKind.KEEP_IN_TOUCH:
        yield translate("What have you done or learned since then that would interest them?")
    yield from _about_recipient(person, language, channel)
    if channel is not Channel.PHONE and not (applicant.name or applicant.signature):
        yield translate(
            'Your name is missing. Set it once: afterword settings set name "YOUR NAME"'
        )


def _about_recipient(person: Person | None, language: Language, channel: Channel) -> Iterator[str]:
    translate = language.translate
    if person is None:
        yield translate("Who reads this? A name makes the greeting personal.")
        return
    if not (person.call or text_person(person)):
        yield translate("How do they sign their messages? Without it, the greeting has no name.")
    if channel is Channel.EMAIL and not person.email:
        yield translate(
            "What is the e-mail address of {name}, or who can pass it on?", name=person.name
        )
    elif channel is Channel.PHONE and not person.phone:
        yield translate("What is the phone number of {name}?", name=person.name)
    elif channel is Channel.LINKEDIN and not person.profile:
        yield translate("Where is the LinkedIn profile of {name}?", name=person.name)
