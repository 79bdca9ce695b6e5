"""The facts of an occasion told in the message's language."""

from __future__ import annotations

import datetime as dt
import re

from afterword.core import timing
from afterword.core.model import Applicant, Interview, Person
from afterword.drafts import sender
from afterword.drafts.context import Context
from afterword.drafts.language import Language
from afterword.drafts.occasion import Occasion
from afterword.drafts.points import Points

# What people call a round is free text, in their language or the employer's.
_FINAL = re.compile(r"\b(final|last|letzte[rs]?|abschluss\w*)\b", re.IGNORECASE)
_ON_THE_PHONE = re.compile(r"phone|telefon|\bscreen", re.IGNORECASE)


def told(
    occasion: Occasion,
    person: Person | None,
    noted: Points,
    writer: Applicant,
    language: Language,
    *,
    brief: bool = False,
) -> Context:
    """Return what a text may say; `brief` leaves phone and links out of the signature."""
    zone = occasion.plan.employer_zone
    met = timing.day_of(occasion.interview.start, zone)
    following = occasion.next_interview
    next_day = timing.day_of(following.start, zone) if following else None

    def day(date: dt.date | None) -> str:
        return language.day(date, seen_from=occasion.on) if date else ""

    return Context(
        company=occasion.plan.application.company,
        role=occasion.plan.application.role,
        greeting=greeting(person, language),
        signature=sender.signature(writer, language, brief=brief),
        recipient=person.name if person else "",
        applicant=writer.name or "",
        phone=writer.phone or "",
        weekday=language.weekday(met),
        date=day(met),
        discussed=noted.discussed,
        fit=noted.fit,
        decision_date=day(occasion.named),
        next_weekday=language.weekday(next_day) if next_day else "",
        next_date=day(next_day),
        deadline=day(occasion.deadline),
        answered_on=day(occasion.about.answered),
        wrote_on=day(occasion.first_sent_on),
        wrote=occasion.may_have_written,
        late=occasion.late,
        final_round=is_final(occasion.interview),
        phone_screen=is_on_the_phone(occasion.interview),
        panel=len(occasion.interview.interviewers) > 1,
        thanks_due=occasion.thanks_due,
    )


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
