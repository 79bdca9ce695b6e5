"""Random applications with rounds, logs, zones and countries, as people may write them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from afterword.domain.model import (
    Answer,
    Application,
    Interview,
    InterviewStatus,
    LogEntry,
    StepKind,
)

ZONES = st.sampled_from(
    [
        "Africa/Casablanca",
        "Africa/Johannesburg",
        "America/Los_Angeles",
        "America/New_York",
        "Asia/Kathmandu",
        "Europe/Berlin",
        "Pacific/Apia",
        "Pacific/Auckland",
        "Pacific/Kiritimati",
    ]
).map(ZoneInfo)
COUNTRIES = st.sampled_from([None, None, "ZA", "US-CA", "GB-ENG", "DE-BY", "IL", "AE"])
_FIRST_DAY = dt.date(2026, 1, 1)


def days(low: int = 0, high: int = 500) -> st.SearchStrategy[dt.date]:
    return st.integers(low, high).map(lambda n: _FIRST_DAY + dt.timedelta(days=n))


def moments(low: int = 0, high: int = 500) -> st.SearchStrategy[dt.datetime]:
    minutes = st.integers(low * 1440, high * 1440)
    start = dt.datetime.combine(_FIRST_DAY, dt.time(), tzinfo=dt.UTC)
    return minutes.map(lambda n: start + dt.timedelta(minutes=n))


@st.composite
def interviews(draw: st.DrawFn, number: int) -> Interview:
    start = draw(moments(100, 160))
    return Interview(
        id=f"r{number}",
        start=start,
        end=start + dt.timedelta(minutes=draw(st.sampled_from([15, 60, 480]))),
        zone=draw(ZONES),
        decision_by=draw(st.none() | days(100, 200)),
        added=draw(st.none() | days(90, 180) | moments(90, 180)),
        status=draw(
            st.sampled_from([InterviewStatus.HELD, InterviewStatus.HELD, InterviewStatus.CANCELLED])
        ),
    )


@st.composite
def entries(draw: st.DrawFn) -> LogEntry:
    at = draw(moments(95, 230) | days(95, 230))
    steps = st.sampled_from(StepKind)
    keys: dict[str, object] = draw(
        st.one_of(
            steps.map(lambda step: {"sent": step}),
            st.sampled_from(Answer).map(lambda answer: {"heard": answer}),
            st.tuples(st.sampled_from(Answer), days(100, 220)).map(
                lambda pair: {"heard": pair[0], "decision_by": pair[1]}
            ),
            st.tuples(steps, moments(95, 240)).map(lambda pair: {"moved": pair[0], "to": pair[1]}),
            steps.map(lambda step: {"skipped": step}),
            steps.map(lambda step: {"deleted": step}),
            days(100, 220).map(lambda day: {"decision_by": day}),
            days(100, 220).map(lambda day: {"away_until": day}),
            days(100, 300).map(lambda day: {"keep_in_touch": day}),
            st.sampled_from(["they_will_call", "rescheduled", "closed", "reopened"]).map(
                lambda flag: {flag: True}
            ),
        )
    )
    return LogEntry(at=at, interview=draw(st.sampled_from([None, None, "r1"])), **keys)  # type: ignore[arg-type]


@st.composite
def applications(draw: st.DrawFn) -> Application:
    count = draw(st.integers(1, 3))
    return Application(
        id="karoo",
        company="Karoo Analytics",
        role="Marketing Manager",
        zone=draw(st.none() | ZONES),
        country=draw(COUNTRIES),
        interviews=tuple(draw(interviews(n)) for n in range(1, count + 1)),
        log=tuple(draw(st.lists(entries(), max_size=8))),
    )
