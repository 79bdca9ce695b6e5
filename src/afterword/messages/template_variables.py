"""What a text may say: plain strings and yes or no, told in the message's language.

A text can use these names and no others; what it leaves unused is not worked
out. What is not known is empty. The descriptions are what `afterword drafts
show` prints.
"""

from __future__ import annotations

import datetime as dt
import re

import attrs

from afterword.domain import datemath
from afterword.domain.model import Applicant, Interview, Person
from afterword.messages import recipients
from afterword.messages.i18n import Language
from afterword.messages.message_context import MessageContext
from afterword.messages.recipients import TalkingPoints

# What people call a round is free text, in their language or the employer's.
_FINAL = re.compile(r"\b(final|last|letzte[rs]?|abschluss\w*)\b", re.IGNORECASE)
_ON_THE_PHONE = re.compile(r"phone|telefon|\bscreen", re.IGNORECASE)
_WEEK = dt.timedelta(days=7)


@attrs.frozen(kw_only=True)
class TemplateVariables:
    """The facts of one message; `brief` leaves phone and links out of the signature."""

    _occasion: MessageContext
    _person: Person | None
    _noted: TalkingPoints
    _writer: Applicant
    _language: Language
    _brief: bool = False

    def without(self, *noted: str) -> TemplateVariables:
        """Return the facts without `discussed`, `fit` or both, for a message that runs on."""
        return attrs.evolve(self, noted=attrs.evolve(self._noted, **dict.fromkeys(noted, "")))

    @property
    def company(self) -> str:
        """The company."""
        return self._occasion.plan.application.company

    @property
    def role(self) -> str:
        """The role."""
        return self._occasion.plan.application.role

    @property
    def greeting(self) -> str:
        """The first line, "Dear Thandi Nkosi," or a greeting without a name."""
        return greeting(self._person, self._language)

    @property
    def signature(self) -> str:
        """The closing line and below it who writes, with phone and links."""
        return recipients.signature(self._writer, self._language, brief=self._brief)

    @property
    def recipient(self) -> str:
        """Who is written to, as the name was given."""
        return self._person.name if self._person else ""

    @property
    def applicant(self) -> str:
        """Who writes."""
        return self._writer.name or ""

    @property
    def phone(self) -> str:
        """The writer's phone number."""
        return self._writer.phone or ""

    @property
    def weekday(self) -> str:
        """The weekday of the interview, "Tuesday"; the day where it is a week ago or more."""
        met = self._met(self._occasion.interview)
        if self._occasion.on - met >= _WEEK:
            return self._day(met)
        return self._language.weekday(met)

    @property
    def date(self) -> str:
        """The day of the interview, "24 November"."""
        return self._day(self._met(self._occasion.interview))

    @property
    def discussed(self) -> str:
        """One thing that was talked about, for this message alone."""
        return self._noted.discussed

    @property
    def fit(self) -> str:
        """One thing from the writer's experience, for this message alone."""
        return self._noted.fit

    @property
    def decision_date(self) -> str:
        """The day by which they wanted to decide, where it matters here."""
        return self._day(self._occasion.named)

    @property
    def next_weekday(self) -> str:
        """The weekday of the next interview."""
        following = self._occasion.next_interview
        return self._language.weekday(self._met(following)) if following else ""

    @property
    def next_date(self) -> str:
        """The day of the next interview."""
        following = self._occasion.next_interview
        return self._day(self._met(following)) if following else ""

    @property
    def deadline(self) -> str:
        """The day by which another offer must be answered."""
        return self._day(self._occasion.deadline)

    @property
    def answered_on(self) -> str:
        """The day of their last answer."""
        return self._day(self._occasion.about.answered)

    @property
    def wrote_on(self) -> str:
        """The day on which the first follow-up was sent."""
        return self._day(self._occasion.first_sent_on)

    @property
    def wrote(self) -> bool:
        """The first follow-up was sent, or may have been."""
        return self._occasion.may_have_written

    @property
    def late(self) -> bool:
        """The thanks come after more than a day."""
        return self._occasion.late

    @property
    def final_round(self) -> bool:
        """It was the last round."""
        return is_final(self._occasion.interview)

    @property
    def phone_screen(self) -> bool:
        """It was a first talk on the phone."""
        return is_on_the_phone(self._occasion.interview)

    @property
    def panel(self) -> bool:
        """Several people led the interview."""
        return len(self._occasion.interview.interviewers) > 1

    @property
    def thanks_due(self) -> bool:
        """No thanks for the interview have been sent yet."""
        return self._occasion.thanks_due

    def _met(self, interview: Interview) -> dt.date:
        return datemath.day_of(interview.start, self._occasion.plan.employer_zone)

    def _day(self, day: dt.date | None) -> str:
        return self._language.day(day, seen_from=self._occasion.on) if day else ""


_DESCRIPTIONS = {
    name: fact.__doc__ or ""
    for name, fact in vars(TemplateVariables).items()
    if isinstance(fact, property)
}
NAMES = tuple(_DESCRIPTIONS)


def described() -> dict[str, str]:
    """Return every name that a text may use, with its meaning."""
    return {
        name: f"{meaning[:1].lower()}{meaning[1:-1]}" for name, meaning in _DESCRIPTIONS.items()
    }


def greeting(person: Person | None, language: Language) -> str:
    """Return the first line: the name as it was given, no title and no gender guessed."""
    if person is None:
        return language.tell("Hello,")
    return language.tell("Dear {name},", name=person.name)


def is_final(interview: Interview) -> bool:
    """Whether the interview is called the last round."""
    return interview.round is not None and _FINAL.search(interview.round) is not None


def is_on_the_phone(interview: Interview) -> bool:
    """Whether the interview is called a phone screen, or is held on the phone."""
    if interview.round and _ON_THE_PHONE.search(interview.round):
        return True
    return (interview.link or "").startswith("tel:")
