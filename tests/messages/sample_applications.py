"""Sample applications with few and many details, their plans and drafts."""

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
from afterword.messages.compose import DraftSettings
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


FORMS = ("en", "de", "de du", "es", "fr")


def draft_settings(applicant: Applicant = SAM, form: str = "en") -> DraftSettings:
    """Return settings with the same language and form of address for messages and hints."""
    tag, _, address = form.partition(" ")
    language = get_language(tag, informal=address == "du")
    return DraftSettings(applicant=applicant, language=language, reader=language)


def make_interview(
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


def make_application(
    *interviews: Interview, log: tuple[LogEntry, ...] = (), contact: Person | None = None
) -> Application:
    """Return an application at Karoo Analytics."""
    return Application(
        id="karoo",
        company="Karoo Analytics",
        role="Marketing Manager",
        zone=ZONE,
        contact=contact,
        interviews=interviews or (make_interview(),),
        log=log,
    )


def plan_of(application: Application) -> Plan:
    """Return the plan of an application, with weekends and no holidays."""
    return planner.plan(
        application,
        now=NOW,
        zone=ZONE,
        is_working_day=lambda day: day.weekday() < 5,
        policy=Policy(),
    )


def step_of(plan: Plan, kind: StepKind, episode: int = 0, interview: str = "first") -> Step:
    """Return the step of a plan with this kind, episode and interview."""
    return next(
        s for s in plan.steps if (s.kind, s.episode, s.interview) == (kind, episode, interview)
    )


def log_entry(day: dt.date, **fields: object) -> LogEntry:
    """Return a log entry at 10:00 of a day in Johannesburg."""
    return LogEntry(at=dt.datetime.combine(day, dt.time(10), tzinfo=ZONE), **fields)  # type: ignore[arg-type]


def answer_entry(day: dt.date, answer: Answer, decision_by: dt.date | None = None) -> LogEntry:
    """Return a log entry of an answer from the employer."""
    return log_entry(day, heard=answer, decision_by=decision_by)


DAY = dt.date

STORIES: dict[str, tuple[tuple[LogEntry, ...], dict[str, dt.date]]] = {
    "silence": ((), {}),
    "first sent": ((log_entry(DAY(2026, 12, 1), sent=StepKind.FIRST),), {}),
    "first skipped": ((log_entry(DAY(2026, 12, 1), skipped=StepKind.FIRST),), {}),
    "date named": ((), {"decision_by": DAY(2026, 12, 4)}),
    "call promised": ((log_entry(DAY(2026, 11, 24), they_will_call=True),), {}),
    "away": ((log_entry(DAY(2026, 11, 30), away_until=DAY(2026, 12, 7)),), {}),
    "added late": ((), {"added": DAY(2026, 11, 27)}),
    "added very late": ((), {"added": DAY(2026, 12, 4)}),
    "neutral": ((answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL),), {}),
    "neutral with a date": (
        (answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL, DAY(2026, 12, 11)),),
        {},
    ),
    "positive": ((answer_entry(DAY(2026, 12, 2), Answer.POSITIVE),), {}),
    "rejected": ((answer_entry(DAY(2026, 12, 2), Answer.REJECTED),), {}),
    "neutral, then positive": (
        (
            answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL),
            log_entry(DAY(2026, 12, 14), sent=StepKind.FIRST),
            answer_entry(DAY(2026, 12, 16), Answer.POSITIVE),
        ),
        {},
    ),
    "neutral twice": (
        (
            answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL),
            answer_entry(DAY(2026, 12, 16), Answer.NEUTRAL, DAY(2027, 1, 8)),
        ),
        {},
    ),
    "keep in touch": (
        (
            answer_entry(DAY(2026, 12, 2), Answer.REJECTED),
            log_entry(DAY(2026, 12, 3), keep_in_touch=DAY(2027, 3, 1)),
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


def story_applications(story: str) -> tuple[Application, ...]:
    """Return an application for each set of interviewers, all with the log of a story."""
    log, facts = STORIES[story]
    return tuple(make_application(make_interview(people=p, **facts), log=log) for p in _PEOPLE)  # type: ignore[arg-type]


def two_rounds() -> Application:
    """Return an application with a panel, an answer, a second round and another answer."""
    return make_application(
        make_interview("first", DAY(2026, 11, 3), (THANDI, PIET)),
        make_interview("second", DAY(2026, 12, 1), (AMINA, LEBO)),
        log=(
            log_entry(DAY(2026, 11, 4), sent=StepKind.THANK_YOU),
            answer_entry(DAY(2026, 11, 6), Answer.NEUTRAL, DAY(2026, 11, 13)),
            answer_entry(DAY(2026, 11, 16), Answer.POSITIVE),
            answer_entry(DAY(2026, 12, 7), Answer.NEUTRAL),
        ),
    )
