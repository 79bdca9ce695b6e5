"""The variables that a template may use: strings in the message's language, and flags.

Each is computed only when a template uses it, and empty if the value is missing.
`afterword drafts show --names` prints the docstrings of the properties. Users'
templates depend on the names, so they never change.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.model import Applicant, Interview, InterviewStatus, Person, StepKind
from afterword.domain.people import find_person
from afterword.messages import recipients
from afterword.messages.advice import move_on_signs
from afterword.messages.display_names import (
    any_of,
    company_in_text,
    greets_by_first_name,
    spelled,
    text_company,
    text_person,
    text_role,
)
from afterword.messages.fact_rules import Slot
from afterword.messages.facts import MessageFacts
from afterword.messages.i18n import Language
from afterword.messages.message_context import (
    MessageContext,
    decision_date_passed,
    first_follow_up_of,
)

_WEEK = dt.timedelta(days=7)


@attrs.frozen(kw_only=True)
class TemplateVariables:
    """The variables of a message.

    `name_only` leaves phone and links out of the signature block.
    """

    _context: MessageContext
    _person: Person | None
    _facts: MessageFacts
    _applicant: Applicant
    _language: Language
    _name_only: bool = False

    def without(self, *points: Slot) -> TemplateVariables:
        """Return the variables without talking point, experience or both (by their slots)."""
        return attrs.evolve(self, facts=self._facts.without(*points))

    def spelled(self, text: str) -> str:
        """Return a finished text in the spelling of its language; names and facts stay."""
        return spelled(text, self._language.code, keep=self._never_respelled())

    def _never_respelled(self) -> Iterator[str]:
        facts = (self.discussed, self.fit)
        yield from (self.signature, self.recipient, self.applicant, *facts)
        yield from (fact[:1].upper() + fact[1:] for fact in facts)

    @property
    def company(self) -> str:
        """The company, as people call it: without its legal form."""
        return company_in_text(text_company(self._context.plan.application), self._language.code)

    @property
    def role(self) -> str:
        """The role, without "(m/f/x)", reference numbers and the like."""
        return text_role(self._context.plan.application.role)

    @property
    def greeting(self) -> str:
        """The first line, "Dear Thandi," or a greeting without a name."""
        return greeting(self._person, self._language)

    @property
    def signature(self) -> str:
        """The closing line and below it the applicant, with phone and links."""
        return recipients.closing(self._applicant, self._language, name_only=self._name_only)

    @property
    def recipient(self) -> str:
        """The recipient's name, or how they sign."""
        return greeting_call(self._person, self._language) or text_person(self._person)

    @property
    def applicant(self) -> str:
        """The applicant's name."""
        return self._applicant.name or ""

    @property
    def phone(self) -> str:
        """The applicant's phone number."""
        return self._applicant.phone or ""

    @property
    def weekday(self) -> str:
        """The weekday of the interview, "Tuesday"; the day where it is a week ago or more."""
        date = self._day_of(self._context.interview.start)
        if self._context.send_date - date >= _WEEK:
            return self._long_day(date)
        return self._language.weekday(date)

    @property
    def date(self) -> str:
        """The day of the interview, "24 November"."""
        return self._long_day(self._day_of(self._context.interview.start))

    @property
    def discussed(self) -> str:
        """A point that was talked about, in a few words."""
        return self._facts.discussed.text

    @property
    def fit(self) -> str:
        """A point from the applicant's experience, in a few words."""
        return self._facts.fit.text

    @property
    def talking_point(self) -> str:
        """A whole sentence about a point that was talked about; in short messages about both."""
        return self._facts.both or self._facts.discussed.sentence

    @property
    def experience(self) -> str:
        """A whole sentence about the applicant's experience, unless `talking_point` has it."""
        return "" if self._facts.both else self._facts.fit.sentence

    @property
    def decision_date(self) -> str:
        """The day by which they wanted to decide, where it matters here."""
        episode, step = self._context.episode, self._context.step
        matters = step and (step.kind is StepKind.REPLY or decision_date_passed(episode, step))
        return self._long_day(episode.decision_by) if matters else ""

    @property
    def next_weekday(self) -> str:
        """The weekday of the next interview."""
        following = self._next_interview()
        return self._language.weekday(self._day_of(following.start)) if following else ""

    @property
    def next_date(self) -> str:
        """The day of the next interview."""
        following = self._next_interview()
        return self._long_day(self._day_of(following.start)) if following else ""

    @property
    def deadline(self) -> str:
        """The day by which another offer must be answered."""
        return self._long_day(self._context.deadline)

    @property
    def answered_on(self) -> str:
        """The day of their last answer."""
        return self._long_day(self._context.episode.answered_on)

    @property
    def wrote_on(self) -> str:
        """The day on which the first follow-up was sent."""
        step = self._context.step
        first = first_follow_up_of(self._context.plan, step) if step else None
        return self._long_day(self._day_of(first.sent_at)) if first and first.sent_at else ""

    @property
    def wrote(self) -> bool:
        """The first follow-up was sent, or may have been."""
        step = self._context.step
        if step and step.kind is StepKind.SECOND:
            return step.unlogged is not None or bool(self.wrote_on)
        return step is not None and step.kind is StepKind.MOVE_ON

    @property
    def follow_ups_sent(self) -> int:
        """The number of follow-ups sent since the interview or the last answer."""
        return self._context.follow_ups_sent

    @property
    def signs(self) -> str:
        """The signs that it is time to move on, a line each."""
        signs = move_on_signs(self._context, self._language)
        return "\n".join(f"- {sign}" for sign in signs)

    @property
    def met_before(self) -> bool:
        """The recipient led an earlier interview, too."""
        return self._person is not None and any(
            find_person(interview.interviewers, self._person)
            for interview in self._interviews()
            if interview.start < self._context.interview.start
        )

    @property
    def late(self) -> bool:
        """The thanks come after more than a day."""
        step, due = self._context.step, self._context.interview.end + datemath.DAY
        if step is None:
            return False
        return step.send_at >= due or self._context.send_date > self._day_of(due)

    @property
    def final_round(self) -> bool:
        """It was the last round."""
        return is_final_round(self._context.interview)

    @property
    def phone_screen(self) -> bool:
        """It was a first talk on the phone."""
        return is_phone_interview(self._context.interview)

    @property
    def panel(self) -> bool:
        """Several people led the interview."""
        return len(self._context.interview.interviewers) > 1

    @property
    def thanks_due(self) -> bool:
        """No thanks for the interview have been sent yet."""
        step, interview = self._context.step, self._context.interview
        if step is None or step.kind is not StepKind.REPLY:
            return False
        is_over = interview.end.astimezone(dt.UTC) <= step.send_at
        if interview.status is InterviewStatus.CANCELLED or not is_over:
            return False
        return not any(
            each.sent_at is not None
            for each in self._context.plan.steps
            if each.interview == step.interview
            and each.kind in {StepKind.THANK_YOU, StepKind.REPLY}
        )

    def _interviews(self) -> list[Interview]:
        return recipients.interviews_not_cancelled(self._context.plan.application)

    def _next_interview(self) -> Interview | None:
        start = self._context.interview.start
        return next((each for each in self._interviews() if each.start > start), None)

    def _day_of(self, moment: dt.datetime) -> dt.date:
        return datemath.day_of(moment, self._context.plan.employer_zone)

    def _long_day(self, day: dt.date | None) -> str:
        return self._language.long_day(day, relative_to=self._context.send_date) if day else ""


