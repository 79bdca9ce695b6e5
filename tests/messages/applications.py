"""Applications with as few and as many facts as there are, and their drafts."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from afterword.domain.model import (
    Answer,
    Applicant,
    Application,
    Interview,
    LogEntry,
    Person,
    StepKind,
)
from afterword.domain.planning import planner
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.policy import Policy
from afterword.messages.compose import DraftSettings, compose_drafts
from afterword.messages.draft_model import Draft
from afterword.messages.i18n import get_language

ZONE = ZoneInfo("Africa/Johannesburg")
NOW = dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC)

SAM = Applicant(
    name="Sam Seeker",
    email="sam@mail.example",
    phone="+27 82 555 0100",
    links=("https://sam.example",),
)
NOBODY = Applicant()

THANDI = Person(
    name="Thandi Nkosi",
    email="thandi@karoo.example",
    discussed=(
        "the move from print to podcasts",
        "the weekly editorial meeting",
        "how you measure reach",
        "the new studio",
        "the summer series",
    ),
    fit=(
        "I ran a podcast launch of this size last year",
        "I have led editorial meetings for two years",
        "I built the dashboard that my team still uses",
        "I have equipped two small studios",
        "I planned a series of twelve episodes",
    ),
)
PIET = Person(
    name="Piet Botha",
    email="piet@karoo.example",
    discussed=("the budget for next year", "freelance writers", "rights to old recordings"),
    fit=(
        "I have kept a budget of that size",
        "I worked with forty freelancers",
        "I cleared an archive",
    ),
)
AMINA = Person(
    name="Amina Patel",
    email="amina@karoo.example",
    discussed=("the listeners' letters", "live recordings", "the audience in Durban"),
    fit=(
        "I answered letters for a weekly show",
        "I hosted six live evenings",
        "I grew up in Durban",
    ),
)
LEBO = Person(name="Lebo Dube")


FORMS = ("en", "de", "de du")


def desk(applicant: Applicant = SAM, form: str = "en") -> DraftSettings:
    """Return a desk where messages and notes are in one language and form of address."""
    tag, _, address = form.partition(" ")
    spoken = get_language(tag, informal=address == "du")
    return DraftSettings(applicant=applicant, language=spoken, reader=spoken)


def interview(
    name: str = "first",
    day: dt.date = dt.date(2026, 11, 24),
    people: tuple[Person, ...] = (THANDI,),
    *,
    decision_by: dt.date | None = None,
    added: dt.date | None = None,
) -> Interview:
    """Return an interview from 14:00 to 15:00 in Johannesburg."""
    start = dt.datetime.combine(day, dt.time(14), tzinfo=ZONE)
    return Interview(
        id=name,
        start=start,
        end=start + dt.timedelta(hours=1),
        interviewers=people,
        decision_by=decision_by,
        added=added,
    )


def application(
    *interviews: Interview, log: tuple[LogEntry, ...] = (), contact: Person | None = None
) -> Application:
    """Return an application at Karoo Analytics."""
    return Application(
        id="karoo",
        company="Karoo Analytics",
        role="Marketing Manager",
        zone=ZONE,
        contact=contact,
        interviews=interviews or (interview(),),
        log=log,
    )


def plan(of: Application) -> Plan:
    """Return the plan of an application, with weekends and no holidays."""
    return planner.plan(
        of, now=NOW, zone=ZONE, is_working_day=lambda day: day.weekday() < 5, policy=Policy()
    )


def step(made: Plan, kind: StepKind, episode: int = 0, interview: str = "first") -> Step:
    """Return one step of a plan."""
    return next(
        s for s in made.steps if (s.kind, s.episode, s.interview) == (kind, episode, interview)
    )


def written(
    of: Application, kind: StepKind, episode: int = 0, at: DraftSettings | None = None
) -> Draft:
    """Return the first draft of a step."""
    made = plan(of)
    return compose_drafts(made, step(made, kind, episode), at or desk())[0]


def entry(day: dt.date, **facts: object) -> LogEntry:
    """Return an entry of the log at ten o'clock of a day."""
    return LogEntry(at=dt.datetime.combine(day, dt.time(10), tzinfo=ZONE), **facts)  # type: ignore[arg-type]


def heard(day: dt.date, answer: Answer, decision_by: dt.date | None = None) -> LogEntry:
    """Return an answer."""
    return entry(day, heard=answer, decision_by=decision_by)


DAY = dt.date

STORIES: dict[str, tuple[tuple[LogEntry, ...], dict[str, dt.date]]] = {
    "silence": ((), {}),
    "first sent": ((entry(DAY(2026, 12, 1), sent=StepKind.FIRST),), {}),
    "first skipped": ((entry(DAY(2026, 12, 1), skipped=StepKind.FIRST),), {}),
    "date named": ((), {"decision_by": DAY(2026, 12, 4)}),
    "call promised": ((entry(DAY(2026, 11, 24), they_will_call=True),), {}),
    "away": ((entry(DAY(2026, 11, 30), away_until=DAY(2026, 12, 7)),), {}),
    "told late": ((), {"added": DAY(2026, 11, 27)}),
    "told very late": ((), {"added": DAY(2026, 12, 4)}),
    "neutral": ((heard(DAY(2026, 12, 2), Answer.NEUTRAL),), {}),
    "neutral with a date": (
        (heard(DAY(2026, 12, 2), Answer.NEUTRAL, DAY(2026, 12, 11)),),
        {},
    ),
    "positive": ((heard(DAY(2026, 12, 2), Answer.POSITIVE),), {}),
    "rejected": ((heard(DAY(2026, 12, 2), Answer.REJECTED),), {}),
    "neutral, then positive": (
        (
            heard(DAY(2026, 12, 2), Answer.NEUTRAL),
            entry(DAY(2026, 12, 14), sent=StepKind.FIRST),
            heard(DAY(2026, 12, 16), Answer.POSITIVE),
        ),
        {},
    ),
    "neutral twice": (
        (
            heard(DAY(2026, 12, 2), Answer.NEUTRAL),
            heard(DAY(2026, 12, 16), Answer.NEUTRAL, DAY(2027, 1, 8)),
        ),
        {},
    ),
    "keep in touch": (
        (
            heard(DAY(2026, 12, 2), Answer.REJECTED),
            entry(DAY(2026, 12, 3), keep_in_touch=DAY(2027, 3, 1)),
        ),
        {},
    ),
}
_PEOPLE: tuple[tuple[Person, ...], ...] = (
    (),
    (LEBO,),
    (THANDI,),
    (THANDI, PIET, AMINA),
    (Person(name="Thandi Nkosi", discussed=THANDI.discussed),),
    (Person(name="Thandi Nkosi", fit=THANDI.fit),),
)


def of_story(story: str) -> tuple[Application, ...]:
    """Return one application of a story for each set of people and facts."""
    log, facts = STORIES[story]
    return tuple(application(interview(people=p, **facts), log=log) for p in _PEOPLE)  # type: ignore[arg-type]


def two_rounds() -> Application:
    """Return an application with a panel, an answer, a second round and another answer."""
    return application(
        interview("first", DAY(2026, 11, 3), (THANDI, PIET)),
        interview("second", DAY(2026, 12, 1), (AMINA, LEBO)),
        log=(
            entry(DAY(2026, 11, 4), sent=StepKind.THANK_YOU),
            heard(DAY(2026, 11, 6), Answer.NEUTRAL, DAY(2026, 11, 13)),
            heard(DAY(2026, 11, 16), Answer.POSITIVE),
            heard(DAY(2026, 12, 7), Answer.NEUTRAL),
        ),
    )
