"""Interviews in ordinary calendars: how many are suggested, and how many of those are right.

`tuning.txt` is there to change the rules by; `held_back.txt` was written before and only measures
them. Both have the same mixture: interviews, and what else has their words.
"""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.importers.calendar_events import (
    CalendarEvent,
    CalendarText,
    EventFacts,
    read_calendars,
)
from afterword.importers.interview_score import (
    StoredCompany,
    find_phrases,
    fold,
    score_event,
)
from tests.importers.interview_search.invented import ME, InventedEvent, as_calendar, read_events

BERLIN = ZoneInfo("Europe/Berlin")
KAROO = StoredCompany(
    name="Karoo Analytics", domains=frozenset({"karoo.example"}), application="karoo"
)


def read(events: list[InventedEvent], me: Collection[str] = ()) -> tuple[CalendarEvent, ...]:
    text = CalendarText(calendar="Personal", source="Personal", data=as_calendar(events))
    return read_calendars([text], me=me, zone=BERLIN).events


def facts(title: str, **values: object) -> EventFacts:
    empty = EventFacts(title=title, text="", location="", organizer="", others=(), hosts=())
    return attrs.evolve(empty, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("me", [(), (ME,)], ids=["address not known", "address in the settings"])
@pytest.mark.parametrize("name", ["tuning.txt", "held_back.txt"])
def test_interviews_are_told_from_other_events(name: str, me: Collection[str]) -> None:
    invented = read_events(name)
    events = read(invented, me)
    suggested = {event.key for event in events if score_event(event.facts).is_likely}
    interviews = {event.uid for event in invented if event.is_interview}
    assert len(events) == len(invented) >= 200
    assert 0.25 <= len(interviews) / len(invented) <= 0.45
    assert len(suggested & interviews) >= 0.9 * len(suggested)
    assert len(suggested & interviews) >= 0.9 * len(interviews)


@pytest.mark.parametrize(
    "title",
    [
        "Dentist", "Zahnarzt", "Dentiste", "Dentista", "Team meeting", "Teambesprechung",
        "Birthday Tom", "Geburtstag", "Anniversaire", "Cumpleaños", "Lunch with Ann",
        "Parent-teacher evening", "Elternabend", "Réunion parents-professeurs",
        "Reunión de padres", "Job fair", "Jobmesse", "Salon de l'emploi", "Feria de empleo",
        "Customer call: Orion", "Kundengespräch", "Entretien chaudière", "Entretien annuel",
        "Podcast interview", "Visa interview", "Interview prep", "Mock interview",
        "Entrevista con la tutora", "Mitarbeitergespräch", "", "🎂", "Call", "Gespräch",
    ],
)  # fmt: skip
def test_other_events_are_not_suggested(title: str) -> None:
    assert not score_event(facts(title)).is_likely


@pytest.mark.parametrize(
    ("title", "values", "likely"),
    [
        ("Interview", {}, True),
        ("Interview", {"recurring": True}, False),
        ("Interview", {"declined": True}, False),
        ("Interview", {"organizer": "hr@own.example", "internal": True}, False),
        ("Interview", {"own": True, "others": ("lee@mail.example",)}, False),
        ("Interview candidate Lee", {}, False),
        ("Candidate interview", {"organizer": "jobs@karoo.example"}, True),
        ("Chat", {"hosts": ("app.greenhouse.io",)}, True),
        ("Chat", {"hosts": ("zoom.us",)}, False),
        ("Chat", {"organizer": "thandi@karoo.example"}, True),
        ("Chat with Karoo Analytics", {}, True),
        ("Karooanalytics", {}, False),
        ("Thursday", {"text": "Thank you for your application. We look forward to it."}, False),
        (
            "Thursday",
            {"text": "Thank you for your application.", "organizer": "jo@acme.example"},
            True,
        ),
    ],
)
def test_each_sign_counts(title: str, values: dict[str, object], likely: bool) -> None:
    score = score_event(facts(title, **values), [KAROO])
    assert score.is_likely is likely


def test_the_reasons_are_the_event_s_own_words() -> None:
    score = score_event(facts("VORSTELLUNGSGESPRÄCH bei Karoo Analytics"), [KAROO])
    assert score.reasons[0] == 'the title says "VORSTELLUNGSGESPRÄCH"'
    assert "it names Karoo Analytics, the company of karoo" in score.reasons
    assert 0.9 < score.confidence < 1


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_has_a_score(title: str, text: str) -> None:
    score = score_event(facts(title, text=text), [KAROO])
    assert 0 <= score.confidence <= 1
    assert all(score.reasons)


@given(st.text(max_size=200))
def test_folding_keeps_each_letter_at_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert all(phrase in text for phrase in find_phrases("words", text))