_DESCRIPTIONS = {
    name: variable.__doc__ or ""
    for name, variable in vars(TemplateVariables).items()
    if isinstance(variable, property)
}
NAMES = tuple(_DESCRIPTIONS)


def describe_variables() -> dict[str, str]:
    """Return the description of each variable by name."""
    return {
        name: f"{meaning[:1].lower()}{meaning[1:-1]}" for name, meaning in _DESCRIPTIONS.items()
    }


def greeting(person: Person | None, language: Language) -> str:
    """Return the first line, with the name that they go by: no title or gender is guessed."""
    call = greeting_call(person, language)
    if call and language.informal:
        return language.translate("Hi {name},", name=call)
    name = call or text_person(person)
    if not name:
        return language.translate("Hello,")
    return language.translate("Dear {name},", name=name)


def greeting_call(person: Person | None, language: Language) -> str:
    """Return how a person signs, if a greeting in this form of address may use it.

    Without it, an informal greeting has the first of several names: "Hallo Jana Petersen,"
    would mix both forms of address.
    """
    if person is None:
        return ""
    if language.informal:
        first, _, rest = text_person(person).partition(" ")
        is_name = rest and len(first) > 1 and first.isalpha() and not first.isupper()
        return person.call or (first if is_name else "")
    return (person.call or "") if greets_by_first_name(language.code) else ""


@functools.lru_cache(maxsize=256)
def _names_round(name: str, kind: str) -> bool:
    """True if the name of a round, free text in any language, has a word of this kind."""
    return re.search(rf"\b{any_of('rounds', kind)}", name, re.IGNORECASE) is not None


def is_final_round(interview: Interview) -> bool:
    """True if the name of the round marks it as the last."""
    return interview.round is not None and _names_round(interview.round, "final")


def is_phone_interview(interview: Interview) -> bool:
    """True if it is called a phone screen, or its link is a phone number."""
    if interview.round and _names_round(interview.round, "phone"):
        return True
    return (interview.link or "").startswith("tel:")
